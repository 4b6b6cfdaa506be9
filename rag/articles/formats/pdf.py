"""PDF: lines to paragraphs by where they stand on the page, without running heads and numbers.

The order of columns is `layout`'s.
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import Block, Meta
from rag.articles.formats.fields import headline, person
from rag.articles.formats.pdf_layout import HYPHENS, Character, Line, lines_in_order, pieces
from rag.articles.metadata import read_running_head
from rag.errors import ArticleError
from rag.schema import Article

if TYPE_CHECKING:
    from pypdfium2 import (  # type: ignore[import-untyped, unused-ignore]
        PdfDocument,
        PdfTextPage,
    )

_LOCK = threading.Lock()  # PDFium is one per process and knows no threads
PICTURE_WIDTH = 1000  # pixels of a page's picture, at most
_PICTURE_SCALE = 4.0  # a stamp of a page is not blown up beyond this
_EDGE_LINES = 3  # running heads are among so many lines at the top or bottom
_PAGE_NUMBER = re.compile(
    r"[-–—\s|]*(?:page|p\.?|seite)?\s*\d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?[-–—\s|]*", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?…:][\"”’'»)\]]*$")
_WORD_BEFORE = re.compile(rf"([^\W\d_]+)[{HYPHENS}]$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")


def read(data: bytes, path: str) -> list[Article]:
    """Read a PDF.

    Raises:
        ArticleError: encrypted, broken, or scanned without a text layer.

    """
    with _LOCK:
        pages, info = _extract(data)
    kept = _without_running_heads(pages)
    lines = [line for page in kept for line in page]
    if not any(character.isalnum() for line in lines for character in line.text):
        raise ArticleError(
            "The PDF has no text, only pictures of pages; run it through OCR first (ocrmypdf)."
        )
    title = headline(info.get("Title")) or _largest(lines)
    heads = (
        line for page, rest in zip(pages, kept, strict=True) for line in page if line not in rest
    )
    fallback = Meta(author=person(info.get("Author")))
    for line in heads:
        fallback = fallback.or_else(read_running_head(one_line(line.text)))
    blocks = _with_starts(_paragraphs(lines), len(pages))
    return [assemble(path, blocks, Meta(title=title), fallback=fallback, paged=True)]


def picture(data: bytes, page: int) -> bytes:
    """Page `page` (1-based) of a PDF as a PNG, `PICTURE_WIDTH` pixels wide.

    Raises:
        ArticleError: not readable as a PDF, or it has no such page.

    """
    import pypdfium2

    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
            try:
                sheet = document[page - 1]
                scale = min(_PICTURE_SCALE, PICTURE_WIDTH / sheet.get_width())
                drawn = sheet.render(scale=scale).to_pil().convert("RGB")
            finally:
                document.close()
        except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError) as error:
            raise ArticleError(f"Page {page} of the PDF cannot be drawn.") from error
    file = BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


def _extract(data: bytes) -> tuple[list[list[Line]], dict[str, str]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            reason = "The PDF is encrypted; save a copy without a password."
        else:
            reason = (
                "The file is not a readable PDF; open it in a viewer and print it to a new one."
            )
        raise ArticleError(reason) from error
    try:
        return _read_pages(document), document.get_metadata_dict()
    except Exception as error:  # a broken page: PDFium's wrapper raises many kinds
        raise ArticleError("A page of the PDF is broken; print it to a new PDF.") from error
    finally:
        document.close()


def _read_pages(document: PdfDocument) -> list[list[Line]]:
    pages = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        pages.append(lines_in_order(pieces(_characters(text), number)))
        text.close()
        page.close()
    return pages


def _characters(page: PdfTextPage) -> Iterator[Character]:
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    for index in range(page.count_chars()):
        code = raw.FPDFText_GetUnicode(page, index)
        raw.FPDFText_GetLooseCharBox(page, index, box)
        scaled = raw.FPDFText_GetMatrix(page, index, matrix)
        scale = math.hypot(matrix.c, matrix.d) if scaled else 1.0
        size = raw.FPDFText_GetFontSize(page, index) * scale or box.top - box.bottom
        yield Character(chr(code), box.left, box.bottom, box.right, box.top, size or 1.0)


# --- what repeats from page to page


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    repeated = Counter(key for page in pages for key in {_place(line) for line in _edges(page)})
    least = max(2, len(pages) // 3)
    return [
        [
            line
            for line in page
            if line not in edges
            or not (repeated[_place(line)] >= least or _is_page_number(line, page))
        ]
        for page in pages
        for edges in [_edges(page)]
    ]


def _edges(page: list[Line]) -> list[Line]:
    """Lines at the very top and bottom; a content stream may hold a foot before the text."""
    by_height = sorted(page, key=lambda line: -line.top)
    return by_height if len(page) < 4 else by_height[:_EDGE_LINES] + by_height[-_EDGE_LINES:]


def _place(line: Line) -> tuple[str, int]:
    # The headline of page 1 stands lower and larger than the head that repeats it.
    return re.sub(r"\d+", "#", one_line(line.text).casefold()), round(line.bottom / 6)


def _is_page_number(line: Line, page: list[Line]) -> bool:
    """Whether it is a number on a row of its own; one beside text may be a year in a list."""
    if not _PAGE_NUMBER.fullmatch(one_line(line.text)):
        return False
    return all(other is line or not other.bottom < line.middle < other.top for other in page)


# --- lines to paragraphs


def _largest(lines: list[Line]) -> str | None:
    """Join the first page's lines in the largest type, if they stand out."""
    first = [line for line in lines if line.page == lines[0].page][:12]
    size, usual = max(line.size for line in first), median(line.size for line in lines)
    if len(lines) < 4 or size < 1.25 * usual:
        return None
    big = [line for line in first if line.size > 0.9 * size]
    text = one_line(" ".join(line.text for line in big))
    return text if len(text.split()) <= 30 else None


