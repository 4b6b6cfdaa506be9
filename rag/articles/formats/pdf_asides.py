"""What stands beside the running text of a page: boxes of facts, captions, footnotes.

It is taken out, so that no sentence is broken by it, and handed on by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from rag.articles.formats.pdf_hidden import Drawn
from rag.articles.formats.pdf_layout import ENDS, Box, Line
from rag.articles.formats.pdf_order import lines_in_order
from rag.schema import Kind

_LEAST_BOX = (60.0, 24.0)  # points wide and high
_MOST_OF_PAGE = 0.6  # of its lines; a frame around more is the page's own
_LEAST_BESIDE = 2  # lines of other text at the height of a box
_LEAST_PICTURE = (50.0, 40.0)  # points
_SMALL = 0.94  # of the usual type: what captions and footnotes are set in
_CAPTION_LINES = 6
_NEAR = 2.2  # type sizes from a picture to its caption
_LARGER = 1.15  # times the usual type
_MOST_BETWEEN = 8  # lines
_NOTE = re.compile(r"(?:\(?\d{1,3}[.)]?|\[\d{1,3}\]|[*†‡§¶]{1,3})\s+(?=\S)|[*†‡§¶]{1,3}(?=\w)")


@dataclass(frozen=True, slots=True)
class Aside:
    """Lines of one page that belong together, in reading order.

    `is_turned`: they run another way than the page's other lines.
    """

    lines: list[Line]
    kind: Kind
    page: int
    is_turned: bool = False


def parted(pieces: list[Line], drawn: Drawn, body: float) -> tuple[list[Line], list[Aside]]:
    """Pieces of one page without those in boxes and under pictures, and these.

    `body`: the usual size of type, in points.
    """
    found: list[Aside] = []
    for box in _boxes(drawn.boxes, pieces):
        inside = [piece for piece in pieces if box.holds(piece)]
        if _is_beside(box, inside, pieces):
            pieces = [piece for piece in pieces if not box.holds(piece)]
            found.append(Aside(lines_in_order(inside), "body", inside[0].page))
    for picture in drawn.pictures:
        if caption := _caption(picture, pieces, body):
            taken = {id(piece) for piece in caption}
            pieces = [piece for piece in pieces if id(piece) not in taken]
            found.append(Aside(lines_in_order(caption), "caption", caption[0].page))
    return pieces, found


def _boxes(boxes: Iterable[Box], pieces: Sequence[Line]) -> list[Box]:
    """Large boxes that are no cells of a table, the largest first."""
    distinct = [*dict.fromkeys(Box(*(round(edge) for edge in box)) for box in boxes)]
    large = [
        box
        for box in distinct
        if box.right - box.left >= _LEAST_BOX[0] and box.top - box.bottom >= _LEAST_BOX[1]
    ]
    if len(large) > 60:  # a drawing, or a table
        return []
    return sorted(
        (box for box in large if not any(_is_cell_beside(box, other) for other in large)),
        key=lambda box: -box.area,
    )


def _is_cell_beside(box: Box, other: Box) -> bool:
    touches = min(abs(box.left - other.right), abs(box.right - other.left)) <= 2
    return touches and abs(box.top - other.top) <= 2 and abs(box.bottom - other.bottom) <= 2


def _is_beside(box: Box, inside: list[Line], pieces: list[Line]) -> bool:
    """Whether a box is a part of the page that other text goes past."""
    if len(inside) < 2 or len(inside) > _MOST_OF_PAGE * len(pieces):
        return False
    if sum(len(piece.text) for piece in inside) < 20:
        return False
    past = sum(box.bottom < piece.middle < box.top and not box.holds(piece) for piece in pieces)
    return past >= _LEAST_BESIDE


def _caption(picture: Box, pieces: list[Line], body: float) -> list[Line]:
    """The small lines right under a picture."""
    width, height = picture.right - picture.left, picture.top - picture.bottom
    if width < _LEAST_PICTURE[0] or height < _LEAST_PICTURE[1]:
        return []
    found: list[Line] = []
    edge = picture.bottom
    for piece in sorted(pieces, key=lambda piece: (-piece.base, piece.left)):
        is_under = picture.left - 6 <= piece.left and piece.right <= picture.right + 6
        if piece.size > _SMALL * body or not is_under or piece.base > picture.bottom:
            continue
        near = (_NEAR if not found else 1.7) * piece.size
        if edge - piece.base > near or len(found) >= _CAPTION_LINES * 3:
            break
        found.append(piece)
        edge = piece.base
    return found


def interruptions(page: list[Line], body: float) -> tuple[list[Line], list[Aside]]:
    """Lines of one page without those in another type that stand amid a sentence, and these.

    Larger ones are words taken from the text to be seen; smaller ones a caption.
    """
    kept: list[Line] = []
    found: list[Aside] = []
    number = 0
    while number < len(page):
        run = _run_of_other_type(page[number:], body)
        after = page[number + len(run) : number + len(run) + 1]
        if run and kept and after and _go_on(kept[-1], after[0]):
            kind: Kind = "caption" if run[0].size < body else "body"
            found.append(Aside(run, kind, run[0].page))
        else:
            run = run or page[number : number + 1]
            kept += run
        number += len(run)
    return kept, found


def _run_of_other_type(lines: list[Line], body: float) -> list[Line]:
    large, small = lines[0].size >= _LARGER * body, lines[0].size <= _SMALL * body
    if not large and not small:
        return []
    run = [*takewhile(lambda line: abs(line.size - lines[0].size) < 0.5, lines)]
    return run if len(run) <= _MOST_BETWEEN else []


def _go_on(line: Line, after: Line) -> bool:
    """Whether a sentence runs from one line of the same type to the other."""
    alike = abs(line.size - after.size) < 0.06 * line.size
    return alike and not ENDS.search(line.text.rstrip()) and after.text[:1].islower()


def footnotes(page: list[Line], body: float) -> tuple[list[Line], list[Aside]]:
    """Lines of one page in reading order without its footnotes, and these, one by one."""
    taken: list[list[Line]] = []
    for run in _runs_of_small(page, body):
        starts = [n for n, line in enumerate(run) if line.mark or _NOTE.match(line.text)]
        if starts and _is_at_foot(run[starts[0] :], page, body):
            ends = [*starts[1:], len(run)]
            taken += [run[start:end] for start, end in zip(starts, ends, strict=True)]
    dropped = {id(line) for note in taken for line in note}
    kept = [line for line in page if id(line) not in dropped]
    return kept, [Aside(_without_mark(note), "caption", note[0].page) for note in taken]


def _runs_of_small(page: list[Line], body: float) -> list[list[Line]]:
    runs: list[list[Line]] = [[]]
    for line in page:
        is_small = line.size <= _SMALL * body
        if is_small and runs[-1] and line.bottom > runs[-1][-1].bottom + line.size:
            runs.append([line])
        elif is_small:
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _is_at_foot(run: list[Line], page: list[Line], body: float) -> bool:
    """Whether no usual text stands below a run of small lines, in its column."""
    foot = min(line.bottom for line in run)
    left, right = min(line.left for line in run), max(line.right for line in run)
    return not any(
        line.base < foot and line.size > _SMALL * body and line.left < right and line.right > left
        for line in page
    )


def _without_mark(note: list[Line]) -> list[Line]:
    first = note[0]
    match = None if first.mark else _NOTE.match(first.text)
    return [replace(first, text=first.text[match.end() :]), *note[1:]] if match else note
