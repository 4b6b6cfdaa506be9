"""What stands beside the running text of a page: boxes of facts, captions, footnotes.

It is taken out, so that no sentence is broken by it, and handed on by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from rag.articles.formats.paged.pdf_hidden import Drawn
from rag.articles.formats.paged.pdf_layout import ENDS, Box, Line
from rag.articles.formats.paged.pdf_order import lines_in_order
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
_APART = 1.3  # times the usual distance between lines
_MOST_NOTES = 0.6  # of a column's lines, in the usual type
_MOST_RULE = 0.7  # of a column's width
_DIGITS = re.compile(r"\d{1,3}")
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
    font, step = usual_font(page, body), line_step(page)
    number = 0
    while number < len(page):
        run = _run_of_other_type(page[number:], body, font)
        after = page[number + len(run) : number + len(run) + 1]
        if run and kept and after and _is_amid(kept[-1], run, after[0], body, step, page):
            kind: Kind = "caption" if run[0].size < body else "body"
            found.append(Aside(run, kind, run[0].page))
        else:
            run = run or page[number : number + 1]
            kept += run
        number += len(run)
    return kept, found


def usual_font(page: list[Line], body: float) -> int:
    """The font of most of what is set in the usual size on a page."""
    counts = Counter[int]()
    for line in page:
        counts[line.font] += len(line.text) if abs(line.size - body) < 0.5 else 0
    return counts.most_common(1)[0][0] if counts else 0


def line_step(page: Sequence[Line]) -> float:
    """The usual distance between the lines of a page, in points."""
    steps = [round(line.base - after.base, 1) for line, after in pairwise(page)]
    counts = Counter(step for step in steps if step > 0)
    return counts.most_common(1)[0][0] if counts else 0.0


def _run_of_other_type(lines: list[Line], body: float, font: int) -> list[Line]:
    first = lines[0]
    if _SMALL * body < first.size < _LARGER * body and first.font == font:
        return []
    run = [*takewhile(lambda it: abs(it.size - first.size) < 0.5 and it.font == first.font, lines)]
    return run if len(run) <= _MOST_BETWEEN else []


def _is_amid(
    line: Line, run: list[Line], after: Line, body: float, step: float, page: list[Line]
) -> bool:
    """Whether a sentence runs from `line` to `after`, and what is between is not of it."""
    alike = abs(line.size - after.size) < 0.06 * line.size
    if not alike or ENDS.search(line.text.rstrip()):
        return False
    is_apart = _is_set_apart(line, run, after, step)
    if _SMALL * body < run[0].size < _LARGER * body and not is_apart:
        return False
    margin = max(it.right for it in page if abs(it.left - line.left) < 3 * line.size)
    is_full = line.right > margin - 3 * line.size and line.font == after.font
    return after.text[:1].islower() or (is_apart and is_full and after.text[:1].isalnum())


def _is_set_apart(line: Line, run: list[Line], after: Line, step: float) -> bool:
    """Whether there is more than the usual space above and below, where the column goes on."""
    gaps = (line.base - run[0].base, run[-1].base - after.base)
    return all(gap > _APART * step or gap <= 0 for gap in gaps)


# --- footnotes


def footnotes(
    page: list[Line], body: float, rules: Sequence[Box] = ()
) -> tuple[list[Line], list[Aside]]:
    """Lines of one page in reading order without its footnotes, and these, one by one.

    They are set in small type, or below a rule, or begin with a raised number.
    """
    taken: list[list[Line]] = []
    for run in _runs_of_small(page, body):
        goes_on = _is_ruled_off(run[0], page, rules)  # a note of the page before
        starts = [*([0] if goes_on else []), *(n for n in _starts(run) if n or not goes_on)]
        if starts and _is_at_foot(run[starts[0] :], page, body):
            taken += _notes(run, starts)
    dropped = {id(line) for note in taken for line in note}
    rest = [line for line in page if id(line) not in dropped]
    for run in _runs_at_foot(rest, rules):
        taken += _notes(run, _starts(run))
        dropped |= {id(line) for line in run}
    kept = [line for line in page if id(line) not in dropped]
    return kept, [Aside(_without_mark(note), "caption", note[0].page) for note in taken]


def _notes(run: list[Line], starts: list[int]) -> list[list[Line]]:
    return [run[one:two] for one, two in pairwise([*starts, len(run)])]


def _starts(run: Sequence[Line]) -> list[int]:
    """Where notes begin; of those with a number each has the next."""
    starts: list[int] = []
    last = 0
    for n, line in enumerate(run):
        match = _NOTE.match(line.text)
        number = _DIGITS.search(line.mark or (match[0] if match else ""))
        if (line.mark or match) and (not number or not last or int(number[0]) == last + 1):
            starts.append(n)
            last = int(number[0]) if number else last
    return starts


def _runs_at_foot(page: list[Line], rules: Sequence[Box]) -> Iterator[list[Line]]:
    """The last lines of a column from where a note begins, in whatever type."""
    for column in _descents(page):
        for n, line in enumerate(column[1:], start=1):
            is_note = _DIGITS.fullmatch(line.mark.strip("[]() ")) or (
                _NOTE.match(line.text) and _is_ruled_off(line, page, rules)
            )
            run = column[n:]
            if is_note and len(run) <= _MOST_NOTES * len(column):
                foot, right = run[-1].base, max(it.right for it in run)
                below = (it for it in page if it.base < foot and it.left < right)
                if not any(it.right > line.left for it in below):
                    yield run
                break


def _descents(page: list[Line]) -> list[list[Line]]:
    """Lines of a page in runs that go down: its columns."""
    runs: list[list[Line]] = []
    for line in page:
        if runs and line.base < runs[-1][-1].base:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _is_ruled_off(line: Line, page: Sequence[Line], rules: Sequence[Box]) -> bool:
    """Whether a short rule stands right above a line, with nothing between."""
    width = max(it.right for it in page) - line.left
    beside = [it for it in page if it.left < line.right and it.right > line.left]
    return any(
        line.base < rule.bottom < line.base + 3 * line.size
        and abs(rule.left - line.left) < 3 * line.size
        and rule.right - rule.left < _MOST_RULE * width
        and not any(line.base < it.base < rule.bottom for it in beside)
        for rule in rules
    )


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
