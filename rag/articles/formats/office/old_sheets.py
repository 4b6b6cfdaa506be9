"""Excel files of before 2007 (.xls): the cells that are shown, as they are shown."""

from __future__ import annotations

import io
from typing import Any

from rag.articles.formats.office.flow import Flow
from rag.articles.formats.office.number_formats import shown
from rag.articles.formats.office.sheets import Sheet, read_sheets
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not a readable Excel workbook; open it in Excel and save it as .xlsx."
_LOCKED = "The workbook is encrypted; save it without a password."
_TEXT, _NUMBERS, _BOOLEAN = 1, (2, 3), 4  # kinds of cells
_SUPERSCRIPT = 1  # escapement of a font


def read(data: bytes, path: str) -> Reading:
    """Read an .xls file; hidden sheets, rows and columns and struck cells are left out.

    Raises:
        ArticleError: broken, encrypted, or without text.

    """
    import xlrd  # type: ignore[import-untyped, unused-ignore]

    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True
        )
        sheets = [Sheet(one.name, _rows(book, one)) for one in book.sheets() if not one.visibility]
    except Exception as error:  # the parser raises whatever a broken record makes it trip over
        raise ArticleError(_LOCKED if "encrypted" in str(error) else _BROKEN) from error
    return read_sheets(sheets, path, None, None)


def _rows(book: Any, sheet: Any) -> list[tuple[int, list[str]]]:
    """Number and texts of every row that is shown and not blank, under the columns in use."""
    gone = {at for at, about in sheet.colinfo_map.items() if about.hidden}
    rows: list[tuple[int, dict[int, str]]] = []
    for number in range(sheet.nrows):
        about = sheet.rowinfo_map.get(number)
        if about is None or not about.hidden:
            texts = {
                at: _cell(book, sheet, number, at)
                for at in range(sheet.row_len(number))
                if at not in gone
            }
            rows.append((number + 1, {at: text for at, text in texts.items() if text}))
    used = sorted({at for _, cells in rows for at in cells})
    return [(number, [cells.get(at, "") for at in used]) for number, cells in rows if cells]


def _cell(book: Any, sheet: Any, row: int, at: int) -> str:
    cell = sheet.cell(row, at)
    look = book.xf_list[cell.xf_index]
    if book.font_list[look.font_index].struck_out:
        return ""
    if cell.ctype == _TEXT:
        runs = sheet.rich_text_runlist_map.get((row, at), [])
        return _text(book, cell.value, [(0, look.font_index), *runs])
    if cell.ctype in _NUMBERS:
        code = book.format_map[look.format_key].format_str
        return shown(cell.value, code, since_1904=bool(book.datemode))
    if cell.ctype == _BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return ""


def _text(book: Any, text: str, runs: list[tuple[int, int]]) -> str:
    """A string of one look or of several."""
    flow = Flow()
    ends = [start for start, _ in runs[1:]] + [len(text)]
    for (start, number), end in zip(runs, ends, strict=True):
        font = book.font_list[number]
        if not font.struck_out:
            flow.add(text[start:end], up=font.escapement == _SUPERSCRIPT)
    flow.end()
    return "\n\n".join(block.text for block in flow.blocks)
