"""What a refusal says is there instead, from made-up articles."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.alternatives import instead, untrue
from rag.answering.needs import weigh
from rag.schema import Hit
from tests.unit.building import article, hit, query


def there(*texts: str, kind: str = "body") -> list[Hit]:
    """A hit for each text, The Courier's of 3 May 2024 and the days after."""
    return [
        hit(
            article(text, path=f"{n}.txt", outlet="The Courier", published=date(2024, 5, n)),
            kind=kind,  # type: ignore[arg-type]
        )
        for n, text in enumerate(texts, 3)
    ]


def said_instead(question: str, found: list[Hit]) -> str:
    asked = query(question)
    return instead(asked, found, lacks=bool(weigh(asked, found).missing))


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        (  # another kind
            "How many American tanks were sent to the quay in Vale?",
            "Seven Russian tanks were sent to the quay in Vale.",
            "speaks of “Russian tanks”, not of American tanks.",
        ),
        (  # still in office
            "Why did Jane Roe resign as mayor?",
            "The bells were rung by Mayor Jane Roe.",
            "speaks of “Mayor Jane Roe”.",
        ),
        (
            "Why did Jane Roe step down as chair of the Guild?",
            "The chair of the Guild was there. Jane Roe, its chair, rang the bells.",
            "speaks of “Jane Roe, its chair”.",
        ),
        (  # elsewhere, another year
            "How many people died in the earthquake in Peru?",
            "Nine people died in the earthquake in Chile.",
            "speaks of “earthquake in Chile”, not in Peru.",
        ),
        (
            "Which club won the Harbour Cup in 2015?",
            "The Anglers’ club won the Harbour Cup in 2014.",
            "says it of 2014, not of 2015: “The Anglers’ club won the Harbour Cup in 2014.”",
        ),
        (  # other words, other figures
            "What did Jane Roe say about the hospital?",
            "Jane Roe said that the bridge was a folly.",
            "has other words of Jane Roe: “Jane Roe said that the bridge was a folly.”",
        ),
        (
            "What did Jane Roe say about the new bridge in Oldport?",
            "Tom Vale said that the new bridge in Oldport was a folly.",
            "has words of Tom Vale on that: "
            "“Tom Vale said that the new bridge in Oldport was a folly.”",
        ),
        (
            "How many members does the Pilots' Guild have?",
            "The Pilots’ Guild voted by 214 to 39 on Monday.",
            "gives other figures for the Pilots' Guild: "
            "“The Pilots’ Guild voted by 214 to 39 on Monday.”",
        ),
    ],
)
def test_what_is_there_is_quoted_with_outlet_and_day(question: str, text: str, said: str) -> None:
    assert said_instead(question, there(text)) == f"The Courier (3 May 2024) {said}"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is the capital of Australia?", "The Guild met in Vale."),
        ("How many American tanks were sent to Vale?", "American tanks stood beside Russian ones."),
        ("How many American tanks were sent to Vale?", "Russian tanks were shown in Oldport."),
        ("How many US tanks were sent to Vale?", "Ten American tanks were sent to Vale."),
        ("How many US tanks were sent to Vale?", "Ten tanks were sent to Vale by America."),
        ("Why did Jane Roe resign as mayor?", "The former Mayor Jane Roe rang the bells."),
        ("Why did Jane Roe resign as mayor?", "Mayor Roe spoke."),  # perhaps another Roe
        ("Why did Jane Roe resign as mayor?", "Jane Roe resigned. Mayor Jane Roe had rung."),
        ("What did Jane Roe say about the bridge?", "Jim Roe said that it had rained."),
        ("What did Jane Roe say about the hospital?", "Tom Vale spoke of the hospital."),
        ("How many people died in the earthquake in Peru?", "It rained in Chile."),
        ("How many people died in the earthquake in Peru?", "Nine died in an earthquake in Peru."),
        ("Which club won the Harbour Cup in 2015?", "The hall was built in 2014."),
        ("How many cranes does the Guild have?", "Members of the Guild had 4 bells."),
        (" ".join(["Why did Jane Roe resign as mayor and"] * 8), "Mayor Jane Roe rang the bells."),
        ("", "It rained."),
    ],
)
def test_where_nothing_fits_plainly_nothing_is_said(question: str, text: str) -> None:
    assert said_instead(question, there(text)) == ""


def test_the_newest_article_tells_who_is_in_office() -> None:
    found = there("Mayor Jane Roe rang.", "The mayor, Jane Roe, rang again.")
    assert said_instead("Why did Jane Roe resign as mayor?", found) == (
        "The Courier (4 May 2024) speaks of “The mayor, Jane Roe”."
    )


def test_readers_are_not_quoted() -> None:
    found = there("Seven Russian tanks were sent to Vale.", kind="comment")
    assert said_instead("How many American tanks were sent to Vale?", found) == ""


def test_an_articles_own_markers_are_no_citations() -> None:
    found = there("The Pilots’ Guild voted by 214 to 39 [7] on Monday.")
    assert "[" not in said_instead("How many members does the Pilots' Guild have?", found)


def test_without_an_outlet_the_headline_stands_for_it() -> None:
    source = article("Seven Russian tanks were sent to Vale.", title="Tanks at the quay")
    assert said_instead("How many American tanks were sent to Vale?", [hit(source)]) == (
        "“Tanks at the quay” speaks of “Russian tanks”, not of American tanks."
    )


def test_a_long_sentence_is_cut() -> None:
    said = said_instead(
        "What did Jane Roe say about the hospital?",
        there(f"Jane Roe said that the bridge {'and the tower ' * 30}were a folly."),
    )
    assert said.endswith(" …”")
    assert len(said) < 300


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many American tanks were sent to Vale?", True),
        ("How many Russian tanks were sent to Vale?", False),
        ("Who sent the tanks to Vale?", False),
    ],
)
def test_another_peoples_things_are_told_beside_an_answer(question: str, said: bool) -> None:
    found = there("Seven Russian tanks were sent to Vale.")
    assert bool(untrue(query(question), found)) == said


@given(st.text(max_size=60), st.text(max_size=120))
def test_no_text_breaks_it(question: str, text: str) -> None:
    for asked in (question, f"Why did {question}?", "Why did Jane Roe resign as mayor?"):
        found = [hit(article(text))]
        for said in (said_instead(asked, found), untrue(query(asked), found)):
            assert not said or re.search(r"[“”\"]", said)
