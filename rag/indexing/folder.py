"""A folder of files -> the index, touching only what changed.

One bad file costs that file. Killed at any moment, the next ingest completes the work: a file's
record is written last, and articles are known by their content.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rag.articles import Listing, is_folder, listed
from rag.articles.paths import is_upload, upload
from rag.errors import FolderLost, SettingsError
from rag.indexing import uploads
from rag.indexing.file_states import LastIngest, Shelf, load, save
from rag.indexing.lost_folder import must_hold, removing
from rag.indexing.work import Machines, Work
from rag.resources import Resources
from rag.schema import FileRecord, IngestReport, Progress
from vectorstore.index import Index


def ingest_folder(
    folder: Path | None,
    resources: Resources,
    progress: Progress | None = None,
    *,
    allow_removal: bool = False,
    machines: Machines | None = None,
) -> IngestReport:
    """Make the index mirror `folder` and the files added on the page; None: the folder it has.

    Files that were left out (`rag.indexing.file_states`) are as if they were not there. What of
    the folder cannot be looked at or read keeps what is stored of it. With `allow_removal` the
    folder may be missing or have lost most of its files. With `machines` those read and embed.

    Raises:
        SettingsError: `folder` is no folder, or the index is of another one.
        ArticleError: `folder` may not be listed.
        FolderLost: it is missing, or lost most of its files (`rag.indexing.lost_folder`).
        IndexLocked: another process is writing.
        StoreUnavailable: the index or its shelf cannot be read or written.

    """
    index, started = resources.index, time.perf_counter()
    with index.writing():
        known = index.files()
        root = _claimed(index, folder, known, allow_removal=allow_removal)
        shelf = load(index.beside)
        uploads.bring(resources.settings)
        there = _there(root, uploads.folder(resources.settings))
        if not allow_removal:
            _must_hold(root, known, there, shelf, index)
        if root != index.folder_of_articles:
            index.folder_of_articles = root
        found = {path: file for path, file in there.files.items() if path not in shelf.left_out}
        work = Work(resources, progress, len(found), shelf.left_out, machines)
        work.skip(there.skipped)
        work.read(found, known)
        report = work.finish(_gone(known, found, there, shelf), started)
        failed, partly = (
            {path: told[path] for path in work.as_before if path in told}
            for told in (shelf.failed, shelf.partly)
        )
        last = LastIngest(
            datetime.now(UTC), report.files, report.added, report.changed, report.removed,
            report.seconds["total"],
        )  # fmt: skip
        failed, partly = {**failed, **work.failed}, {**partly, **work.partly}
        save(index.beside, replace(shelf, failed=failed, partly=partly, last=last))
        return report


def ingest_files(
    paths: Collection[str],
    resources: Resources,
    progress: Progress | None = None,
    *,
    change: Callable[[Shelf], Shelf] | None = None,
) -> IngestReport:
    """Read these files again, changed or not, and leave the others alone; forget those that went.

    `change` is made to what is left out before that. Raises as `ingest_folder`.
    """
    index, started = resources.index, time.perf_counter()
    with index.writing():
        shelf = load(index.beside)
        shelf = change(shelf) if change else shelf
        # What is left out is said first: killed after it, the next ingest completes the work.
        save(index.beside, shelf)
        uploads.bring(resources.settings, [path for path in paths if is_upload(path)])
        there = _of_these(paths, _there(*_needed(paths, resources)))
        found = {path: file for path, file in there.files.items() if path not in shelf.left_out}
        work = Work(resources, progress, total=len(found), left_out=shelf.left_out)
        work.skip(there.skipped)
        known = index.files_named({*paths, *found})
        gone = _gone({path: known[path] for path in paths if path in known}, found, there, shelf)
        if any(not is_upload(path) and path not in shelf.left_out for path in gone):
            known = index.files()  # all, to see how many are lost
            root = _claimed(index, None, known)
            _must_hold(root, known, _there(root, None), shelf, index)
        work.read(found, known, again=True)
        report = work.finish(gone, started)
        failed, partly = (
            {path: why for path, why in told.items() if path not in paths}
            for told in (shelf.failed, shelf.partly)
        )
        failed, partly = {**failed, **work.failed}, {**partly, **work.partly}
        save(index.beside, replace(shelf, failed=failed, partly=partly))
        return report


def must_lie_apart(folder: Path, index: Path) -> None:
    """Raises SettingsError if the index would be written among the articles themselves."""
    if _resolved(folder) == index.resolve():
        raise SettingsError(
            f"{index} is the folder of articles itself: give the index a folder of its own, "
            f"such as --index {index / '.byline'}"
        )


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a link in a circle, a NUL
        raise SettingsError(f"{folder} is not a folder. Name a folder of articles.") from error


def _claimed(
    index: Index,
    folder: Path | None,
    known: Mapping[str, FileRecord],
    *,
    allow_removal: bool = False,
) -> Path | None:
    """The folder that the index mirrors from now on."""
    current = index.folder_of_articles
    root = current if folder is None else _resolved(folder)
    if root is None:
        return None
    must_lie_apart(root, index.folder)
    if not is_folder(root) and not (allow_removal and root == current):
        count = sum(not is_upload(path) for path in known)
        if root != current or not count:
            raise SettingsError(f"{folder or root} is not a folder. Name a folder of articles.")
        raise FolderLost(
            f"{root} is missing, with all of its {count:,} files; is a disk not mounted? The index "
            "stays as it was. If they were deleted on purpose: "
            f"{removing(root, index.folder)}"
        )
    if current is not None and current != root and is_folder(current):
        raise SettingsError(
            f"This index is of {current}. For {folder} name another one (--index DIR), "
            "or replace it (byline ingest --rebuild)."
        )
    return root


def _there(root: Path | None, folder: Path | None) -> Listing:
    """What the two folders hold; nothing where one is missing."""
    own = listed(root) if root is not None and is_folder(root) else Listing()
    added = listed(folder) if folder is not None and is_folder(folder) else Listing()
    return Listing(
        {**own.files, **{upload(path): file for path, file in added.files.items()}},
        {
            **own.skipped,
            **{
                upload(path): replace(item, file=upload(path))
                for path, item in added.skipped.items()
            },
        },
    )


def _needed(paths: Collection[str], resources: Resources) -> tuple[Path | None, Path]:
    """The folders to look into: what was added needs no folder of articles."""
    only_added = all(is_upload(path) for path in paths)
    root = None if only_added else resources.index.folder_of_articles
    return root, uploads.folder(resources.settings)


def _of_these(paths: Collection[str], there: Listing) -> Listing:
    """`there`, limited to `paths`, and to what lies in those that are folders ("sub/")."""
    folders = tuple(path for path in paths if path.endswith("/"))

    def is_meant(path: str) -> bool:
        return path in paths or path.startswith(folders)

    return Listing(
        {path: file for path, file in there.files.items() if is_meant(path)},
        {path: item for path, item in there.skipped.items() if is_meant(path)},
    )


def _gone(
    known: Mapping[str, FileRecord], found: Mapping[str, Path], there: Listing, shelf: Shelf
) -> list[str]:
    """Files to be forgotten: neither there nor out of sight, or left out."""
    return [
        path
        for path in known
        if path not in found and (path in shelf.left_out or not there.is_unknown(path))
    ]


def _must_hold(
    root: Path | None,
    known: Mapping[str, FileRecord],
    there: Listing,
    shelf: Shelf,
    index: Index,
) -> None:
    own = [record for path, record in known.items() if not is_upload(path)]
    must_hold(root, own, there, shelf.left_out, index.folder)
