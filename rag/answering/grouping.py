"""Articles that are about the same, by their vectors, and what sets each group apart in words.

Pure functions: vectors and headlines -> groups.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.text.words import LIGHT, STOP, plain_words

MOST = 12  # groups
_ALIKE = (0.6, 0.55, 0.5, 0.45, 0.4)  # cosines from which articles may be about the same
_SHARE = 0.35  # of all articles, more than which no group of a mixed folder holds
_ROWS = 512  # vectors compared at once
_LABELS = 2  # words or pairs of words that a label has at most
_TOGETHER = 0.6  # share of a word's headlines in which it stands in a pair, to be named as the pair
_TELLING = 0.2  # share of a group's headlines that a word of its label is in
_TOKEN = re.compile(r"[^\W\d_][\w’'.-]*\w|\w")

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Group:
    """Articles, by their place, the most central first; `label` sets them apart from the others."""

    members: tuple[int, ...]
    label: str


def grouped(vectors: Vectors, titles: Sequence[str]) -> list[Group]:
    """The largest groups of articles, at most MOST; `vectors` are of unit length, one an article.

    How alike is alike depends on the folder: the bound is taken that puts most articles into
    groups, none of which swallows the others.
    """
    tried = [_parted(vectors, bound) for bound in _ALIKE]
    best = max(tried, key=lambda groups: _worth(groups, len(vectors)))
    words = [_words(title) for title in titles]
    everywhere = Counter(word for found in words for word in set(found))
    return [
        Group(tuple(members), _label([words[i] for i in members], everywhere, len(titles)))
        for members in best
    ]


def _worth(groups: Sequence[Sequence[int]], number: int) -> float:
    """How many articles are in groups; what a group has beyond its share counts against it."""
    most = max(_SHARE * number, 2)
    return sum(len(group) - 2 * max(0.0, len(group) - most) for group in groups)


def _parted(vectors: Vectors, bound: float) -> list[list[int]]:
    """Again and again the article with most others like it, and these; of two or more."""
    number = len(vectors)
    alike = np.zeros((number, number), np.bool_)
    for first in range(0, number, _ROWS):
        alike[first : first + _ROWS] = vectors[first : first + _ROWS] @ vectors.T >= bound
    counts = alike.sum(axis=1)
    free = np.ones(number, np.bool_)
    groups: list[list[int]] = []
    while len(groups) < MOST and number:
        middle = int(np.where(free, counts, 0).argmax())
        members = np.flatnonzero(alike[middle] & free)
        if len(members) < 2:
            break
        free[members] = False
        counts = counts - alike[:, members].sum(axis=1)
        groups.append(_central_first(vectors, members))
    return sorted(groups, key=lambda group: -len(group))


def _central_first(vectors: Vectors, members: NDArray[np.intp]) -> list[int]:
    of = vectors[members]
    order = np.argsort(-(of @ of.mean(axis=0)), kind="stable")
    return [int(members[at]) for at in order]


# --- labels


def _words(title: str) -> list[str]:
    """Words and pairs of words of a headline that can tell what it is about, as it spells them."""
    tokens = [token.removesuffix("’s").removesuffix("'s") for token in _TOKEN.findall(title)]
    telling = [token if _tells(token) else "" for token in tokens]
    pairs = [f"{a} {b}" for a, b in zip(telling, telling[1:], strict=False) if _is_pair(a, b)]
    return [*filter(None, telling), *pairs]


def _is_pair(first: str, second: str) -> bool:
    """Whether two words can be one thing: "Super Bowl", "plane crash", but not "bans Red"."""
    return bool(first and second) and (first[0].isupper() or second[0].islower())


def _tells(token: str) -> bool:
    word = token.casefold()
    return len(word) > 2 and word not in STOP and word not in LIGHT and bool(plain_words(token))


def _label(group: Sequence[Sequence[str]], everywhere: Counter[str], number: int) -> str:
    """The words that most set the group's headlines apart: "Super Bowl and Eagles"."""
    counts = Counter(word for words in group for word in set(words))
    least = max(2.0, _TELLING * len(group)) if len(group) > 2 else 2.0
    score = {
        word: count / len(group) * math.log(number * count / (len(group) * everywhere[word]) + 1)
        for word, count in counts.items()
        if count >= least
    }
    found: list[str] = []
    for word in sorted(score, key=lambda word: (-score[word], word)):
        pair = _pair(word, counts)
        said = " ".join(found).casefold().split()
        if not any(part.casefold() in said for part in pair.split()):
            found.append(pair)
        if len(found) == _LABELS:
            break
    label = " and ".join(found)
    return label[:1].upper() + label[1:]


def _pair(word: str, counts: Counter[str]) -> str:
    """The pair of words that a word mostly stands in: "Super Bowl" for "Bowl"."""
    if " " in word:
        return word
    pairs = [pair for pair in counts if " " in pair and word in pair.split()]
    best = max(pairs, key=lambda pair: (counts[pair], pair), default=word)
    return best if counts[best] >= _TOGETHER * counts[word] else word
