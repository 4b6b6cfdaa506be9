"""Byline's side: the real index, the real search, the real answers, and the steps one by one."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.retrieval.data import Asked, Source
from benchmarks.retrieval.runs import Ask, Returned
from benchmarks.retrieval.scoring import holds
from rag.errors import IndexMismatch
from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.retrieval.finding import find
from rag.retrieval.search import Found
from rag.schema import Answer, Done, Hit
from rag.settings import load_settings

NAME = "Byline"
_OF_THE_PAGE = {
    "auth", "host", "port", "max_upload_mb", "chroma", "llm_base_url", "llm_timeout",
    "llm_deadline", "models",
}  # fmt: skip
_WARM_UP = 10  # questions asked before the clock runs


@contextmanager
def opened(work: Path, name: str, articles: Sequence[Source]) -> Iterator[Resources]:
    """Resources over an index of `articles` in `work`, ingested as one .jsonl file.

    An index that is there is used again; one that was built with another reader, splitter or
    model is built anew. BYLINE_ settings apply.
    """
    folder = work / name / "articles"
    _write(folder / "news.jsonl", articles)
    settings = load_settings({"index": work / name / "index"})
    try:
        with open_resources(settings, create=True) as resources:
            _ingest(folder, resources)
            yield resources
            return
    except IndexMismatch as mismatch:
        print(mismatch, "Building it anew.", flush=True)
    with open_resources(settings, create=True, rebuild=True) as resources:
        _ingest(folder, resources)
        yield resources


def systems(resources: Resources) -> dict[str, Ask]:
    """Byline, and its parts alone over the same index, asked the question word for word."""

    def whole(question: str, k: int) -> list[Returned]:
        return returned(find(question, resources))

    def hybrid(question: str, k: int) -> list[Returned]:
        return returned(without_reranker(question, resources, k))

    def dense(question: str, k: int) -> list[Returned]:
        vector = resources.embedder.query(question)
        found = resources.index.dense(vector, k)
        return _passages([item for item, _ in found], resources)

    def lexical(question: str, k: int) -> list[Returned]:
        found = resources.index.lexical(question, k)
        return _passages([item for item, _ in found], resources)

    return {
        NAME: whole,
        "hybrid, no reranker": hybrid,
        "BM25 alone": lexical,
        "dense alone": dense,
    }


def without_reranker(question: str, resources: Resources, k: int) -> Found:
    """The first `k` of dense and lexical search, fused."""
    settings = replace(resources.settings, rerank_depth=k)
    return find(question, replace(resources, settings=settings, reranker=None))


def returned(found: Found) -> list[Returned]:
    """What Byline shows for a question: its hits in rank order, each with its passage's words.

    The one place that says which text is read for the answer.
    """
    return [Returned(source_id(hit), hit.passage.text) for hit in found.hits]


def settings(resources: Resources) -> dict[str, Any]:
    """The settings that bear on what is found and answered."""
    values = asdict(resources.settings)
    return {k: v for k, v in values.items() if k not in _OF_THE_PAGE and not isinstance(v, Path)}


def source_id(hit: Hit) -> str:
    """The benchmark's id of the article that a hit is from."""
    return hit.article.path.rpartition("#")[2]


def answers(questions: Sequence[Asked], resources: Resources) -> list[Answer]:
    """Answer one question at a time after a warm-up; `seconds["wall"]` is added to each."""
    resources.warm()
    for question in questions[:_WARM_UP]:
        _answered(question.question, resources)
    return [_answered(question.question, resources) for question in questions]


def latency(got: Sequence[Answer]) -> dict[str, Any]:
    """Median and 95th percentile of each step in seconds, and the number of cores."""
    steps = {
        step: {
            "median": round(median(item.seconds[step] for item in got), 4),
            "p95": round(float(np.percentile([item.seconds[step] for item in got], 95)), 4),
        }
        for step in ("search", "rerank", "answer", "total", "wall")
    }
    return {"cores": os.cpu_count(), "questions": len(got), "seconds": steps}


def answering(questions: Sequence[Asked], got: Sequence[Answer]) -> dict[str, Any]:
    """How many are answered, and how many of those hold the gold answer; the rest are declined."""
    both = list(zip(questions, got, strict=True))
    answered = [(q, item) for q, item in both if item.status == "answered"]
    right = sum(holds(item.text, q.answers) for q, item in answered)
    return {
        "answered": len(answered),
        "of them with the gold answer": right,
        "declined": len(both) - len(answered),
        "share with the gold answer": _share(right, len(answered)),
        "share declined": _share(len(both) - len(answered), len(both)),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _write(file: Path, articles: Sequence[Source]) -> None:
    """Write the articles, unless the file is so already: an unchanged file is not read again."""
    lines = [json.dumps(_row(item), ensure_ascii=False) for item in articles]
    text = "".join(f"{line}\n" for line in lines)
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _row(item: Source) -> dict[str, str]:
    row = {
        "id": item.id,
        "title": item.title,
        "text": item.text,
        "url": item.url,
        "published": item.published,
        "author": item.author,
        "outlet": item.outlet,
    }
    return {key: value for key, value in row.items() if value}


def _ingest(folder: Path, resources: Resources) -> None:
    report = ingest(folder, resources)
    if report.failed:
        raise SystemExit(f"Byline could not read {len(report.failed)}: {report.failed[:3]}")
    if not report.unchanged:
        print(f"Byline: {report.passages} passages in {report.seconds['total']:.0f} s", flush=True)


def _passages(ids: Sequence[str], resources: Resources) -> list[Returned]:
    passages = resources.index.passages(ids)
    articles = resources.index.articles({p.article_id for p in passages.values()})
    paths = {key: article.path for key, article in articles.items()}
    return [
        Returned(paths[passages[item].article_id].rpartition("#")[2], passages[item].text)
        for item in ids
    ]


def _answered(question: str, resources: Resources) -> Answer:
    started = time.perf_counter()
    done = None
    for event in answer(question, resources):
        done = event
    wall = time.perf_counter() - started
    assert isinstance(done, Done)  # always the last event
    return replace(done.answer, seconds={**done.answer.seconds, "wall": wall})
