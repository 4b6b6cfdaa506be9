"""Where words of an article stand on a page of its PDF, to be marked on the page's picture.

An article's text is not the page's: hyphens are mended, running heads gone, columns in order. So
letters and digits alone are compared, and words that do not stand in one run are found in several.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import closing
from ctypes import byref, c_int
from typing import TYPE_CHECKING

from rag.errors import ArticleError

if TYPE_CHECKING:
    from pypdfium2 import (  # type: ignore[import-untyped, unused-ignore]
        PdfPage,
        PdfTextPage,
    )

Shares = tuple[float, float, float, float]  # left, top, right, bottom: of a page's width and height
_SURE = 12  # letters; what is shorter may stand elsewhere too
_FINE = 100_000  # steps into which a page is divided, for PDFium gives whole ones


def places(data: bytes, page: int, words: str) -> list[Shares]:
    """The stretches of lines on page `page` (1-based) that hold `words`, in the page's order.

    Empty where they are not found, as on a page that is a picture. Shares (0..1) are of the page
    as it is shown. Not for two threads at once, like all of PDFium.

    Raises:
        ArticleError: not readable as a PDF, or it has no such page.

    """
    import pypdfium2

    try:
        with (
            closing(pypdfium2.PdfDocument(data)) as document,
            closing(document[page - 1]) as opened,
            closing(opened.get_textpage()) as text,
        ):
            letters, at = _letters(text)
            runs = _runs(letters, _plain(words))
            return [
                share
                for start, end in runs
                for share in _shares(opened, text, at[start], _behind(text, at[end - 1]))
            ]
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise ArticleError(f"Page {page} of the PDF cannot be read.") from error


def _plain(text: str) -> str:
    """The letters and digits of `text`, ligatures taken apart, without case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _letters(text: PdfTextPage) -> tuple[str, list[int]]:
    """The letters and digits of a page, and of each the number of its character there."""
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    plain = [
        (letter, number)
        for number in range(text.count_chars())
        for letter in _plain(chr(raw.FPDFText_GetUnicode(text.raw, number)))
    ]
    return "".join(letter for letter, _ in plain), [number for _, number in plain]


def _behind(text: PdfTextPage, last: int) -> int:
    """The number of the character behind `last` and the signs that follow it: the full stop."""
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    end = last + 1
    while end < text.count_chars() and not (
        (sign := chr(raw.FPDFText_GetUnicode(text.raw, end))).isalnum() or sign.isspace()
    ):
        end += 1
    return end


def _runs(letters: str, wanted: str) -> Iterator[tuple[int, int]]:
    """Where `wanted` stands in `letters`: in one run, or in several as long as can be."""
    at = begin = 0
    while at < len(wanted):
        rest = wanted[at:]
        size = bisect_left(range(1, len(rest) + 1), True, key=lambda n: rest[:n] not in letters)
        if size < min(_SURE, len(wanted)):
            at += 1
            continue
        found = letters.find(rest[:size], begin)
        found = letters.find(rest[:size]) if found < 0 else found
        yield found, found + size
        at, begin = at + size, found + size


def _shares(page: PdfPage, text: PdfTextPage, start: int, end: int) -> Iterator[Shares]:
    """The boxes of a run of characters, one for each line of it."""
    for number in range(text.count_rects(start, end - start)):
        left, bottom, right, top = text.get_rect(number)
        across, down = zip(_shown(page, left, top), _shown(page, right, bottom), strict=True)
        yield min(across), min(down), max(across), max(down)


def _shown(page: PdfPage, x: float, y: float) -> tuple[float, float]:
    """A point of the page as shares of what is shown of it, turned as it is shown."""
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    across, down = c_int(), c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, x, y, byref(across), byref(down))
    return across.value / _FINE, down.value / _FINE
