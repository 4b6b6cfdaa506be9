"""Near-copies: wire stories reprinted, edited reposts. MinHash over the words, by datasketch.

Broder, On the resemblance and containment of documents, 1997: the share of equal entries of two
signatures estimates the Jaccard similarity of the two sets of shingles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from rag.schema import Article
from rag.text.words import fold

if TYPE_CHECKING:
    from datasketch import MinHash  # type: ignore[import-untyped]

_SHINGLE = 4  # words
_ENTRIES = 128  # of a signature: the estimate's standard error is at most .045
_SCHEME = "affine32"  # how datasketch permutes; stored signatures depend on it
_ALIKE = 0.5  # Jaccard; a reprint with a third of its sentences changed is still above it
_SHORTEST = 40  # words; the shingles of a shorter text say too little


def signature(article: Article) -> bytes:
    """MinHash of the article's own words (comments left out), uint32; empty for a short text."""
    from datasketch import MinHash

    bodies = [article.text[p.start : p.end] for p in article.parts if p.kind == "body"]
    words = fold(" ".join(bodies) if bodies else article.text).split()
    if len(words) < _SHORTEST:
        return b""
    shingles = {
        " ".join(words[at : at + _SHINGLE]).encode() for at in range(len(words) - _SHINGLE + 1)
    }
    sketch = MinHash(num_perm=_ENTRIES, scheme=_SCHEME)
    sketch.update_batch(sorted(shingles))
    return np.asarray(sketch.hashvalues, np.uint32).tobytes()


def origins(signatures: Mapping[str, bytes]) -> dict[str, str]:
    """Article id -> the first id among all that are linked to it by being alike.

    Alike is taken as transitive: an edited copy of an edited copy has the same origin.
    """
    from datasketch import MinHashLSH

    sketches = {article: _sketch(data) for article, data in sorted(signatures.items())}
    lsh = MinHashLSH(threshold=_ALIKE, num_perm=_ENTRIES)
    origin: dict[str, str] = {}
    for article, sketch in sketches.items():
        origin[article] = article
        for other in lsh.query(sketch):
            if sketch.jaccard(sketches[other]) >= _ALIKE:
                _join(origin, article, other)
        lsh.insert(article, sketch)
    return {article: _root(origin, article) for article in origin}


def _sketch(data: bytes) -> MinHash:
    from datasketch import MinHash

    return MinHash(num_perm=_ENTRIES, hashvalues=np.frombuffer(data, np.uint32), scheme=_SCHEME)


def _root(origin: Mapping[str, str], article: str) -> str:
    while origin[article] != article:
        article = origin[article]
    return article


def _join(origin: dict[str, str], one: str, other: str) -> None:
    first, second = sorted((_root(origin, one), _root(origin, other)))
    origin[second] = first
