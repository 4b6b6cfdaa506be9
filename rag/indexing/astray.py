"""Which files are no longer as they were read, as far as they have been looked at.

To look at a million files takes minutes. So a number of them is looked at each time, from where the
last look ended, and those that are shown; in most folders that is all of them.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from rag.articles import paths
from rag.articles.paths import is_upload
from rag.indexing import uploads
from rag.resources import Resources
from rag.schema import FileRecord

State = Literal["", "changed", "gone"]

MOST = 5_000  # files of one look, a tenth of a second on a slow disk; and known astray at once


class Astray:
    """The files that are astray; used from many threads."""

    def __init__(self, most: int = MOST) -> None:
        """Begin with none looked at."""
        self._most = most
        self._lock = threading.Lock()
        self._states: dict[str, State] = {}
        self._last = ""  # the file by path at which the last look ended
        self._whole = False  # every file was looked at once

    def states(self) -> dict[str, State]:
        """The files that are astray, as far as it is known."""
        with self._lock:
            return dict(self._states)

    @property
    def is_whole(self) -> bool:
        """Whether every file has been looked at once."""
        return self._whole

    def look(self, resources: Resources, files: Collection[str]) -> dict[str, State]:
        """Look at these files of the index; the state of each that is one of them."""
        found = _look(resources, resources.index.files_named(files).values())
        with self._lock:
            self._note(files, found)
        return found

    def look_on(self, resources: Resources) -> None:
        """Look again at what is astray, and at the next files."""
        with self._lock:
            known, last = list(self._states), self._last
        self.look(resources, known)
        if len(self._states) >= self._most:
            return
        records = resources.index.files_after(last, self._most)
        found = _look(resources, records)
        with self._lock:
            self._note([record.path for record in records], found)
            ended = len(records) < self._most
            self._whole = self._whole or ended
            self._last = "" if ended else records[-1].path

    def _note(self, files: Collection[str], found: dict[str, State]) -> None:
        for path in files:
            self._states.pop(path, None)
        self._states |= {path: state for path, state in found.items() if state}


def _look(resources: Resources, records: Collection[FileRecord]) -> dict[str, State]:
    uploads.bring(resources.settings, [item.path for item in records if is_upload(item.path)])
    root, added = resources.index.folder_of_articles, uploads.folder(resources.settings)
    return {item.path: _state(item, paths.file_of(item.path, root, added)) for item in records}


def _state(record: FileRecord, file: Path | None) -> State:
    """Whether the file is as it was read; its content is looked at only if its time differs."""
    try:
        if file is None:
            return "gone"
        stat = file.stat()
        if (record.size, record.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
            return ""
        if record.size != stat.st_size:
            return "changed"
        with file.open("rb") as stream:
            same = hashlib.file_digest(stream, "sha256").hexdigest() == record.sha256
        return "" if same else "changed"
    except OSError:
        return "gone"
