"""A question held against an open index: where it looks, and what is found there."""

from __future__ import annotations

from rag.resources import Resources
from rag.retrieval.filters import scope
from rag.retrieval.query import Asked, understood
from rag.retrieval.search import Found, search
from rag.schema import Filters, Scope
from rag.text.typed import storable

NO_FILTERS = Filters()


def understand(
    question: str, resources: Resources, *, filters: Filters = NO_FILTERS
) -> tuple[Asked, Scope]:
    """The question without words that limit where to look, and how much of the index is left."""
    question, known = storable(question), resources.index.catalogue()
    asked = understood(question, filters, outlets=known.outlets, authors=known.authors)
    return asked, scope(asked.filters, known)


def find(question: str, resources: Resources, *, filters: Filters = NO_FILTERS) -> Found:
    """The best passages for `question`, with ranks and times."""
    asked, _ = understand(question, resources, filters=filters)
    return found_for(asked, resources)


def found_for(asked: Asked, resources: Resources) -> Found:
    """Search for a question that was understood already."""
    return search(
        asked.question,
        index=resources.index,
        embedder=resources.embedder,
        reranker=resources.reranker,
        settings=resources.settings,
        filters=asked.filters,
        boosts=asked.boosts,
    )
