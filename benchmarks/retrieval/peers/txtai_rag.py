"""txtai, as its documentation sets up hybrid search, on paragraphs as in its RAG application.

"txtai hybrid": Segmentation(paragraphs=True), Embeddings(hybrid=True, content=True).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from txtai import Embeddings
from txtai.pipeline import Segmentation

from benchmarks.retrieval.data import Source
from benchmarks.retrieval.runs import Ask, Returned
from benchmarks.retrieval.vectors import Encoder, Vectors

ADAPTER = 1
PACKAGES = ("txtai", "faiss-cpu")


def build(articles: Sequence[Source], encoder: Encoder) -> dict[str, Ask]:
    """The one system."""

    def vectors(texts: Sequence[str]) -> Vectors:
        asked = len(texts) == 1  # a question: no need to keep its vector
        return np.stack([encoder.query(texts[0])]) if asked else encoder.documents(texts)

    embeddings = Embeddings(method="external", transform=vectors, hybrid=True, content=True)
    segment = Segmentation(paragraphs=True)
    embeddings.index(
        (f"{article.id}#{at}", text)
        for article in articles
        for at, text in enumerate(segment(article.content))
    )

    def hybrid(question: str, k: int) -> list[Returned]:
        return [
            Returned(row["id"].partition("#")[0], row["text"])
            for row in embeddings.search(_not_sql(question), k)
        ]

    return {"txtai hybrid": hybrid}


def _not_sql(question: str) -> str:
    """A question that begins with "select" would be read as SQL."""
    return f"“{question}" if question.casefold().startswith("select") else question
