"""Comma- and tab-separated tables, one article a row, columns found by their usual names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from rag.articles.cleaning import decode, one_line
from rag.articles.formats.exported.exports import program_of, transcript
from rag.articles.formats.exported.field_values import uses
from rag.articles.formats.exported.recordings import read_recording
from rag.articles.formats.exported.records import USUAL_TEXT, Record, read_records
from rag.articles.reading import Reading
from rag.errors import ArticleError

_DELIMITERS = "\t,;|"
_SEP = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)  # a line for Excel
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_LONGEST = 16 * 2**20  # characters in a cell; the csv module's own limit is too low for articles
_MOST_ABOVE = 5  # rows that are tried as the header
_MOST_COLUMNS = 12  # named in a message

csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))


def read(data: bytes, path: str) -> Reading:
    """Read all rows; one without an id is called by its row, the header being row 1.

    Raises:
        ArticleError: not text, or no column is called like an article's text.

    """
    text = decode(data).lstrip("\r\n")
    if stated := _SEP.match(text):
        text = text[stated.end() :]
    delimiter = stated[1] if stated else _sniff(text)
    rows = _rows(text, delimiter, plain=_is_plain(text, delimiter))
    header = _header(rows)
    if found := transcript([dict.fromkeys(header)]):
        cues = [record.values for record in _records(rows, header)]
        return read_recording(found[0], cues, {}, path)
    reading = read_records(_records(rows, header), path, "row")
    if not reading.articles and not {"text", "lead"} & uses(header):
        raise ArticleError(_without_text(header))
    return reading


def _header(rows: Iterator[tuple[int, list[str], str | None]]) -> list[str]:
    """The first row that names a column for the text; a table's own title may stand above.

    A row of other usual names will do: the text may have a column with an odd one.
    """
    first: list[str] = []
    for _, (number, cells, trouble) in zip(range(_MOST_ABOVE), rows, strict=False):
        if number == 1 and trouble:
            raise ArticleError(f"The header of the table is malformed: {trouble}")
        if "text" in uses(cells) or len(uses(cells)) > 1 or program_of(dict.fromkeys(cells)):
            return cells
        first = first or cells
    raise ArticleError(_without_text(first))


def _without_text(header: list[str]) -> str:
    found = ", ".join(one_line(name)[:40] or "(empty)" for name in header[:_MOST_COLUMNS])
    return (
        f"No column holds the articles' text: the columns are {found or 'none'}. "
        f"Call one {USUAL_TEXT}."
    )


def _sniff(text: str) -> str:
    """Delimiter under which the header has the most usual names, then the most columns.

    One column has none; a tab then, which no text holds, stands for it.
    """

    def score(delimiter: str) -> tuple[int, int]:
        _, header, _ = next(_rows(text, delimiter), (1, [], None))
        return len(uses(header)), len(header)

    return max(_DELIMITERS, key=score)


def _is_plain(text: str, delimiter: str) -> bool:
    """Whether quotation marks are text: so every line is a whole row, and else fewer rows are."""
    if not re.search(rf'(?:^|{re.escape(delimiter)})"', text, re.MULTILINE):
        return False
    plain = [(len(cells), trouble) for _, cells, trouble in _rows(text, delimiter, plain=True)]
    strict = [(len(cells), trouble) for _, cells, trouble in _rows(text, delimiter)]
    width = plain[0][0] if plain else 0
    is_broken = delimiter == "\t" or any(trouble for _, trouble in strict)
    is_sound = width > 1 and all(row == (width, None) for row in plain)
    return is_sound and is_broken and len(plain) > strict.count((width, None))


def _unquoted(cell: str) -> str:
    match = _QUOTED.fullmatch(cell)
    return match[1].replace('""', '"') if match else cell


def _rows(
    text: str, delimiter: str, *, plain: bool = False
) -> Iterator[tuple[int, list[str], str | None]]:
    """Number, cells and what is wrong with it, of each row that is not blank.

    `plain`: quotation marks are text, but for those around a whole cell.
    """
    lines = io.StringIO(text, newline="")
    if plain:
        reader = csv.reader(lines, delimiter=delimiter, strict=True, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, [], _explained(str(error))
            continue
        if any(cell.strip() for cell in cells):
            yield number, [_unquoted(cell) for cell in cells] if plain else cells, None


def _explained(error: str) -> str:
    if "unexpected end" in error:
        return "A quotation mark is opened and never closed; the table ends within the cell."
    return f"{error}; quotation marks within a quoted cell must be doubled."


def _records(
    rows: Iterator[tuple[int, list[str], str | None]], header: list[str]
) -> Iterator[Record]:
    for number, cells, trouble in rows:
        if any(cell.strip() for cell in cells[len(header) :]):
            trouble = f"It has {len(cells)} cells under {len(header)} columns."
        yield Record(number, dict(zip(header, cells, strict=False)), trouble)
