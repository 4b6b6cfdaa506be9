"""The list of articles, for programs: those that pass filters, newest first, a page at a time."""

from __future__ import annotations

from rag.export import contract
from rag.export.contract_types import ArticlesJSON
from rag.schema import Filters
from vectorstore.index import Index

LONGEST = 500  # articles of a page


def listed(index: Index, filters: Filters, offset: int, limit: int, base: str) -> ArticlesJSON:
    """Return `limit` articles from `offset` (0-based) on; those without a date come last."""
    passing, size = index.catalogue().chosen(filters), min(limit, LONGEST)
    total, after = passing.count(), offset + size
    ids = [item.id for item in passing.facts("newest", size, offset)]
    held = index.articles(ids)
    return {
        "articles": [contract.article_json(held[id_], base) for id_ in ids if id_ in held],
        "total": total,
        "next": after if after < total else None,
    }
