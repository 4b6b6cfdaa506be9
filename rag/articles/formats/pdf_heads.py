"""What repeats from page to page of a PDF: running heads, page numbers, stamps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rag.articles.cleaning import one_line
from rag.articles.formats.pdf_layout import Line

_EDGE_LINES = 3  # running heads are among so many lines at the top or bottom
_PAGE_NUMBER = re.compile(
    r"[-–—\s|]*(?:page|p\.?|seite|página|pagina|pág\.?|str\.)?\s*(?:\d{1,4}|[ivxl]{1,6})"
    r"(?:\s*(?:of|/|von|de|sur|di|van)\s*\d{1,4})?[-–—\s|]*",
    re.IGNORECASE,
)
_ALIKE = 0.8  # of a page's lines that stand on another too: the same page twice
_LEAST_LEFT = 0.34  # of a page's letters that must remain
_HEIGHT = 4.0  # points by which a head may stand higher or lower


def without_running_heads(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Pages without what stands at the same place of others, and without their numbers.

    A page that is the same as another repeats nothing; no page is emptied of its text.
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
        return repeated[key] >= least and near >= least

    return [
        _without_heads(page, [line for line in _edges(page) if is_head(line)]) for page in pages
    ]


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
