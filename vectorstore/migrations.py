"""Older manifests are brought up to the tables of today, one numbered step after the other.

To change the tables: raise `SCHEMA`, change `TABLES` in manifest_tables.py, add the step from the
number before to `STEPS`. A fixture of each schema stays in the tests and opens in every later one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rag.errors import IndexMismatch
from vectorstore import likeness, naming, opening, tallies
from vectorstore.database import Transaction
from vectorstore.fingerprint import Fingerprint, of_meta
from vectorstore.manifest import Manifest
from vectorstore.manifest_tables import SCHEMA

FIRST = 2  # the oldest schema that is known
TYPED = 5  # the first that keeps texts and numbers apart


def _places_and_notes(db: Transaction) -> None:
    """2 to 3: where in its file an article's text stands, and notes; the text stays last."""
    db.run("ALTER TABLE articles RENAME TO older")
    db.run(
        "CREATE TABLE articles (id TEXT PRIMARY KEY, title TEXT, author TEXT, outlet TEXT,"
        " published TEXT, url TEXT, label TEXT, updated TEXT, language TEXT, dated TEXT,"
        " parts TEXT NOT NULL, pages TEXT NOT NULL, places TEXT NOT NULL, notes TEXT NOT NULL,"
        " characters INTEGER NOT NULL, text TEXT NOT NULL)"
    )
    db.run(
        "INSERT INTO articles SELECT id, title, author, outlet, published, url, label, updated,"
        " language, dated, parts, pages, '[]', '[]', characters, text FROM older"
    )
    db.run("DROP TABLE older")


def _former_articles(db: Transaction) -> None:
    """3 to 4: what became of articles that went, for links to them."""
    db.run(
        "CREATE TABLE former (number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE,"
        " path TEXT NOT NULL, became TEXT, gone TEXT NOT NULL, size INTEGER NOT NULL, article BLOB)"
    )
    db.run("CREATE INDEX former_path ON former (path)")
    db.run("CREATE INDEX former_became ON former (became)")
    db.run("CREATE INDEX former_texts ON former (gone, size) WHERE size > 0")


_TABLES_OF_5 = """
CREATE TABLE meta ("key" TEXT NOT NULL PRIMARY KEY, value TEXT, number BIGINT) WITHOUT ROWID;
CREATE TABLE files (path TEXT NOT NULL PRIMARY KEY, sha256 TEXT NOT NULL, size BIGINT NOT NULL,
 mtime_ns BIGINT NOT NULL);
CREATE TABLE file_articles (file TEXT NOT NULL, position BIGINT, article_id TEXT NOT NULL,
 cited_path TEXT NOT NULL);
CREATE TABLE articles (id TEXT NOT NULL PRIMARY KEY, path TEXT NOT NULL, title TEXT, author TEXT,
 outlet TEXT, published TEXT, url TEXT, label TEXT, updated TEXT, language TEXT, dated TEXT,
 kinds TEXT NOT NULL, listed TEXT NOT NULL, parts TEXT NOT NULL, pages TEXT NOT NULL,
 places TEXT NOT NULL, notes TEXT NOT NULL, characters BIGINT NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (id TEXT NOT NULL PRIMARY KEY, article_id TEXT NOT NULL,
 number BIGINT NOT NULL, start BIGINT NOT NULL, "end" BIGINT NOT NULL, header TEXT NOT NULL,
 kind TEXT NOT NULL);
CREATE TABLE likeness (article_id TEXT NOT NULL PRIMARY KEY, signature BLOB NOT NULL,
 origin TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE former (number INTEGER NOT NULL PRIMARY KEY, article_id TEXT NOT NULL,
 path TEXT NOT NULL, became TEXT, gone TEXT NOT NULL, size BIGINT NOT NULL, article BLOB);
CREATE TABLE pending (article_id TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE tallies (kind TEXT NOT NULL, name TEXT NOT NULL, articles BIGINT NOT NULL,
 PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE names (kind TEXT NOT NULL, word TEXT NOT NULL, name TEXT NOT NULL,
 PRIMARY KEY (kind, word, name)) WITHOUT ROWID;
CREATE TABLE bands (band BIGINT NOT NULL, article_id TEXT NOT NULL, PRIMARY KEY (band, article_id))
 WITHOUT ROWID;
CREATE TABLE changes (number INTEGER NOT NULL PRIMARY KEY, generation BIGINT NOT NULL,
 article_id TEXT NOT NULL);
CREATE INDEX file_articles_file ON file_articles (file, position, article_id);
CREATE INDEX file_articles_article ON file_articles (article_id, cited_path);
CREATE INDEX file_articles_cited ON file_articles (cited_path, article_id);
CREATE INDEX articles_day ON articles (published DESC, path, id);
CREATE INDEX articles_facts ON articles (published, outlet, author, label, kinds, language, id);
CREATE INDEX articles_outlet ON articles (outlet, published, author, label, kinds, language, id);
CREATE INDEX articles_author ON articles (author, published, outlet, label, kinds, language, id);
CREATE INDEX articles_characters ON articles (characters, id);
CREATE INDEX articles_listed ON articles (listed, id);
CREATE INDEX passages_article ON passages (article_id, number);
CREATE INDEX tallies_order ON tallies (kind, articles, name);
CREATE INDEX tallies_name ON tallies (kind, lower(name), name);
CREATE INDEX likeness_origin ON likeness (origin);
CREATE UNIQUE INDEX former_article ON former (article_id);
CREATE INDEX former_path ON former (path);
CREATE INDEX former_became ON former (became);
CREATE INDEX former_texts ON former (gone, size) WHERE size > 0;
CREATE INDEX changes_generation ON changes (generation)"""
_AS_BEFORE = {  # tables that 4 has too, with what it gives for the columns of 5
    "meta": "key, CASE WHEN typeof(value) = 'text' THEN value END,"
    " CASE WHEN typeof(value) = 'integer' THEN value END",
    "files": "path, sha256, size, mtime_ns",
    "file_articles": "file, position, article_id, cited_path",
    "articles": "id, COALESCE((SELECT MIN(cited_path) FROM older_file_articles"
    " WHERE article_id = older_articles.id), ''), title, author, outlet, published, url, label,"
    " updated, language, dated, COALESCE((SELECT group_concat(kind, ' ') FROM (SELECT DISTINCT kind"
    " FROM older_passages WHERE article_id = older_articles.id ORDER BY kind)), ''), '', parts,"
    " pages, places, notes, characters, text",
    "passages": 'id, article_id, number, "start", "end", header, kind',
    "likeness": "article_id, signature, origin",
    "former": "number, article_id, path, became, gone, size, article",
    "pending": "article_id",
}


