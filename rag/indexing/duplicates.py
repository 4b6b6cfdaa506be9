"""What near-copies are known by (wire stories reprinted, edited reposts): MinHash of the words.

Broder, On the resemblance and containment of documents, 1997: the share of equal entries of two
signatures estimates the Jaccard similarity of the two sets of shingles. `vectorstore` groups them.
Stored signatures depend on every number here; datasketch's scheme "affine32" gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha1
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from rag.schema import Article
from rag.text.words import fold

Numbers = NDArray[np.uint32]
_SHINGLE = 4  # words
_ENTRIES = 128  # of a signature: the estimate's standard error is at most .045
_SEED = 1
_SHORTEST = 40  # words; the shingles of a shorter text say too little


def signature(article: Article) -> bytes:
    """MinHash of the article's own words (comments left out), uint32; empty for a short text."""
    bodies = [article.text[p.start : p.end] for p in article.parts if p.kind == "body"]
    words = fold(" ".join(bodies) if bodies else article.text).split()
    if len(words) < _SHORTEST:
        return b""
    hashes = _mixed(_hashes(words))
    factors, summands = _permutations()
    return b"".join(
        (hashes * factor + summand).min().tobytes()
        for factor, summand in zip(factors, summands, strict=True)
    )


def _hashes(words: Sequence[str]) -> Numbers:
    """32 bits of the SHA-1 of each different shingle."""
    encoded = [word.encode() for word in words]
    text = b" ".join(encoded)
    ends = list(accumulate(len(word) + 1 for word in encoded))  # behind the space
    starts = [0, *ends]
    shingles = {text[a : b - 1] for a, b in zip(starts, ends[_SHINGLE - 1 :], strict=False)}
    digests = b"".join(sha1(shingle, usedforsecurity=False).digest()[:4] for shingle in shingles)
    return np.frombuffer(digests, "<u4").astype(np.uint32)


def _mixed(hashes: Numbers) -> Numbers:
    """Every bit made to depend on every other: MurmurHash3's last step."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        hashes = (hashes ^ (hashes >> np.uint32(shift))) * np.uint32(factor)
    return hashes ^ (hashes >> np.uint32(16))


@cache
def _permutations() -> tuple[Numbers, Numbers]:
    """What 32-bit numbers are multiplied with (odd: none are joined by it), and what is added."""
    random = np.random.RandomState(_SEED)
    factors = random.randint(0, 1 << 31, _ENTRIES, np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, random.randint(0, 1 << 32, _ENTRIES, np.uint32)
