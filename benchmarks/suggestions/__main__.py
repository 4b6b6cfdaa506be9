"""What is offered to be asked, with what it is answered, to be read and judged.

    python -m benchmarks.suggestions INDEX --starters
    python -m benchmarks.suggestions INDEX --set sample

The first prints the starters of an index with their answers, the seconds that finding them took and
how many questions were asked; the second, for the questions of a set in `questions.jsonl`, what is
suggested below each answer, and how that is answered when asked.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rag import pipeline
from rag.answering import starters, suggestions
from rag.resources import Resources, open_resources
from rag.schema import Answer, Done
from rag.settings import Settings

QUESTIONS = Path(__file__).with_name("questions.jsonl")
NEXT = 3


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.suggestions")
    parser.add_argument("index", type=Path)
    parser.add_argument("--starters", action="store_true")
    parser.add_argument("--set", default="sample")
    given = parser.parse_args()
    with open_resources(Settings(index=given.index)) as resources:
        resources.warm()
        alone = replace(resources, model=None, entailment=None)
        lines = _starters(alone) if given.starters else _next(alone, given.set)
        for line in lines:
            print(line, flush=True)  # noqa: T201


def _starters(resources: Resources) -> Iterator[str]:
    asked: dict[str, Answer] = {}

    def ask(question: str) -> Answer:
        asked[question] = _answer(question, resources)
        return asked[question]

    started, used = time.perf_counter(), time.process_time()
    found = starters.starters(resources.index, ask)
    spent, used = time.perf_counter() - started, time.process_time() - used
    for question in found:
        yield from _told(asked[question])
    yield f"{len(found)} of {len(asked)} asked, {spent:.1f} s, {used:.1f} s of CPU"


def _next(resources: Resources, chosen: str) -> Iterator[str]:
    rows = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    total, seconds = 0, []
    for row in rows:
        if row["set"] != chosen:
            continue
        answer = _answer(row["question"], resources)
        started = time.perf_counter()
        found = suggestions.follow_ups(answer, [row["question"]], resources, NEXT)
        seconds.append(time.perf_counter() - started)
        total += len(found)
        yield f"\n# {row['question']} ({answer.status}, {seconds[-1]:.2f} s)"
        for question in found:
            yield from _told(_answer(question, resources))
    middle = sorted(seconds)[len(seconds) // 2]
    yield f"\n{total} suggestions below {len(seconds)} answers; median {middle:.2f} s"


def _answer(question: str, resources: Resources) -> Answer:
    *_, done = pipeline.answer(question, resources)
    assert isinstance(done, Done)  # always the last event
    return done.answer


def _told(answer: Answer) -> Iterator[str]:
    yield f"- {answer.question} ({answer.status})"
    for sentence in answer.sentences:
        yield f"    {sentence.text}"


if __name__ == "__main__":
    main()
