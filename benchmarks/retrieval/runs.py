"""A run: what a system returned for each question, kept in a file so that it can be scored again.

A file holds one object of facts about the run, then one a question: `[article id, text]` in rank
order. Texts are kept as far as scoring reads them; ids all.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.retrieval.data import Asked
from benchmarks.retrieval.scoring import BUDGET, CUTOFFS

DEPTH = 60  # passages asked for: nearly always enough for ten distinct articles
WIDER = 240  # asked for where it was not; what is new is put behind
_ARTICLES = max(CUTOFFS)


@dataclass(frozen=True, slots=True)
class Returned:
    """A piece of text that a system returns, and the article it is from."""

    article_id: str
    text: str


Ask = Callable[[str, int], Sequence[Returned]]  # question, number of passages -> best first


@dataclass(frozen=True, slots=True)
class Run:
    """Results by question, in the questions' order, and facts: key, versions, seconds."""

    results: tuple[tuple[Returned, ...], ...]
    facts: dict[str, Any] = field(default_factory=dict)


def ask_all(ask: Ask, questions: Sequence[Asked], *, depth: int = DEPTH, wider: int = 0) -> Run:
    """Ask one question at a time; `wider` passages where `depth` give fewer than ten articles."""
    results, seconds = [], []
    for question in questions:
        started = time.perf_counter()
        got = tuple(ask(question.question, depth))
        seconds.append(time.perf_counter() - started)
        if wider and len({item.article_id for item in got}) < _ARTICLES:
            seen = {item.article_id for item in got}
            more = ask(question.question, wider)
            got = (*got, *(item for item in more if item.article_id not in seen))
        results.append(got)
    return Run(tuple(results), {"seconds a question": round(median(seconds), 4)})


def write_run(file: Path, run: Run) -> None:
    """Write `run`, texts cut to what scoring reads."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [run.facts, *([[r.article_id, r.text] for r in _cut(got)] for got in run.results)]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    file.write_text(text + "\n", encoding="utf-8")


def read_run(file: Path, key: str) -> Run | None:
    """The run in `file`, or None if there is none or it is of other data or another adapter."""
    if not file.is_file():
        return None
    # Not splitlines: the texts may hold separators that JSON leaves as they are.
    facts, *results = [json.loads(x) for x in file.read_text(encoding="utf-8").split("\n") if x]
    if facts.get("key") != key:
        return None
    return Run(tuple(tuple(Returned(*pair) for pair in got) for got in results), facts)


def file_name(benchmark: str, system: str) -> str:
    """Name of the file for a system's run."""
    return f"{benchmark}-{re.sub(r'[^a-z0-9]+', '-', system.lower()).strip('-')}.jsonl"


def _cut(got: Sequence[Returned]) -> list[Returned]:
    kept, read = [], 0
    for rank, item in enumerate(got, start=1):
        needed = rank <= _ARTICLES or read < BUDGET
        kept.append(item if needed else Returned(item.article_id, ""))
        read += len(item.text) + 1
    return kept
