"""PDF: lines to paragraphs by where they stand on the page, without running heads and numbers."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import Block, Meta
from rag.articles.fields import headline, person
from rag.articles.metadata import read_running_head
from rag.errors import ArticleError
from rag.schema import Article

if TYPE_CHECKING:
    from pypdfium2 import (  # type: ignore[import-untyped, unused-ignore]
        PdfDocument,
        PdfTextPage,
    )

_LOCK = threading.Lock()  # PDFium is one per process and knows no threads
_EDGE_LINES = 3  # running heads are among so many lines at the top or bottom
_PAGE_NUMBER = re.compile(
    r"[-–—\s|]*(?:page|p\.?|seite)?\s*\d{1,4}(?:\s*(?:of|/|von)\s*\d{1,4})?[-–—\s|]*", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?…:][\"”’'»)\]]*$")
_HYPHENS = "-\u00ad\u0002\ufffe"  # PDFium writes a hyphen at a line's end as U+0002 or U+FFFE
_WORD_BEFORE = re.compile(rf"([^\W\d_]+)[{_HYPHENS}]$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Line:
    """One printed line; the box is in points from the page's lower left corner."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


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


def _extract(data: bytes) -> tuple[list[list[_Line]], dict[str, str]]:
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


def _read_pages(document: PdfDocument) -> list[list[_Line]]:
    pages = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        pages.append(_merge(list(_pieces(text, number))))
        text.close()
        page.close()
    return pages


def _pieces(page: PdfTextPage, number: int) -> Iterator[_Line]:
    for index in range(page.count_rects()):
        box = page.get_rect(index)
        text = page.get_text_bounded(*box).strip("\r\n")
        if text.strip():
            yield _Line(text, number, *box)


def _merge(pieces: list[_Line]) -> list[_Line]:
    """Pieces of one line (a change of font starts a new piece) put together."""
    lines: list[_Line] = []
    for piece in pieces:
        if lines and _same_line(lines[-1], piece):
            lines[-1] = _joined(lines[-1], piece)
        else:
            lines.append(piece)
    return lines


def _same_line(line: _Line, piece: _Line) -> bool:
    overlap = min(line.top, piece.top) - max(line.bottom, piece.bottom)
    beside = -1 <= piece.left - line.right < 2.5 * max(line.height, piece.height)
    return overlap > 0.5 * min(line.height, piece.height) and beside


def _joined(line: _Line, piece: _Line) -> _Line:
    apart = piece.left - line.right > 0.12 * max(line.height, piece.height)
    spaced = line.text[-1:].isspace() or piece.text[:1].isspace()
    return _Line(
        line.text + (" " if apart and not spaced else "") + piece.text,
        line.page,
        line.left,
        min(line.bottom, piece.bottom),
        piece.right,
        max(line.top, piece.top),
    )


# --- what repeats from page to page


def _without_running_heads(pages: list[list[_Line]]) -> list[list[_Line]]:
    repeated = Counter(key for page in pages for key in {_place(line) for line in _edges(page)})
    least = max(2, len(pages) // 3)
    return [
        [line for line in page if line not in edges or not _is_running(line, repeated, least)]
        for page in pages
        for edges in [_edges(page)]
    ]


def _edges(page: list[_Line]) -> list[_Line]:
    """Lines at the very top and bottom; a content stream may hold a foot before the text."""
    by_height = sorted(page, key=lambda line: -line.top)
    return by_height if len(page) < 4 else by_height[:_EDGE_LINES] + by_height[-_EDGE_LINES:]


def _place(line: _Line) -> tuple[str, int]:
    # The headline of page 1 stands lower and larger than the head that repeats it.
    return re.sub(r"\d+", "#", one_line(line.text).casefold()), round(line.bottom / 6)


def _is_running(line: _Line, repeated: Counter[tuple[str, int]], least: int) -> bool:
    text = one_line(line.text)
    return repeated[_place(line)] >= least or _PAGE_NUMBER.fullmatch(text) is not None


# --- lines to paragraphs


def _largest(lines: list[_Line]) -> str | None:
    """Join the first page's lines in the largest type, if they stand out."""
    first = [line for line in lines if line.page == lines[0].page][:12]
    size, usual = max(line.height for line in first), median(line.height for line in lines)
    if len(lines) < 4 or size < 1.25 * usual:
        return None
    big = [line for line in first if line.height > 0.8 * size]
    text = one_line(" ".join(line.text for line in big))
    return text if len(text.split()) <= 30 else None


def _paragraphs(lines: list[_Line]) -> list[list[_Line]]:
    step = _usual_step(lines)
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, step, _margin(groups[-1][-1], lines)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _margin(line: _Line, lines: list[_Line]) -> float:
    """Right edge of the column that `line` stands in."""
    column = (o for o in lines if o.page == line.page and abs(o.left - line.left) < 3 * line.height)
    return max(other.right for other in column)


def _usual_step(lines: list[_Line]) -> float:
    """Distance from line to line within a paragraph, in points."""
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page]
    steps = [round(step, 1) for step in steps if 0 < step < 60]
    return Counter(steps).most_common(1)[0][0] if steps else 0.0


def _goes_on(group: list[_Line], line: _Line, step: float, margin: float) -> bool:
    """Whether `line` belongs to the paragraph that `group` is so far."""
    last = group[-1]
    if not 0.75 < line.height / last.height < 1.35 and line.text[:1].isupper():
        return False
    ended = _ENDS.search(last.text.rstrip()) is not None
    if line.page != last.page or line.bottom >= last.bottom:  # next page or column
        return not ended and (line.text[:1].islower() or not _had_room(last, line, margin))
    if last.bottom - line.bottom > 1.3 * max(step, last.height):
        return False
    if line.text[:1].islower():
        return True
    indented = line.left > last.left + 0.8 * last.height and len(group) > 1
    return not (_had_room(last, line, margin) or (ended and indented))


def _had_room(line: _Line, after: _Line, margin: float) -> bool:
    """Whether the first word of the next line would still have fitted: then the break is meant."""
    if line.text.rstrip()[-1] in _HYPHENS:
        return False
    word = len(after.text.split()[0]) + 1
    return line.right + 0.9 * word * (after.right - after.left) / len(after.text) < margin


def _with_starts(groups: list[list[_Line]], pages: int) -> list[Block]:
    """Blocks that know where pages begin in them; an empty page begins where the next does."""
    words = {word.lower() for g in groups for line in g for word in _WORD_AFTER.findall(line.text)}
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


def _append(text: str, line: str, words: set[str]) -> str:
    raw = line.strip()
    before, after = _WORD_BEFORE.search(text), _WORD_AFTER.match(raw)
    hyphenated = text.endswith(tuple(_HYPHENS)) and before and after
    if not text:
        return _tidy(raw)
    if not hyphenated or not before or not after:
        return f"{text} {_tidy(raw)}"
    whole = (before[1] + after[0]).lower()
    keeps = after[0][0].isupper() or (
        whole not in words and _both_words(before[1], after[0], words)
    )
    return text[:-1] + ("-" if keeps else "") + _tidy(raw)


def _both_words(one: str, other: str, words: set[str]) -> bool:
    """Whether both halves occur by themselves: "well-known" keeps its hyphen, "mili-tary" not."""
    return one.lower() in words and other.lower() in words and min(len(one), len(other)) > 2


def _tidy(text: str) -> str:
    """Clean, but with the mark of a broken word still at the end."""
    return one_line(text[:-1]) + "-" if text[-1] in _HYPHENS else one_line(text)