def _paragraphs(lines: list[Line]) -> list[list[Line]]:
    step = _usual_step(lines)
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        if last and _goes_on(groups[-1], line, step, _margin(last, pages[last.page])):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _margin(line: Line, page: list[Line]) -> float:
    """Right edge of the column of the page that `line` stands in."""
    column = (other for other in page if abs(other.left - line.left) < 3 * line.size)
    return max(other.right for other in column)


def _usual_step(lines: list[Line]) -> float:
    """Distance from line to line within a paragraph, in points."""
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page]
    steps = [round(step, 1) for step in steps if 0 < step < 60]
    return Counter(steps).most_common(1)[0][0] if steps else 0.0


def _goes_on(group: list[Line], line: Line, step: float, margin: float) -> bool:
    """Whether `line` belongs to the paragraph that `group` is so far."""
    last = group[-1]
    if not 0.75 < line.size / last.size < 1.35 and line.text[:1].isupper():
        return False
    ended = _ENDS.search(last.text.rstrip()) is not None
    if line.page != last.page or line.bottom >= last.bottom:  # next page or column
        return not ended and (line.text[:1].islower() or not _had_room(last, line, margin))
    if last.bottom - line.bottom > 1.3 * max(step, last.size):
        return False
    if line.text[:1].islower():
        return True
    indented = line.left > last.left + 0.8 * last.size and len(group) > 1
    return not (_had_room(last, line, margin) or (ended and indented))


def _had_room(line: Line, after: Line, margin: float) -> bool:
    """Whether the first word of the next line would still have fitted: then the break is meant."""
    if line.text.rstrip()[-1] in HYPHENS:
        return False
    word = len(after.text.split()[0]) + 1
    return line.right + 0.9 * word * (after.right - after.left) / len(after.text) < margin


def _with_starts(groups: list[list[Line]], pages: int) -> list[Block]:
    """Blocks that know where pages begin in them; an empty page begins where the next does."""
    words = _whole_words(line for group in groups for line in group)
    blocks, page = [], 0
    for group in groups:
        text, starts = "", list[int]()
        for line in group:
            text = _append(text, line.text, words)
            if line.page >= page:
                # Never after the first characters of the line, which may be glued to a word.
                starts += [max(0, len(text) - len(clean_text(line.text)))] * (line.page + 1 - page)
                page = line.page + 1
        blocks.append(Block(text, starts=tuple(starts)))
    rest = [len(blocks[-1].text)] * (pages - page)
    last = blocks[-1]
    return [*blocks[:-1], Block(last.text, starts=(*last.starts, *rest))]


def _whole_words(lines: Iterable[Line]) -> set[str]:
    """All words but the halves of those that a line's end breaks."""
    words: set[str] = set()
    is_broken = False
    for line in lines:
        found = [word.lower() for word in _WORD_AFTER.findall(line.text)]
        begins = 1 if is_broken else 0
        is_broken = line.text.rstrip().endswith(tuple(HYPHENS))
        words.update(found[begins : len(found) - is_broken])
    return words


def _append(text: str, line: str, words: set[str]) -> str:
    raw = line.strip()
    before, after = _WORD_BEFORE.search(text), _WORD_AFTER.match(raw)
    hyphenated = text.endswith(tuple(HYPHENS)) and before and after
    if not text:
        return _tidy(raw)
    if not hyphenated or not before or not after:
        return f"{text} {_tidy(raw)}"
    whole = (before[1] + after[0]).lower()
    chained = text[before.start() - 1 : before.start()] == "-" or raw[after.end() :][:1] == "-"
    keeps = (
        chained
        or after[0][0].isupper()
        or (whole not in words and _both_words(before[1], after[0], words))
    )
    return text[:-1] + ("-" if keeps else "") + _tidy(raw)


def _both_words(one: str, other: str, words: set[str]) -> bool:
    """Whether both halves occur by themselves: "well-known" keeps its hyphen, "mili-tary" not."""
    return one.lower() in words and other.lower() in words and min(len(one), len(other)) > 2


def _tidy(text: str) -> str:
    """Clean, but with the mark of a broken word still at the end."""
    return one_line(text[:-1]) + "-" if text[-1] in HYPHENS else one_line(text)
