"""The decision to answer or to decline, on the fixed questions of the sample articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.evaluation.fixed_questions import load_questions
from rag.evaluation.gate import breaches, load_gate
from rag.evaluation.matching import located
from rag.evaluation.metrics import FIGURES
from rag.evaluation.outcomes import Outcome
from rag.evaluation.report import load_report, report
from rag.evaluation.running import run
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.settings import Settings

ROOT = Path(__file__).parents[2]
QUESTIONS = load_questions(ROOT / "examples/questions.jsonl")


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    settings = Settings(index=tmp_path_factory.mktemp("fixed") / "index")
    with open_resources(settings, create=True) as opened:
        ingest(ROOT / "examples/articles", opened)
        yield opened


@pytest.fixture(scope="module")
def outcomes(resources: Resources) -> list[Outcome]:
    return run(QUESTIONS, resources)


def test_each_evidence_stands_in_a_source(resources: Resources) -> None:
    ids = [item.id for item in resources.index.summaries()]
    texts = {item.path: item.text for item in resources.index.articles(ids).values()}
    for question in QUESTIONS:
        for words in question.evidence:
            assert any(located(texts[path], words) for path in question.sources), question.id
        for path in question.sources if question.evidence else ():
            assert path in texts


def test_what_the_articles_do_not_say_is_declined(outcomes: list[Outcome]) -> None:
    answered = [i.asked.id for i in outcomes if i.asked.must_abstain and not i.got.abstained]
    assert len(answered) <= 2, answered


def test_few_that_they_answer_are_declined(outcomes: list[Outcome]) -> None:
    declined = [i.asked.id for i in outcomes if not i.asked.must_abstain and i.got.abstained]
    assert len(declined) <= 5, declined


def test_the_gate_of_the_shipped_questions_is_open(outcomes: list[Outcome]) -> None:
    gate = load_gate(ROOT / "examples/gate.toml")
    assert gate.baseline is not None
    baseline = load_report(gate.baseline)
    assert breaches(gate, report(outcomes, {}), baseline) == []
    assert set(baseline["summary"]["figures"]) == set(FIGURES)
    assert [row["id"] for row in baseline["questions"]] == [item.id for item in QUESTIONS]


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("sample-25", "has words of Mayor Ruben Asterley about the court ruling"),
        ("sample-27", "gives the age of Tobin Raskey"),
        ("sample-28", "says that Lucan Ferreby did resign as minister during the strike"),
    ],
)
def test_a_refusal_names_what_is_missing(outcomes: list[Outcome], id_: str, says: str) -> None:
    (answer,) = (item.got.answer for item in outcomes if item.asked.id == id_)
    assert f"None of the articles found {says}" in answer


def test_different_figures_are_both_shown(outcomes: list[Outcome]) -> None:
    (answer,) = (item.got.answer for item in outcomes if item.asked.id == "sample-09")
    assert answer.startswith("The articles give different figures for people: ")
    assert "8,500" in answer
    assert "Twenty-two thousand" in answer
