"""Characters of a page to pieces of lines: where they stand, what is raised or set apart.

Knows boxes alone, in points from the page's lower left corner; nothing of PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median, median_high, median_low, mode
from typing import NamedTuple

from rag.articles.raised import raised

WORD_SPACE = 0.65  # type sizes; what is farther apart may stand in two columns
_INITIAL = 1.6  # times the type of the line that a large letter begins
_RAISED, _SMALLER = 0.15, 0.9  # type sizes that raised characters stand higher, and are set in
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)  # fmt: skip
_APART = re.compile(r"(?<!\w)(?:[^\W\d_] ){2,}[^\W\d_](?!\w)")
_DESCENT = 0.2  # type sizes from the baseline to the foot of a box, where only boxes are known

ENDS = re.compile(r"[.!?…:][\"”’'»)\]]*$")
FROM_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
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
    `baseline`: the height of the line that it stands on, where that is known. `font` tells the
    fonts of a page apart; 0 is unknown.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    baseline: float | None = None
    font: int = 0

    @property
    def base(self) -> float:
        """The baseline, if need be by the box."""
        return self.bottom + _DESCENT * self.size if self.baseline is None else self.baseline


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, or a piece of one. `page` counts from 0.

    `mark`: what is raised before its first word, such as the number of a footnote; it is not in
    `text`. `paragraph`: which of its page's paragraphs it is said to be of; 0 is unknown. `font`
    tells the fonts of a page apart; 0 is unknown.
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
    font: int = 0

    @property
    def base(self) -> float:
        """The height of the line that it stands on, if need be by the box."""
        return self.bottom + _DESCENT * self.size if self.baseline is None else self.baseline

    @property
    def middle(self) -> float:
        """Half-way up, in points."""
        return (self.top + self.bottom) / 2


def mirrored(characters: Sequence[Character]) -> list[Character]:
    """Characters of a page that is read from the right, with left and right exchanged.

    Within a word they come as they stand: some programs hand letters on from the left.
    """
    found: list[Character] = []
    for is_word, group in groupby(characters, key=lambda it: FROM_RIGHT.match(it.text) is not None):
        run = [*group]
        is_line = all(abs(it.base - run[0].base) < 1 for it in run)
        found += sorted(run, key=lambda it: -it.left) if is_word and is_line else run
    return [it._replace(left=-it.right, right=-it.left) for it in found]


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
            and (
                _breaks(last, character, by_breaks)
                or (last.size != character.size and _is_initial(runs[-1], character))
            )
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
    return not by_breaks and not -size < character.left - last.right < WORD_SPACE * size


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
        font=mode(character.font for character in printed),
    )


def _text(run: list[Character], size: float, base: float) -> tuple[str, str]:
    """The words of a piece, and what is raised before them."""
    text = mark = ""
    if all(it.size == size and it.baseline == base for it in run if not it.text.isspace()):
        text = "".join(character.text for character in run)
    else:
        for is_up, group in groupby(run, key=lambda it: _is_up(it, size, base)):
            letters = "".join(character.text for character in group)
            if is_up and not text.strip():
                mark += letters
            else:
                text += raised(text, letters) if is_up else letters
        mark = mark.strip() + text[: len(text) - len(text.lstrip())]  # and a space after it
        text = _with_initial(text, run, size)
    text = text.strip().translate(_LIGATURES)
    return (_closed_up(text, run) if _is_apart(text) else text), mark


def _is_up(it: Character, size: float, base: float) -> bool:
    return not it.text.isspace() and is_raised(it.size, it.base, size, base)


def is_raised(size: float, base: float, of_line: float, line: float) -> bool:
    """Whether what has this size and baseline is raised above a line with those."""
    is_high = line + _RAISED * of_line < base < line + 0.9 * of_line  # not a letter above it
    return is_high and (size < _SMALLER * of_line or base > line + 2 * _RAISED * of_line)


def _with_initial(text: str, run: list[Character], size: float) -> str:
    """A line that begins with a large letter, which a gap may part from its word."""
    is_large = run[0].size >= _INITIAL * size and text[:1].isalpha()
    return text[0] + text[2:] if is_large and re.match(r"\w \w{2}", text) else text


def _is_apart(text: str) -> bool:
    """Whether letters are set apart: "T H E  F E R R Y"."""
    return _APART.search(text) is not None


def _closed_up(text: str, run: list[Character]) -> str:
    """Letters that are set apart as words, by the gaps between them."""
    printed = [character for character in run if not character.text.isspace()]
    gaps = [after.left - before.right for before, after in pairwise(printed)]
    usual = median_low(gaps)
    word = max(1.6 * usual, usual + 0.2 * printed[0].size)
    if usual < 0.12 * printed[0].size:
        return text
    spaces = ("" if gap < word else " " for gap in gaps)
    return printed[0].text + "".join(
        space + character.text for space, character in zip(spaces, printed[1:], strict=True)
    )
