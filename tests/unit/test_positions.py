"""Positions that sources take, from made-up articles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.disagreement import among, differing, disagreement, in_words
from rag.answering.extractive import Extract
from rag.answering.positions import Position, position
from rag.answering.topics import topic
from rag.schema import Citation
from rag.text.sentences import sentence_spans
from tests.unit.building import article, hit, query

BACKS = "Does Jane Roe support the tunnel under the bay?"
SAFE = "Is the water in the harbour safe to swim in?"
CLOSE = "Will the Vale steel plant close?"
KNEW = "Did Tom Vale know about the fire doors?"
CLEARED = "Was Tom Vale cleared of fraud?"
COMES = "Will Jane Roe attend the summit in Oldport?"
GENUINE = "Is the letter genuine?"
WHO = "Who opposes the tunnel?"


def taken(question: str, words: str, before: str = "Vale met.") -> Position | None:
    """The position of the last sentence of an article whose headline is the question's words."""
    asked = topic(question)
    assert asked is not None
    source = article(f"{before} {words}", title=question.rstrip("?"))
    return position(source, *sentence_spans(source.text)[-1], asked)


@pytest.mark.parametrize(
    ("question", "words", "said"),
    [
        (BACKS, "Roe backs the tunnel.", "backs the tunnel"),
        (BACKS, "Jane Roe, the mayor of Port Vale, backs the tunnel.", "backs the tunnel"),
        (BACKS, "Roe said on Friday she would vote for it.", "would vote for it"),
        (BACKS, "Roe is firmly in favour of the tunnel.", "is firmly in favour of the tunnel"),
        (BACKS, "Roe changed her mind and now backs the tunnel.", "now backs the tunnel"),
        (BACKS, "Roe is not opposed to the tunnel.", "is not opposed to the tunnel"),
        (SAFE, "The water is safe to swim in, the board said.", "is safe to swim in"),
        (SAFE, "“The water is perfectly safe,” said the board.", "is perfectly safe"),
        (
            CLOSE,
            "The plant is set to close at the end of May.",
            "is set to close at the end of May",
        ),
        (KNEW, "Vale was aware of the fire doors.", "was aware of the fire doors"),
        (CLEARED, "The court cleared Tom Vale of fraud.", "cleared Tom Vale of fraud"),
        (COMES, "Roe will take part in the summit.", "will take part in the summit"),
        (GENUINE, "The letter was genuine, she said.", "was genuine"),
        (WHO, "Tom Vale said he backs the tunnel.", "Tom Vale said he backs the tunnel"),
    ],
)
def test_for_or_yes(question: str, words: str, said: str) -> None:
    found = taken(question, words)
    assert found is not None
    assert (found.text, found.side) == (said, question != WHO or "back" in words)


@pytest.mark.parametrize(
    ("question", "words", "said"),
    [
        (BACKS, "“I will never vote for it,” Jane Roe said.", "will never vote for it"),
        (BACKS, "Roe has come out against the tunnel.", "has come out against the tunnel"),
        (BACKS, "Roe denied that she backs the tunnel.", "denied that she backs the tunnel"),
        (BACKS, "Roe refused to back the tunnel.", "refused to back the tunnel"),
        (BACKS, "Roe no longer supports the plan for a tunnel.",
         "no longer supports the plan for a tunnel"),
        (SAFE, "Harbour water is unsafe to swim in.", "is unsafe to swim in"),
        (SAFE, "The water in the harbour is not safe to swim in.", "is not safe to swim in"),
        (CLOSE, "The owner said the plant would stay open.", "would stay open"),
        (CLOSE, "The steel plant in Vale will not be closed.", "will not be closed"),
        (KNEW, "Vale denied knowing about the fire doors.", "denied knowing about the fire doors"),
        (KNEW, "Vale has denied that he knew about the fire doors.",
         "denied that he knew about the fire doors"),
        (CLEARED, "Tom Vale was found guilty of fraud.", "was found guilty of fraud"),
        (COMES, "Roe decided not to attend the summit.", "decided not to attend the summit"),
        (GENUINE, "The letter is a forgery.", "is a forgery"),
        (WHO, "The Anglers' Union opposes the tunnel.", "The Anglers' Union opposes the tunnel"),
    ],
)  # fmt: skip
def test_against_or_no(question: str, words: str, said: str) -> None:
    found = taken(question, words)
    assert found is not None
    assert (found.text, found.side) == (said, False)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (BACKS, "Tom Vale backs the tunnel."),  # another person
        (BACKS, "John Roe backs the tunnel."),
        (BACKS, "Tom Vale told Roe that he backs the tunnel."),
        (BACKS, "Roe backs the tunnel workers."),  # another thing
        (BACKS, "Roe backs a toll on the tunnel."),
        (BACKS, "Roe may back the tunnel."),  # unsure
        (BACKS, "Roe backs the tunnel only if it is free."),
        (BACKS, "Asked whether she backs the tunnel, Roe laughed."),
        (BACKS, "Roe urged Vale to back the tunnel."),
        (BACKS, "Roe once opposed the tunnel."),  # no longer
        (BACKS, "Does Roe back the tunnel?"),  # not said
        (BACKS, "Nobody said that Roe backs the tunnel."),
        (SAFE, "The river water is unsafe to swim in."),
        (SAFE, "The water may be unsafe to swim in."),
        (SAFE, "The water in the harbour is safe to drink."),
        (CLOSE, "The second plant will close."),
        (KNEW, "Vale knew nothing about the fee."),
        (CLEARED, "Vale cleared the ball."),
        (WHO, "“I oppose it,” somebody said of the tunnel."),
    ],
)
def test_no_plain_side_is_none(question: str, words: str) -> None:
    found = taken(question, words)
    assert found is None


