"""What is of the time asked for comes first, on made-up articles."""

from dataclasses import replace
from datetime import date

import pytest

from rag.answering.candidates import Extract
from rag.answering.refusal import Lack
from rag.answering.timing import not_reached, timely
from rag.retrieval.asking import asks_recent
from rag.retrieval.query import Query
from tests.unit.building import article, hit, query

NOW = date(2026, 3, 1)


def asked(question: str) -> Query:
    return replace(query(question), now=NOW)


def said(words: str, published: date | None, score: float) -> Extract:
    source = article(words, path=f"{words[:9]}.txt", published=published)
    return Extract(hit(source), 0, len(words), 1, score, 0.5)


OLD = said("Brook won the regatta by a length.", date(2024, 6, 2), 2.0)
NEW = said("Moss won the regatta by a length.", date(2026, 2, 20), 1.5)
TOLD = said("Karl Dunn won the regatta in 2024.", date(2026, 2, 21), 1.8)


def words(found: list[Extract]) -> list[str]:
    return [item.words.split()[0] for item in found]


def test_of_a_year_asked_for_its_own_winner_comes_first() -> None:
    best_first = [OLD, TOLD, NEW]
    assert words(timely(asked("Who won the 2026 regatta?"), best_first, None))[0] == "Moss"
    assert words(timely(asked("Who won the 2024 regatta?"), best_first, None))[0] == "Brook"


def test_what_holds_now_is_told_by_the_newest() -> None:
    assert words(timely(asked("Who won the regatta?"), [OLD, TOLD, NEW], None))[0] == "Moss"


def test_the_last_to_look_at_is_now() -> None:
    then = replace(asked("Who won the regatta?"), now=date(2024, 7, 1))
    assert words(timely(then, [OLD, NEW], None))[0] == "Brook"


def test_a_question_of_no_time_stays_as_ranked() -> None:
    assert timely(asked("Why was the regatta moved?"), [OLD, TOLD, NEW], None) == [OLD, TOLD, NEW]


def test_a_year_that_no_article_reaches_is_lacking() -> None:
    there = [OLD.hit, TOLD.hit]
    assert not_reached(asked("Who won the 2026 regatta?"), [OLD.hit]) == Lack("year", "2026")
    assert not_reached(asked("Who won the 2026 regatta?"), there) is None
    assert not_reached(asked("Who won the 2019 regatta?"), [OLD.hit]) is None


@pytest.mark.parametrize(
    ("question", "now"),
    [
        ("Who is the mayor of Tarsk?", True),
        ("Is the dock still closed?", True),
        ("Which team won the cup?", True),
        ("How did the strike end?", True),
        ("What is the largest port?", True),
        ("Who is Odile Hartsgrave?", False),
        ("Who interviewed the mayor?", False),
        ("Which state has at least 58 cases?", False),
        ("Why did the talks collapse in March?", False),
    ],
)
def test_which_questions_are_about_now(question: str, now: bool) -> None:
    assert asks_recent(question) is now
