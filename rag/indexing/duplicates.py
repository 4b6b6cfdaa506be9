"""What near-copies are known by (wire stories reprinted, edited reposts): MinHash, by datasketch.

Broder, On the resemblance and containment of documents, 1997: the share of equal entries of two
signatures estimates the Jaccard similarity of the two sets of shingles. `vectorstore` groups them.
"""

from __future__ import annotations

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
    shingles = {
        " ".join(words[at : at + _SHINGLE]).encode() for at in range(len(words) - _SHINGLE + 1)
    }
    sketch = MinHash(num_perm=_ENTRIES, scheme=_SCHEME)
    sketch.update_batch(sorted(shingles))
    return np.asarray(sketch.hashvalues, np.uint32).tobytes()
