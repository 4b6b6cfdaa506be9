"""What near-copies are known by (wire stories reprinted, edited reposts): MinHash, by datasketch.

Broder, On the resemblance and containment of documents, 1997: the share of equal entries of two
signatures estimates the Jaccard similarity of the two sets of shingles. `vectorstore` groups them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha1
from itertools import accumulate
from typing import Any

import numpy as np

from rag.schema import Article
from rag.text.words import fold

_SHINGLE = 4  # words
_ENTRIES = 128  # of a signature: the estimate's standard error is at most .045
_SCHEME = "affine32"  # how datasketch permutes; stored signatures depend on it
_SHORTEST = 40  # words; the shingles of a shorter text say too little


def signature(article: Article) -> bytes:
    """MinHash of the article's own words (comments left out), uint32; empty for a short text."""
    from datasketch import MinHash  # type: ignore[import-untyped]

    bodies = [article.text[p.start : p.end] for p in article.parts if p.kind == "body"]
    words = fold(" ".join(bodies) if bodies else article.text).split()
    if len(words) < _SHORTEST:
        return b""
    sketch = MinHash(
        num_perm=_ENTRIES, scheme=_SCHEME, hashfunc=int, permutations=_permutations()
    )
    sketch.update_batch(_hashes(words))
    return np.asarray(sketch.hashvalues, np.uint32).tobytes()


def _hashes(words: Sequence[str]) -> list[int]:
    """The hash of each different shingle, as datasketch's own `sha1_hash32` would give it."""
    encoded = [word.encode() for word in words]
    text = b" ".join(encoded)
    ends = list(accumulate(len(word) + 1 for word in encoded))  # behind the space
    starts = [0, *ends]
    shingles = {text[a : b - 1] for a, b in zip(starts, ends[_SHINGLE - 1 :], strict=False)}
    digests = b"".join(sha1(shingle, usedforsecurity=False).digest()[:4] for shingle in shingles)
    return list(np.frombuffer(digests, "<u4").tolist())


@cache
def _permutations() -> Any:
    """Those of every sketch of this scheme: making them anew took a tenth of a signature."""
    from datasketch import MinHash

    return MinHash(num_perm=_ENTRIES, scheme=_SCHEME).permutations
