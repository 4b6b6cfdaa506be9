"""An index folder is its user's alone: folders 0700, files 0600."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
_OTHERS = 0o077


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can look into, and so those above it that are not there."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=FOLDER, exist_ok=True)


def tighten(folder: Path) -> None:
    """Take from others what they may do in `folder`, with all in it that is ours.

    Links are not followed. What belongs to another user, or cannot be changed, stays as it is.
    """
    owner = getattr(os, "geteuid", lambda: None)()
    if owner is None:  # Windows: a user's folders are his own already
        return
    for path, is_folder in _below(folder):
        with suppress(OSError):  # gone meanwhile, or on a disk without permissions
            known = path.lstat()
            if known.st_uid == owner and known.st_mode & _OTHERS:
                path.chmod(FOLDER if is_folder else FILE)


def _below(folder: Path) -> Iterator[tuple[Path, bool]]:
    yield folder, True
    for name, folders, files in os.walk(folder):
        for found in folders:
            path = Path(name, found)
            if not path.is_symlink():
                yield path, True
        for found in files:
            path = Path(name, found)
            if path.is_file() and not path.is_symlink():
                yield path, False
