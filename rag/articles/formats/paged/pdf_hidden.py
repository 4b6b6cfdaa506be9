"""What of a PDF's text nobody can see: white on white, covered, off the page, struck out.

It is decided by the page as it is drawn, with its text and without: where that makes no
difference, no text is seen. Under the picture of a whole page it is a layer of recognised text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.articles.formats.paged.pdf_layout import Box, Character

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pypdfium2 import PdfObject, PdfPage  # type: ignore[import-untyped, unused-ignore]

_SCALE = 2.0  # pixels to a point
_MOST_PIXELS = 2500  # of the longer side of a drawn page
_FAINT = 10  # of 255 steps of grey; what differs by less is not seen
_LIGHT = 225  # a colour from which nothing is dark
_DEEPEST = 15  # forms within forms
_RULE = 2.6  # points with its edges; a thicker one is a box
_MOST_LETTERS = 24  # in a word; more are judged one by one
_LAYER = 0.5  # of a page's area that a picture takes, and of its letters that are not drawn
_UNDRAWN = (3, 7)  # render modes: neither filled nor outlined


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn on a page besides text, in points.

    `is_plain`: all text is dark and nothing that could cover it is drawn over or under it.
    """

    pictures: tuple[Box, ...]
    boxes: tuple[Box, ...]  # outlined or filled
    rules: tuple[Box, ...]  # level and thin
    struck: tuple[Box, ...]  # by a mark of a reviewer
    shapes: int
    is_plain: bool

    def share_of_pictures(self, page: Box) -> float:
        """How much of the page its largest picture takes, 0..1."""
        return max((picture.overlap(page) / page.area for picture in self.pictures), default=0.0)


def drawn_on(page: PdfPage) -> Drawn:
    """Look at all that a page draws."""
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    around = Box(*page.get_bbox())
    pictures, boxes, rules, texts = list[Box](), list[Box](), list[Box](), list[Box]()
    covers, shapes, is_plain = list[Box](), 0, True
    for item in page.get_objects(max_depth=_DEEPEST):
        if item.type == raw.FPDF_PAGEOBJ_FORM:
            continue
        box = Box(*item.get_bounds()) if not item.level else None
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            is_plain = is_plain and _is_dark(item) and (box is None or box.is_inside(around))
            texts += [box] if box else []
        elif box is None:
            is_plain = False  # within a form its place is not known
        elif item.type == raw.FPDF_PAGEOBJ_PATH:
            shapes += 1
            is_flat = box.top - box.bottom <= _RULE
            (rules if is_flat else boxes).append(box)
            covers += [] if is_flat or box.right - box.left <= _RULE else [box]
        else:
            covers.append(box)
            pictures += [box] if item.type == raw.FPDF_PAGEOBJ_IMAGE else []
    is_plain = is_plain and not any(cover.holds(text) for cover in covers for text in texts)
    marks = tuple(_struck_by_annotations(page))
    return Drawn(tuple(pictures), tuple(boxes), tuple(rules), marks, shapes, is_plain)


