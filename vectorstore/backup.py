"""An index in one file: what was read, what was added, and the vectors, so that nothing is lost.

The file is a zip whose members are stored as they are: `backup.json` with the SHA-256 of each of
the others, `manifest.db` as SQLite's online backup gives it, `vectors.f32` (little-endian, a row
for each line of `vectors.ids`), and what else of the folder cannot be made again. Words can.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import numpy as np

from rag.errors import BackupError
from vectorstore import opening
from vectorstore.beside import Beside, InDatabase
from vectorstore.index import Index
from vectorstore.manifest_tables import OPINIONS
from vectorstore.store import BATCH

FORMAT = 1  # rises when a Byline of today could not restore the file any more
LIST, VECTORS, IDS = "backup.json", "vectors.f32", "vectors.ids"
BESIDE = ("shelf.json", "feeds.json", "feedback.sqlite3")  # of the index folder, if there
FEEDBACK = "feedback.sqlite3"
UPLOADS = "uploads/"
_CHUNK = 1 << 20  # bytes read at a time


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. `without_vector`: passages whose vector will be made again."""

    file: Path
    size: int  # bytes
    files: int
    articles: int
    passages: int
    without_vector: int


def back_up(index: Index, file: Path) -> Backup:
    """Write `index` to `file`, which is replaced when all of it is on the disk, and not before.

    Others may ask and ingest meanwhile: it is the index of the moment at which this began.

    Raises:
        BackupError: the file cannot be written.
        StoreUnavailable: the index cannot be read.

    """
    file = file.absolute()
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    except OSError as error:
        raise BackupError(f"{file} cannot be written ({error.strerror}).") from error
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            made = _write(index, stream, file)
            stream.flush()
            os.fsync(stream.fileno())
        size = part.stat().st_size
        os.replace(part, file)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise BackupError(f"{file} cannot be written ({why}).") from error
    finally:
        part.unlink(missing_ok=True)
    return Backup(file, size, *made)


def _write(index: Index, stream: IO[bytes], file: Path) -> tuple[int, int, int, int]:
    with (
        tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as work,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive,
    ):
        copy = Path(work, opening.MANIFEST)
        index.copy_manifest(copy)
        files, articles, ids = _read(copy)
        members = [_add_file(archive, opening.MANIFEST, copy)]
        lacking = _export(index, ids, Path(work))
        members += [_add_file(archive, name, Path(work, name)) for name in (VECTORS, IDS)]
        members += [_add_file(archive, *pair) for pair in _beside(index.beside, Path(work))]
        listed = {
            "format": FORMAT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": files,
            "articles": articles,
            "passages": len(ids),
            "dimension": index.dimension,
            "members": {name: {"sha256": sha, "size": size} for name, sha, size in members},
        }
        archive.writestr(LIST, json.dumps(listed, indent=1))
    return files, articles, len(ids), lacking


def _read(copy: Path) -> tuple[int, int, list[str]]:
    """Count files and articles of a copied manifest, and list its passages."""
    with closing(sqlite3.connect(copy)) as db:
        (files,) = db.execute("SELECT COUNT(*) FROM files").fetchone()
        (articles,) = db.execute("SELECT COUNT(*) FROM articles").fetchone()
        ids = [row[0] for row in db.execute("SELECT id FROM passages ORDER BY id")]
    return files, articles, ids


def _export(index: Index, ids: list[str], work: Path) -> int:
    """Write the vectors that there are; how many are not there.

    An ingest may delete some meanwhile: a vector is its passage's for good, so the others stand.
    """
    written = 0
    with (work / VECTORS).open("wb") as rows, (work / IDS).open("w", encoding="ascii") as names:
        for first in range(0, len(ids), BATCH):
            held = index.vectors(ids[first : first + BATCH])
            for id_, vector in held.items():
                rows.write(np.asarray(vector, "<f4").tobytes())
                names.write(f"{json.dumps(id_)}\n")
            written += len(held)
    return len(ids) - written


def _beside(kept: Beside, work: Path) -> Iterator[tuple[str, Path]]:
    if isinstance(kept, InDatabase):
        yield from _rows(kept, work)
        return
    for name in BESIDE:
        if (kept.folder / name).is_file():
            yield name, _snapshot(kept.folder / name, work)
    uploads = kept.folder / UPLOADS
    for path in sorted(uploads.rglob("*")) if uploads.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(kept.folder).as_posix(), path


def _rows(kept: InDatabase, work: Path) -> Iterator[tuple[str, Path]]:
    """What a database has beside the index, each as a file for as long as it is looked at."""
    file = work / "kept"
    for name in (*BESIDE[:-1], *kept.held(UPLOADS)):
        content = kept.read(name)
        if content is not None:  # some may go meanwhile
            file.write_bytes(content)
            yield name, file
    kept.database.copy(work / FEEDBACK, OPINIONS)
    yield FEEDBACK, _snapshot(work / FEEDBACK, work / "alone")


def _snapshot(path: Path, work: Path) -> Path:
    """A database as it is at one moment; any other file as it stands."""
    if path.suffix != ".sqlite3":
        return path
    work.mkdir(exist_ok=True)
    copy = work / path.name
    with closing(sqlite3.connect(path)) as own, closing(sqlite3.connect(copy)) as other:
        own.backup(other)
    return copy


def _add_file(archive: zipfile.ZipFile, name: str, path: Path) -> tuple[str, str, int]:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name)
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return name, digest.hexdigest(), size
