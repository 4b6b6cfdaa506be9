"""What articles are called and sought by in the table of sources: kept as articles come and go.

Runs inside a transaction of the manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from rag.schema import printed_day
from vectorstore.database import Transaction

# Characters that are kept: PostgreSQL's indexes take no more than 2,700 bytes.
MOST = 600
_AT_ONCE = 2_000
_KNOWN = "id, path, title, outlet, author, label, published, listed"


def listed_as(
    title: str | None,
    outlet: str | None,
    author: str | None,
    label: str | None,
    published: str | None,
    paths: Sequence[str],
) -> str:
    """By which an article is sorted and found: its name first, then all else, without case.

    Each part stands in a line of its own; `published` is a day in ISO form.
    """
    day = date.fromisoformat(published) if published else None
    parts = [title or paths[0], paths[0], label or "article", printed_day(day), published,
             outlet, author, *paths[1:]]  # fmt: skip
    return "\n".join(filter(None, parts)).casefold()[:MOST]


def name(db: Transaction, article_ids: Iterable[str]) -> None:
    """Let each of these articles be called by the first path that cites it, sought by all."""
    ids = sorted(set(article_ids))
    for first in range(0, len(ids), _AT_ONCE):
        _name(db, ids[first : first + _AT_ONCE])


def name_anew(db: Transaction) -> None:
    """Name all articles that there are."""
    name(db, (row.id for row in db.rows("SELECT id FROM articles")))


def _name(db: Transaction, ids: Sequence[str]) -> None:
    paths: dict[str, dict[str, None]] = {}
    for row in db.rows(
        "SELECT article_id, cited_path FROM file_articles WHERE article_id IN :ids"
        " ORDER BY cited_path",
        ids=ids,
    ):
        paths.setdefault(row.article_id, {})[row.cited_path] = None
    changed = []
    for row in db.rows(f"SELECT {_KNOWN} FROM articles WHERE id IN :ids", ids=ids):
        own = list(paths.get(row.id, {row.path: None}))
        listed = listed_as(row.title, row.outlet, row.author, row.label, row.published, own)
        if (own[0], listed) != (row.path, row.listed):
            changed.append({"path": own[0], "listed": listed, "id": row.id})
    db.each("UPDATE articles SET path = :path, listed = :listed WHERE id = :id", changed)
