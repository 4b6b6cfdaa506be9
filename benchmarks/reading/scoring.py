"""Precision, recall and F1 of one text against another, by words and by runs of four words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean

Tokens = Counter[tuple[str, ...]]
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def words(text: str) -> Tokens:
    """Count the words of `text`; capitals count."""
    return Counter((word,) for word in _WORD.findall(text))


def shingles(text: str, length: int = 4) -> Tokens:
    """Count the runs of `length` words of `text`; a shorter text is one run."""
    found = _WORD.findall(text)
    if not found:
        return Counter()
    starts = range(max(1, len(found) - length + 1))
    return Counter(tuple(found[start : start + length]) for start in starts)


def compare(gold: str, text: str, unit: Callable[[str], Tokens]) -> Score:
    """Score `text` against `gold`; two empty texts agree."""
    wanted, got = unit(gold), unit(text)
    common = (wanted & got).total()
    return Score(_share(common, got.total(), not wanted), _share(common, wanted.total(), not got))


def _share(part: int, whole: int, other_is_empty: bool) -> float:
    return part / whole if whole else float(other_is_empty)


def averages(scores: list[Score]) -> dict[str, float]:
    """Average over pages, each with the same weight.

    `f1` is that of the average precision and recall, as the scrapinghub set defines it; `page_f1`
    is the average of the pages' own.
    """
    average = Score(mean(s.precision for s in scores), mean(s.recall for s in scores))
    return {
        "precision": round(average.precision, 4),
        "recall": round(average.recall, 4),
        "f1": round(average.f1, 4),
        "page_f1": round(mean(s.f1 for s in scores), 4),
    }
