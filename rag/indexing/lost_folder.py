"""An article folder that lost most of its files, as an unmounted disk does: nothing is removed.

Files that were moved or renamed are not lost: their content is still there.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Collection, Mapping
from pathlib import Path

from rag.articles import Listing, is_folder, listed
from rag.errors import FolderLost, SettingsError
from rag.schema import FileRecord
from vectorstore.index_folder import MANIFEST

FEW = 3  # so many files may go at once, and any number up to half of them


def must_hold(
    folder: Path | None,
    known: Collection[FileRecord],
    there: Listing,
    left_out: Collection[str],
    index: Path,
) -> None:
    """Hold the files that the index has of `folder` against those that are there now.

    Raises:
        FolderLost: more than `FEW` of them, and more than half, are gone.

    """
    gone = [
        record
        for record in known
        if record.path not in there.files
        and record.path not in left_out
        and not there.is_unknown(record.path)
    ]
    if not _is_much(len(gone), len(known)):
        return
    new = {path: file for path, file in there.files.items() if path not in _paths(known)}
    lost = len(gone) - _moved(gone, new)
    if _is_much(lost, len(known)):
        raise FolderLost(
            f"{folder} lost {lost:,} of its {len(known):,} files; is a disk not mounted? The index "
            "stays as it was. If they were deleted on purpose: "
            f"{removing(folder, index)}"
        )


def must_hold_files(folder: Path, index: Path) -> None:
    """Before an index is erased to be built anew from `folder`.

    Raises:
        SettingsError: there is no such folder.
        FolderLost: it holds no file at all, and there is an index to lose.
        ArticleError: it may not be listed.

    """
    if not is_folder(folder):
        raise SettingsError(f"{folder} is not a folder. Name a folder of articles.")
    if (index / MANIFEST).is_file() and not listed(folder).files:
        raise FolderLost(
            f"{folder} holds no file; is a disk not mounted? The index stays as it was. To erase "
            f"it nevertheless: {removing(folder, index)} --rebuild"
        )


def removing(folder: Path | None, index: Path) -> str:
    """The command that removes nevertheless."""
    paths = f"{shlex.quote(str(folder))} --index {shlex.quote(str(index))}"
    return f"byline ingest {paths} --allow-removal"


def _is_much(gone: int, known: int) -> bool:
    return gone > FEW and 2 * gone > known


def _paths(records: Collection[FileRecord]) -> set[str]:
    return {record.path for record in records}


def _moved(gone: Collection[FileRecord], new: Mapping[str, Path]) -> int:
    """How many of the files that are `gone` have their content in a new one."""
    sizes = {record.size for record in gone}
    found = {digest for file in new.values() if (digest := _digest(file, sizes))}
    return sum(record.sha256 in found for record in gone)


def _digest(file: Path, sizes: Collection[int]) -> str:
    """The SHA-256 of a file of one of these sizes, empty for any other."""
    try:
        if file.stat().st_size not in sizes:
            return ""
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""  # told when it is read
