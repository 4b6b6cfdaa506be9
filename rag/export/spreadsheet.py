"""Tables as CSV that a spreadsheet opens as text and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What begins with one of these a spreadsheet takes for a formula, which may fetch and run things.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with `head` as its first line; None is an empty cell.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow(head)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return file.getvalue()


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