@pytest.mark.parametrize(
    "question",
    [
        "How many people marched?",
        "Why did Jane Roe back the tunnel?",
        "Does the report suggest that Roe backs the tunnel?",
        "Did she continue?",
        "Did Arsenal win?",
        "Which football club won the Champions League?",
        "Which app is back online?",
        "Is there evidence against the plan?",
        "Who?",
        "",
    ],
)
def test_no_position_is_asked(question: str) -> None:
    assert topic(question) is None


@pytest.mark.parametrize(
    ("question", "about"),
    [
        (BACKS, "the tunnel under the bay"),
        ("What is Jane Roe’s position on the tunnel?", "the tunnel"),
        ("Is Jane Roe for or against the tunnel?", "the tunnel"),
        ("What do they say about the tunnel?", "the tunnel"),
        (WHO, "the tunnel"),
        (SAFE, "whether the water in the harbour is safe to swim in"),
        (COMES, "whether Jane Roe will attend the summit in Oldport"),
        (CLEARED, "whether Tom Vale was cleared of fraud"),
    ],
)
def test_what_it_is_about(question: str, about: str) -> None:
    found = topic(question)
    assert found is not None
    assert found.about == about


@given(st.text(max_size=80), st.lists(st.sampled_from(
    "Does Did Is Will Who Roe the tunnel back oppose not never denied that safe is for to , ? “ ”"
    .split()), max_size=14))  # fmt: skip
def test_no_text_breaks_it(text: str, parts: list[str]) -> None:
    words = " ".join(parts)
    for question in (BACKS, WHO, words, text, f"Does {text}?"):
        asked = topic(question)
        for sentence in (text, words) if asked else ():
            found = position(article(sentence), 0, len(sentence), asked) if asked else None
            assert found is None or found.text in " ".join(sentence.split())


# --- sources side by side


def said(words: str, outlet: str, day: int, origin: str = "", kind: str = "body") -> Extract:
    text = f"The council of Vale spoke of the tunnel under the bay. {words}"
    source = article(text, path=f"{outlet}.txt", title="Vale tunnel: Jane Roe", outlet=outlet,
                     published=date(2024, 5, day))  # fmt: skip
    found = hit(source, origin=origin, kind=kind)  # type: ignore[arg-type]
    return Extract(found, len(text) - len(words), len(text), 1, 1.0, 0.5)


COURIER = said("Roe backs the tunnel.", "The Courier", 3)
HERALD = said("“I will never vote for it,” Jane Roe said.", "Herald", 9)


def test_two_sides_stand_side_by_side_with_outlet_and_day() -> None:
    stated = differing(query(BACKS), [HERALD, COURIER])
    found = disagreement(query(BACKS), stated, [1, 2])
    assert [(side.value, side.newest) for side in found.sides] == [
        ("backs the tunnel", False),
        ("will never vote for it", True),
    ]
    assert in_words(found, stated) == (
        "The articles take different positions on the tunnel under the bay: “backs the tunnel” "
        "(The Courier, 3 May 2024); “will never vote for it” (Herald, 9 May 2024, the newest)."
    )


def test_persons_on_opposite_sides_are_named() -> None:
    roe = said("Jane Roe opposes the tunnel.", "Echo", 3)
    vale = said("Tom Vale is in favour of the tunnel.", "Sun", 4)
    values = [item.value.text for item in differing(query(WHO), [roe, vale])]
    assert values == ["Jane Roe opposes the tunnel", "Tom Vale is in favour of the tunnel"]


def test_who_speaks_of_themselves_is_named_beside_the_words() -> None:
    vale = said("Tom Vale is in favour of the tunnel.", "Sun", 4)
    stated = differing(query(WHO), [HERALD, vale])
    assert in_words(disagreement(query(WHO), stated, [1, 2]), stated) == (
        "The articles take different positions on the tunnel: “Tom Vale is in favour of the "
        "tunnel” (Sun, 4 May 2024); Jane Roe: “I will never vote for it” "
        "(Herald, 9 May 2024, the newest)."
    )


@pytest.mark.parametrize(
    "other",
    [
        said("Jane Roe supports the tunnel.", "Echo", 4),
        said("Tom Vale opposes the tunnel.", "Echo", 4),
        said("Roe opposes the tunnel.", "Echo", 4, kind="comment"),
        said("Roe opposes a toll on the tunnel.", "Echo", 4),
    ],
)
def test_no_other_side_is_no_disagreement(other: Extract) -> None:
    assert differing(query(BACKS), [COURIER, other]) == []


def test_copies_of_one_story_are_one_source_of_positions() -> None:
    one = said("Roe backs the tunnel.", "Echo", 3, origin="wire")
    two = said("Roe opposes the tunnel.", "Sun", 4, origin="wire")
    assert differing(query(BACKS), [one, two]) == []


def test_a_source_that_gives_both_sides_takes_none() -> None:
    both = article(
        "Roe backs the tunnel under the bay. Roe opposes the tunnel under the bay.", path="both"
    )
    spans = sentence_spans(both.text)
    divided = [Extract(hit(both), start, end, 1, 1.0) for start, end in spans]
    assert differing(query(BACKS), [HERALD, *divided]) == []


def test_only_what_an_answer_cites_is_set_side_by_side() -> None:
    stated = differing(query(BACKS), [HERALD, COURIER])
    cited = [
        Citation(n, item.extract.hit.article, item.extract.hit.passage, 0, 1)
        for n, item in enumerate(stated, 1)
    ]
    assert len(among(query(BACKS), stated, cited)) == 1
    assert among(query(BACKS), stated, cited[:1]) == ()