def _is_dark(item: PdfObject) -> bool:
    """Whether a text is filled with a colour that is seen on white, and belongs to no layer."""
    from ctypes import c_uint

    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    if raw.FPDFTextObj_GetTextRenderMode(item.raw) in _UNDRAWN:
        return False
    red, green, blue, alpha = (c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(item.raw, red, green, blue, alpha):
        return False
    is_light = min(red.value, green.value, blue.value) >= _LIGHT or alpha.value < _FAINT
    return not is_light and not _is_in_layer(item)


def _is_in_layer(item: PdfObject) -> bool:
    from ctypes import c_ulong

    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    name, length = (raw.FPDF_WCHAR * 8)(), c_ulong()
    for number in range(raw.FPDFPageObj_CountMarks(item.raw)):
        mark = raw.FPDFPageObj_GetMark(item.raw, number)
        if raw.FPDFPageObjMark_GetName(mark, name, 16, length) and name[0] == ord("O"):
            return True
    return False


def _struck_by_annotations(page: PdfPage) -> Iterator[Box]:
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    quad = raw.FS_QUADPOINTSF()
    for number in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        note = raw.FPDFPage_GetAnnot(page.raw, number)
        if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_STRIKEOUT:
            for index in range(raw.FPDFAnnot_CountAttachmentPoints(note)):
                raw.FPDFAnnot_GetAttachmentPoints(note, index, quad)
                across = (quad.x1, quad.x2, quad.x3, quad.x4)
                up = (quad.y1, quad.y2, quad.y3, quad.y4)
                yield Box(min(across), min(up), max(across), max(up))
        raw.FPDFPage_CloseAnnot(note)


def seen(page: PdfPage, characters: list[Character], drawn: Drawn) -> list[Character]:
    """The characters that a reader sees, and those of a layer of recognised text.

    Takes the text off the page: nothing else may be read from it afterwards.
    """
    around = Box(*page.get_bbox())
    if drawn.struck or drawn.rules:
        characters = [*_not_struck(characters, drawn)]
    if drawn.is_plain:
        return characters
    scale = min(_SCALE, _MOST_PIXELS / max(around.right - around.left, around.top - around.bottom))
    whole = _drawing(page, scale)
    _take_text_off(page)
    shown = _Mask(np.abs(whole - _drawing(page, scale)) > _FAINT, around, scale)
    is_seen = [*_by_word(characters, lambda it: shown.any_in(it, it.bottom, it.top))]
    letters = sum(character.text.isalnum() for character in characters)
    unseen = sum(c.text.isalnum() and not it for c, it in zip(characters, is_seen, strict=True))
    if unseen > _LAYER * letters and drawn.share_of_pictures(around) >= _LAYER:
        inked = _Mask(_edges(whole), around, scale)
        is_seen = [
            *_by_word(characters, lambda it: inked.any_in(it, it.base, it.base + 0.5 * it.size))
        ]  # the middle of a letter, not the edge of a bar over it
    return [c for c, it in zip(characters, is_seen, strict=True) if it or c.text.isspace()]


def _drawing(page: PdfPage, scale: float) -> NDArray[np.int16]:
    pixels: NDArray[np.uint8] = page.render(scale=scale, grayscale=True).to_numpy()
    return np.squeeze(pixels).astype(np.int16)


def _take_text_off(page: PdfPage) -> None:
    from pypdfium2 import raw  # type: ignore[import-untyped, unused-ignore]

    for item in [*page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=_DEEPEST)]:
        raw.FPDFTextObj_SetTextRenderMode(item.raw, raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _edges(picture: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where a drawing is not of one shade."""
    edges = np.zeros(picture.shape, dtype=bool)
    edges[:, 1:] |= np.abs(np.diff(picture, axis=1)) > 3 * _FAINT
    edges[1:, :] |= np.abs(np.diff(picture, axis=0)) > 3 * _FAINT
    return edges


class _Mask:
    """Pixels of a page that are of a kind, counted so that any box is looked up at once."""

    def __init__(self, pixels: NDArray[np.bool_], around: Box, scale: float) -> None:
        self._counts = np.pad(pixels.cumsum(0, dtype=np.int32).cumsum(1), ((1, 0), (1, 0)))
        self._around, self._scale = around, scale

    def any_in(self, box: Character, low: float, high: float) -> bool:
        """Whether there is one within a character, but for its sides, between two heights."""
        rows, columns = (size - 1 for size in self._counts.shape)
        inset = 0.15 * (box.right - box.left)
        left = self._clamp(math.floor, box.left + inset - self._around.left, columns)
        right = self._clamp(math.ceil, box.right - inset - self._around.left, columns)
        top = self._clamp(math.floor, self._around.top - high, rows)
        bottom = self._clamp(math.ceil, self._around.top - low, rows)
        counts = self._counts
        inside: Any = counts[bottom, right] - counts[top, right] - counts[bottom, left]
        return bool(inside + counts[top, left] > 0)

    def _clamp(self, rounded: Any, points: float, most: int) -> int:
        return max(0, min(most, int(rounded(points * self._scale))))


def _by_word(characters: Sequence[Character], test: Any) -> Iterator[bool]:
    """For each character whether most of its word passes a test."""
    word: list[bool] = []
    for character in characters:
        if character.text.isspace():
            yield from _agreed(word)
            word = []
            yield False
        else:
            word.append(test(character))
    yield from _agreed(word)


def _agreed(word: list[bool]) -> list[bool]:
    if not 1 < len(word) <= _MOST_LETTERS:
        return word
    share = sum(word) / len(word)
    return word if 0.34 < share < 0.67 else [share >= 0.5] * len(word)


def _not_struck(characters: Iterable[Character], drawn: Drawn) -> Iterator[Character]:
    """Characters without those that a mark or a rule through their middle strikes out."""
    rules: dict[int, list[Box]] = {}
    for rule in drawn.rules:
        for height in {math.floor(rule.bottom / 8), math.floor(rule.top / 8)}:
            rules.setdefault(height, []).append(rule)
    for character in characters:
        low, high = character.base + 0.12 * character.size, character.base + 0.45 * character.size
        middle = (character.left + character.right) / 2
        near = {math.floor(low / 8), math.floor(high / 8)}
        through = (
            low <= (rule.bottom + rule.top) / 2 <= high and rule.left <= middle <= rule.right
            for height in near
            for rule in rules.get(height, ())
        )
        is_marked = any(
            mark.left <= middle <= mark.right and mark.bottom <= (low + high) / 2 <= mark.top
            for mark in drawn.struck
        )
        if character.text.isspace() or not (is_marked or any(through)):
            yield character
