"""Where the words of a page stand, and in which order to read them: columns, then lines.

Knows boxes alone, in points from the page's lower left corner; nothing of PDF.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import median
from typing import NamedTuple

_LEAST_LINES = 4  # of a column
_LEAST_WORDS = 3  # in most of a column's lines; cells of a table have fewer
_LEAST_FILL = 0.6  # of a column's width that most of its lines take
_LEAST_WIDTH = 0.15  # of the page's text; a narrower column is one of numbers or dates
_MOST_STARTS = 40  # left edges that are tried
_MOST_NEAR = 0.1  # of a column's lines may stick out into the gutter
_LEAST_GUTTER = 0.5  # type sizes
_WORD_SPACE = 0.6  # type sizes; what is farther apart may stand in two columns
_WIDE_SPACE = 2.0  # type sizes, within a line of one column


HYPHENS = "-\u00ad\u0002\ufffe"  # PDFium writes a hyphen at a line's end as U+0002 or U+FFFE


class Character(NamedTuple):
    """One character, the box that its font reserves for it, and the size of its type.

    The boxes of two fonts differ in height for the same size. White space may have no box.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, or a piece of one. `page` counts from 0."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float
    size: float  # of the type, in points

    @property
    def middle(self) -> float:
        """Half-way up, in points."""
        return (self.top + self.bottom) / 2


def pieces(characters: Iterable[Character], page: int) -> list[Line]:
    """Runs of characters without a break or a gap that could be a column's."""
    runs: list[list[Character]] = [[]]
    last: Character | None = None  # that was printed
    for character in characters:
        is_break = character.text in "\r\n"
        is_printed = not (is_break or character.text.isspace())
        if is_break or (is_printed and last and _breaks(last, character)):
            runs.append([])
        last = None if is_break else character if is_printed else last
        if not is_break:
            runs[-1].append(character)
    return [line for run in runs if (line := _line(run, page))]


def _breaks(last: Character, character: Character) -> bool:
    """Whether a new piece begins; not at each letter of a line that runs up the page."""
    size = max(last.size, character.size)
    overlap = min(last.top, character.top) - max(last.bottom, character.bottom)
    if overlap <= 0:  # PDFium leaves out the break after a hyphen
        return last.text in HYPHENS
    return not -size < character.left - last.right < _WORD_SPACE * size


def _line(run: list[Character], page: int) -> Line | None:
    printed = [character for character in run if not character.text.isspace()]
    if not printed:
        return None
    return Line(
        "".join(character.text for character in run).strip(),
        page,
        min(character.left for character in printed),
        median(character.bottom for character in printed),  # not that of a footnote's mark
        max(character.right for character in printed),
        median(character.top for character in printed),
        median(character.size for character in printed),
    )


def lines_in_order(drawn: list[Line]) -> list[Line]:
    """The lines of one page, of pieces in the order in which they were drawn.

    That order stays within a column; columns are read one after the other, down to what is
    printed across them.
    """
    return merge(in_columns(merge(drawn, _WORD_SPACE)), _WIDE_SPACE)


def merge(drawn: list[Line], space: float) -> list[Line]:
    """Put pieces of one line together (a change of font starts a new piece).

    `space` is the widest gap between them, in type sizes.
    """
    lines: list[Line] = []
    for piece in drawn:
        if lines and _same_line(lines[-1], piece, space):
            lines[-1] = _joined(lines[-1], piece)
        else:
            lines.append(piece)
    return lines


def _same_line(line: Line, piece: Line, space: float) -> bool:
    overlap = min(line.top, piece.top) - max(line.bottom, piece.bottom)
    beside = -1 <= piece.left - line.right < space * max(line.size, piece.size)
    return overlap > 0.5 * min(line.top - line.bottom, piece.top - piece.bottom) and beside


def _joined(line: Line, piece: Line) -> Line:
    apart = piece.left - line.right > 0.12 * max(line.size, piece.size)
    spaced = line.text[-1:].isspace() or piece.text[:1].isspace()
    longer = max(line, piece, key=lambda line: len(line.text))
    text = line.text + (" " if apart and not spaced else "") + piece.text
    return replace(longer, text=text, left=line.left, right=piece.right)


def in_columns(lines: list[Line]) -> list[Line]:
    """Lines column by column; between two that cross the gutter, the left column comes first."""
    gutter = _gutter(lines)
    if gutter is None:
        return lines
    across = sorted(
        (line for line in lines if _crosses(line, gutter)), key=lambda line: -line.middle
    )
    depths = [-line.middle for line in across]
    bands: list[list[Line]] = [[] for _ in range(len(across) + 1)]
    for line in lines:
        if not _crosses(line, gutter):
            bands[bisect_right(depths, -line.middle)].append(line)
    ordered = _by_side(bands[0], gutter)
    for line, band in zip(across, bands[1:], strict=True):
        ordered += [line, *_by_side(band, gutter)]
    return ordered


def _by_side(lines: list[Line], gutter: float) -> list[Line]:
    left = [line for line in lines if line.right <= gutter]
    return [*in_columns(left), *in_columns([line for line in lines if line.right > gutter])]


def _crosses(line: Line, x: float) -> bool:
    return line.left < x < line.right


def _gutter(lines: list[Line]) -> float | None:
    """Where a strip between two columns runs that the fewest lines cross, if there are columns."""
    if len(lines) < 2 * _LEAST_LINES:
        return None
    space = _LEAST_GUTTER * median(line.size for line in lines)
    starts = Counter(round(line.left) for line in lines)
    often = [start for start, _ in starts.most_common(_MOST_STARTS)]
    places = [x for start in often if (x := start - 0.25 * space) and _parts(lines, x, space)]
    return min(places, key=lambda x: sum(_crosses(line, x) for line in lines), default=None)


def _parts(lines: list[Line], x: float, space: float) -> bool:
    """Whether there is a column on both sides of `x`, with `space` between nearly all lines."""
    left = [line for line in lines if line.right <= x]
    right = [line for line in lines if line.left >= x]
    across = len(lines) - len(left) - len(right)
    near = sum(line.right > x - 0.75 * space for line in left)
    if near > _MOST_NEAR * len(left):
        return False
    if min(len(left), len(right)) < _LEAST_LINES or across > len(left) + len(right):
        return False
    width = max(line.right for line in lines) - min(line.left for line in lines)
    if not _is_column(left, width) or not _side_by_side(left, right):
        return False
    return _is_column(right, width) or _gutter(right) is not None


def _is_column(lines: list[Line], page_width: float) -> bool:
    """Whether it is running text of its own measure, and not cells or numbers."""
    start, end = min(line.left for line in lines), max(line.right for line in lines)
    fill = median(line.right - line.left for line in lines)
    words = median(len(line.text.split()) for line in lines)
    wide = end - start >= _LEAST_WIDTH * page_width
    return wide and fill >= _LEAST_FILL * (end - start) and words >= _LEAST_WORDS


def _side_by_side(one: list[Line], other: list[Line]) -> bool:
    """Whether at least some lines of each stand at the height of lines of the other."""
    top = min(max(line.top for line in lines) for lines in (one, other))
    bottom = max(min(line.bottom for line in lines) for lines in (one, other))
    counts = (sum(bottom <= line.middle <= top for line in lines) for lines in (one, other))
    return min(counts) >= _LEAST_LINES - 1
