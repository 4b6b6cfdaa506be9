"""Which words bear out a claim, which contradict it, and which only seem to."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.contradiction import NEITHER, Claim, asking, by_value, judged, value
from rag.retrieval.asking import Wanted, stated, wanted
from tests.unit.building import article, hit


def on(claim: str, words: str, published: date | None = date(2024, 3, 10)) -> tuple[str, str]:
    found = hit(article(words, published=published))
    got = judged(Claim(claim), words, found)
    return got.bearing, got.why


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Did the court reject the application?", "the court reject the application"),
        ("Is it true that the ferry sank in May?", "the ferry sank in May"),
        ("8,500 people marched in Lantern Square.", "8,500 people marched in Lantern Square."),
        ("Was the worker hurt or killed?", ""),
        ("Didn't the court reject it?", ""),
        ("How many people marched?", ""),
        ("According to whom was it safe?", ""),
        ("In which month did the ferry sink?", ""),
        ("dockers strike", ""),
        ("Was he there?", ""),
        ("Tell me what the mayor said about it.", ""),
        ("", ""),
    ],
)
def test_what_a_question_states(question: str, statement: str) -> None:
    assert stated(question) in (statement, statement.removesuffix("?"))


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("The mayor opened the new bridge in May", "Mayor Dahl opened the new bridge in May."),
        ("The council approved the harbour plan", "On Monday the council approved the plan for "
         "the harbour."),
    ],
)  # fmt: skip
def test_words_that_bear_a_claim_out(claim: str, words: str) -> None:
    assert on(claim, words)[0] == "supports"


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("Some 8,500 marchers crossed the square", "Nearly 22,000 marchers crossed the square."),
        ("The council approved the harbour plan", "The council did not approve the harbour plan."),
        ("The council approved the harbour plan", "The council rejected the harbour plan."),
        ("The ferry sank on 3 May 2024 off Tolley", "The ferry sank off Tolley on 5 May 2024."),
    ],
)
def test_words_that_contradict_a_claim(claim: str, words: str) -> None:
    bearing, why = on(claim, words)
    assert bearing == "contradicts"
    assert why


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        # other things, other figures
        ("Some 8,500 marchers crossed the square", "Police closed 12 streets around the square."),
        ("The strike cost 11 million crowns a day", "Strike pay is 90 crowns a day."),
        ("The company has 400 workers at the dock", "The company has 12 cranes at the dock."),
        # the same figure, rounded or in words
        ("About 8,500 marchers crossed the square", "8,512 marchers crossed the square."),
        ("Two hundred marchers crossed the square", "200 marchers crossed the square on Monday."),
        # both give the figure, among others
        ("Some 8,500 marchers crossed the square",
         "8,500 marchers crossed the square, or 22,000 marchers by the union's count."),
        # something else is denied
        ("The council approved the harbour plan", "The mayor did not attend; the plan is public."),
        ("A contract worker was killed at the dock", "A contract worker was hurt at the dock."),
        ("The mayor spoke", "The mayor spoke."),  # too few words to say anything
        # days that are not the same thing's
        ("The ferry sank on 3 May 2024", "The owner was heard in court on 5 June 2024."),
    ],
)  # fmt: skip
def test_no_false_alarm(claim: str, words: str) -> None:
    assert on(claim, words)[0] != "contradicts"


def test_a_worker_who_was_hurt_is_no_worker_who_was_killed() -> None:
    assert on(
        "A contract worker was killed at the dock", "A contract worker was hurt at the dock."
    )[0] == ("neither")


def test_a_shorter_report_of_the_same_supports_the_longer_one() -> None:
    long = "The mayor opened the new bridge in May after two years of work on its pillars."
    held = hit(article(long))
    short = "The mayor opened the new bridge in May."
    assert judged(Claim(long, held), short, hit(article(short))).bearing == "supports"


@pytest.mark.parametrize(
    ("statement", "asked"),
    [
        ("8,500 people marched in the square", Wanted("count", ("people",))),
        ("It cost 11 million crowns a day", Wanted("sum")),
        ("Nothing is said in figures here", None),
        ("Of 40 boats 12 sank", None),
    ],
)
def test_what_asks_for_the_figure_of_a_statement(statement: str, asked: Wanted | None) -> None:
    assert asking(statement) == asked


def test_values_that_are_asked_for() -> None:
    asked = wanted("How many people marched?")
    police = value(asked, "Police counted 8,500 people.", None)
    union = value(asked, "The union counted 22,000 people.", None)
    assert police is not None
    assert union is not None
    assert by_value(police, union).why == "22,000, not 8,500"
    assert by_value(police, police).bearing == "supports"
    both = value(asked, "Police counted 8,500 people, the union 22,000 people.", None)
    assert both is None
    assert value(wanted("Why did they march?"), "They were 8,500 people.", None) is None
    assert NEITHER.why == ""
