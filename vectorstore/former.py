"""Articles that were in the index and are no more: what became of each, for links that outlive it.

Where the file has changed the former text is kept, so that cited words can still be shown; where it
was removed only that it was. Runs inside a transaction of `manifest.Manifest`.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from rag.schema import Article
from vectorstore import storing
from vectorstore.manifest_tables import ARTICLE

_STEPS = 100  # changes of one file that are followed


@dataclass(frozen=True, slots=True)
class Former:
    """An article that went on the day `gone` (UTC).

    `article`: as it was, where its file changed; None where the file was removed. `became`: the id
    of what stands in its place now, if anything does.
    """

    path: str
    gone: date
    article: Article | None
    became: str | None


def keep(db: sqlite3.Connection, changed: Mapping[str, tuple[str, str | None]]) -> None:
    """Keep articles that are about to go, by id: the path cited, and the id of what they became."""
    today = datetime.now(UTC).date().isoformat()
    rows = db.execute(
        f"SELECT {ARTICLE} FROM articles WHERE id {storing.LISTED}", (storing.listed(changed),)
    )
    values = []
    for row in rows.fetchall():
        path, became = changed[row["id"]]
        packed = zlib.compress(json.dumps({**dict(row), "path": path}).encode())
        values.append((row["id"], path, became, today, packed))
    db.executemany("INSERT OR REPLACE INTO former VALUES (?, ?, ?, ?, ?)", values)


def forget(db: sqlite3.Connection, removed: Mapping[str, str]) -> None:
    """Note that articles, by id with the path cited, were removed; former texts of theirs go."""
    today = datetime.now(UTC).date().isoformat()
    db.executemany(
        "INSERT OR REPLACE INTO former VALUES (?, ?, NULL, ?, NULL)",
        [(id_, path, today) for id_, path in removed.items()],
    )
    db.execute(
        f"UPDATE former SET article = NULL, became = NULL WHERE path {storing.LISTED}",
        (storing.listed(removed.values()),),
    )


def find(db: sqlite3.Connection, article_id: str) -> Former | None:
    """What became of an article that is not in the index; None: it never was there."""
    sql = "SELECT * FROM former WHERE article_id = ?"
    row = db.execute(sql, (article_id,)).fetchone()
    if row is None:
        return None
    article = None
    if row["article"] is not None:
        article = storing.article_of(json.loads(zlib.decompress(row["article"])))
    return Former(row["path"], date.fromisoformat(row["gone"]), article, _now(db, row["became"]))


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


def successors(
    before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]
) -> dict[str, tuple[str, str | None]]:
    """What each article of a file became: (id, path cited) before and after; itself left out.

    By the path that is cited; a file that held one article and holds one has the same.
    """
    old, new = dict(before), list(after)
    by_path = {path: id_ for id_, path in new}
    alone = new[0][0] if len(old) == len(new) == 1 else None
    kept = {id_ for id_, _ in new}
    return {id_: (path, by_path.get(path, alone)) for id_, path in old.items() if id_ not in kept}
