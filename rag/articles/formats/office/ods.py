"""OpenDocument spreadsheets: the cells that are shown, as they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.articles.formats.office.opendocument import (
    Story,
    open_document,
    read_styles,
    rows_of,
    value,
)
from rag.articles.formats.office.sheets import Sheet, read_sheets
from rag.articles.formats.webpages.markup import local_name
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not a readable spreadsheet; open it in LibreOffice and save it again."
_MOST_REPEATED = 1000  # of one cell that is not blank


def read(data: bytes, path: str) -> Reading:
    """Read an .ods file, a template, or a flat .fods; what is hidden is left out.

    Raises:
        ArticleError: broken, encrypted, too large when unpacked, or without text.

    """
    document = open_document(data, _BROKEN)
    body = document.body("spreadsheet")
    if body is None:
        raise ArticleError(_BROKEN)
    story = Story(read_styles(document), coloured=True)
    sheets = [
        Sheet(value(table, "name"), _rows(table, story))
        for table in body
        if local_name(table) == "table" and not story.styles.look(table, "table", {}).get("hidden")
    ]
    return read_sheets(sheets, path, *document.properties)


def _rows(table: Any, story: Story) -> list[tuple[int, list[str]]]:
    """Number and texts of every row that is shown and not blank, under the columns in use."""
    gone = set(_hidden_columns(table))
    rows: list[tuple[int, dict[int, str]]] = []
    number = 1
    for row in rows_of(table):
        cells = {at: text for at, text in _cells(row, story) if at not in gone}
        rows.append((number, cells))
        number += _repeated(row, "number-rows-repeated")
    used = sorted({at for _, cells in rows for at in cells})
    return [(number, [cells.get(at, "") for at in used]) for number, cells in rows if cells]


def _cells(row: Any, story: Story) -> Iterator[tuple[int, str]]:
    at = 0
    for cell in row:
        if local_name(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times = _repeated(cell, "number-columns-repeated")
        text = "\n\n".join(b.text for b in story.blocks(cell) if b.kind == "body")
        if text and not story.styles.look(cell, "table-cell", {}).get("struck"):
            yield from ((at + more, text) for more in range(min(times, _MOST_REPEATED)))
        at += times


def _hidden_columns(table: Any) -> Iterator[int]:
    at = 0
    for column in table.iter("{*}table-column"):
        times = _repeated(column, "number-columns-repeated")
        if value(column, "visibility") in ("collapse", "filter"):
            yield from range(at, at + min(times, 16_384))
        at += times


def _repeated(element: Any, name: str) -> int:
    count = value(element, name)
    return max(1, int(count)) if count.isdigit() and len(count) < 9 else 1
