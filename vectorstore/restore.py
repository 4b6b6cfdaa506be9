"""A backup brought back: all of it checked in a folder of its own before anything is replaced.

A backup may have been changed by anybody: no member is written but those of a known name, none that
is larger than it says or whose hash is another, and nothing outside the index folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tempfile
import uuid
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import BackupError, StoreUnavailable
from vectorstore import beside, migrations, opening, privacy, seal
from vectorstore.backup import BESIDE, FEEDBACK, FORMAT, IDS, LIST, UPLOADS, VECTORS
from vectorstore.lexical import LexicalIndex
from vectorstore.locks import CHROMA, Gate, write_lock
from vectorstore.manifest import Manifest
from vectorstore.manifest_tables import OPINIONS, TABLES
from vectorstore.store import BATCH, PassageVectors

_CHUNK = 1 << 20  # bytes read at a time
_UNREADABLE = (  # what a file made by others may raise
    zipfile.BadZipFile, NotImplementedError, EOFError, KeyError, ValueError, TypeError,
    AttributeError, RuntimeError,
)  # fmt: skip
_LONGEST_LIST = 100_000_000  # bytes of backup.json
_A_PASSAGE = 13_000  # bytes that Chroma takes for each
_LOGS = ("manifest.db-wal", "manifest.db-shm")
_REPLACED = (
    opening.MANIFEST,
    *_LOGS,
    opening.CHROMA,
    opening.LEXICAL,
    seal.NAME,
    *BESIDE,
    "uploads",
)


def restore(
    file: Path, folder: Path, *, chroma: str = "", database: str = "", replace: bool = False
) -> int:
    """Make the index of a backup in `folder`; how many passages lack a vector, for a repair.

    With `chroma` its vectors go to that server, with `database` the articles to that one. What is
    there already is replaced only with `replace`, at the very end, and is as it was after any
    error.

    Raises:
        BackupError: the file is no backup, or damaged; there is an index already, or no room.
        IndexLocked: another process is writing to the index that would be replaced.
        StoreUnavailable: Chroma fails.

    """
    folder = folder.resolve()
    index_id, before = uuid.uuid4().hex, _id_of(folder, database)
    there = bool(before) if database else (folder / opening.MANIFEST).exists()
    if there and not replace:
        raise BackupError(
            f"There is an index in {'the database' if database else folder} already. Restore to"
            " another one (--index DIR, BYLINE_DATABASE), or replace it: --replace."
        )
    gone = index_id  # of the two collections on the server, the one that nobody needs afterwards
    try:
        privacy.make_private(folder)
        with _workplace(folder) as work:
            lacking = _unpack(file, work, folder, index_id, chroma)
            with write_lock(folder), Gate(folder / CHROMA).hold():
                if database:
                    _replace_tables(work, folder, database)
                _swap(work, folder, (opening.LEXICAL,) if database else _REPLACED)
        gone = before
    except OSError as error:
        raise BackupError(f"{folder} cannot be written ({error.strerror or error}).") from error
    finally:
        if chroma and gone:
            with suppress(StoreUnavailable):
                PassageVectors(folder / opening.CHROMA, gone, url=chroma).erase()
    privacy.tighten(folder)
    return lacking


def _id_of(folder: Path, database: str) -> str:
    """The id of the index that will be replaced; empty if there is none that can be read."""
    if database:
        with closing(opening.manifest_of(folder, database)) as manifest:
            return str(manifest.get("index") or "") if manifest.exists() else ""
    if not (folder / opening.MANIFEST).is_file():
        return ""
    with suppress(StoreUnavailable), closing(opening.manifest_of(folder)) as manifest:
        return str(manifest.get("index") or "") if manifest.exists() else ""
    return ""


def _replace_tables(work: Path, folder: Path, database: str) -> None:
    """Put the tables of the backup in place of those of the server."""
    with closing(opening.manifest_of(folder, database)) as manifest, manifest.sole_writer():
        manifest.database.replace(work / opening.MANIFEST, TABLES)
        _replace_rows(work, folder, database)


def _replace_rows(work: Path, folder: Path, database: str) -> None:
    """Put what lay beside the index in place of what the server has; tokens and users stay."""
    kept = beside.of(folder, database)
    assert isinstance(kept, beside.InDatabase)
    with kept.database.transaction() as db:
        for name in (*BESIDE[:-1], UPLOADS):
            beside.clear(db, name)
        added = (path for path in (work / UPLOADS).rglob("*") if path.is_file())
        for path in (*(work / name for name in BESIDE[:-1]), *added):
            if path.is_file():
                name = path.relative_to(work).as_posix()
                beside.put(db, name, path.read_bytes(), path.stat().st_mtime_ns)
    if (work / FEEDBACK).is_file():
        kept.database.replace(work / FEEDBACK, OPINIONS)
    else:
        with kept.database.transaction() as db:
            db.run("DELETE FROM feedback")


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """Give a folder inside, on the same disk, that is gone afterwards."""
    work = Path(tempfile.mkdtemp(prefix=".restoring-", dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _unpack(file: Path, work: Path, folder: Path, index_id: str, chroma: str) -> int:
    try:
        with zipfile.ZipFile(file) as archive:
            listed = _listed(archive, file)
            _must_fit(listed, folder, file)
            for name, known in listed["members"].items():
                _extract(archive, file, name, known, work)
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {file}.") from error
    except _UNREADABLE as error:
        raise _damaged(file, str(error)) from error
    return _build(file, work, listed, index_id, chroma)


# --- what may be in a backup


def _listed(archive: zipfile.ZipFile, file: Path) -> Mapping[str, Any]:
    """The list of members, each with a name that may be written."""
    if LIST not in archive.namelist():
        raise BackupError(f"{file} is no backup of Byline: it has no {LIST}.")
    info = archive.getinfo(LIST)
    if info.file_size > _LONGEST_LIST or info.compress_type != zipfile.ZIP_STORED:
        raise _damaged(file, f"{LIST} is not as Byline writes it")
    listed: dict[str, Any] = json.loads(archive.read(LIST))
    if listed["format"] > FORMAT:
        raise BackupError(
            f"{file} was made by a later Byline (its form is {listed['format']}, this one knows"
            f" {FORMAT}): update Byline."
        )
    members = listed["members"]
    if sorted(archive.namelist()) != sorted([LIST, *members]):
        raise _damaged(file, "its members are not those that it lists")
    if missing := {opening.MANIFEST, VECTORS, IDS} - set(members):
        raise _damaged(file, f"{', '.join(sorted(missing))} is missing")
    for name in members:
        if not _may_be_written(name):
            raise _damaged(file, f"a backup has no member {name!r}")
    return listed


_ODD = re.compile(r"[\x00-\x1f\\:]")


def _may_be_written(name: str) -> bool:
    """Whether it is one of the names that a backup has; inside uploads, any that stays there."""
    if name in (opening.MANIFEST, VECTORS, IDS, *BESIDE):
        return True
    parts = name.split("/")
    plain = all(part not in ("", ".", "..") for part in parts) and not _ODD.search(name)
    return name.startswith(UPLOADS) and plain


def _must_fit(listed: Mapping[str, Any], folder: Path, file: Path) -> None:
    needed = sum(int(known["size"]) for known in listed["members"].values())
    needed += int(listed["passages"]) * _A_PASSAGE
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise BackupError(
            f"{file} needs {needed / 1e6:,.0f} MB in {folder}, where {free / 1e6:,.0f} MB are free."
        )


def _extract(
    archive: zipfile.ZipFile, file: Path, name: str, known: Mapping[str, Any], work: Path
) -> None:
    info = archive.getinfo(name)
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != known["size"]:
        raise _damaged(file, f"{name} has another size than it lists")
    target = work / name
    target.parent.mkdir(mode=privacy.FOLDER, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with archive.open(info) as source, target.open("xb") as stream:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            stream.write(chunk)
    if digest.hexdigest() != known["sha256"]:
        raise _damaged(file, f"{name} is not what was backed up")


def _damaged(file: Path, why: str) -> BackupError:
    return BackupError(f"{file} is damaged ({why}): nothing was restored. Use another backup.")


# --- the index made of it


def _build(file: Path, work: Path, listed: Mapping[str, Any], index_id: str, chroma: str) -> int:
    """Make vectors and words in `work`, under an index id of their own; how many vectors lack."""
    path = work / opening.MANIFEST
    try:
        with closing(sqlite3.connect(path)) as db, db:
            if (found := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise _damaged(file, f"{opening.MANIFEST}: {found}")
            # who has the replaced index open notices by the id
            db.execute("UPDATE meta SET value = ? WHERE key = 'index'", (index_id,))
            db.execute("UPDATE meta SET value = ? WHERE key = 'chroma'", (chroma,))
    except sqlite3.Error as error:
        raise _damaged(file, f"{opening.MANIFEST}: {error}") from error
    with closing(opening.manifest_of(work)) as manifest:
        migrations.bring_up(manifest)
        migrations.require(work, manifest.meta())
        stored = _store_vectors(file, work, int(listed["dimension"]), manifest, chroma)
        lexical = LexicalIndex(work / opening.LEXICAL)
        lexical.rebuild(manifest.all_passages(), index_id, manifest.get("generation"))
        return manifest.counts()[2] - stored


def _store_vectors(file: Path, work: Path, dimension: int, manifest: Manifest, chroma: str) -> int:
    """Put the vectors of passages that there are into Chroma; how many."""
    ids = [json.loads(line) for line in (work / IDS).read_text(encoding="ascii").splitlines()]
    if (work / VECTORS).stat().st_size != 4 * dimension * len(ids):
        raise _damaged(file, "vectors and their ids differ in number")
    store = PassageVectors(work / opening.CHROMA, manifest.get("index"), url=chroma)
    store.open(create=True)
    stored = 0
    try:
        rows = np.memmap(work / VECTORS, "<f4", "r", shape=(len(ids), dimension)) if ids else None
        for first in range(0, len(ids), BATCH):
            batch = {id_: first + n for n, id_ in enumerate(ids[first : first + BATCH])}
            passages = [*manifest.passages(batch).values()]
            assert rows is not None
            vectors = np.array([rows[batch[passage.id]] for passage in passages], np.float32)
            if passages:
                store.upsert(passages, vectors)
            stored += len(passages)
    finally:
        store.close()
    if not chroma:
        seal.write(work, seal.state(work / opening.CHROMA))
    return stored


def _swap(work: Path, folder: Path, names: Sequence[str]) -> None:
    """Put what is in `work` in place of what is in `folder`; after an error all is as before."""
    for name in (VECTORS, IDS):
        (work / name).unlink()
    old = Path(tempfile.mkdtemp(prefix=".replaced-", dir=folder))
    moved: list[tuple[Path, Path]] = []
    try:
        for name in names:
            _move(folder / name, old / name, moved)
        for name in reversed(names):  # the manifest last: until then there is no index
            _move(work / name, folder / name, moved)
    except BaseException:
        for source, target in reversed(moved):
            os.rename(target, source)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    if source.exists():
        os.rename(source, target)
        moved.append((source, target))
