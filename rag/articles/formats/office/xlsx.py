"""Excel: the cells that are shown, as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rag.articles.formats.office.flow import Flow
from rag.articles.formats.office.number_formats import built_in, shown
from rag.articles.formats.office.ooxml import Package, open_package, properties
from rag.articles.formats.office.sheets import Sheet, read_sheets
from rag.articles.formats.office.word_styles import child, value
from rag.articles.formats.webpages.markup import local_name
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not a readable Excel workbook; open it in Excel and save it again as .xlsx."
_COLUMN = re.compile(r"([A-Z]{1,3})\d+")
_MOST_COLUMNS = 16_384
T = TypeVar("T")
_ON = ("1", "true", "on")


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells of all sheets refer to."""

    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)  # of numbers, by the cells' styles
    struck: list[bool] = field(default_factory=list)
    since_1904: bool = False


def read(data: bytes, path: str) -> Reading:
    """Read an .xlsx or .xlsm file; hidden sheets, rows and columns and struck cells are left out.

    Raises:
        ArticleError: broken, too large when unpacked, or without text.

    """
    package = open_package(data, _BROKEN)
    main = package.target("", "officeDocument")
    if main is None:
        raise ArticleError(_BROKEN)
    root, targets = package.xml(main), package.targets(main)
    book = _book(package, main, root)
    sheets = []
    for item in root.iter("{*}sheet"):
        target = targets.get(value(item, "id"))
        if value(item, "state") in ("", "visible") and target and target.kind == "worksheet":
            sheets.append(Sheet(value(item, "name"), _rows(package.xml(target.name), book)))
    return read_sheets(sheets, path, *properties(package))


def _book(package: Package, main: str, root: Any) -> _Book:
    strings = package.target(main, "sharedStrings")
    texts = [_text(item) for item in package.xml(strings).iter("{*}si")] if strings else []
    place = package.target(main, "styles")
    since_1904 = value(child(root, "workbookPr"), "date1904") in _ON
    if not place:
        return _Book(texts, since_1904=since_1904)
    styles = package.xml(place)
    codes = {value(e, "numFmtId"): value(e, "formatCode") for e in styles.iter("{*}numFmt")}
    fonts = [_is_struck(font) for font in styles.iterfind("{*}fonts/{*}font")]
    cells = styles.findall("{*}cellXfs/{*}xf")
    keys = [value(e, "numFmtId") for e in cells]
    formats = [codes.get(key) or built_in(_number(key)) for key in keys]
    struck = [_at(fonts, _number(value(e, "fontId")), False) for e in cells]
    return _Book(texts, formats, struck, since_1904)


def _text(item: Any) -> str:
    """A string of one look or of several, without the sounds that are printed above it."""
    flow = Flow()
    for part in item:
        name, look = local_name(part), child(part, "rPr")
        if name == "t":
            flow.add(part.text or "")
        elif name == "r" and not _is_struck(look):
            up = value(child(look, "vertAlign"), "val") == "superscript"
            flow.add(getattr(child(part, "t"), "text", None) or "", up=up)
    flow.end()
    return "\n\n".join(block.text for block in flow.blocks)


def _is_struck(look: Any) -> bool:
    strike = child(look, "strike")
    return strike is not None and value(strike, "val") not in ("0", "false", "off")


def _rows(root: Any, book: _Book) -> list[tuple[int, list[str]]]:
    """Number and texts of every row that is shown and not blank, under the columns in use."""
    gone = set(_hidden_columns(root))
    rows: list[tuple[int, dict[int, str]]] = []
    for row in root.iter("{*}row"):
        number = _number(value(row, "r")) or (rows[-1][0] + 1 if rows else 1)
        cells = {} if value(row, "hidden") in _ON else dict(_cells(row, book))
        rows.append((number, {at: text for at, text in cells.items() if at not in gone}))
    used = sorted({at for _, cells in rows for at, text in cells.items() if text})
    return [
        (number, [cells.get(at, "") for at in used])
        for number, cells in rows
        if any(cells.values())
    ]


def _hidden_columns(root: Any) -> Iterator[int]:
    for column in root.iter("{*}col"):
        if value(column, "hidden") in _ON:
            last = min(_number(value(column, "max")), _MOST_COLUMNS)
            yield from range(_number(value(column, "min")), last + 1)


def _cells(row: Any, book: _Book) -> Iterator[tuple[int, str]]:
    at = 0
    for cell in row.iter("{*}c"):
        place = _COLUMN.fullmatch(value(cell, "r"))
        at = _column(place[1]) if place else at + 1
        yield at, _cell(cell, book)


def _cell(cell: Any, book: _Book) -> str:
    style = _number(value(cell, "s"))
    if _at(book.struck, style, False):
        return ""
    kind, content = value(cell, "t"), getattr(child(cell, "v"), "text", None) or ""
    if kind == "inlineStr":
        text = child(cell, "is")
        return "" if text is None else _text(text)
    if kind == "s":
        return _at(book.strings, _number(content), "")
    if kind == "b":
        return "TRUE" if content == "1" else "FALSE"
    if kind in ("str", "d", "e"):
        return content
    try:
        number = float(content)
        return shown(number, _at(book.formats, style, "General"), since_1904=book.since_1904)
    except (ValueError, OverflowError):  # no number, or one without end
        return content


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _number(text: str) -> int:
    return int(text) if text.isdigit() and text.isascii() and len(text) < 9 else 0


def _at(items: list[T], number: int, default: T) -> T:
    return items[number] if number < len(items) else default
