"""When Compare says that no words answer well: measures `rag.answering.comparison.WEAK`.

    python -m benchmarks.abstention.comparing ../shared --work WORK

Each question of news2025 is compared among articles with its answer and among as many without; the
fixed questions as they are. A Comparison's best chance (0..1) is the reranker's, of a row's words:
another scale than the chance that `rag.answering.decide` weighs. Prints, at each threshold, which
share is called weak of those with an answer and of those without; the one that separates them best
(the mean of both shares right) on even questions is judged on odd ones.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.abstention.collect import ARTICLES
from benchmarks.retrieval import byline
from benchmarks.retrieval.data import load_news
from rag.answering.comparison import compare
from rag.evaluation.fixed_questions import load_questions
from rag.pipeline import ingest
from rag.resources import open_resources
from rag.schema import Filters
from rag.settings import load_settings

_RESULT = Path(__file__).parent / "results" / "comparing.json"
_FEW = 40  # articles without the answer
_THRESHOLDS = [0.01, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5]


@dataclass(frozen=True, slots=True)
class Case:
    """The best chance of a comparison's rows, and whether the articles answer."""

    chance: float
    answerable: bool


def news(folder: Path, work: Path, questions: int) -> Iterator[Case]:
    """Two cases a question: its articles and a few others, and as many others."""
    data = load_news(folder, articles=ARTICLES, questions=questions)
    with byline.opened(work, f"abstention-{questions}", data.articles) as resources:
        for question in data.questions:
            gold = [a.id for a in data.articles if data.first_copy[a.id] in question.gold]
            others = [a.id for a in data.articles if data.first_copy[a.id] not in question.gold]
            few = random.Random(question.id).sample(others, _FEW)
            for ids, there in (([*gold, *few], True), (few, False)):
                limits = Filters(files=tuple(f"news.jsonl#{item}" for item in ids))
                rows = compare(question.question, resources, filters=limits).rows
                yield Case(max((row.chance for row in rows), default=0.0), there)


def fixed(file: Path, articles: Path, work: Path) -> Iterator[Case]:
    """One case a question of `file`."""
    settings = load_settings({"index": work / f"comparing-{articles.name}"})
    with open_resources(settings, create=True) as resources:
        ingest(articles, resources)
        for question in load_questions(file):
            rows = compare(question.question, resources).rows
            yield Case(max((row.chance for row in rows), default=0.0), not question.must_abstain)


def shares(cases: Sequence[Case], threshold: float) -> tuple[float, float]:
    """Which share (0..1) is called weak of the questions with an answer, and without."""
    found = [
        [case.chance < threshold for case in cases if case.answerable is x] for x in (True, False)
    ]
    with_answer, without = (sum(some) / (len(some) or 1) for some in found)
    return with_answer, without


def best(cases: Sequence[Case]) -> float:
    """The threshold with the greatest mean of both shares right."""
    return max(_THRESHOLDS, key=lambda at: shares(cases, at)[1] - shares(cases, at)[0])


def main() -> None:
    """Compare, choose, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("shared", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=80)
    options = parser.parse_args()
    root, shared, work = Path(__file__).parents[2], options.shared, options.work
    cases = [
        *fixed(root / "examples" / "questions.jsonl", root / "examples" / "articles", work),
        *news(shared / "bench" / "news2025", work, options.questions),
    ]
    chosen = best(cases[::2])
    curve = [
        {"threshold": at, "weak with an answer": one, "weak without": other}
        for at in _THRESHOLDS
        for one, other in [tuple(round(share, 3) for share in shares(cases, at))]
    ]
    judged = [round(share, 3) for share in shares(cases[1::2], chosen)]
    result = {"cases": len(cases), "chosen": chosen, "on odd cases": judged, "curve": curve}
    _RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
