"""What one file held: its articles, and what of it could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from rag.schema import Article, FailedFile


@dataclass(frozen=True, slots=True)
class Reading:
    """The articles of one file, in file order, and the rows or members that are none.

    At least one of the two is not empty. A failed part is called `archive.zip/member` or
    `table.csv, row 17`.
    """

    articles: tuple[Article, ...]
    failed: tuple[FailedFile, ...] = ()
