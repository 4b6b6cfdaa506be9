"""What questions need, held against passages of fiction."""

import pytest

from rag.answering.needs import needs, weigh
from rag.answering.refusal import worded
from rag.schema import Scope
from tests.unit.building import article, hit, query

PORT = (
    "Jane Roe, 54, has run the Quay Guild since May. The Guild has 310 members in the port. "
    "She told the Echo that the new bridge was a folly. The crane company paid its drivers 120 "
    "crowns a day. Roe left the council in 2019. The bridge is 41 metres high."
)


@pytest.mark.parametrize(
    "question",
    [
        "How old is Jane Roe?",
        "How many members does the Quay Guild have?",
        "How much did the company pay its crane drivers?",
        "Why did Jane Roe leave the council?",
        "What did Jane Roe say about the bridge?",
        "Who is Jane Roe?",
        "What happened?",
        "",
    ],
)
def test_what_is_there_is_not_missing(question: str) -> None:
    assert not weigh(query(question), [hit(PORT)]).missing


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("How old is Tobin Vale?", "gives the age of Tobin Vale."),
        ("How many boats does the Quay Guild have?", "gives a number of boats for Quay Guild."),
        ("How many members does the Pilots' Club have?", "gives a number of members for"),
        ("How much did the company sell its cranes for?", "gives the sum."),
        ("Why did Jane Roe resign as mayor?", "says what the question takes for granted."),
        ("Why did the Guild strike?", "says what the question takes for granted."),
        ("What did Jane Roe say about the hospital?", "has words of Jane Roe about the hospital."),
    ],
)
def test_what_is_missing_is_named(question: str, lacking: str) -> None:
    missing = [need.lack for need in weigh(query(question), [hit(PORT)]).missing]
    assert f"No sentence found {lacking}" in worded(Scope(1, 1), missing)


@pytest.mark.parametrize(
    "question",
    [
        "How many people were hurt?",  # "three men": another word for people will do
        "Why did Jane Roe say that?",
        "What did the Russian operation cost?",
        "Did it rain?",
        "When did Jane Roe resign?",  # only "why" takes for granted that she did
        "How high is the bridge?",
    ],
)
def test_some_questions_need_nothing_that_could_be_told(question: str) -> None:
    assert list(needs(query(question))) == []


def test_without_passages_every_need_is_missing() -> None:
    assert len(weigh(query("How old is Jane Roe?"), []).missing) == 1


def test_a_place_counts_wherever_in_the_article_it_stands() -> None:
    text = "It rained. " * 60 + "The hospital hired 12 nurses."
    source = article(text, title="Hospital in Tarsk grows")
    asked = query("How many nurses were hired by the hospital in Tarsk?")
    assert not weigh(asked, [hit(source, len(text) - 29)]).missing
    elsewhere = article(text, title="Hospital in Vale grows")
    assert weigh(asked, [hit(elsewhere, len(text) - 29)]).missing


def test_a_capital_stands_for_its_country() -> None:
    asked = query("How many tanks did Moscow send?")
    assert not weigh(asked, [hit("Russia sent seven tanks.")]).missing
    assert weigh(asked, [hit("Norway sent seven tanks.")]).missing
