"""Articles that were in the index and are no more: what became of each, for links that outlive it.

Where something else stands in an article's place now, its file was changed: the text of before is
kept for a while, so that cited words can still be shown. Where nothing does it was removed, and
none of the texts that stood there is kept. Runs inside a transaction of the manifest.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rag.schema import Article
from vectorstore import naming, storing
from vectorstore.database import Transaction
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


def drop(db: Transaction, before: Iterable[Link], gone: Mapping[str, Went]) -> list[str]:
    """Delete what no file holds any more, and note what became of it; the ids.

    `before`: all that files have let go of; `gone`: of those that were finished.
    """
    let_go_of = {link.article for link in before}
    ids = storing.unheld(db, let_go_of)
    naming.name(db, let_go_of.difference(ids))
    _keep(db, {id_: gone[id_] for id_ in ids if id_ in gone and gone[id_].became is not None})
    removed = {id_: gone[id_] for id_ in ids if id_ in gone and gone[id_].became is None}
    _note_removed(db, removed)
    _forget_texts(db, {one.path for one in gone.values() if one.became is None}, removed)
    if ids:
        storing.forget(db, ids)
        storing.changed(db, ids)
    return ids


def find(db: Transaction, article_id: str) -> Former | None:
    """What became of an article that is not in the index; None: it never was there."""
    row = db.row("SELECT * FROM former WHERE article_id = :id", id=article_id)
    if row is None:
        return None
    removed, now = row.became is None, _now(db, row.became)
    return Former(row.path, date.fromisoformat(row.gone), removed, unpacked(row.article), now)


def unpacked(kept: bytes | None) -> Article | None:
    """The article that a row keeps; None if it keeps none, or what it keeps was damaged."""
    if kept is None:
        return None
    try:
        return storing.article_of(json.loads(zlib.decompress(kept)))
    except (zlib.error, ValueError, TypeError, LookupError):
        return None


def let_go(db: Transaction, ids: Iterable[str]) -> None:
    """Keep the texts of these no longer."""
    db.run("UPDATE former SET article = NULL, size = 0 WHERE article_id IN :ids", ids=ids)


def _keep(db: Transaction, changed: Mapping[str, Went]) -> None:
    if not changed:
        return
    today = datetime.now(UTC).date()
    for row in db.rows(f"SELECT {ARTICLE} FROM articles WHERE id IN :ids", ids=changed):
        one = changed[row.id]
        packed = zlib.compress(json.dumps({**row._mapping, "path": one.path}).encode())
        _put(db, row.id, one, today, packed)
    _bound(db, {one.path for one in changed.values()}, today)


def _note_removed(db: Transaction, removed: Mapping[str, Went]) -> None:
    today = datetime.now(UTC).date()
    for id_, one in removed.items():
        _put(db, id_, one, today, None)


def _put(db: Transaction, id_: str, one: Went, today: date, packed: bytes | None) -> None:
    """Write the row of an article that went, as the last of all."""
    values: dict[str, Any] = {"id": id_, "path": one.path, "became": one.became}
    db.run("DELETE FROM former WHERE article_id = :id", id=id_)
    db.run(
        "INSERT INTO former (article_id, path, became, gone, size, article)"
        " VALUES (:id, :path, :became, :gone, :size, :article)",
        **values, gone=today.isoformat(), size=len(packed or b""), article=packed,
    )  # fmt: skip


def _forget_texts(db: Transaction, paths: Iterable[str], removed: Iterable[str]) -> None:
    """Of what stood there before, or became what was removed, only that is known from here on."""
    db.run(
        "WITH RECURSIVE before (id) AS (SELECT article_id FROM former WHERE article_id IN :removed"
        " UNION SELECT article_id FROM former JOIN before ON became = before.id)"
        " UPDATE former SET article = NULL, size = 0, became = NULL, gone = :today"
        " WHERE became IS NOT NULL AND (path IN :paths OR article_id IN (SELECT id FROM before))",
        removed=list(removed), today=datetime.now(UTC).date().isoformat(), paths=list(paths),
    )  # fmt: skip


def _bound(db: Transaction, paths: Iterable[str], today: date) -> None:
    """Let go of texts, oldest first, and then of rows, until they are within the limits above."""
    since = (today - timedelta(days=DAYS)).isoformat()
    db.run(
        "UPDATE former SET article = NULL, size = 0 WHERE size > 0 AND gone < :since", since=since
    )
    newest = "size > 0 AND path = :path ORDER BY gone DESC, number DESC"
    for path in paths:
        rows = db.rows(f"SELECT article_id FROM former WHERE {newest}", path=path)
        let_go(db, [row.article_id for row in rows[OF_ONE_PATH:]])
    total = db.rows("SELECT COALESCE(SUM(size), 0) AS bytes FROM former WHERE size > 0")[0].bytes
    if total > BYTES:
        let_go(db, _oldest(db, total - BYTES))
    count = db.rows("SELECT COUNT(*) AS rows FROM former")[0][0]
    db.run(
        "DELETE FROM former WHERE number IN (SELECT number FROM former ORDER BY gone, number"
        " LIMIT :more)",
        more=max(0, count - ROWS),
    )


def _oldest(db: Transaction, bytes_: float) -> Iterator[str]:
    """The ids of the oldest texts, of so many bytes or a little more."""
    sql = "SELECT article_id, size FROM former WHERE size > 0 ORDER BY gone, number"
    for row in db.rows(sql):
        if bytes_ <= 0:
            return
        bytes_ -= row.size
        yield row.article_id


def _now(db: Transaction, became: str | None) -> str | None:
    """What stands there now: it may have changed again since."""
    for _ in range(_STEPS):
        if became is None:
            return None
        if db.row("SELECT 1 FROM articles WHERE id = :id", id=became):
            return became
        row = db.row("SELECT became FROM former WHERE article_id = :id", id=became)
        became = row.became if row else None
    return None
