"""Whether the support check finds the news summaries of SummEdits that were falsified.

    python -m benchmarks.support.summedits ../shared/bench/support/summedits_news.jsonl

Real articles, each with a summary and edits of it that people labelled as still true or not. The
article is cut to passages as Byline does it, and each sentence of a summary is held against all of
them, as if it cited every passage of its article. The articles whose hash is even are "dev": their
answers may be looked at; the rest is "held-out": only counted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.articles import make_article
from rag.articles.splitting import Limits, split
from rag.checking.support import check
from rag.schema import Article, Hit, Support
from rag.text.sentences import sentence_spans

_TOKEN = re.compile(r"\w+|[^\w\s]")
_DRAWS = 2000
_LEVELS: dict[str, tuple[Support, ...]] = {
    "not supported in full": ("partial", "unsupported"),
    "unsupported": ("unsupported",),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A summary with its label and the verdict on each of its sentences."""

    part: str  # "dev" or "held-out"
    article: str
    claim: str
    true: bool
    verdicts: tuple[tuple[Support, tuple[str, ...]], ...]
    milliseconds: tuple[float, ...]

    def flagged(self, level: Sequence[Support]) -> bool:
        """Whether any of its sentences got one of these verdicts."""
        return any(verdict in level for verdict, _ in self.verdicts)


def main() -> None:
    """Judge, print the tables, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--part", choices=["dev", "held-out"], help="only this part")
    parser.add_argument("--errors", action="store_true", help="show what dev gets wrong")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    judged = judge(options.file, options.part)
    if options.errors:
        show_errors(judged)
    parts = [options.part] if options.part else ["dev", "held-out"]
    results = {part: scores([item for item in judged if item.part == part]) for part in parts}
    if not options.part:
        results["all"] = scores(judged)
    print(json.dumps(results, indent=1))
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def judge(file: Path, part: str | None) -> list[Judged]:
    """The verdicts on every summary of `file`, or of one part of it."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    sources = {row["source"]: cited(row["source"]) for row in rows}
    return [
        judged_one(row, sources[row["source"]])
        for row in rows
        if part in (None, part_of(row["source"]))
    ]


def part_of(source: str) -> str:
    """Which part an article belongs to: by its text alone, whole articles at a time."""
    return "held-out" if hashlib.sha256(source.encode()).digest()[-1] % 2 else "dev"


def cited(source: str) -> list[Hit]:
    """All passages of an article, as Byline cuts them; words and signs counted as tokens."""
    article: Article = make_article(
        "article.txt",
        title=None,
        author=None,
        outlet=None,
        published=None,
        url=None,
        text=source,
        parts=(),
    )
    passages = split(article, lambda text: [m.start() for m in _TOKEN.finditer(text)], Limits())
    return [Hit(passage, article, 1.0) for passage in passages]


def judged_one(row: dict[str, Any], hits: Sequence[Hit]) -> Judged:
    """Check each sentence of one summary, against the clock."""
    verdicts, seconds = [], []
    for start, end in sentence_spans(row["claim"]):
        began = time.perf_counter()
        verdicts.append(check(row["claim"][start:end], hits))
        seconds.append(1000 * (time.perf_counter() - began))
    source, part = row["source"], part_of(row["source"])
    return Judged(part, source, row["claim"], row["supported"], tuple(verdicts), tuple(seconds))


def scores(judged: Sequence[Judged]) -> dict[str, Any]:
    """Balanced accuracy with its 95 % intervals, precision and recall of what is flagged."""
    false = np.array([not item.true for item in judged])
    articles = np.unique([item.article for item in judged], return_inverse=True)[1]
    times = [value for item in judged for value in item.milliseconds]
    found: dict[str, Any] = {
        "summaries": len(judged),
        "articles": len(set(articles.tolist())),
        "false": int(false.sum()),
        "ms_per_sentence_median": round(median(times), 2),
        "ms_per_sentence_95": round(float(np.percentile(times, 95)), 2),
    }
    for name, level in _LEVELS.items():
        flagged = np.array([item.flagged(level) for item in judged])
        found[name] = {
            "balanced_accuracy": round(balanced(false, flagged), 3),
            "interval_by_summary": interval(false, flagged, np.arange(len(judged))),
            "interval_by_article": interval(false, flagged, articles),
            "precision": round(float(false[flagged].mean()), 3) if flagged.any() else None,
            "recall": round(float(flagged[false].mean()), 3),
        }
    return found


def balanced(false: NDArray[np.bool_], flagged: NDArray[np.bool_]) -> float:
    """Mean of the share of false summaries that are flagged and of true ones that are not."""
    return float((flagged[false].mean() + (~flagged[~false]).mean()) / 2)


def interval(
    false: NDArray[np.bool_], flagged: NDArray[np.bool_], groups: NDArray[np.int64]
) -> list[float]:
    """95 % bootstrap interval of the balanced accuracy, whole groups drawn."""
    rng = np.random.default_rng(0)
    names = np.unique(groups)
    members = [np.flatnonzero(groups == name) for name in names]
    drawn = []
    for _ in range(_DRAWS):
        rows = np.concatenate([members[i] for i in rng.integers(len(names), size=len(names))])
        if 0 < false[rows].sum() < len(rows):
            drawn.append(balanced(false[rows], flagged[rows]))
    return [round(float(value), 3) for value in np.percentile(drawn, [2.5, 97.5])]


def show_errors(judged: Sequence[Judged]) -> None:
    """Print the dev summaries with their verdicts; the held-out ones stay unread."""
    for item in judged:
        if item.part == "dev":
            right = item.flagged(_LEVELS["not supported in full"]) is not item.true
            print("ok " if right else "BAD", "true " if item.true else "false", item.claim)
            for verdict, reasons in item.verdicts:
                print("        ", verdict, *reasons, sep=" | ")


if __name__ == "__main__":
    main()
