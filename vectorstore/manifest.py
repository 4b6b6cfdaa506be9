"""The truth about an index: which files, articles and passages it holds, in one database.

Chroma and tantivy only help to find passages; what they find counts if it is in here. An article
is held by the files that contain it: with its last file it goes, in the same transaction.

Three numbers only ever grow. `epoch`: Chroma was written to, so an open client is stale.
`generation`: the set of passages changed, so the lexical index is behind. `commits`: a writer
reached a point that other processes should look at.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from rag.errors import StoreUnavailable
from rag.schema import Article, FileRecord, Passage
from vectorstore import former, likeness, storing
from vectorstore import manifest_tables as tables
from vectorstore.database import Database, Rows, Transaction
from vectorstore.former import Former
from vectorstore.holdings import Catalogue

ARTICLES = 500  # read at a time where all are read


class Manifest:
    """Used from many threads. Every method may raise StoreUnavailable."""

    def __init__(self, database: Database, file: Path | None = None) -> None:
        """Keep an open database, which this owns, and its file if it is one; tables come later."""
        self.database = database
        self._file = file
        self._known = _inode(file)
        self.catalogue = Catalogue(database)

    def close(self) -> None:
        """Close the database; the object is of no use afterwards."""
        self.database.close()

    def is_in_place(self) -> bool:
        """Whether the file that is open is still the one of that name; a server's always is."""
        return self._known == _inode(self._file)

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Change several things together or, after an error, nothing. For this package alone."""
        return self.database.transaction()

    def sole_writer(self) -> AbstractContextManager[None]:
        """Be the only writer, of all processes. Raises IndexLocked at once if another is."""
        return self.database.sole_writer()

    def rows(self, sql: str, **values: Any) -> Rows:
        """All rows of a query. For this package alone."""
        return self.database.rows(sql, **values)

    def copy(self, path: Path) -> None:
        """Write all of it, as it is at one moment, to a new file. Others may read and write."""
        self.database.copy(path, tables.TABLES)

    # --- meta

    def exists(self) -> bool:
        """Whether the tables are there; not so if the process that made the file was killed."""
        return self.database.has("meta")

    def create(self, meta: Mapping[str, str | int]) -> None:
        """Make the tables and write `meta`, the schema number and a new index id, all at once."""
        numbers = {"schema": tables.SCHEMA, "epoch": 0, "generation": 0, "commits": 0}
        values = {**meta, **numbers, "index": uuid.uuid4().hex}
        if self.exists():
            return
        with self.transaction() as db:
            db.make(tables.TABLES)
            if not db.rows("SELECT key FROM meta"):
                db.each(_PUT, (_meta_row(key, value) for key, value in values.items()))

    def clear(self) -> None:
        """Drop every table. Readers in other processes notice that the index id is gone."""
        with self.transaction() as db:
            db.drop(tables.TABLES)
        self.database.shrink()

    def meta(self) -> dict[str, Any]:
        """Every key with its value, text or number."""
        return {row.key: _meta_value(row) for row in self.rows("SELECT * FROM meta")}

    def seen(self) -> dict[str, Any]:
        """As `meta`; empty where the tables are not there."""
        try:
            return self.meta()
        except StoreUnavailable:
            if self.exists():
                raise
            return {}

    def get(self, key: str) -> Any:
        """Return the value of one key, None if it has none."""
        rows = self.rows("SELECT * FROM meta WHERE key = :key", key=key)
        return _meta_value(rows[0]) if rows else None

    def put(self, key: str, value: str | None) -> None:
        """Set one key; None removes it."""
        with self.transaction() as db:
            db.run("DELETE FROM meta WHERE key = :key", key=key)
            if value is not None:
                db.run(_PUT, **_meta_row(key, value))

    def bump(self, counter: storing.Counter) -> int:
        """Raise one of the counters and return its new value."""
        with self.transaction() as db:
            return storing.bump(db, counter)

    # --- writing

    def mark_pending(self, article_ids: Collection[str]) -> None:
        """Note that the vectors of these articles are about to be written."""
        with self.transaction() as db:
            storing.mark(db, article_ids)

    def pending(self) -> tuple[list[str], list[str]]:
        """Articles marked pending: those that the manifest has, and those that it has not."""
        rows = self.rows(
            "SELECT pending.article_id, articles.id FROM pending"
            " LEFT JOIN articles ON articles.id = pending.article_id"
        )
        held = [row.article_id for row in rows if row.id is not None]
        return held, [row.article_id for row in rows if row.id is None]

    def clear_pending(self, article_ids: Collection[str]) -> None:
        """Note that Chroma is as the manifest says for these articles."""
        with self.transaction() as db:
            db.run("DELETE FROM pending WHERE article_id IN :ids", ids=article_ids)

    def put_signatures(self, signatures: Mapping[str, bytes]) -> None:
        """Store signatures of articles, and put these among their near-copies."""
        with self.transaction() as db:
            again = likeness.unlink(db, signatures)
            likeness.put(db, signatures)
            likeness.link(db, again | signatures.keys())

    def put_articles(
        self, files: Mapping[str, Sequence[tuple[Article, Sequence[Passage]]]]
    ) -> list[Passage]:
        """Store articles of unfinished files; the passages of those that were not there yet."""
        with self.transaction() as db:
            new = storing.put_articles(db, files)
            ids = {article.id for added in files.values() for article, _ in added}
            db.run("DELETE FROM pending WHERE article_id IN :ids", ids=ids)
        return new

    def finish_files(self, files: Sequence[tuple[FileRecord, Sequence[str]]]) -> list[str]:
        """Write the rows of files and of their articles in order; ids of articles that thereby go.

        Raises:
            ValueError: an article of a file was never added, or the lengths differ.

        """
        with self.transaction() as db:
            before: list[storing.Link] = []
            became: dict[str, former.Went] = {}
            for record, cited_paths in files:
                links = storing.finish_file(db, record, cited_paths)
                after = zip(record.articles, cited_paths, strict=True)
                became |= former.went(links, after)
                before += links
            return former.drop(db, before, became)

    def remove_file(self, path: str) -> list[str]:
        """Forget a file; the ids of articles that no other file holds and that go with it."""
        with self.transaction() as db:
            db.run("DELETE FROM files WHERE path = :path", path=path)
            links = storing.unlink(db, "file = :path", path=path)
            return former.drop(db, links, former.went(links, ()))

    def drop_unfinished(self) -> list[str]:
        """Let go of articles that were added to a file which was then not finished; their ids."""
        with self.transaction() as db:
            return former.drop(db, storing.unlink(db, "position IS NULL"), {})

    def touch_file(self, path: str, size: int, mtime_ns: int) -> None:
        """Note another time of a file of the same content: spare the next run the hashing."""
        sql = "UPDATE files SET size = :size, mtime_ns = :mtime_ns WHERE path = :path"
        with self.transaction() as db:
            db.run(sql, size=size, mtime_ns=mtime_ns, path=path)

    # --- reading

    def files(self) -> dict[str, FileRecord]:
        """Every finished file by its path, articles in file order."""
        links = self.rows(
            "SELECT file, article_id FROM file_articles WHERE position IS NOT NULL"
            " ORDER BY file, position"
        )
        return _records(self.rows("SELECT * FROM files ORDER BY path"), links)

    def records(self, paths: Collection[str]) -> dict[str, FileRecord]:
        """Those of these files that are finished, by path."""
        links = self.rows(
            "SELECT file, article_id FROM file_articles WHERE position IS NOT NULL"
            " AND file IN :paths ORDER BY file, position",
            paths=paths,
        )
        sql = "SELECT * FROM files WHERE path IN :paths ORDER BY path"
        return _records(self.rows(sql, paths=paths), links)

    def files_named(self, paths: Collection[str]) -> dict[str, FileRecord]:
        """Those of these files that are finished, by path, without their articles."""
        return _records(self.rows("SELECT * FROM files WHERE path IN :paths", paths=paths), ())

    def files_after(self, path: str, most: int) -> list[FileRecord]:
        """The next `most` finished files by path, without their articles."""
        sql = "SELECT * FROM files WHERE path > :path ORDER BY path LIMIT :most"
        return list(_records(self.rows(sql, path=path, most=most), ()).values())

    def holders(self, article_ids: Collection[str]) -> dict[str, list[str]]:
        """The finished files that hold each of these articles, sorted."""
        sql = (
            "SELECT DISTINCT article_id, file FROM file_articles WHERE position IS NOT NULL"
            " AND article_id IN :ids ORDER BY file"
        )
        found: dict[str, list[str]] = {}
        for row in self.rows(sql, ids=article_ids):
            found.setdefault(row.article_id, []).append(row.file)
        return found

    def files_of(self, article_id: str) -> list[str]:
        """Every path under which the article can be cited, sorted; empty for an unknown id."""
        sql = "SELECT DISTINCT cited_path FROM file_articles WHERE article_id = :id"
        return sorted(row.cited_path for row in self.rows(sql, id=article_id))

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return the articles that there are, by id."""
        sql = f"SELECT {tables.ARTICLE} FROM articles WHERE id IN :ids"
        return {row.id: storing.article_of(dict(row._mapping)) for row in self.rows(sql, ids=ids)}

    def former(self, article_id: str) -> Former | None:
        """What became of an article that is no longer here; None: it never was."""
        with self.database.snapshot() as db:
            return former.find(db, article_id)

    def held(self, ids: Iterable[str]) -> set[str]:
        """Return those of the article ids that there are."""
        return {row.id for row in self.rows("SELECT id FROM articles WHERE id IN :ids", ids=ids)}

    def origins(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the origin of each of these articles that has a signature."""
        sql = "SELECT article_id, origin FROM likeness WHERE article_id IN :ids"
        return {row.article_id: row.origin for row in self.rows(sql, ids=ids)}

    def copies(self, article_id: str) -> list[str]:
        """Ids of the near-copies of an article, sorted."""
        sql = (
            "SELECT article_id FROM likeness WHERE article_id != :id AND origin ="
            " (SELECT origin FROM likeness WHERE article_id = :id) ORDER BY article_id"
        )
        return [row.article_id for row in self.rows(sql, id=article_id)]

    def article_ids(self) -> list[str]:
        """List the id of every article, sorted."""
        return [row.id for row in self.rows("SELECT id FROM articles ORDER BY id")]

    def all_passages(self) -> Iterator[Passage]:
        """Every passage, by article and then in reading order, without holding them all."""
        ids = self.article_ids()
        for first in range(0, len(ids), ARTICLES):
            yield from self.passages_of(ids[first : first + ARTICLES])

    def passage_rows(self, ids: Collection[str]) -> Rows:
        """The rows of the passages that there are, with the origins of their articles."""
        return self.rows(
            "SELECT passages.*, likeness.origin FROM passages"
            " LEFT JOIN likeness ON likeness.article_id = passages.article_id"
            " WHERE passages.id IN :ids",
            ids=ids,
        )

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Return the passages that there are, by id."""
        rows = self.rows("SELECT * FROM passages WHERE id IN :ids", ids=ids)
        return {passage.id: passage for passage in self.with_text(rows)}

    def passages_of(self, article_ids: Iterable[str]) -> list[Passage]:
        """All passages of these articles, by article and then in reading order."""
        sql = "SELECT * FROM passages WHERE article_id IN :ids ORDER BY article_id, number"
        return self.with_text(self.rows(sql, ids=article_ids))

    def with_text(self, rows: Rows) -> list[Passage]:
        """The passages of these rows, as far as their articles are still there."""
        ids = {row.article_id for row in rows}
        found = self.rows("SELECT id, text FROM articles WHERE id IN :ids", ids=ids)
        # an article may go between the two queries, for good: then its passages go too
        return storing.passages_of(rows, {row.id: row.text for row in found})

    def leads(self, article_ids: Collection[str], most: int) -> dict[str, list[str]]:
        """Return the ids of these articles' first `most` passages, by article, in order."""
        found: dict[str, list[str]] = {}
        for row in self.rows(
            "SELECT article_id, id FROM passages WHERE article_id IN :ids AND number < :most"
            " ORDER BY article_id, number",
            ids=article_ids, most=most,
        ):  # fmt: skip
            found.setdefault(row.article_id, []).append(row.id)
        return found

    def file_count(self) -> int:
        """How many finished files there are."""
        return int(self.rows("SELECT COUNT(*) FROM files")[0][0])

    def is_empty(self) -> bool:
        """Whether there is no passage."""
        return not self.rows("SELECT 1 FROM passages LIMIT 1")

    def counts(self) -> tuple[int, int, int]:
        """How many finished files, articles and passages there are."""
        names = ("files", "articles", "passages")
        row = self.rows("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {t})" for t in names))[0]
        return row[0], row[1], row[2]

    def changed_since(self, generation: int) -> set[str] | None:
        """Ids of articles that came or went after a generation; None: the log begins later."""
        with self.database.snapshot() as db:
            first = db.rows("SELECT MIN(generation) FROM changes")[0][0]
            if first is None or first > generation + 1:
                return None
            rows = db.rows(
                "SELECT DISTINCT article_id FROM changes WHERE generation > :seen", seen=generation
            )
            return {row.article_id for row in rows}


_PUT = "INSERT INTO meta (key, value, number) VALUES (:key, :value, :number)"


def _meta_row(key: str, value: str | int) -> dict[str, Any]:
    number = value if isinstance(value, int) else None
    return {"key": key, "value": None if number is not None else value, "number": number}


def _meta_value(row: Any) -> Any:
    """Before schema 5 one column held texts and numbers."""
    known = row._mapping
    return known["value"] if known.get("number") is None else known["number"]


def _records(rows: Rows, links: Rows) -> dict[str, FileRecord]:
    held: dict[str, list[str]] = {}
    for link in links:
        held.setdefault(link.file, []).append(link.article_id)
    return {
        row.path: FileRecord(
            row.path, row.sha256, row.size, row.mtime_ns, tuple(held.get(row.path, ()))
        )
        for row in rows
    }


def _inode(file: Path | None) -> tuple[int, int] | None:
    try:
        known = file.stat() if file else None
    except OSError:
        return None
    return (known.st_dev, known.st_ino) if known else None
