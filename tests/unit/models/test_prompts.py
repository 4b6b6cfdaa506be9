import re
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import PromptError
from rag.models.prompts import (
    REFUSAL,
    Asked,
    Fault,
    Message,
    answer_messages,
    condense_messages,
    contained,
    is_refusal,
    parse,
    retry_messages,
    verify_messages,
)
from rag.schema import Part, Turn
from tests.unit.building import article, hit

GOLDEN = Path(__file__).parents[2] / "golden"
TODAY = date(2026, 11, 26)
WHY = Asked("Why?", TODAY)
WHEN = Asked("When did it close?", TODAY)
PORT = article(
    "The port closed at noon. “We had no choice,” said Ada Vell.\n\n"
    "Rubbish, $question!\n\nToo late!\n\nThe quay.",
    path="port.txt",
    title="Port closed",
    author="Ines Marr",
    outlet="The Gazette",
    published=date(2024, 3, 4),
    label="analysis",
    parts=(
        Part("body", 0, 60),
        Part("comment", 60, 81, "Reader <7>"),
        Part("comment", 82, 91),
        Part("caption", 93, 102),
    ),
)
HITS = [
    hit(PORT, 0, 24),
    hit(PORT, 61, 80, kind="comment"),
    hit(PORT, 82, 91, kind="comment"),
    hit(PORT, 93, 102, kind="caption"),
    hit("It rained."),
]


def printed(messages: list[Message]) -> str:
    return "\n".join(f"## {role}\n{content}" for role, content in messages) + "\n"


def golden(name: str) -> str:
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_the_messages_are_as_agreed() -> None:
    assert printed(answer_messages(WHEN, HITS)) == golden("answer_messages")


def test_what_is_known_of_a_question_stands_below_it() -> None:
    understood, hint = "When did the port\nof Ilvane close?", "The passages <b>may</b> not answer."
    asked = replace(WHEN, text="Wann schloss er?", understood=understood, hint=hint)
    assert printed(answer_messages(asked, HITS[-1:])) == golden("answer_messages_foreign")


def test_the_messages_of_a_second_try_are_as_agreed() -> None:
    wrong = Fault("It closed at 9.", ("the figure 9 is not in it", "no"), ((1, "It\nrained."),))
    asked = answer_messages(WHEN, HITS[-1:])
    messages = retry_messages(asked, "It closed at 9 [1]. It rained [7].", [wrong], ["[7]"], 1)
    assert printed(messages) == golden("answer_messages_retry")


def test_the_messages_for_a_second_opinion_are_as_agreed() -> None:
    claims = [("It closed at <9>, said Ada Vell.", (1, 4)), ("Rubbish, a reader said.", (2,))]
    evidence = {1: HITS[0], 2: HITS[1], 4: HITS[4]}
    assert printed(verify_messages(claims, evidence)) == golden("verify_messages")


def test_the_messages_for_a_follow_up_are_as_agreed() -> None:
    history = [Turn("When did the port close?", "At noon [1].")]
    assert printed(condense_messages("And why?", history)) == golden("answer_messages_follow_up")


def test_a_question_in_another_language_is_to_be_written_in_that_of_the_articles() -> None:
    messages = condense_messages("Warum schloss der Hafen?", [], "English")
    assert printed(messages) == golden("answer_messages_translated")


PIECE = st.sampled_from(
    [
        "<", "＜", "﹤", "‹", "〈", "&lt;", "&#60;", "&#x3C", "</", "/", "／", "∕", ">", "＞",
        "&gt;", "passage", "PASSAGE", "Passage", " ", "\u2003", "\u00a0", "\u200b", "\u200d",
        "\ufeff", "\x00", "\u00ad", "\u202e", "\n", "\r", "\x85", "\u2028", '"', " number=",
        "9", "system", "|im_end|>", "article", "[INST]", "[/INST]", "text:", "It closed.",
        "\U000e0041", "\ud800", "Question: ", "=", "$question",
    ]
)  # fmt: skip


def bare(text: str) -> str:
    """As a careless reader sees it: letters alike made equal, nothing invisible, no space."""
    plain = unicodedata.normalize("NFKC", text.replace("&lt;", "<").replace("&#60;", "<"))
    kept = [c for c in plain if unicodedata.category(c)[0] != "C" and not c.isspace()]
    return "".join(kept).casefold().replace("∕", "/")


@given(st.lists(PIECE, max_size=25).map("".join), st.lists(PIECE, max_size=9).map("".join))
def test_article_text_cannot_leave_its_delimiters(text: str, title: str) -> None:
    rain = hit(article("It rained.", path="b.txt"))
    hits = [hit(article(text, title=title, author=title, outlet=text)), rain]
    (_, rules), (_, human) = answer_messages(WHY, hits)
    for tag in ("</passage>", "<passagenumber=", "<article>", "</article>"):
        assert bare(human).count(tag) == 2
    assert "<|" not in human
    assert "[INST]" not in human
    assert not re.search("[\x00-\x08\x0b-\x1f\u200b\ud800-\udfff\U000e0000-\U000e007f]", human)
    assert rules == answer_messages(WHY, HITS)[0][1]
    human.encode()


@given(st.lists(PIECE, max_size=9).map("".join))
def test_what_is_known_of_a_passage_keeps_to_its_line(title: str) -> None:
    human = answer_messages(WHY, [hit(article("It rained.", title=title))])[1][1]
    lines = human.splitlines()
    assert lines[0] == "<article>"
    known = lines[1 : lines.index('<passage number="1">')]
    assert [line.partition(":")[0] for line in known] in (
        ["headline", "date", "kind"], ["date", "kind"],
    )  # fmt: skip


@pytest.mark.parametrize("text", ["a <5 percent share", "x <= 3", "“So,” he said—“no”.", "1 ‹ 2"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert contained(text) == text


def test_an_articles_own_numbers_in_brackets_are_no_citations() -> None:
    human = answer_messages(WHY, [hit("It rained.[3]")])[1][1]
    assert "It rained.(3)" in human


def test_condensing_shows_the_last_turns() -> None:
    history = [Turn(f"question {n}", f"answer {n} </passage>") for n in range(9)]
    human = condense_messages("And he?", history)[1][1]
    assert "question 8" in human
    assert "question 0" not in human
    assert "</passage>" not in human
    assert human.endswith("Last question: And he?")


def test_refusals_are_recognised_whatever_surrounds_them() -> None:
    assert is_refusal(f'"{REFUSAL}"\n')
    assert not is_refusal(f"{REFUSAL} But they say that it rained [1].")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("answer.md", "$today $passages $question", "lacks the line"),
        ("answer.md", "$today\n=== question ===\n$question", r"must use \$notes, \$passages"),
        ("answer.md", "$today $nme\n=== question ===\n$passages $question", "it uses"),
        ("retry.md", "$refusal", r"must use \$problems"),
    ],
)
def test_a_prompt_with_wrong_variables_is_refused(name: str, text: str, words: str) -> None:
    with pytest.raises(PromptError, match=words):
        parse(name, text)
