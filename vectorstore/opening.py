"""Index folders: made, opened to write or only to read, erased."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexMissing, StoreUnavailable
from vectorstore import privacy, seal
from vectorstore.database import address_of, in_file, on_server
from vectorstore.locks import CHROMA as CHROMA_LOCK
from vectorstore.locks import Gate, write_lock
from vectorstore.manifest import Manifest
from vectorstore.store import PassageVectors

MANIFEST, CHROMA, LEXICAL = "manifest.db", "chroma", "lexical"
_WAL = f"{MANIFEST}-wal"
_TRIES = 5  # copies of a folder that changes meanwhile


@dataclass(frozen=True, slots=True)
class Opened:
    """An index folder, and where its stores are used: a copy where the folder is read-only.

    Neither SQLite's log nor Chroma nor tantivy can even be read without writing beside it.
    """

    folder: Path
    stores: Path

    @property
    def read_only(self) -> bool:
        """Whether it may be asked but not changed."""
        return self.stores != self.folder

    def must_be_writable(self) -> None:
        """Raise StoreUnavailable if the index is read-only."""
        if self.read_only:
            raise StoreUnavailable(
                f"{self.folder} is read-only: it can be asked, but nothing can be added, removed or"
                " mended. Make it writable, or use another folder (--index DIR)."
            )

    def close(self) -> None:
        """Delete the copy, if there is one."""
        if self.read_only:
            shutil.rmtree(self.stores, ignore_errors=True)


def opened(folder: Path, *, create: bool, database: str = "") -> Opened:
    """Find the index in `folder`; with `create` make a place for one.

    With its truth in a `database`, the folder only keeps what each machine makes of it.

    Raises:
        IndexMissing: there is none, and not `create`.
        StoreUnavailable: the folder cannot be made, or not be copied where it is read-only.

    """
    if database:
        _make(folder)
        privacy.tighten(folder)
        return Opened(folder, folder)
    there = (folder / MANIFEST).is_file()
    if there and not _writable(folder):
        return Opened(folder, _copied(folder))
    if create:
        _make(folder, MANIFEST)
    elif not there:
        raise missing(folder)
    privacy.tighten(folder)
    return Opened(folder, folder)


def manifest_of(stores: Path, database: str = "") -> Manifest:
    """Open the manifest, which the caller closes. Raises StoreUnavailable, SettingsError."""
    if database:
        return Manifest(on_server(database))
    path = stores / MANIFEST
    return Manifest(in_file(path), path)


def missing(folder: Path, database: str = "") -> IndexMissing:
    """Return what is told where nothing was ingested yet."""
    if database:
        return IndexMissing(
            f"There is no index in {address_of(database).render_as_string()} yet. Make one:"
            " byline ingest FOLDER"
        )
    return IndexMissing(
        f"There is no index in {folder} yet. Make one: byline ingest FOLDER --index {folder}"
    )


def gone(folder: Path) -> IndexMissing:
    """Return what is told where the index was deleted while it was in use."""
    return IndexMissing(
        f"The index in {folder} is gone: it was deleted or moved while in use. Put it back, or make"
        f" it again: byline ingest FOLDER --index {folder}"
    )


def erase(folder: Path, chroma: str, database: str = "") -> None:
    """Delete manifest, vectors and words. Raises IndexLocked if another process is writing."""
    if database:
        _erase_shared(folder, chroma, database)
        return
    if not (folder / MANIFEST).is_file():
        return
    with write_lock(folder), Gate(folder / CHROMA_LOCK).hold():
        _erase_collection(folder, chroma)
        shutil.rmtree(folder / CHROMA, ignore_errors=True)
        shutil.rmtree(folder / LEXICAL, ignore_errors=True)
        (folder / seal.NAME).unlink(missing_ok=True)
        _erase_manifest(folder)


def _make(folder: Path, *names: str) -> None:
    try:
        privacy.make_private(folder)
        for name in names:
            (folder / name).touch(mode=privacy.FILE)  # SQLite gives its logs the same mode
    except OSError as error:
        raise StoreUnavailable(f"{folder} cannot be written: {error}") from error


def _writable(folder: Path) -> bool:
    return all(os.access(path, os.W_OK) for path in (folder, folder / MANIFEST))


def _copied(folder: Path) -> Path:
    """Copy the stores, as they are at one moment, to a temporary folder of this user."""
    copy = Path(tempfile.mkdtemp(prefix="byline-"))  # 0700
    try:
        for _ in range(_TRIES):
            before = _sizes(folder)
            _copy(folder, copy)
            if _sizes(folder) == before:
                return copy
        raise StoreUnavailable(
            f"{folder} is read-only here and is being written to by somebody else: try again later."
        )
    except OSError as error:
        shutil.rmtree(copy, ignore_errors=True)
        raise StoreUnavailable(
            f"{folder} is read-only, and cannot be copied to {copy.parent} to be asked ({error})."
            " Make room there, set TMPDIR to another folder, or make the index readable."
        ) from error
    except BaseException:
        shutil.rmtree(copy, ignore_errors=True)
        raise


def _copy(folder: Path, copy: Path) -> None:
    for name in (CHROMA, LEXICAL):
        shutil.rmtree(copy / name, ignore_errors=True)
        if (folder / name).is_dir():
            shutil.copytree(folder / name, copy / name)
    for name in (_WAL, MANIFEST, seal.NAME):
        (copy / name).unlink(missing_ok=True)
        if (folder / name).is_file():
            shutil.copy2(folder / name, copy / name)  # with its time: the seal knows it
    for path in (copy, *copy.rglob("*")):
        path.chmod(privacy.FOLDER if path.is_dir() else privacy.FILE)


def _sizes(folder: Path) -> dict[str, tuple[int, int]]:
    files = [folder / MANIFEST, folder / _WAL]
    files += [file for name in (CHROMA, LEXICAL) for file in (folder / name).rglob("*")]
    found = {}
    for file in files:
        with suppress(FileNotFoundError):
            known = file.stat()
            found[str(file)] = (known.st_size, known.st_mtime_ns)
    return found


def _erase_collection(folder: Path, chroma: str) -> None:
    """Delete the index's collection on the server; its embedded one goes with its folder."""
    index_id = None
    with suppress(StoreUnavailable), _manifest(folder) as manifest:  # damaged: nothing is known
        index_id = manifest.get("index") if manifest.exists() else None
    if chroma and index_id:
        PassageVectors(folder / CHROMA, index_id, url=chroma).erase()


def _erase_shared(folder: Path, chroma: str, database: str) -> None:
    with closing(manifest_of(folder, database)) as manifest, manifest.sole_writer():
        if manifest.exists():
            PassageVectors(folder / CHROMA, manifest.get("index"), url=chroma).erase()
            manifest.clear()
    shutil.rmtree(folder / LEXICAL, ignore_errors=True)


def _erase_manifest(folder: Path) -> None:
    """Empty the file in place, so that who has it open notices; a damaged one is deleted."""
    try:
        with _manifest(folder) as manifest:
            manifest.clear()
    except StoreUnavailable:
        for suffix in ("", "-wal", "-shm"):
            (folder / f"{MANIFEST}{suffix}").unlink(missing_ok=True)


@contextmanager
def _manifest(folder: Path) -> Iterator[Manifest]:
    with closing(manifest_of(folder)) as manifest:
        yield manifest
