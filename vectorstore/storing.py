"""Rows of the manifest: how articles and files are written to its tables and read from them.

Everything here runs inside a transaction of `manifest.Manifest`, which alone opens the database.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from rag.schema import Article, FileRecord, Part, Passage, Place

Counter = Literal["epoch", "generation", "commits"]
LISTED = "IN (SELECT value FROM json_each(?))"  # any number of values in one parameter


class Link(NamedTuple):
    """An article as a file holds it: `finished` if the file was, which has others before that."""

    article: str
    path: str  # under which it is cited
    finished: bool


def bump(db: sqlite3.Connection, counter: Counter) -> int:
    """Raise one of the counters and return its new value."""
    sql = "UPDATE meta SET value = value + 1 WHERE key = ? RETURNING value"
    return int(db.execute(sql, (counter,)).fetchall()[0][0])


def mark(db: sqlite3.Connection, article_ids: Iterable[str]) -> None:
    """Note that the vectors of these articles are about to change."""
    db.executemany("INSERT OR IGNORE INTO pending VALUES (?)", ((id_,) for id_ in article_ids))


def _select(db: sqlite3.Connection, sql: str, ids: Iterable[str]) -> list[sqlite3.Row]:
    return db.execute(f"{sql} WHERE id {LISTED}", (listed(ids),)).fetchall()


def _insert_article(db: sqlite3.Connection, article: Article, passages: Sequence[Passage]) -> None:
    parts = json.dumps([[part.kind, part.start, part.end, part.author] for part in article.parts])
    places = json.dumps([[place.start, place.time, place.box] for place in article.places])
    published, updated = _iso(article.published), _iso(article.updated)
    db.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article.id, article.title, article.author, article.outlet, published, article.url,
         article.label, updated, article.language, article.dated, parts,
         json.dumps(article.pages), places, json.dumps(article.notes), len(article.text),
         article.text),
    )  # fmt: skip
    db.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(p.id, p.article_id, p.number, p.start, p.end, p.header, p.kind) for p in passages],
    )


def put_article(
    db: sqlite3.Connection, file: str, article: Article, passages: Sequence[Passage]
) -> Sequence[Passage]:
    """Store an article unless it is there, and that `file` holds it; the passages that are new."""
    known = db.execute("SELECT 1 FROM articles WHERE id = ?", (article.id,)).fetchone()
    if not known:
        _insert_article(db, article, passages)
    values = (file, article.id, article.path)
    named = "file = ? AND article_id = ? AND cited_path = ?"
    if not db.execute(f"SELECT 1 FROM file_articles WHERE {named}", values).fetchone():
        db.execute("INSERT INTO file_articles VALUES (?, NULL, ?, ?)", values)
    return () if known else passages


def finish_file(
    db: sqlite3.Connection, record: FileRecord, cited_paths: Sequence[str]
) -> list[Link]:
    """Write a file's row and its articles; what it held before."""
    rows = zip(record.articles, cited_paths, strict=True)
    links = [(record.path, n, article, cited) for n, (article, cited) in enumerate(rows)]
    held = {row["id"] for row in _select(db, "SELECT id FROM articles", record.articles)}
    if missing := set(record.articles) - held:
        raise ValueError(f"{record.path}: not added: {', '.join(sorted(missing))}")
    before = unlink(db, "file = ?", record.path)
    db.executemany("INSERT INTO file_articles VALUES (?, ?, ?, ?)", links)
    db.execute(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)",
        (record.path, record.sha256, record.size, record.mtime_ns),
    )
    return before


def unlink(db: sqlite3.Connection, where: str, *values: str) -> list[Link]:
    """Let files go of articles; return what is let go."""
    sql = f"DELETE FROM file_articles WHERE {where} RETURNING article_id, cited_path, position"
    return [Link(row[0], row[1], row[2] is not None) for row in db.execute(sql, values).fetchall()]


def unheld(db: sqlite3.Connection, candidates: Iterable[str]) -> list[str]:
    """Those of the candidates that no file holds, sorted."""
    held = f"SELECT DISTINCT article_id FROM file_articles WHERE article_id {LISTED}"
    ids = set(candidates)
    return sorted(ids - {row[0] for row in db.execute(held, (listed(ids),))})


def drop_unheld(db: sqlite3.Connection, candidates: Iterable[str]) -> list[str]:
    """Delete the candidates that no file holds; their vectors are pending from here on."""
    gone = unheld(db, candidates)
    if gone:
        db.execute(f"DELETE FROM passages WHERE article_id {LISTED}", (listed(gone),))
        db.execute(f"DELETE FROM articles WHERE id {LISTED}", (listed(gone),))
        db.execute(f"DELETE FROM likeness WHERE article_id {LISTED}", (listed(gone),))
        mark(db, gone)
        bump(db, "generation")
    return gone


def article_of(row: Mapping[str, Any] | sqlite3.Row) -> Article:
    """Make an article of its row."""
    values = dict(row)
    values["published"] = day_of(row["published"])
    values["updated"] = day_of(row["updated"])
    values["parts"] = tuple(Part(*part) for part in json.loads(row["parts"]))
    values["pages"] = tuple(json.loads(row["pages"]))
    values["places"] = tuple(_place(*place) for place in json.loads(row["places"]))
    values["notes"] = tuple(json.loads(row["notes"]))
    return Article(**values)


def _place(start: int, time: str | None, box: Sequence[float] | None) -> Place:
    return Place(start, time, (box[0], box[1], box[2], box[3]) if box else None)


def passage_of(row: sqlite3.Row, text: str) -> Passage:
    """Make a passage of its row and the text of its article."""
    slice_ = text[row["start"] : row["end"]]
    return Passage(**dict(row), text=slice_)


def day_of(value: str | None) -> date | None:
    """Read a date as `_iso` writes it."""
    return date.fromisoformat(value) if value else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def listed(values: Iterable[str]) -> str:
    """Return values as the one parameter of `LISTED`."""
    return json.dumps(list(values))
