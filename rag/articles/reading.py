"""What one file held: its articles, what of it could not be read, and how much of it was kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.schema import Article, FailedFile


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what the container holds for a reader was kept, in letters and digits.

    What is left out on purpose (hidden, deleted or struck-out text, pictures) is not held.
    """

    held: int = 0
    kept: int = 0

    def __add__(self, other: Coverage) -> Coverage:
        return Coverage(self.held + other.held, self.kept + other.kept)


@dataclass(frozen=True, slots=True)
class Reading:
    """The articles of one file, in file order, and the rows or members that are none.

    At least one of the two is not empty. A failed part is called `archive.zip/member` or
    `table.csv, row 17`. `partly` names the files (this one, or members of it) of which something
    is missing, and what. `coverage` is None where the reader does not count.
    """

    articles: tuple[Article, ...]
    failed: tuple[FailedFile, ...] = ()
    partly: tuple[FailedFile, ...] = ()
    coverage: Coverage | None = None


def joined(readings: Iterable[Reading]) -> Reading:
    """Readings of the parts of one file as one."""
    readings = list(readings)
    counted = [reading.coverage for reading in readings if reading.coverage]
    return Reading(
        tuple(article for reading in readings for article in reading.articles),
        tuple(item for reading in readings for item in reading.failed),
        tuple(item for reading in readings for item in reading.partly),
        sum(counted, Coverage()) if counted else None,
    )
