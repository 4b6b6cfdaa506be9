"""Which of many sentences say most of what all of them say: LexRank, and choosing without repeats.

Arrays in, arrays out; nothing here knows of articles. Rows of `vectors` are unit vectors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_DAMPING = 0.85
_ROUNDS = 50
_SAME = 0.85  # cosine; nearer sentences say the same


def lexrank(vectors: Floats) -> Floats:
    """How central each sentence is, scaled to 0..1 by the greatest (Erkan and Radev, 2004).

    The stationary distribution of a walk that goes from a sentence to those like it.
    """
    count = len(vectors)
    if count == 0:
        return np.zeros(0, np.float32)
    alike = np.clip(vectors @ vectors.T, 0.0, 1.0)
    steps = alike / alike.sum(axis=1, keepdims=True)
    rank = np.full(count, 1.0 / count)
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) / count + _DAMPING * (rank @ steps)
    scaled: Floats = (rank / rank.max()).astype(np.float32)
    return scaled


def spread(
    worth: Floats,
    vectors: Floats,
    *,
    most: int,
    first: Sequence[int] = (),
    after: Mapping[int, int] | None = None,
    weight: float = 0.8,
) -> list[int]:
    """At most `most` places, best first, each worth much and little like those before it.

    Maximal marginal relevance: `weight` (0..1) of a sentence's worth, the rest for what is new in
    it. `first` are taken in any case; a place in `after` only once the one that it names is. One
    that says the same as one taken is never added.
    """
    taken = list(first)
    closed = dict(after or {})
    while len(taken) < min(most, len(worth)):
        near = (vectors @ vectors[taken].T).max(axis=1) if taken else np.zeros(len(worth))
        gains = weight * worth - (1 - weight) * near
        gains[taken] = -np.inf
        gains[near > _SAME] = -np.inf
        gains[[place for place, needed in closed.items() if needed not in taken]] = -np.inf
        best = int(np.argmax(gains))
        if not np.isfinite(gains[best]):
            break
        taken.append(best)
    return taken
