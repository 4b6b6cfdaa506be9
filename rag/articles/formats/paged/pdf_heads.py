"""What repeats from page to page of a PDF: running heads, page numbers, stamps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.articles.cleaning import one_line
from rag.articles.formats.paged.pdf_layout import ENDS, Line

_EDGE_LINES = 3  # running heads are among so many lines at the top or bottom
_PAGE_NUMBER = re.compile(
    r"[-–—\s|]*(?:page|p\.?|seite|página|pagina|pág\.?|str\.)?\s*(?:\d{1,4}|[ivxl]{1,6})"
    r"(?:\s*(?:of|/|von|de|sur|di|van)\s*\d{1,4})?[-–—\s|]*",
    re.IGNORECASE,
)
_ALIKE = 0.8  # of a page's lines that stand on another too: the same page twice
_LEAST_LEFT = 0.34  # of a page's letters that must remain
_MANY = 4  # pages; what stands on so many is no text, however long
_SAME_TYPE = 0.06  # of the usual size
_LONGEST_HEAD, _LONGEST_ROW = 8, 16  # words, in the usual type and in any
_LEAST_COUNTED = 2  # pages
_GAP = 1.7  # type sizes from a head in the usual type to the text
_FIRST = re.compile(r"[\W_]*(?:page\s|p\.\s?)?(\d{1,4})(?=\s|$)(?!\s?[.)])", re.IGNORECASE)
_LAST = re.compile(r"(?<![\d.,/:-])(\d{1,4})(?:\s?(?:of|/|von|de|sur)\s?\d{1,4})?[\W_]*$")
_OF_PAGES = re.compile(r"\bpage\s\d+\s(?:of|/)\s\d+[\W_]*$", re.IGNORECASE)
_HEIGHT = 4.0  # points by which a head may stand higher or lower


def without_running_heads(pages: Sequence[list[Line]], body: float) -> list[list[Line]]:
    """Pages without what stands at the same place of others, and without their numbers.

    A page that is the same as another repeats nothing; no page is emptied of its text. `body`: the
    usual size of type, in points.
    """
    distinct = _distinct(pages)
    repeated = Counter(key for page in distinct for key in {_words(line) for line in _edges(page)})
    least = max(2, len(distinct) // 3)
    places: dict[str, list[float]] = {}
    for page in distinct:
        for line in _edges(page):
            places.setdefault(_words(line), []).append(line.bottom)

    def is_head(line: Line) -> bool:
        key = _words(line)
        near = sum(abs(line.bottom - other) <= _HEIGHT for other in places.get(key, ()))
        is_text = len(pages) < _MANY and _can_be_text(line, body)
        return repeated[key] >= least and near >= least and not is_text

    rows = _numbered_rows(pages, body) | _placed_rows(pages, body)
    return [
        _without_heads(page, [it for it in _edges(page) if id(it) in rows or is_head(it)])
        for page in pages
    ]


def _can_be_text(line: Line, body: float) -> bool:
    """Whether a line is a note of the foot, or in the usual type and (part of) a sentence."""
    is_usual = abs(line.size - body) < _SAME_TYPE * body
    is_part = line.text[:1].islower() or line.text.rstrip()[-1] in ".,;"
    is_sentence = is_part or len(line.text.split()) > _LONGEST_HEAD
    return bool(line.mark) or (is_usual and is_sentence)


# --- rows with the number of their page


def _numbered_rows(pages: Sequence[list[Line]], body: float) -> set[int]:
    """The ids of what stands in one row with a number that counts the pages.

    Such heads may differ from page to page: a title on the left, an author on the right.
    """
    rows = [[row for row in _outer_rows(page) if _is_apart(row, page, body)] for page in pages]
    found = [
        (page, row, int(number) - page)
        for page, of_page in enumerate(rows)
        for row in of_page
        for number in _numbers(row)
    ]
    counts = Counter(offset for offset, _ in {(offset, page) for page, _, offset in found})
    numbered: set[int] = set()
    for page, row, offset in found:
        is_small = offset == 1 and row[0].size < (1 - _SAME_TYPE) * body
        is_said = page > 0 or _OF_PAGES.search(row[-1].text) is not None
        if counts[offset] >= _LEAST_COUNTED or (is_small and is_said):
            numbered |= {id(line) for line in row}
    return numbered


def _placed_rows(pages: Sequence[list[Line]], body: float) -> set[int]:
    """The ids of short lines in small type that stand apart at the same place of several pages.

    One alone is a head where the text runs on past it from the page before.
    """
    found = [
        (number, row)
        for number, page in enumerate(pages)
        for row in (_outer_rows(page) if number else [])
        if _is_apart(row, page, body) and all(_is_small_head(line, body) for line in row)
        if min((abs(it.base - row[0].base) for it in page if it not in row), default=0.0)
        > _GAP * row[0].size
    ]
    placed: set[int] = set()
    for number, row in found:
        alike = {other for other, it in found if abs(it[0].base - row[0].base) < 1}
        if len(alike) >= _LEAST_COUNTED or _runs_on(pages[number - 1], pages[number], row, body):
            placed |= {id(line) for line in row}
    return placed


def _is_small_head(line: Line, body: float) -> bool:
    is_short = len(line.text.split()) <= _LONGEST_HEAD and not ENDS.search(line.text.rstrip())
    return is_short and line.size < (1 - _SAME_TYPE) * body and not line.mark


def _runs_on(before: list[Line], page: list[Line], row: list[Line], body: float) -> bool:
    """Whether a sentence runs from the page before to what stands below `row`."""
    usual = [[it for it in lines if it.size > (1 - _SAME_TYPE) * body] for lines in (before, page)]
    if not all(usual) or usual[1][0].base > row[0].base:
        return False
    return not ENDS.search(usual[0][-1].text.rstrip()) and usual[1][0].text[:1].islower()


def _outer_rows(page: list[Line]) -> list[list[Line]]:
    """What stands at the height of the first line, and of the last."""
    heights = {
        line.base for line in sorted(page, key=lambda line: line.base)[:: max(1, len(page) - 1)]
    }
    near = ([line for line in page if abs(line.base - it) < 0.4 * line.size] for it in heights)
    return [sorted(row, key=lambda line: line.left) for row in near]


def _numbers(row: list[Line]) -> set[str]:
    """Numbers at the outer ends of a row; "1." before a heading is none of a page."""
    text = one_line("  ".join(line.text for line in row))
    found = (_FIRST.match(text), _LAST.search(text))
    return {match[1] for match in found if match}


def _is_apart(row: list[Line], page: list[Line], body: float) -> bool:
    """Whether a row is short, no larger than the text, and in other type or set apart from it."""
    if sum(len(line.text.split()) for line in row) > _LONGEST_ROW:
        return False
    if max(line.size for line in row) > (1 + _SAME_TYPE) * body:
        return False
    rest = [line for line in page if line not in row]
    gap = min((abs(line.base - row[0].base) for line in rest), default=0.0)
    is_usual = max(line.size for line in row) > (1 - _SAME_TYPE) * body
    return not is_usual or gap > _GAP * row[0].size


def _without_heads(page: list[Line], heads: list[Line]) -> list[Line]:
    numbers = [line for line in _edges(page) if _is_page_number(line, page)]
    kept = [line for line in page if line not in heads and line not in numbers]
    if heads and _letters(kept) < _LEAST_LEFT * _letters(heads):
        kept = [line for line in page if line not in numbers]
    return kept


def _letters(lines: list[Line]) -> int:
    return sum(character.isalpha() for line in lines for character in line.text)


def _distinct(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Pages, each of those that are alike once."""
    found: list[tuple[list[Line], set[str]]] = []
    for page in pages:
        keys = {_words(line) for line in page}
        if not any(_is_alike(keys, others) for _, others in found[-8:]):
            found.append((page, keys))
    return [page for page, _ in found]


def _is_alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= _ALIKE * max(len(one), len(other), 1)


def _edges(page: list[Line]) -> list[Line]:
    """Lines at the very top and bottom; a content stream may hold a foot before the text."""
    by_height = sorted(page, key=lambda line: -line.top)
    return by_height if len(page) < 4 else by_height[:_EDGE_LINES] + by_height[-_EDGE_LINES:]


def _words(line: Line) -> str:
    return re.sub(r"\d+", "#", one_line(line.text).casefold())


def _is_page_number(line: Line, page: list[Line]) -> bool:
    """Whether it is a number on a row of its own; one beside text may be a year in a list."""
    if not _PAGE_NUMBER.fullmatch(one_line(line.text)):
        return False
    return all(other is line or not other.bottom < line.middle < other.top for other in page)
