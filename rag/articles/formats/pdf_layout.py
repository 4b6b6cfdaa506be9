"""Where the words of a page stand, and in which order to read them: columns, then lines.

Knows boxes alone, in points from the page's lower left corner; nothing of PDF.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median, median_high, median_low
from typing import NamedTuple

from rag.articles.raised import raised

_LEAST_LINES = 4  # of a column
_LEAST_WORDS = 3  # in most of a column's lines; cells of a table have fewer
_LEAST_FILL = 0.6  # of a column's width that most of its lines take
_LEAST_WIDTH = 0.15  # of the page's text; a narrower column is one of numbers or dates
_MOST_STARTS = 40  # left edges that are tried
_MOST_NEAR = 0.1  # of a column's lines may stick out into the gutter
_LEAST_GUTTER = 0.5  # type sizes
_WORD_SPACE = 0.65  # type sizes; what is farther apart may stand in two columns
_LEAST_FLOW = 0.3  # of a page's lines that go on with a sentence; fewer, and other orders are tried
_BAND = 1.4  # type sizes between what stands above and below on all of a page
_WIDE_SPACE = 2.0  # type sizes, within a line of one column
_INITIAL = 1.6  # times the type of the line that a large letter begins
_RAISED, _SMALLER = 0.15, 0.9  # type sizes that raised characters stand higher, and are set in
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)  # fmt: skip
_DESCENT = 0.2  # type sizes from the baseline to the foot of a box, where only boxes are known

ENDS = re.compile(r"[.!?…:][\"”’'»)\]]*$")
HYPHENS = "-\u00ad\u0002\ufffe"  # PDFium writes a hyphen at a line's end as U+0002 or U+FFFE


class Box(NamedTuple):
    """A part of a page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        """In square points, never 0."""
        return max(1.0, (self.right - self.left) * (self.top - self.bottom))

    def overlap(self, other: Box) -> float:
        """The area that both share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(0.0, width) * max(0.0, height)

    def holds(self, other: Box | Line) -> bool:
        """Whether the middle of `other` is within."""
        x, y = (other.left + other.right) / 2, (other.top + other.bottom) / 2
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def is_inside(self, other: Box) -> bool:
        """Whether all of it is within `other`, but for a point."""
        inside = other.left - 1 <= self.left and self.right <= other.right + 1
        return inside and other.bottom - 1 <= self.bottom and self.top <= other.top + 1


class Character(NamedTuple):
    """One character, the box that its font reserves for it, and the size of its type.

    The boxes of two fonts differ in height for the same size. White space may have no box.
    `baseline`: the height of the line that it stands on, where that is known.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    baseline: float | None = None

    @property
    def base(self) -> float:
        """The baseline, if need be by the box."""
        return self.bottom + _DESCENT * self.size if self.baseline is None else self.baseline


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, or a piece of one. `page` counts from 0.

    `mark`: what is raised before its first word, such as the number of a footnote; it is not in
    `text`. `paragraph`: which of its page's paragraphs it is said to be of; 0 is unknown.
    """

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float
    size: float  # of the type, in points
    baseline: float | None = None
    mark: str = ""
    paragraph: int = 0

    @property
    def base(self) -> float:
        """The height of the line that it stands on, if need be by the box."""
        return self.bottom + _DESCENT * self.size if self.baseline is None else self.baseline

    @property
    def middle(self) -> float:
        """Half-way up, in points."""
        return (self.top + self.bottom) / 2


def mirrored(characters: Sequence[Character]) -> list[Character]:
    """Characters of a page that is read from the right, with left and right exchanged."""
    return [it._replace(left=-it.right, right=-it.left) for it in characters]


def pieces(characters: Iterable[Character], page: int, *, by_breaks: bool = False) -> list[Line]:
    """Runs of characters without a break or a gap that could be a column's.

    `by_breaks`: gaps don't count, as where figures run against the direction of the words.
    """
    runs: list[list[Character]] = [[]]
    last: Character | None = None  # that was printed
    for character in characters:
        is_break = character.text in "\r\n"
        is_printed = not (is_break or character.text.isspace())
        if is_break or (
            is_printed
            and last
            and (_breaks(last, character, by_breaks) or _is_initial(runs[-1], character))
        ):
            runs.append([])
        last = None if is_break else character if is_printed else last
        if not is_break:
            runs[-1].append(character)
    return [line for run in runs if (line := _line(run, page))]


def _breaks(last: Character, character: Character, by_breaks: bool) -> bool:
    """Whether a new piece begins; not at each letter of a line that runs up the page."""
    size = max(last.size, character.size)
    overlap = min(last.top, character.top) - max(last.bottom, character.bottom)
    if overlap <= 0:  # PDFium leaves out the break after a hyphen
        return last.text in HYPHENS
    return not by_breaks and not -size < character.left - last.right < _WORD_SPACE * size


def _is_initial(run: list[Character], after: Character) -> bool:
    """Whether a piece is a large letter so far that reaches down to the lines below."""
    if len(run) > 3 or run[0].size <= _INITIAL * after.size:
        return False
    first = [it for it in run if not it.text.isspace()][-1]
    is_large = first.size > _INITIAL * after.size and first.base < after.base - 0.2 * first.size
    return is_large and first.text.isalpha() and after.text.isalpha()


def _line(run: list[Character], page: int) -> Line | None:
    printed = [character for character in run if not character.text.isspace()]
    if not printed:
        return None
    size = median_high(character.size for character in printed)
    base = median_low(character.base for character in printed)
    text, mark = _text(run, size, base)
    return Line(
        text,
        page,
        min(character.left for character in printed),
        median(character.bottom for character in printed),  # not that of a footnote's mark
        max(character.right for character in printed),
        median(character.top for character in printed),
        size,
        base,
        mark,
    )


def _text(run: list[Character], size: float, base: float) -> tuple[str, str]:
    """The words of a piece, and what is raised before them."""
    text = mark = ""
    if all(it.size == size and it.baseline == base for it in run if not it.text.isspace()):
        text = "".join(character.text for character in run)
    else:
        for is_up, group in groupby(run, key=lambda it: _is_raised(it.size, it.base, size, base)):
            letters = "".join(character.text for character in group)
            if is_up and not text.strip():
                mark = letters.strip()
            else:
                text += raised(text, letters) if is_up else letters
        text = _with_initial(text, run, size)
    text = text.strip().translate(_LIGATURES)
    return (_closed_up(text, run) if _is_apart(text) else text), mark


def _is_raised(size: float, base: float, of_line: float, line: float) -> bool:
    is_high = line + _RAISED * of_line < base < line + 0.9 * of_line  # not a letter above it
    return is_high and (size < _SMALLER * of_line or base > line + 2 * _RAISED * of_line)


def _with_initial(text: str, run: list[Character], size: float) -> str:
    """A line that begins with a large letter, which a gap may part from its word."""
    is_large = run[0].size >= _INITIAL * size and text[:1].isalpha()
    return text[0] + text[2:] if is_large and re.match(r"\w \w{2}", text) else text


def _is_apart(text: str) -> bool:
    """Whether letters are set apart: "T H E  F E R R Y"."""
    words = text.split()
    return len(words) >= 4 and sum(len(word) == 1 for word in words) >= 0.8 * len(words)


def _closed_up(text: str, run: list[Character]) -> str:
    """Letters that are set apart as words, by the gaps between them."""
    printed = [character for character in run if not character.text.isspace()]
    gaps = [after.left - before.right for before, after in pairwise(printed)]
    usual = median_low(gaps)
    word = max(1.6 * usual, usual + 0.2 * printed[0].size)
    if not all(character.text.isalpha() for character in printed) or usual <= 0:
        return text
    spaces = ("" if gap < word else " " for gap in gaps)
    return printed[0].text + "".join(
        space + character.text for space, character in zip(spaces, printed[1:], strict=True)
    )


def lines_in_order(drawn: list[Line]) -> list[Line]:
    """The lines of one page, of pieces in the order in which they were drawn.

    That order stays within a column; columns are read one after the other, down to what is
    printed across them.
    """
    orders = [merge(in_columns(merge(drawn, _WORD_SPACE)), _WIDE_SPACE)]
    if flow(orders[0]) < _LEAST_FLOW * len(orders[0]) or _is_scattered(orders[0]):
        rows = merge(by_rows(drawn), _WORD_SPACE)
        parts = [merge(drawn, _WORD_SPACE), rows]
        orders += [merge(_in_bands(pieces), _WIDE_SPACE) for pieces in parts]
        orders += [merge(in_columns(rows), _WIDE_SPACE), merge(drawn, _WIDE_SPACE)]
    return max(orders, key=lambda order: flow(order) - 2 * _is_scattered(order))


def _in_bands(lines: list[Line]) -> list[Line]:
    """Lines column by column between the gaps that run across the whole page."""
    bands: list[list[Line]] = []
    foot, gap = 0.0, _BAND * median(line.size for line in lines)
    for line in sorted(lines, key=lambda line: -line.top):
        if not bands or foot - line.top > gap:
            bands.append([])
            foot = line.bottom
        bands[-1].append(line)
        foot = min(foot, line.bottom)
    ranks = {id(line): number for number, line in enumerate(lines)}  # the order of drawing
    drawn = (sorted(band, key=lambda line: ranks[id(line)]) for band in bands)
    return [line for band in drawn for line in in_columns(band)]


def _is_scattered(lines: list[Line]) -> bool:
    """Whether pieces of one line were drawn at different times, such as words in bold type."""
    near = sorted(lines, key=lambda line: (round(line.base), line.left))
    return any(
        abs(after.base - line.base) < 1
        and -1 <= after.left - line.right < _LEAST_GUTTER * min(line.size, after.size)
        for line, after in pairwise(near)
    )


def by_rows(drawn: list[Line]) -> list[Line]:
    """Pieces from the top to the bottom, those of a row from the left to the right."""
    rows: list[list[Line]] = []
    for piece in sorted(drawn, key=lambda line: -line.base):
        near = rows and rows[-1][0].base - piece.base < 0.4 * min(rows[-1][0].size, piece.size)
        if near:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [piece for row in rows for piece in sorted(row, key=lambda line: line.left)]


def flow(lines: list[Line]) -> int:
    """How many lines go on with the sentence of the line before, less leaps and impossible ends."""
    flows = 0
    for line, after in pairwise(lines):
        begins = after.text.lstrip("\"“„«(‘'")[:1]
        ended = ENDS.search(line.text.rstrip()) is not None
        beside = after.left >= line.right or after.right <= line.left
        if begins.islower():
            flows += -2 if ended else 1
        elif after.bottom > line.bottom and not beside:
            flows -= 1 + (not ended)  # back up the page, over what was read
        if beside and min(line.text.count(" "), after.text.count(" ")) >= _LEAST_WORDS - 1:
            flows -= 1  # to another column
    return flows


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
    if _are_raised(line, piece):
        overlap *= 2  # what is raised does not reach down as far
    beside = -1 <= piece.left - line.right < space * max(line.size, piece.size)
    return overlap > 0.5 * min(line.top - line.bottom, piece.top - piece.bottom) and beside


def _are_raised(line: Line, piece: Line) -> bool:
    """Whether one of the two is raised above the other, as the number of a note is."""
    pairs = ((line, piece), (piece, line))
    return any(_is_raised(it.size, it.base, of.size, of.base) for it, of in pairs)


def _joined(line: Line, piece: Line) -> Line:
    apart = piece.left - line.right > 0.12 * max(line.size, piece.size)
    spaced = line.text[-1:].isspace() or piece.text[:1].isspace()
    longer = max(line, piece, key=lambda line: len(line.text))
    text = line.text + (" " if apart and not spaced else "") + piece.text
    mark = line.mark
    if _is_raised(piece.size, piece.base, line.size, line.base):
        longer, text = line, line.text + raised(line.text, piece.text)
    elif _is_raised(line.size, line.base, piece.size, piece.base):
        longer, text, mark = piece, piece.text, line.text
    left, right = min(line.left, piece.left), max(line.right, piece.right)
    return replace(longer, text=text, left=left, right=right, mark=mark)


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
