"""In which order to read the lines of a page: columns, then lines, as a sentence goes on."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from statistics import median

from rag.articles.formats.paged.pdf_layout import ENDS, WORD_SPACE, Line, is_raised
from rag.articles.raised import raised

_LEAST_LINES = 4  # of a column
_LEAST_WORDS = 3  # in most of a column's lines; cells of a table have fewer
_LEAST_FILL = 0.6  # of a column's width that a third of its lines take at least
_LEAST_WIDTH = 0.15  # of the page's text; a narrower column is one of numbers or dates
_MOST_STARTS = 40  # left edges that are tried
_MOST_NEAR = 0.1  # of a column's lines may stick out into the gutter
_LEAST_GUTTER = 0.5  # type sizes
_LEAST_FLOW = 0.3  # of a page's lines that go on with a sentence; fewer, and other orders are tried
CELL = " | "  # between the cells of a row
_CELL_WORDS = 6  # at most; more is running text
_BAND = 1.4  # type sizes between what stands above and below on all of a page
_WIDE_SPACE = 2.0  # type sizes, within a line of one column


def lines_in_order(drawn: list[Line]) -> list[Line]:
    """The lines of one page, of pieces in the order in which they were drawn.

    That order stays within a column; columns are read one after the other, down to what is
    printed across them.
    """
    orders = [merge(in_columns(merge(drawn, WORD_SPACE)), _WIDE_SPACE)]
    if flow(orders[0]) < _LEAST_FLOW * len(orders[0]) or _is_scattered(orders[0]):
        rows = merge(by_rows(drawn), WORD_SPACE)
        parts = [merge(drawn, WORD_SPACE), rows]
        orders += [merge(_in_bands(pieces), _WIDE_SPACE) for pieces in parts]
        orders += [merge(in_columns(rows), _WIDE_SPACE), merge(drawn, _WIDE_SPACE)]
    return _in_rows(max(orders, key=lambda order: flow(order) - 2 * _is_scattered(order)))


def _in_rows(lines: list[Line]) -> list[Line]:
    """Lines with the cells of each row of a table as one."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and _are_cells(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    found: list[Line] = []
    for number, row in enumerate(rows):
        near = rows[max(0, number - 1) : number] + rows[number + 1 : number + 2]
        is_table = len(row) > 1 and any(len(other) > 1 for other in near)
        found += [_as_row(row)] if is_table else row
    return found


def _are_cells(line: Line, after: Line) -> bool:
    """Whether they are short and stand side by side."""
    is_row = abs(line.base - after.base) < 0.3 * after.size and after.left > line.right
    return is_row and max(len(it.text.split()) for it in (line, after)) <= _CELL_WORDS


def _as_row(row: list[Line]) -> Line:
    text = CELL.join(line.text.strip() for line in row)
    return replace(row[0], text=text, right=row[-1].right)


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
    return any(is_raised(it.size, it.base, of.size, of.base) for it, of in pairs)


def _joined(line: Line, piece: Line) -> Line:
    apart = piece.left - line.right > 0.12 * max(line.size, piece.size)
    spaced = line.text[-1:].isspace() or piece.text[:1].isspace()
    longer = max(line, piece, key=lambda line: len(line.text))
    text = line.text + (" " if apart and not spaced else "") + piece.text
    mark = line.mark
    if piece.mark:  # raised after what is here: no note of the foot
        up = raised(line.text, piece.mark.strip())
        text = line.text + up + piece.mark[len(piece.mark.rstrip()) :] + piece.text
    if is_raised(piece.size, piece.base, line.size, line.base):
        longer, text = line, line.text + raised(line.text, piece.text)
    elif is_raised(line.size, line.base, piece.size, piece.base):
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
    fill = sorted(line.right - line.left for line in lines)[-max(1, len(lines) // 3)]
    words = median(len(line.text.split()) for line in lines)
    wide = end - start >= _LEAST_WIDTH * page_width
    return wide and fill >= _LEAST_FILL * (end - start) and words >= _LEAST_WORDS


def _side_by_side(one: list[Line], other: list[Line]) -> bool:
    """Whether at least some lines of each stand at the height of lines of the other."""
    top = min(max(line.top for line in lines) for lines in (one, other))
    bottom = max(min(line.bottom for line in lines) for lines in (one, other))
    counts = (sum(bottom <= line.middle <= top for line in lines) for lines in (one, other))
    return min(counts) >= _LEAST_LINES - 1
