"""The decision to answer or to decline, on the fixed questions of the sample articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.evaluation import Outcome, load_questions, run
from rag.pipeline import ingest
from rag.resources import open_resources
from rag.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Outcome]]:
    settings = Settings(index=tmp_path_factory.mktemp("fixed") / "index")
    with open_resources(settings, create=True) as resources:
        ingest(ROOT / "examples/articles", resources)
        yield run(load_questions(ROOT / "examples/questions.jsonl"), resources)


def test_what_the_articles_do_not_say_is_declined(outcomes: list[Outcome]) -> None:
    answered = [item.question for item in outcomes if item.must_abstain and not item.abstained]
    assert answered == []


def test_at_most_one_that_they_answer_is_declined(outcomes: list[Outcome]) -> None:
    declined = [item.question for item in outcomes if not item.must_abstain and item.abstained]
    assert len(declined) <= 1


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("sample-25", "has words of Mayor Ruben Asterley about the court ruling"),
        ("sample-27", "gives the age of Tobin Raskey"),
        ("sample-28", "says that Lucan Ferreby did resign as minister during the strike"),
    ],
)
def test_a_refusal_names_what_is_missing(outcomes: list[Outcome], id_: str, says: str) -> None:
    (answer,) = (item.answer for item in outcomes if item.id == id_)
    assert f"None of the articles found {says}" in answer


def test_different_figures_are_both_shown(outcomes: list[Outcome]) -> None:
    (answer,) = (item.answer for item in outcomes if item.id == "sample-09")
    assert answer.startswith("The articles give different figures for people: ")
    assert "8,500" in answer
    assert "Twenty-two thousand" in answer
