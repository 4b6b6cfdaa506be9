"""A question held against an open index: where it looks, and what is found there."""

from __future__ import annotations

from rag.resources import Resources
from rag.retrieval.query import NO_FILTERS, Query, read
from rag.retrieval.search import Found, search
from rag.schema import Filters
from rag.text.typed import storable


def understand(question: str, resources: Resources, *, filters: Filters = NO_FILTERS) -> Query:
    """Read a question that stands alone by what the index knows. Raises ModelError."""
    known = resources.index.catalogue()
    return read(storable(question), known, filters=filters, embedder=resources.embedder)


def find(question: str, resources: Resources, *, filters: Filters = NO_FILTERS) -> Found:
    """The best passages for `question`, with ranks and times."""
    return found_for(understand(question, resources, filters=filters), resources)


def found_for(query: Query, resources: Resources, *, depth: int = 0) -> Found:
    """Search for a question that was read already; `depth`: rerank so many passages at least."""
    return search(
        query,
        index=resources.index,
        embedder=resources.embedder,
        reranker=resources.reranker,
        candidates=resources.settings.candidates,
        depth=max(depth, resources.settings.rerank_depth),
    )


def found_to_answer(query: Query, resources: Resources) -> Found:
    """Search as `found_for` does, but not for what no passage answers."""
    if not query.searched:
        return Found((), {"search": 0.0, "rerank": 0.0})
    return found_for(query, resources)
