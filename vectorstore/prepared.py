"""An article ready to be stored: its passages and their vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rag.schema import Article, Passage


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """An article ready to store: `vectors[i]` (float32, any length) belongs to `passages[i]`."""

    article: Article
    passages: tuple[Passage, ...]
    vectors: np.ndarray  # float32 (len(passages), dimension)
    signature: bytes = b""  # of the article's words, for finding near-copies; empty: none

    def must_fit(self, dimension: int) -> None:
        """Raise ValueError unless there is one finite vector of that length a passage."""
        shape = (len(self.passages), dimension)
        if self.vectors.shape != shape or not np.isfinite(self.vectors).all():
            raise ValueError(
                f"{self.article.path}: vectors of shape {self.vectors.shape}, finite ones of shape"
                f" {shape} are needed"
            )
