"""Articles that were in the index and are no more: what became of each, for links that outlive it.

Where something else stands in an article's place now, its file was changed: the text of before is
kept for a while, so that cited words can still be shown. Where nothing does it was removed, and
none of the texts that stood there is kept. Runs inside a transaction of `manifest.Manifest`.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rag.schema import Article
from vectorstore import storing
from vectorstore.manifest_tables import ARTICLE
from vectorstore.storing import Link

DAYS = 365  # that a former text is kept
OF_ONE_PATH = 20  # former texts, the newest
BYTES = 200_000_000  # of all former texts, as they are stored
ROWS = 200_000  # articles of which is known what became of them
_STEPS = 100  # changes of one file that are followed


@dataclass(frozen=True, slots=True)
class Went:
    """An article that its file holds no longer: the path cited, and the id of what it became.

    `became` None: it was removed.
    """

    path: str
    became: str | None


@dataclass(frozen=True, slots=True)
class Former:
    """An article that went on the day `gone` (UTC), because it was `removed` or was changed.

    `article`: as it was; None where it was removed, or where its text is kept no longer.
    `became`: the id of what stands in its place now, if anything still does.
    """

    path: str
    gone: date
    removed: bool
    article: Article | None
    became: str | None


def went(before: Iterable[Link], after: Iterable[tuple[str, str]]) -> dict[str, Went]:
    """What became of each article of a file that it holds no longer; `after`: (id, path cited).

    What it held before and still holds is what no other became: a row that goes leaves its place
    to the next. A file that held one article became its first one, whatever that is cited as.
    """
    old, new = {link.article: link.path for link in before if link.finished}, list(after)
    by_path = {path: id_ for id_, path in new if id_ not in old}
    first = new[0][0] if len(old) == 1 and new else None
    kept = {id_ for id_, _ in new}
    return {
        id_: Went(path, by_path.get(path, first)) for id_, path in old.items() if id_ not in kept
    }


def drop(db: sqlite3.Connection, before: Iterable[Link], gone: Mapping[str, Went]) -> list[str]:
    """Delete what no file holds any more, and note what became of it; the ids.

    `before`: all that files have let go of; `gone`: of those that were finished.
    """
    ids = storing.unheld(db, [link.article for link in before])
    _keep(db, {id_: gone[id_] for id_ in ids if id_ in gone and gone[id_].became is not None})
    removed = {id_: gone[id_] for id_ in ids if id_ in gone and gone[id_].became is None}
    _note_removed(db, removed)
    _forget_texts(db, {one.path for one in gone.values() if one.became is None}, removed)
    return storing.drop_unheld(db, ids)


def find(db: sqlite3.Connection, article_id: str) -> Former | None:
    """What became of an article that is not in the index; None: it never was there."""
    sql = "SELECT * FROM former WHERE article_id = ?"
    row = db.execute(sql, (article_id,)).fetchone()
    if row is None:
        return None
    removed, now = row["became"] is None, _now(db, row["became"])
    return Former(row["path"], date.fromisoformat(row["gone"]), removed, unpacked(row), now)


def unpacked(row: sqlite3.Row) -> Article | None:
    """The article that a row keeps; None if it keeps none, or what it keeps was damaged."""
    if row["article"] is None:
        return None
    try:
        return storing.article_of(json.loads(zlib.decompress(row["article"])))
    except (zlib.error, ValueError, TypeError, LookupError):
        return None


def let_go(db: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Keep the texts of these no longer."""
    sql = f"UPDATE former SET article = NULL, size = 0 WHERE article_id {storing.LISTED}"
    db.execute(sql, (storing.listed(ids),))


def _keep(db: sqlite3.Connection, changed: Mapping[str, Went]) -> None:
    if not changed:
        return
    today = datetime.now(UTC).date()
    sql = f"SELECT {ARTICLE} FROM articles WHERE id {storing.LISTED}"
    for row in db.execute(sql, (storing.listed(changed),)).fetchall():
        one = changed[row["id"]]
        packed = zlib.compress(json.dumps({**dict(row), "path": one.path}).encode())
        db.execute(
            "INSERT OR REPLACE INTO former (article_id, path, became, gone, size, article)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (row["id"], one.path, one.became, today.isoformat(), len(packed), packed),
        )
    _bound(db, {one.path for one in changed.values()}, today)


def _note_removed(db: sqlite3.Connection, removed: Mapping[str, Went]) -> None:
    today = datetime.now(UTC).date().isoformat()
    db.executemany(
        "INSERT OR REPLACE INTO former (article_id, path, gone, size) VALUES (?, ?, ?, 0)",
        [(id_, one.path, today) for id_, one in removed.items()],
    )


def _forget_texts(db: sqlite3.Connection, paths: Iterable[str], removed: Iterable[str]) -> None:
    """Of what stood there before, or became what was removed, only that is known from here on."""
    db.execute(
        "WITH RECURSIVE before (id) AS (SELECT value FROM json_each(?)"
        " UNION SELECT article_id FROM former JOIN before ON became = id)"
        " UPDATE former SET article = NULL, size = 0, became = NULL, gone = ?"
        f" WHERE became NOT NULL AND (path {storing.LISTED}"
        " OR article_id IN (SELECT id FROM before))",
        (storing.listed(removed), datetime.now(UTC).date().isoformat(), storing.listed(paths)),
    )


def _bound(db: sqlite3.Connection, paths: Iterable[str], today: date) -> None:
    """Let go of texts, oldest first, and then of rows, until they are within the limits above."""
    since = (today - timedelta(days=DAYS)).isoformat()
    db.execute("UPDATE former SET article = NULL, size = 0 WHERE size > 0 AND gone < ?", (since,))
    newest = "size > 0 AND path = ? ORDER BY gone DESC, number DESC LIMIT -1 OFFSET ?"
    for path in paths:
        sql = f"SELECT article_id FROM former WHERE {newest}"
        let_go(db, [row[0] for row in db.execute(sql, (path, OF_ONE_PATH))])
    (total,) = db.execute("SELECT TOTAL(size) FROM former WHERE size > 0").fetchone()
    if total > BYTES:
        let_go(db, _oldest(db, total - BYTES))
    (rows,) = db.execute("SELECT COUNT(*) FROM former").fetchone()
    db.execute(
        "DELETE FROM former WHERE number IN (SELECT number FROM former ORDER BY gone, number"
        " LIMIT ?)",
        (max(0, rows - ROWS),),
    )


def _oldest(db: sqlite3.Connection, bytes_: float) -> Iterator[str]:
    """The ids of the oldest texts, of so many bytes or a little more."""
    sql = "SELECT article_id, size FROM former WHERE size > 0 ORDER BY gone, number"
    for id_, size in db.execute(sql).fetchall():
        if bytes_ <= 0:
            return
        bytes_ -= size
        yield id_


def _now(db: sqlite3.Connection, became: str | None) -> str | None:
    """What stands there now: it may have changed again since."""
    for _ in range(_STEPS):
        if became is None:
            return None
        if db.execute("SELECT 1 FROM articles WHERE id = ?", (became,)).fetchone():
            return became
        row = db.execute("SELECT became FROM former WHERE article_id = ?", (became,)).fetchone()
        became = row["became"] if row else None
    return None
