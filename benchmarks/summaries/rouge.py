"""ROUGE-1, ROUGE-2 and ROUGE-L: how many words a text shares with a reference (Lin, 2004).

As the package rouge-score gives them with its stemmer off: words of letters and digits, without
case.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[a-z0-9]+")


def rouge_n(text: str, reference: str, n: int) -> float:
    """F1 (0..1) of the runs of `n` words, each counted as often as it occurs."""
    own, wanted = _runs(words(text), n), _runs(words(reference), n)
    return _f1((own & wanted).total(), own.total(), wanted.total())


def rouge_l(text: str, reference: str) -> float:
    """F1 (0..1) of the longest common subsequence of words."""
    own, wanted = words(text), words(reference)
    return _f1(_common(own, wanted), len(own), len(wanted))


def words(text: str) -> list[str]:
    """The words that are compared."""
    return _WORD.findall(text.lower())


def _runs(found: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(found[at : at + n]) for at in range(len(found) - n + 1))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    lengths = [0] * (len(other) + 1)
    for word in one:
        diagonal = 0
        for at, against in enumerate(other, start=1):
            above = lengths[at]
            lengths[at] = diagonal + 1 if word == against else max(above, lengths[at - 1])
            diagonal = above
    return lengths[-1]


def _f1(shared: int, own: int, wanted: int) -> float:
    return 2 * shared / (own + wanted) if own and wanted else 0.0
