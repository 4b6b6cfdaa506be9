"""The benchmark sets as fixed questions, and the gates that they are held to."""

from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.evaluation import run, sets
from benchmarks.retrieval.data import Asked, Data, Source, first_copies
from rag.evaluation.gate import load_gate
from rag.evaluation.metrics import FIGURES
from tests.unit.evaluation.made import GIVEN, cited, made, outcome

ARTICLES = (Source("a1", "A", "one text"), Source("a2", "B", "one  text"), Source("a3", "C", "x"))


def asked(kind: str, *gold: str) -> tuple[Asked, Data, Any]:
    item = Asked("q", "Who?", frozenset(gold), ("Jane Roe",), kind)
    held = {id_: SimpleNamespace(path=f"news.jsonl#{id_}") for id_ in ("a2", "a3")}
    index = SimpleNamespace(article_ids=lambda: [*held], articles=lambda _: held)
    return item, Data(ARTICLES, (item,), first_copies(ARTICLES)), SimpleNamespace(index=index)


def test_of_articles_with_one_text_the_one_in_the_index_is_the_source() -> None:
    question = sets._of_news(*asked("", "a1"))
    assert question.sources == ("news.jsonl#a2",)
    assert question.wanted == (("Jane Roe",),)


def test_yes_and_no_are_not_looked_for() -> None:
    item, data, resources = asked("comparison_query", "a3")
    question = sets._of_multihop(item, "Yes", data, resources)
    assert (question.type, question.wanted, question.sources) == (
        "comparison", (), ("news.jsonl#a3",),
    )  # fmt: skip
    item, data, resources = asked("null_query")
    assert sets._of_multihop(item, "Insufficient information.", data, resources).must_abstain


@pytest.mark.parametrize("name", sets.SETS)
def test_every_set_has_a_gate_of_known_figures(name: str) -> None:
    assert {limit.figure for limit in load_gate(sets.GATES[name]).limits} <= set(FIGURES)


def test_what_is_published_holds_no_words_of_others(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_RESULTS", tmp_path)
    run._publish("news2025", made(outcome(GIVEN, citations=(cited(quote="their words"),))))
    for file in tmp_path.iterdir():
        text = file.read_text(encoding="utf-8")
        assert "their words" not in text
        assert GIVEN.question not in text
    assert {item.name for item in tmp_path.iterdir()} == {"news2025.json", "news2025.txt"}
