"""The list of articles, for programs: those that pass filters, newest first, a page at a time."""

from __future__ import annotations

from datetime import date

from rag.export import contract
from rag.export.contract_types import ArticlesJSON
from rag.schema import Filters
from vectorstore.index import Index
from vectorstore.selecting import Facts, chosen

LONGEST = 500  # articles of a page


def listed(index: Index, filters: Filters, offset: int, limit: int, base: str) -> ArticlesJSON:
    """Return `limit` articles from `offset` (0-based) on; those without a date come last."""
    ordered = sorted(chosen(index.catalogue().articles, filters), key=_day, reverse=True)
    after = offset + min(limit, LONGEST)
    ids = [item.id for item in ordered[offset:after]]
    held = index.articles(ids)
    return {
        "articles": [contract.article_json(held[id_], base) for id_ in ids if id_ in held],
        "total": len(ordered),
        "next": after if after < len(ordered) else None,
    }


def _day(item: Facts) -> date:
    return item.published or date.min
