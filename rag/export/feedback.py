"""What readers thought of answers: in a SQLite file beside the index, or in the shared database.

It stays there. Every call opens the file anew, so any number of processes may write.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from rag.errors import StoreUnavailable
from rag.export.spreadsheet import csv_text
from vectorstore.beside import Beside, InDatabase

FILE = "feedback.sqlite3"
SCHEMA = 1  # rises when the table changes
BUSY_SECONDS = 10.0  # how long to wait for another process's transaction
Verdict = Literal["good", "bad"]

_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    answer_sha256 TEXT PRIMARY KEY, given TEXT NOT NULL, question TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('good', 'bad')), reason TEXT NOT NULL,
    model TEXT NOT NULL, answer TEXT NOT NULL
)
"""
_COLUMNS = ("answer_sha256", "given", "question", "verdict", "reason", "model", "answer")
_PUT = f"INSERT OR REPLACE INTO feedback VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
_PUT_SHARED = (
    f"INSERT INTO feedback ({', '.join(_COLUMNS)}) VALUES"
    f" ({', '.join(f':{name}' for name in _COLUMNS)}) ON CONFLICT (answer_sha256) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
)
_SHOWN = ("given", "verdict", "question", "answer", "reason", "model", "files")


@dataclass(frozen=True, slots=True)
class Opinion:
    """One verdict on one answer. `given` is UTC, ISO 8601; `answer` as `byline ask --json`."""

    given: str
    question: str
    verdict: Verdict
    reason: str
    model: str
    answer: dict[str, Any]


def record(
    kept: Beside,
    *,
    question: str,
    answer_json: Mapping[str, Any],
    verdict: Verdict,
    reason: str = "",
    model: str = "",
) -> None:
    """Keep a verdict; another on the same answer replaces it.

    Raises:
        ValueError: `verdict` is neither "good" nor "bad".
        StoreUnavailable: the file or database cannot be written, or is of a later Byline.

    """
    if verdict not in get_args(Verdict):
        raise ValueError(f"a verdict is good or bad, not {verdict!r}")
    answer = json.dumps(answer_json, ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(f"{question}\n{answer}".encode(errors="backslashreplace")).hexdigest()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    row = (key, now, question, verdict, reason.strip(), model, answer)
    values = dict(zip(_COLUMNS, map(_storable, row), strict=True))
    if isinstance(kept, InDatabase):
        with kept.database.transaction() as db:
            db.run(_PUT_SHARED, **values)
        return
    with _opened(kept.folder / FILE) as file:
        file.execute(_PUT, values)


def listed(kept: Beside, *, verdict: Verdict | None = None) -> list[Opinion]:
    """Every verdict, oldest first; only the `verdict` ones if it is given.

    Raises:
        StoreUnavailable: the file or database cannot be read, or is of a later Byline.

    """
    rows = _rows(kept)
    found = (
        Opinion(given, question, judged, reason, model, json.loads(answer))
        for given, question, judged, reason, model, answer in rows
    )
    return [item for item in found if verdict in (None, item.verdict)]


def _rows(kept: Beside) -> Sequence[Sequence[Any]]:
    query = f"SELECT {', '.join(_COLUMNS[1:])} FROM feedback ORDER BY given"
    if isinstance(kept, InDatabase):
        return kept.database.rows(f"{query}, answer_sha256")
    if not (kept.folder / FILE).is_file():
        return []
    with _opened(kept.folder / FILE) as file:
        return file.execute(f"{query}, rowid").fetchall()


def as_json(opinions: Sequence[Opinion]) -> list[dict[str, Any]]:
    """One object a verdict, with the whole answer."""
    return [asdict(item) for item in opinions]


def as_csv(opinions: Sequence[Opinion]) -> str:
    """One line a verdict, with the answer's text and the files it cites."""
    return csv_text(_SHOWN, (_line(item) for item in opinions))


def as_text(opinions: Sequence[Opinion]) -> str:
    """Three lines a verdict, for reading; then how many are good and bad."""
    if not opinions:
        return "No feedback yet. It is given with the thumbs under an answer on the page."
    blocks = [
        f"{_local(item.given)}  {item.verdict}  {item.question}\n"
        f"    {_short(str(item.answer.get('answer', '')))}"
        + (f"\n    Why: {_short(item.reason)}" if item.reason else "")
        for item in opinions
    ]
    good = sum(item.verdict == "good" for item in opinions)
    return "\n\n".join([*blocks, f"{good} good, {len(opinions) - good} bad"])


def _local(given: str) -> str:
    """A moment by this machine's clock: "2024-03-04 12:05"."""
    return f"{datetime.fromisoformat(given).astimezone():%Y-%m-%d %H:%M}"


def _line(item: Opinion) -> tuple[object, ...]:
    files = dict.fromkeys(str(cited.get("file")) for cited in item.answer.get("citations", ()))
    answer = str(item.answer.get("answer", ""))
    given = (item.given, item.verdict, item.question, answer, item.reason, item.model)
    return (*given, " ".join(files))


def _short(text: str, most: int = 200) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _storable(text: str) -> str:
    """A lone surrogate, of an odd browser or command line, is kept as an escape; no NUL is."""
    return text.replace("\0", "").encode(errors="backslashreplace").decode()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection in a transaction of its own, to a file whose table is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as db, db:
            found = db.execute("PRAGMA user_version").fetchone()[0]
            if found > SCHEMA:
                raise StoreUnavailable(
                    f"{path} is of a later Byline (schema {found}, this one knows {SCHEMA}): "
                    "update Byline, or move the file away."
                )
            if found < SCHEMA:
                db.execute(_TABLE)
                db.execute(f"PRAGMA user_version = {SCHEMA}")
            yield db
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable(
            f"{path} cannot be used ({error}): check that the disk is not full and that you may "
            "write there, or move the file away."
        ) from error