def _two_databases(db: Transaction) -> None:
    """4 to 5: tables for two databases; what filters ask is counted and indexed as it comes."""
    for name in _AS_BEFORE:
        db.run(f"ALTER TABLE {name} RENAME TO older_{name}")
    for row in db.rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"):
        db.run(f"DROP INDEX {row.name}")
    for table in ("passages", "file_articles"):  # what follows looks up by these
        db.run(f"CREATE INDEX older_{table}_article ON older_{table} (article_id)")
    for statement in _TABLES_OF_5.split(";\n"):
        db.run(statement)
    for name, columns in _AS_BEFORE.items():
        db.run(f"INSERT INTO {name} SELECT {columns} FROM older_{name}")
    for name in _AS_BEFORE:
        db.run(f"DROP TABLE older_{name}")
    naming.name_anew(db)
    tallies.count_anew(db)
    signatures = {r.article_id: r.signature for r in db.rows("SELECT * FROM likeness")}
    likeness.put(db, signatures)
    likeness.link(db, signatures)


# From a schema to the next. A step runs inside a transaction and must not end it.
STEPS: Mapping[int, Callable[[Transaction], None]] = {
    2: _places_and_notes,
    3: _former_articles,
    4: _two_databases,
}


def bring_up(manifest: Manifest) -> None:
    """Bring an older manifest to `SCHEMA`; another is left alone.

    Killed between two steps, the next open goes on.

    Raises:
        IndexLocked: another process is writing to the index.
        StoreUnavailable: the manifest cannot be written.

    """
    if _is_older(manifest):
        with manifest.sole_writer():
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
        (row,) = db.rows("SELECT * FROM meta WHERE key = 'schema'")
        found = row[-1]  # the number, in whatever column it is
        STEPS[found](db)
        column = "number" if found + 1 >= TYPED else "value"
        db.run(f"UPDATE meta SET {column} = :next WHERE key = 'schema'", next=found + 1)


def own(folder: Path, manifest: Manifest) -> Fingerprint:
    """How the index was made. Raises IndexMissing, or IndexMismatch for another schema."""
    meta = manifest.meta() if manifest.exists() else {}
    if not meta:
        raise opening.missing(folder)
    require(folder, meta)
    return of_meta(meta)
