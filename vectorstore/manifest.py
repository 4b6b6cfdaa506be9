"""The truth about an index: which files, articles and passages it holds, in one SQLite file.

Chroma and tantivy only help to find passages; what they find counts if it is in here. An article
is held by the files that contain it: with its last file it goes, in the same transaction.

Three numbers only ever grow. `epoch`: Chroma was written to, so an open client is stale.
`generation`: the set of passages changed, so the lexical index is behind. `commits`: a writer
reached a point that other processes should look at.
"""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from rag.errors import StoreUnavailable
from rag.schema import Article, FileRecord, Filters, Passage
from vectorstore import former, selecting, storing
from vectorstore import manifest_tables as tables
from vectorstore.former import Former
from vectorstore.selecting import Catalogue, chosen

ARTICLES = 500  # read at a time where all are read
BUSY_SECONDS = 30.0  # how long to wait for another process's transaction


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """One line of the list of articles. `passages` and `characters` are counts."""

    id: str
    path: str
    title: str | None
    author: str | None
    outlet: str | None
    published: date | None
    label: str | None
    passages: int
    characters: int


class Manifest:
    """One connection, used by one thread at a time. Every method may raise StoreUnavailable."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; the tables come with `create`."""
        self.path = path
        self._lock = threading.RLock()
        self._catalogue: tuple[tuple[Any, ...], Catalogue] | None = None  # and of what state it is
        with _mapped(path):
            self._db = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._db.row_factory = sqlite3.Row
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                known = path.stat()
                self._file = known.st_dev, known.st_ino
            except (sqlite3.Error, OSError):
                self._db.close()
                raise

    def close(self) -> None:
        """Close the connection; the object is of no use afterwards."""
        with self._lock:
            self._db.close()

    def is_in_place(self) -> bool:
        """Whether the file that is open is still the one of that name."""
        try:
            known = self.path.stat()
        except OSError:
            return False
        return (known.st_dev, known.st_ino) == self._file

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Change several things together or, after an error, nothing. For this package alone."""
        with self._lock, _mapped(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query. For this package alone."""
        with self._lock, _mapped(self.path):
            return self._db.execute(sql, values).fetchall()

    def copy(self, path: Path) -> None:
        """Write all of it, as it is at one moment, to a new file. Others may read and write."""
        with (
            _mapped(self.path),
            closing(sqlite3.connect(path)) as other,
            closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as own,
        ):
            own.backup(other)

    # --- meta

    def exists(self) -> bool:
        """Whether the tables are there; not so if the process that made the file was killed."""
        return bool(self.rows("SELECT 1 FROM sqlite_schema WHERE name = 'meta'"))

    def create(self, meta: Mapping[str, str | int]) -> None:
        """Make the tables and write `meta`, the schema number and a new index id, all at once."""
        numbers = {"schema": tables.SCHEMA, "epoch": 0, "generation": 0, "commits": 0}
        values = {**meta, **numbers, "index": uuid.uuid4().hex}
        with self.transaction() as db:
            if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchone():
                for statement in tables.TABLES.split(";\n"):
                    db.execute(statement)
                db.executemany("INSERT INTO meta VALUES (?, ?)", values.items())

    def clear(self) -> None:
        """Drop every table. Readers in other processes notice that the index id is gone."""
        with self.transaction() as db:
            for name in tables.NAMES:
                db.execute(f"DROP TABLE IF EXISTS {name}")
        with self._lock, _mapped(self.path):
            self._db.execute("VACUUM")

    def meta(self) -> dict[str, Any]:
        """Every key with its value, text or number."""
        return {row["key"]: row["value"] for row in self.rows("SELECT key, value FROM meta")}

    def get(self, key: str) -> Any:
        """Return the value of one key, None if it has none."""
        rows = self.rows("SELECT value FROM meta WHERE key = ?", key)
        return rows[0]["value"] if rows else None

    def put(self, key: str, value: str | None) -> None:
        """Set one key; None removes it."""
        with self.transaction() as db:
            db.execute("DELETE FROM meta WHERE key = ?", (key,))
            if value is not None:
                db.execute("INSERT INTO meta VALUES (?, ?)", (key, value))

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
            "SELECT article_id AS id, article_id IN (SELECT id FROM articles) AS held FROM pending"
        )
        held = [row["id"] for row in rows if row["held"]]
        return held, [row["id"] for row in rows if not row["held"]]

    def clear_pending(self, article_ids: Collection[str]) -> None:
        """Note that Chroma is as the manifest says for these articles."""
        with self.transaction() as db:
            db.execute(
                f"DELETE FROM pending WHERE article_id {storing.LISTED}",
                (storing.listed(article_ids),),
            )

    def put_signatures(self, signatures: Mapping[str, bytes]) -> None:
        """Store signatures of articles; until `put_origins` each is an origin of its own."""
        rows = [(article, signature, article) for article, signature in signatures.items()]
        with self.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO likeness VALUES (?, ?, ?)", rows)

    def signatures(self) -> dict[str, bytes]:
        """Return the signature of every article that has one."""
        rows = self.rows("SELECT article_id, signature FROM likeness ORDER BY article_id")
        return {row["article_id"]: row["signature"] for row in rows}

    def put_origins(self, origins: Mapping[str, str]) -> None:
        """Say of every article whose copy it is: articles of one origin are near-copies."""
        rows = [(origin, article) for article, origin in origins.items()]
        with self.transaction() as db:
            db.executemany("UPDATE likeness SET origin = ? WHERE article_id = ?", rows)

    def put_articles(
        self, files: Mapping[str, Sequence[tuple[Article, Sequence[Passage]]]]
    ) -> list[Passage]:
        """Store articles of unfinished files; the passages of those that were not there yet."""
        new: list[Passage] = []
        with self.transaction() as db:
            for file, added in files.items():
                for article, passages in added:
                    new += storing.put_article(db, file, article, passages)
            ids = storing.listed(article.id for added in files.values() for article, _ in added)
            db.execute(f"DELETE FROM pending WHERE article_id {storing.LISTED}", (ids,))
            storing.bump(db, "generation")
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
            db.execute("DELETE FROM files WHERE path = ?", (path,))
            links = storing.unlink(db, "file = ?", path)
            return former.drop(db, links, former.went(links, ()))

    def drop_unfinished(self) -> list[str]:
        """Let go of articles that were added to a file which was then not finished; their ids."""
        with self.transaction() as db:
            return former.drop(db, storing.unlink(db, "position IS NULL"), {})

    def touch_file(self, path: str, size: int, mtime_ns: int) -> None:
        """Note another time of a file of the same content: spare the next run the hashing."""
        with self.transaction() as db:
            values = (size, mtime_ns, path)
            db.execute("UPDATE files SET size = ?, mtime_ns = ? WHERE path = ?", values)

    # --- reading

    def files(self) -> dict[str, FileRecord]:
        """Every finished file by its path, articles in file order."""
        held: dict[str, list[str]] = {}
        sql = "SELECT file, article_id FROM file_articles WHERE position NOT NULL"
        for row in self.rows(f"{sql} ORDER BY file, position"):
            held.setdefault(row["file"], []).append(row["article_id"])
        rows = self.rows("SELECT path, sha256, size, mtime_ns FROM files ORDER BY path")
        return {
            row["path"]: FileRecord(**dict(row), articles=tuple(held.get(row["path"], ())))
            for row in rows
        }

    def files_of(self, article_id: str) -> list[str]:
        """Every path under which the article can be cited, sorted; empty for an unknown id."""
        sql = "SELECT DISTINCT cited_path FROM file_articles WHERE article_id = ?"
        return sorted(row["cited_path"] for row in self.rows(sql, article_id))

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """Return the articles that there are, by id."""
        sql = f"SELECT {tables.ARTICLE} FROM articles WHERE id {storing.LISTED}"
        return {row["id"]: storing.article_of(row) for row in self.rows(sql, storing.listed(ids))}

    def former(self, article_id: str) -> Former | None:
        """What became of an article that is no longer here; None: it never was."""
        with self._lock, _mapped(self.path):
            return former.find(self._db, article_id)

    def held(self, ids: Iterable[str]) -> set[str]:
        """Return those of the article ids that there are."""
        sql = f"SELECT id FROM articles WHERE id {storing.LISTED}"
        return {row["id"] for row in self.rows(sql, storing.listed(ids))}

    def origins(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the origin of each of the articles that has a signature."""
        sql = f"SELECT article_id, origin FROM likeness WHERE article_id {storing.LISTED}"
        return {row["article_id"]: row["origin"] for row in self.rows(sql, storing.listed(ids))}

    def copies(self, article_id: str) -> list[str]:
        """List the ids of the other articles of the same origin, sorted."""
        sql = (
            "SELECT other.article_id AS id FROM likeness AS own JOIN likeness AS other"
            " USING (origin) WHERE own.article_id = ? AND other.article_id != own.article_id"
        )
        return sorted(row["id"] for row in self.rows(sql, article_id))

    def article_ids(self) -> list[str]:
        """List the id of every article, sorted."""
        return [row["id"] for row in self.rows("SELECT id FROM articles ORDER BY id")]

    def all_passages(self) -> Iterator[Passage]:
        """Every passage, by article and then in reading order, without holding them all."""
        ids = self.article_ids()
        for first in range(0, len(ids), ARTICLES):
            yield from self.passages_of(ids[first : first + ARTICLES])

    def present(self, passage_ids: Collection[str]) -> set[str]:
        """Those of the passages that the manifest has."""
        sql = f"SELECT id FROM passages WHERE id {storing.LISTED}"
        return {row["id"] for row in self.rows(sql, storing.listed(passage_ids))}

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        """Return the passages that there are, by id."""
        rows = self.rows(f"SELECT * FROM passages WHERE id {storing.LISTED}", storing.listed(ids))
        return {passage.id: passage for passage in self._with_text(rows)}

    def passages_of(self, article_ids: Iterable[str]) -> list[Passage]:
        """All passages of these articles, by article and then in reading order."""
        sql = (
            f"SELECT * FROM passages WHERE article_id {storing.LISTED} ORDER BY article_id, number"
        )
        return self._with_text(self.rows(sql, storing.listed(article_ids)))

    def _with_text(self, rows: Sequence[sqlite3.Row]) -> list[Passage]:
        ids = storing.listed({row["article_id"] for row in rows})
        found = self.rows(f"SELECT id, text FROM articles WHERE id {storing.LISTED}", ids)
        texts = {row["id"]: row["text"] for row in found}
        # an article may go between the two queries, for good: then its passages go too
        return [
            storing.passage_of(row, texts[row["article_id"]])
            for row in rows
            if row["article_id"] in texts
        ]

    def summaries(self) -> list[ArticleSummary]:
        """Every article, oldest first and then by path; those without a date come last."""
        rows = self.rows(
            "SELECT articles.id, MIN(cited_path) AS path, title, author, outlet, published, label,"
            " (SELECT COUNT(*) FROM passages WHERE passages.article_id = articles.id) AS passages,"
            " characters FROM articles JOIN file_articles ON article_id = articles.id"
            " GROUP BY articles.id ORDER BY published IS NULL, published, path"
        )
        return [
            ArticleSummary(**{**dict(row), "published": storing.day_of(row["published"])})
            for row in rows
        ]

    def leads(self, count: int) -> dict[str, list[str]]:
        """Return the ids of every article's first `count` passages, by article, in order."""
        found: dict[str, list[str]] = {}
        for row in self.rows(
            "SELECT article_id, id FROM passages WHERE number < ? ORDER BY article_id, number",
            count,
        ):
            found.setdefault(row[0], []).append(row[1])
        return found

    def catalogue(self) -> Catalogue:
        """Return what filters look at, of every article; read again only after a change."""
        with self._lock:
            changes = self.rows("PRAGMA data_version")[0][0], self._db.total_changes
            state = (self.get("index"), *changes)  # by other connections, and by this one
            if self._catalogue is None or self._catalogue[0] != state:
                self._catalogue = state, selecting.read_catalogue(self.rows)
            return self._catalogue[1]

    def select(self, filters: Filters) -> set[str] | None:
        """Ids of the articles that pass; None if `filters` limits no article (kinds do not)."""
        limits = replace(filters, kinds=())
        if limits == Filters():
            return None
        return {item.id for item in chosen(self.catalogue().articles, limits)}

    def counts(self) -> tuple[int, int, int]:
        """How many finished files, articles and passages there are."""
        tables = ("files", "articles", "passages")
        row = self.rows("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {t})" for t in tables))[0]
        return row[0], row[1], row[2]


@contextmanager
def _mapped(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(
            f"{path} cannot be used ({error}). If no other program has it open and the disk is not"
            " full, bring back a backup (byline restore FILE --replace) or build the index again:"
            " byline ingest FOLDER --index DIR --rebuild"
        ) from error
