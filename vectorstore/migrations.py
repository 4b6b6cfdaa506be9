"""Older manifests are brought up to the tables of today, one numbered step after the other.

To change the tables: raise `SCHEMA`, change `TABLES` in manifest_tables.py, add the step from the
number before to `STEPS`. A fixture of each schema stays in the tests and opens in every later one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rag.errors import IndexMismatch
from vectorstore import opening
from vectorstore.fingerprint import Fingerprint, of_meta
from vectorstore.locks import write_lock
from vectorstore.manifest import Manifest
from vectorstore.manifest_tables import SCHEMA

FIRST = 2  # the oldest schema that is known


def _places_and_notes(db: sqlite3.Connection) -> None:
    """2 to 3: where in its file an article's text stands, and notes; the text stays last."""
    db.execute("ALTER TABLE articles RENAME TO older")
    db.execute(
        "CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT, author TEXT, outlet TEXT,"
        " published TEXT, url TEXT, label TEXT, updated TEXT, language TEXT, dated TEXT,"
        " parts TEXT NOT NULL, pages TEXT NOT NULL, places TEXT NOT NULL, notes TEXT NOT NULL,"
        " characters INTEGER NOT NULL, text TEXT NOT NULL)"
    )
    db.execute(
        "INSERT INTO articles SELECT id, title, author, outlet, published, url, label, updated,"
        " language, dated, parts, pages, '[]', '[]', characters, text FROM older"
    )
    db.execute("DROP TABLE older")


def _former_articles(db: sqlite3.Connection) -> None:
    """3 to 4: what became of articles that went, for links to them."""
    db.execute(
        "CREATE TABLE former (number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE,"
        " path TEXT NOT NULL, became TEXT, gone TEXT NOT NULL, size INTEGER NOT NULL, article BLOB)"
    )
    db.execute("CREATE INDEX former_path ON former (path)")
    db.execute("CREATE INDEX former_became ON former (became)")
    db.execute("CREATE INDEX former_texts ON former (gone, size) WHERE size > 0")


# From a schema to the next. A step runs inside a transaction and must not end it.
STEPS: Mapping[int, Callable[[sqlite3.Connection], None]] = {
    2: _places_and_notes,
    3: _former_articles,
}


def bring_up(manifest: Manifest) -> None:
    """Bring an older manifest to `SCHEMA`; another is left alone.

    Killed between two steps, the next open goes on.

    Raises:
        IndexLocked: another process is writing to the index.
        StoreUnavailable: the manifest cannot be written.

    """
    if _is_older(manifest):
        with write_lock(manifest.path.parent):
            while _is_older(manifest):  # seen again: another process may have done it
                _step(manifest)


def require(folder: Path, meta: Mapping[str, Any]) -> None:
    """Raise IndexMismatch unless the manifest is of `SCHEMA`."""
    found = meta.get("schema")
    if found == SCHEMA:
        return
    articles = meta.get("folder") or "FOLDER"
    if isinstance(found, int) and found > SCHEMA:
        raise IndexMismatch(
            f"The index in {folder} was written by a later Byline: its schema is {found}, this one"
            f" knows {SCHEMA} and older. Update Byline, or make another index:"
            f" byline ingest {articles} --index DIR"
        )
    raise IndexMismatch(
        f"The index in {folder} has schema {found}, which no Byline since {FIRST} can read. Build"
        f" it again: byline ingest {articles} --index {folder} --rebuild"
    )


def _is_older(manifest: Manifest) -> bool:
    found = manifest.get("schema") if manifest.exists() else None
    return isinstance(found, int) and FIRST <= found < SCHEMA


def _step(manifest: Manifest) -> None:
    """The tables and the number change together or not at all."""
    with manifest.transaction() as db:
        (found,) = db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        STEPS[found](db)
        db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (found + 1,))


def own(folder: Path, manifest: Manifest) -> Fingerprint:
    """How the index was made. Raises IndexMissing, or IndexMismatch for another schema."""
    meta = manifest.meta() if manifest.exists() else {}
    if not meta:
        raise opening.missing(folder)
    require(folder, meta)
    return of_meta(meta)
