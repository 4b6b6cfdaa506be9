"""What lies beside an index: the shelf, the feeds, tokens, users, added files, by their names.

Files of the index folder, each for its owner alone, or rows of the database that many machines
share. No content is known here; a name is a path ("tokens.json", "uploads/news.txt").
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

from vectorstore import privacy
from vectorstore.database import Database, Transaction, behind, on_server
from vectorstore.manifest_tables import BESIDE, OPINIONS

SECONDS = 10.0  # to wait for another process that changes the same thing
_NAMES = "FROM kept WHERE name >= :first AND name < :last"


class BusyError(Exception):
    """Another process has been changing it for `SECONDS`."""


@dataclass(slots=True)
class Draft:
    """What is there, to be replaced; None: nothing."""

    content: bytes | None


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a row without its content: size in bytes, a file's time, a hash."""

    size: int
    mtime_ns: int
    sha256: str


class InFolder:
    """Files of an index folder. Any method may raise OSError."""

    def __init__(self, folder: Path) -> None:
        """Name the folder, which need not be there to look."""
        self.folder = folder

    def where(self, name: str) -> str:
        """Say where this is, for a message."""
        return str(self.folder / name)

    def exists(self) -> bool:
        """Whether there is a place to keep anything."""
        return self.folder.is_dir()

    def read(self, name: str) -> bytes | None:
        """Return its content; None if it is not there."""
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def stamp(self, name: str) -> object:
        """Return what differs whenever the content does; None if it is not there."""
        try:
            known = (self.folder / name).stat()
        except FileNotFoundError:
            return None
        return known.st_mtime_ns, known.st_ctime_ns, known.st_size, known.st_ino

    def write(self, name: str, content: bytes) -> None:
        """Put it in place at once: a reader sees what was there or all of this."""
        path = self.folder / name
        fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            with open(os.open(fresh, flags, privacy.FILE), "wb") as file:
                file.write(content)
            os.replace(fresh, path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise

    @contextmanager
    def changing(self, name: str) -> Iterator[Draft]:
        """Give what is there to be changed, and write it at the end; others wait meanwhile.

        After an error it stays as it was. Raises BusyError.
        """
        lock = (self.folder / name).with_suffix(".lock")
        try:
            with FileLock(lock, timeout=SECONDS, mode=privacy.FILE):
                before = self.read(name)
                draft = Draft(before)
                yield draft
                if draft.content is not None and draft.content != before:
                    self.write(name, draft.content)
        except Timeout as error:
            raise BusyError from error


class InDatabase:
    """Rows of a database on a server. Any method may raise StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        """Make the tables if they are not there."""
        self.database = database
        if not (database.has("kept") and database.has("feedback")):
            with database.transaction() as db:
                db.alone("beside", SECONDS)  # else two that make a table at once would fail
                db.make(BESIDE)
                db.make(OPINIONS)

    def where(self, name: str) -> str:
        """Say where this is, for a message."""
        return f"{name} in {self.database.name}"

    def exists(self) -> bool:
        """Whether there is a place to keep anything."""
        return True

    def read(self, name: str) -> bytes | None:
        """Return its content; None if it is not there."""
        found = self.database.rows("SELECT content FROM kept WHERE name = :name", name=name)
        return bytes(found[0].content) if found else None

    def stamp(self, name: str) -> object:
        """Return what differs whenever the content does; None if it is not there."""
        found = self.database.rows("SELECT sha256 FROM kept WHERE name = :name", name=name)
        return found[0].sha256 if found else None

    def write(self, name: str, content: bytes, mtime_ns: int | None = None) -> None:
        """Put it in place at once; `mtime_ns` is the time of a file, in place of now."""
        with self.database.transaction() as db:
            put(db, name, content, mtime_ns)

    def remove(self, name: str) -> None:
        """Delete it, if it is there."""
        with self.database.transaction() as db:
            db.run("DELETE FROM kept WHERE name = :name", name=name)

    def held(self, folder: str) -> dict[str, Held]:
        """What there is of a folder ("uploads/"), by name."""
        sql = f"SELECT name, size, mtime_ns, sha256 {_NAMES}"
        rows = self.database.rows(sql, **_below(folder))
        return {row.name: Held(row.size, row.mtime_ns, row.sha256) for row in rows}

    def held_of(self, names: list[str]) -> dict[str, Held]:
        """What there is of these names."""
        sql = "SELECT name, size, mtime_ns, sha256 FROM kept WHERE name IN :names"
        rows = self.database.rows(sql, names=names)
        return {row.name: Held(row.size, row.mtime_ns, row.sha256) for row in rows}

    @contextmanager
    def changing(self, name: str) -> Iterator[Draft]:
        """Give what is there to be changed, and write it at the end; others wait meanwhile.

        After an error it stays as it was. Raises BusyError.
        """
        with self.database.transaction() as db:
            if not db.alone(f"beside {name}", SECONDS):
                raise BusyError
            row = db.row("SELECT content FROM kept WHERE name = :name", name=name)
            before = bytes(row.content) if row else None
            draft = Draft(before)
            yield draft
            if draft.content is not None and draft.content != before:
                put(db, name, draft.content)


Beside = InFolder | InDatabase


def of(folder: Path, database: str = "") -> Beside:
    """What lies beside the index of `folder`, or of the `database` at this address.

    Raises SettingsError, StoreUnavailable: the database cannot be used.
    """
    return _in_database(database) if database else InFolder(folder)


@cache
def _in_database(url: str) -> InDatabase:
    """One for a process: its connections are kept open."""
    return InDatabase(on_server(url))


def put(db: Transaction, name: str, content: bytes, mtime_ns: int | None = None) -> None:
    """Write a row in a transaction."""
    db.run(
        "INSERT INTO kept (name, content, size, mtime_ns, sha256)"
        " VALUES (:name, :content, :size, :mtime_ns, :sha256) ON CONFLICT (name) DO UPDATE SET"
        " content = excluded.content, size = excluded.size, mtime_ns = excluded.mtime_ns,"
        " sha256 = excluded.sha256",
        name=name,
        content=content,
        size=len(content),
        mtime_ns=time.time_ns() if mtime_ns is None else mtime_ns,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def clear(db: Transaction, folder: str) -> None:
    """Delete the rows of a folder ("uploads/") in a transaction."""
    db.run(f"DELETE {_NAMES}", **_below(folder))


def _below(folder: str) -> dict[str, str]:
    """The first name that a folder may have, and the first that comes after all of them."""
    return {"first": folder, "last": behind(folder)}
