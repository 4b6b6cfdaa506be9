"""A folder that changes while Byline runs: each change is ingested soon after it is saved."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.errors import BylineError
from rag.indexing.folder import ingest_folder
from rag.resources import Resources
from rag.schema import IngestReport
from vectorstore.index_folder import MANIFEST, is_index

QUIET_MS = 1000  # how long nothing must have changed: a file being saved is left to finish
_LOOK_MS = 500  # how often it is looked whether the folder is still the same one


def watch(
    folder: Path,
    resources: Resources,
    *,
    on_report: Callable[[IngestReport], None],
    on_problem: Callable[[BylineError], None],
    stop: threading.Event,
) -> None:
    """Ingest `folder` after every change in it, until `stop` is set.

    A problem (another writer at work, the Chroma server gone, the disk not mounted) is told, and
    the next change tried. Of a folder that goes and comes back what changed meanwhile is ingested.
    """

    def catch_up(*, quiet: bool = False) -> None:
        try:
            report = ingest_folder(folder, resources, None)
        except BylineError as error:
            on_problem(error)
        else:
            if not quiet or report.added or report.changed or report.removed:
                on_report(report)

    is_lost = _identity(folder) is None
    is_first = not is_lost  # else it is told that the folder is back
    while not stop.is_set():
        watched = _identity(folder)
        if watched is None:
            if not is_lost:
                catch_up()  # says that it is gone
            is_lost = True
            stop.wait(_LOOK_MS / 1000)
            continue
        is_lost = False
        for _ in _changes(folder, watched, stop):
            catch_up(quiet=is_first)
            is_first = False


def _changes(folder: Path, watched: tuple[int, int], stop: threading.Event) -> Iterator[None]:
    """One item for each burst of changes, and first one for those before it was watched.

    Ends where another folder is there, or none.
    """
    from watchfiles import watch as changes

    root, is_first = folder.resolve(), True
    try:
        for found in changes(
            root,
            watch_filter=lambda _, path: is_seen(Path(path), root),
            stop_event=stop,
            debounce=QUIET_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            if _identity(folder) != watched:
                return
            if found or is_first:
                yield
            is_first = False
    except FileNotFoundError:  # it went before it was watched
        return


def is_seen(path: Path, root: Path) -> bool:
    """Whether an ingest of `root` would look at `path`: not hidden, and not of an index."""
    below = path.relative_to(root)
    if any(part.startswith(".") for part in below.parts):
        return False
    return not any(map(_holds_index, (root / parent for parent in below.parents[:-1])))


def _holds_index(folder: Path) -> bool:
    try:
        return (folder / MANIFEST).exists() and is_index(os.listdir(folder))
    except OSError:  # it has gone
        return False


def _identity(folder: Path) -> tuple[int, int] | None:
    """The device and the number of the folder; None if there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else None
