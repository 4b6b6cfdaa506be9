"""What an index remembers of its files beside itself: `shelf.json`.

Which files the user left out, which could not be read, or not whole, and why, and when the last
ingest was. It stays when the index is built again: what was left out is the user's word. Only who
holds the index's write lock saves it; a reader sees the old file or the new one, never half of one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rag.errors import StoreUnavailable
from rag.schema import FailedFile
from vectorstore.beside import Beside

FILE = "shelf.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class LastIngest:
    """When the last ingest ended (UTC) and what it did; counts are of files."""

    at: datetime
    files: int
    added: int
    changed: int
    removed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Shelf:
    """`left_out`: paths of files, or of articles in a file of many ("news.jsonl#7").

    `failed`: by the path of the file, what of it could not be read. `partly`: likewise, what is
    missing of files that were read.
    """

    left_out: frozenset[str] = frozenset()
    failed: Mapping[str, tuple[FailedFile, ...]] = field(default_factory=dict)
    last: LastIngest | None = None
    partly: Mapping[str, tuple[FailedFile, ...]] = field(default_factory=dict)


def load(kept: Beside) -> Shelf:
    """The shelf of an index; an empty one where none was saved.

    Raises:
        StoreUnavailable: it cannot be read, or is of a later Byline.

    """
    where = kept.where(FILE)
    try:
        content = kept.read(FILE)
        if content is None:
            return Shelf()
        values = json.loads(content.decode("utf-8"))
        if values["version"] > VERSION:
            raise StoreUnavailable(f"{where} is of a later Byline: update Byline.")
        return _shelf(values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreUnavailable(
            f"{where} cannot be read ({error}). Delete it: the next ingest writes it again, and "
            "files that were left out come back."
        ) from error


def save(kept: Beside, shelf: Shelf) -> None:
    """Replace the shelf of an index.

    Raises:
        StoreUnavailable: it cannot be written.

    """
    try:
        kept.write(FILE, json.dumps(_values(shelf), indent=1).encode())
    except OSError as error:
        raise StoreUnavailable(
            f"{kept.where(FILE)} cannot be written ({error}): check the disk and your rights there."
        ) from error


def _shelf(values: Mapping[str, Any]) -> Shelf:
    last = values["last"]
    return Shelf(
        frozenset(values["left_out"]),
        _told(values["failed"]),
        LastIngest(**{**last, "at": datetime.fromisoformat(last["at"])}) if last else None,
        _told(values.get("partly", {})),  # shelves of earlier versions have none
    )


def _told(values: Mapping[str, Any]) -> dict[str, tuple[FailedFile, ...]]:
    return {
        path: tuple(FailedFile(file, reason) for file, reason in found)
        for path, found in values.items()
    }


def _listed(told: Mapping[str, tuple[FailedFile, ...]]) -> dict[str, list[list[str]]]:
    return {
        path: [[item.file, item.reason] for item in found] for path, found in sorted(told.items())
    }


def _values(shelf: Shelf) -> dict[str, Any]:
    last = shelf.last
    return {
        "version": VERSION,
        "left_out": sorted(shelf.left_out),
        "failed": _listed(shelf.failed),
        "partly": _listed(shelf.partly),
        "last": last
        and {
            "at": last.at.isoformat(timespec="seconds"),
            "files": last.files,
            "added": last.added,
            "changed": last.changed,
            "removed": last.removed,
            "seconds": round(last.seconds, 3),
        },
    }
