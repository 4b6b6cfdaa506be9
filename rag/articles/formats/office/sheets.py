"""Sheets to articles: one a row where a column holds text, else each sheet as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.articles.assembling import assemble
from rag.articles.cleaning import one_line
from rag.articles.coverage import counted
from rag.articles.drafts import Block, Meta
from rag.articles.formats.exported.field_values import uses
from rag.articles.formats.exported.records import Record, read_records
from rag.articles.formats.office.flow import joined_cells
from rag.articles.reading import Reading, joined
from rag.errors import ArticleError

_MOST_ABOVE = 5  # rows that are tried as the header
_USUAL_NAME = re.compile(
    r"(?:sheet|tabelle|feuil(?:le)?|hoja|foglio|blad|ark|planilha|лист|arkusz|list|munka|taul)"
    r"[ _]?\d*",
    re.IGNORECASE,
)
_ROWS_TOGETHER = 40  # of a table in one block


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet that are shown, by their numbers, as texts."""

    name: str
    rows: list[tuple[int, list[str]]]


def read_sheets(
    sheets: Sequence[Sheet], path: str, title: str | None, author: str | None
) -> Reading:
    """Read all sheets; of several, each is cited as `path#name`.

    `title` and `author` are the properties of the file.

    Raises:
        ArticleError: there is nothing in any of them.

    """
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise ArticleError("There is no text in any sheet that is shown.")
    alone = len(filled) == 1
    return joined(
        _read(sheet, path if alone else f"{path}#{one_line(sheet.name)}", title, author, alone)
        for sheet in filled
    )


def _read(sheet: Sheet, path: str, title: str | None, author: str | None, alone: bool) -> Reading:
    header = next(
        (n for n, row in enumerate(sheet.rows[:_MOST_ABOVE]) if _names_text(row[1])), None
    )
    if header is not None:
        return read_records(_records(sheet, header), path, "row")
    name = None if _USUAL_NAME.fullmatch(one_line(sheet.name)) else one_line(sheet.name)
    known = Meta(title=(title if alone else None) or name)
    lines = [joined_cells([one_line(cell) for cell in cells]) for _, cells in sheet.rows]
    blocks = [
        Block("\n".join(filter(None, lines[at : at + _ROWS_TOGETHER])))
        for at in range(0, len(lines), _ROWS_TOGETHER)
    ]
    article = assemble(path, blocks, known, fallback=Meta(author=author))
    return counted([article], path, (cell for _, cells in sheet.rows for cell in cells))


def _names_text(cells: list[str]) -> bool:
    return "text" in uses(cells) and sum(bool(cell.strip()) for cell in cells) > 1


def _records(sheet: Sheet, header: int) -> Iterator[Record]:
    names = sheet.rows[header][1]
    for number, cells in sheet.rows[header + 1 :]:
        yield Record(number, dict(zip(names, cells, strict=False)))
