"""What stands on a page of a PDF for a reader's eye: characters, pictures, rules and boxes.

Knows PDFium, and nothing of lines. A page is laid the way its text runs, whatever its /Rotate
says; text that runs another way on the same page is handed on apart.
"""

from __future__ import annotations

import math
from collections import Counter
from contextlib import closing
from ctypes import c_double, c_void_p, cast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.articles.formats.paged.pdf_forms import Entry, entries_of
from rag.articles.formats.paged.pdf_hidden import Drawn, drawn_on, seen
from rag.articles.formats.paged.pdf_layout import Box, Character

if TYPE_CHECKING:
    from pypdfium2 import (  # type: ignore[import-untyped, unused-ignore]
        PdfDocument,
        PdfPage,
    )

_ASKEW = 20  # degrees; text that leans further is a stamp across the page
_TINY = 0.0013  # of the page's longer side; nobody reads smaller type
_FEW_LETTERS = 60  # a stamp or a number on a scan
_PICTURE_OF_PAGE = 0.25  # of the page
_SHAPES = 40  # drawn paths on a page without text: letters as outlines, or a drawing


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `turned`: characters that run another way than most, upright for their own.

    Boxes are in points from the lower left corner; `box` is what of the page is shown.
    """

    characters: list[Character]
    turned: list[list[Character]]
    box: Box
    drawn: Drawn
    entries: list[Entry]  # of a form
    letters: int  # letters and digits, however they run

    @property
    def is_scan(self) -> bool:
        """Whether what is on the page is a picture, or letters drawn as shapes, and no text."""
        letters = self.letters + sum(len(entry.value) for entry in self.entries)
        if letters >= _FEW_LETTERS:
            return False
        has_picture = self.drawn.share_of_pictures(self.box) >= _PICTURE_OF_PAGE
        return has_picture or (not letters and self.drawn.shapes >= _SHAPES)


def sheet(document: PdfDocument, number: int) -> Sheet:
    """Page `number` (from 0). The page is laid upright in `document`, which no longer shows it."""
    with closing(document[number]) as page:
        entries = entries_of(document, page)
        if is_turned := page.get_rotation() != 0:
            page.set_rotation(0)  # else PDFium orders the text by how the page is shown
        read = None if is_turned else _characters(page)
    found, turns = read or _reopened(document, number)
    main = turns.most_common(1)[0][0] if turns else 0
    if main:
        matrix = _turn(document, number, main)
        entries = [entry.turned(matrix) for entry in entries]
        found, _ = _reopened(document, number)
    with closing(document[number]) as page:
        box, drawn = Box(*page.get_bbox()), drawn_on(page)
        characters = seen(page, found, drawn)
    others, laid = [], main
    for turn in sorted(set(turns) - {main}):
        _turn(document, number, (turn - laid) % 4)
        laid = turn
        found, _ = _reopened(document, number)
        with closing(document[number]) as page:
            others.append(seen(page, found, drawn_on(page)))
    letters = sum(map(str.isalnum, (it.text for run in (characters, *others) for it in run)))
    return Sheet(characters, others, box, drawn, entries, letters)


def _reopened(document: PdfDocument, number: int) -> tuple[list[Character], Counter[int]]:
    """What is on a page that was turned since it was opened."""
    with closing(document[number]) as page:
        return _characters(page)


def _quarters(a: float, b: float) -> int | None:
    angle = math.degrees(math.atan2(b, a))
    quarters = round(angle / 90)
    return quarters % 4 if abs(angle - 90 * quarters) <= _ASKEW else None


def _turn(document: PdfDocument, number: int, quarters: int) -> tuple[float, ...]:
    """Turn what is on a page back by so many quarters; return the matrix that did it."""
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    with closing(document[number]) as page:
        left, bottom, right, top = page.get_bbox()
        matrix = {
            0: (1.0, 0.0, 0.0, 1.0, -left, -bottom),
            1: (0.0, -1.0, 1.0, 0.0, -bottom, right),
            2: (-1.0, 0.0, 0.0, -1.0, right, top),
            3: (0.0, 1.0, -1.0, 0.0, top, -left),
        }[quarters]
        raw.FPDFPage_TransFormWithClip(page.raw, raw.FS_MATRIX(*matrix), None)
        width, height = right - left, top - bottom
        size = (height, width) if quarters % 2 else (width, height)
        page.set_mediabox(0, 0, *size)
        page.set_cropbox(0, 0, *size)
    return matrix


def _characters(page: PdfPage) -> tuple[list[Character], Counter[int]]:
    """All that run upright and are large enough to be read; how many run in each direction.

    Directions are quarters of a turn; what lies askew has none.
    """
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    around = Box(*page.get_bbox())
    least = _TINY * max(around.right - around.left, around.top - around.bottom)
    box, matrix, x, y = raw.FS_RECTF(), raw.FS_MATRIX(), c_double(), c_double()
    found, turns, upright = list[Character](), Counter[int](), 0
    last = Character("", 0, 0, 0, 0, 1)
    with closing(page.get_textpage()) as text:
        handle = text.raw  # each call is as dear as its conversions
        for index in range(text.count_chars()):
            scaled = raw.FPDFText_GetMatrix(handle, index, matrix)
            if scaled and (matrix.b or matrix.a <= 0):
                turn = _quarters(matrix.a, matrix.b)
                if turn != 0:
                    turns.update([] if turn is None else [turn])
                    continue
            letter = chr(raw.FPDFText_GetUnicode(handle, index))
            if letter.isspace():  # where it stands is not asked for
                found.append(Character(letter, *last[1:]))
                continue
            upright += 1
            raw.FPDFText_GetLooseCharBox(handle, index, box)
            raw.FPDFText_GetCharOrigin(handle, index, x, y)
            scale = math.hypot(matrix.c, matrix.d) if scaled else 1.0
            size = raw.FPDFText_GetFontSize(handle, index) * scale or box.top - box.bottom or 1.0
            drawn = raw.FPDFText_GetTextObject(handle, index)
            font = cast(raw.FPDFTextObj_GetFont(drawn), c_void_p).value if drawn else None
            corners = (box.left, box.bottom, box.right, box.top)
            last = Character(letter, *corners, size, y.value, font or 0)
            if size >= least:
                found.append(last)
    return found, turns + Counter({0: upright})
