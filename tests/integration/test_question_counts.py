"""What a question costs, counted and not timed: it fails where somebody doubles it.

Real models, a real index; the counting is done from outside. The bounds are a third above what
was counted when they were set.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromadb
import pytest

from rag import pipeline
from rag.models.runtime import Matrix, Runner, Texts
from rag.resources import Resources, open_resources
from rag.retrieval.finding import found_for, found_to_answer, understand
from rag.schema import Done
from rag.settings import Settings

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"
COUNTED = ("encoder calls", "reranker calls", "reranker pairs", "tokens", "Chroma calls", "SQL")
CASES = {  # question -> at most, in the order of COUNTED
    "How long did the harbour strike last?": (1, 6, 44, 3600, 1, 16),
    "Did the court reject the injunction?": (1, 5, 44, 2800, 1, 16),
    "Who is Yelena Dorsk, and what did Maud Feltrey report?": (2, 8, 92, 5600, 2, 40),
    "Which articles are by Joris Penhallick?": (0, 0, 0, 0, 0, 21),
}


@pytest.fixture(scope="module")
def counts() -> Iterator[Counter[str]]:
    """What was counted since it was last cleared, wherever it is counted."""
    counted = Counter[str]()
    run, query = Runner.run, chromadb.Collection.query

    def counting(runner: Runner, texts: Texts) -> Matrix:
        kind = "reranker" if texts and isinstance(texts[0], tuple) else "encoder"
        counted[f"{kind} calls"] += 1
        if kind == "reranker":
            counted["reranker pairs"] += len(texts)
        counted["tokens"] += sum(map(len, runner.encode(texts)))
        return run(runner, texts)

    def asking(self: chromadb.Collection, *args: Any, **kwargs: Any) -> Any:
        counted["Chroma calls"] += 1
        return query(self, *args, **kwargs)

    def traced(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        opened = connect(*args, **kwargs)
        opened.set_trace_callback(lambda _: counted.update(SQL=1))
        return opened

    connect = sqlite3.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runner, "run", counting)
        patch.setattr(chromadb.Collection, "query", asking)
        patch.setattr(sqlite3, "connect", traced)
        patch.setattr(sqlite3.dbapi2, "connect", traced)
        yield counted


@pytest.fixture(scope="module")
def resources(
    counts: Counter[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Resources]:
    """An index of the sample articles, asked once: what it loads by that is loaded."""
    settings = Settings(index=tmp_path_factory.mktemp("counted") / "index")
    with open_resources(settings, create=True) as opened:
        pipeline.ingest(ARTICLES, opened)
        assert counts["encoder calls"]
        assert counts["SQL"]
        asked(opened, "What is the harbour?")
        yield opened


def asked(resources: Resources, question: str) -> Done:
    """The answer to the question."""
    done = deque(pipeline.answer(question, resources), maxlen=1).pop()
    assert isinstance(done, Done)
    return done


@pytest.mark.parametrize(("question", "most"), CASES.items())
def test_a_question_costs_no_more(
    resources: Resources, counts: Counter[str], question: str, most: tuple[int, ...]
) -> None:
    counts.clear()
    assert asked(resources, question).answer.status == "answered"
    found = {name: counts[name] for name in COUNTED}
    bounds = dict(zip(COUNTED, most, strict=True))
    assert all(found[name] <= bounds[name] for name in COUNTED), (found, bounds)


def test_reranking_that_ends_early_loses_no_passage(resources: Resources) -> None:
    query = understand("Did the court reject the injunction?", resources)
    full, early = found_for(query, resources).hits, found_to_answer(query, resources).hits
    assert full[0].passage.id == early[0].passage.id
    assert {hit.passage.id for hit in full} == {hit.passage.id for hit in early}
    reranked = [hit for hit in early if hit.ranks.rerank_score is not None]
    rest = early[len(reranked) :]
    assert reranked == list(early[: len(reranked)])
    assert rest
    assert all(hit.score <= min(it.score for it in reranked) for hit in rest)
    assert [hit.ranks.fused for hit in rest] == sorted(hit.ranks.fused or 0 for hit in rest)


def test_a_question_for_a_figure_has_all_reranked(resources: Resources) -> None:
    query = understand("How much did the settlement cost?", resources)
    hits = found_to_answer(query, resources).hits
    assert all(hit.ranks.rerank_score is not None for hit in hits)


def test_what_was_asked_costs_no_more_when_asked_again(
    resources: Resources, counts: Counter[str]
) -> None:
    question = next(iter(CASES))
    asked(resources, question)
    counts.clear()
    asked(resources, question)
    assert counts["encoder calls"] == 0
