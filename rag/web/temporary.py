"""A folder for what is being uploaded: inside the index folder, this user's alone, and emptied."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

LOCK = "lock"


@contextmanager
def temporary_folder(index: Path) -> Iterator[Path]:
    """Make `index/tmp/…` for this server, and take it away at the end with all that is in it.

    What servers left that were killed goes first. Where the index cannot be written to, the folder
    is in the system's place for such files.
    """
    parent = index / "tmp"
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        parent.chmod(0o700)
        _sweep(parent)
        folder = Path(tempfile.mkdtemp(prefix="serving-", dir=parent))  # 0700, as mkdtemp does
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="byline-"))
    with FileLock(folder / LOCK):
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Delete the folders whose servers are gone: nobody holds their lock."""
    for folder in parent.glob("serving-*"):
        with suppress(Timeout, OSError), FileLock(folder / LOCK, timeout=0):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def used_for_uploads(folder: Path) -> Iterator[None]:
    """Let gradio, and what spools a request's body, write into `folder` instead of /tmp."""
    before = tempfile.tempdir, os.environ.get("GRADIO_TEMP_DIR")
    tempfile.tempdir = os.environ["GRADIO_TEMP_DIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before[0]
        if before[1] is None:
            os.environ.pop("GRADIO_TEMP_DIR", None)
        else:
            os.environ["GRADIO_TEMP_DIR"] = before[1]
