"""What stands beside the lines of a page: initials of several lines, numbers in the margin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median, median_low

from rag.articles.formats.paged.pdf_layout import Line

_INITIAL = re.compile(r"[\"“„«‘'(]?[^\W\d_]{1,2}")
_LARGE = 1.6  # times the usual size
_NUMBER = re.compile(r"\d{1,3}")
_NUMBERED = re.compile(r"(\d{1,2})\s+(?=\S)")
_FEWEST_NUMBERS = 8  # of lines of a page
_LEAST_RUNNING = 0.15  # of the lines beside numbers go on in the middle of a sentence
_WORDS_ALONE = frozenset("aiàyoóeéèu")  # that are words by themselves


def tidied(pieces: list[Line], words: Iterable[str] = ()) -> tuple[list[Line], list[str]]:
    """Pieces of one page with their initials, without the numbers of lines; and these."""
    pieces, numbers = without_line_numbers(joined_letters(pieces))
    return with_initials(pieces, words), numbers


# --- initials


def with_initials(pieces: list[Line], words: Iterable[str] = ()) -> list[Line]:
    """Put large first letters before the first of the lines that stand beside them.

    `words` of the document, in lower case, tell "A" before "harbour" from "A" before "bout".
    """
    if not pieces:
        return pieces
    usual = median(piece.size for piece in pieces)
    for cap in [it for it in pieces if it.size >= _LARGE * usual and _INITIAL.fullmatch(it.text)]:
        beside = [piece for piece in pieces if _is_beside(piece, cap)]
        if beside:
            pieces = _merged(pieces, cap, beside, set(words))
    return pieces


def _is_beside(piece: Line, cap: Line) -> bool:
    if piece is cap or piece.size > cap.size / 1.3:
        return False
    near = -0.35 * cap.size <= piece.left - cap.right <= max(0.6 * cap.size, 1.5 * piece.size)
    return near and cap.base - 0.3 * piece.size <= piece.base and piece.middle < cap.top


def _merged(pieces: list[Line], cap: Line, beside: list[Line], words: set[str]) -> list[Line]:
    first = max(beside, key=lambda piece: piece.base)
    text = cap.text.strip() + _space(cap.text, first.text, words) + first.text.lstrip()
    new = {id(piece): replace(piece, left=min(cap.left, piece.left)) for piece in beside}
    size = max(piece.size for piece in beside)  # small capitals begin no other paragraph
    new[id(first)] = replace(new[id(first)], text=text, size=size)
    return [new.get(id(piece), piece) for piece in pieces if piece is not cap]


def _space(cap: str, rest: str, words: set[str]) -> str:
    """The space after an initial that is a word."""
    after = re.match(r"[^\W\d_]+", rest.lstrip())
    if rest[:1].isspace() or after is None:
        return " " if rest[:1].isspace() else ""
    letter, word = cap.strip("\"“„«‘'( ").lower(), after[0].lower()
    if letter not in _WORDS_ALONE or letter + word in words:
        return ""
    return " " if word in words else ""


def joined_letters(pieces: list[Line]) -> list[Line]:
    """Words of letters that are set so far apart that each is a piece."""
    found: list[Line] = []
    for is_letter, group in groupby(pieces, key=lambda it: len(it.text) == 1 and it.text.isalpha()):
        run = [*group]
        is_row = all(abs(a.base - b.base) < 1 and a.right < b.left for a, b in pairwise(run))
        found += [_word(run)] if is_letter and is_row and len(run) >= 4 else run
    return found


def _word(run: list[Line]) -> Line:
    gaps = [after.left - before.right for before, after in pairwise(run)]
    usual = median_low(gaps)
    spaces = ("" if gap < 1.6 * usual else " " for gap in gaps)
    text = run[0].text + "".join(
        space + piece.text for space, piece in zip(spaces, run[1:], strict=True)
    )
    return replace(run[0], text=text, right=run[-1].right)


# --- numbers of lines


def without_line_numbers(pieces: list[Line]) -> tuple[list[Line], list[str]]:
    """Pieces without the numbers that count the lines, in the margin or before the words."""
    columns = [
        [piece for piece in pieces if _NUMBER.fullmatch(piece.text) and abs(edge(piece) - at) < 3]
        for edge in (_left, _right)
        for at in {round(edge(piece)) for piece in pieces if _NUMBER.fullmatch(piece.text)}
    ]
    for numbers in sorted(columns, key=len, reverse=True):
        if _count_lines(numbers, pieces):
            dropped = {id(piece) for piece in numbers}
            kept, more = without_line_numbers([it for it in pieces if id(it) not in dropped])
            return kept, [*(piece.text for piece in numbers), *more]
    return _without_numbers_in_text(pieces)


def _left(piece: Line) -> float:
    return piece.left


def _right(piece: Line) -> float:
    return piece.right


def _count_lines(numbers: list[Line], pieces: list[Line]) -> bool:
    """Whether numbers in a row down the page, beside its text, count its lines one by one."""
    if len(numbers) < _FEWEST_NUMBERS or not _is_counted([int(it.text) for it in _down(numbers)]):
        return False
    text = [piece for piece in pieces if not _NUMBER.fullmatch(piece.text)]
    left, right = min(map(_left, numbers)), max(map(_right, numbers))
    beside = sum(piece.right <= left + 2 or piece.left >= right - 2 for piece in text)
    on_one_side = {piece.left >= right - 2 for piece in text if piece.bottom < numbers[0].top}
    return beside >= 0.8 * len(text) and len(on_one_side) <= 2 and _is_prose(numbers, text)


def _is_prose(numbers: list[Line], text: list[Line]) -> bool:
    """Whether what stands beside the numbers is running text, not the cells of a table."""
    rows = [
        [piece for piece in text if abs(piece.base - it.base) < 0.7 * it.size] for it in numbers
    ]
    rows = [row for row in rows if row]
    words = [sum(len(piece.text.split()) for piece in row) for row in rows]
    cells = sum(len(row) > 2 for row in rows)
    runs_on = sum(row[0].text[:1].islower() for row in rows) >= _LEAST_RUNNING * len(rows)
    return len(words) < 3 or (median(words) >= 3 and cells <= len(rows) / 4 and runs_on)


def _is_counted(numbers: list[int]) -> bool:
    """Whether they go up by one, or by five, from line to line."""
    steps = [after - before for before, after in pairwise(numbers)]
    return len(steps) > 0 and any(steps.count(step) >= 0.95 * len(steps) for step in (1, 5))


def _down(pieces: list[Line]) -> list[Line]:
    return sorted(pieces, key=lambda piece: -piece.base)


def _without_numbers_in_text(pieces: list[Line]) -> tuple[list[Line], list[str]]:
    """The same where a number is typed before the words of each line."""
    found = {id(piece): it for piece in pieces if (it := _NUMBERED.match(piece.text))}
    bare = {id(piece) for piece in pieces if re.fullmatch(r"\d{1,2}", piece.text)}
    numbered = _down([piece for piece in pieces if id(piece) in found or id(piece) in bare])
    if len(numbered) < max(_FEWEST_NUMBERS, 0.7 * len(pieces)):
        return pieces, []
    counts = [int(it[0]) for piece in numbered if (it := _NUMBER.match(piece.text))]
    if not _is_counted(counts):
        return pieces, []
    texts = [piece.text[found[id(piece)].end() :] for piece in numbered if id(piece) in found]
    if sum(text[:1].islower() for text in texts) < _LEAST_RUNNING * len(texts):
        return pieces, []
    kept = [
        replace(piece, text=piece.text[found[id(piece)].end() :]) if id(piece) in found else piece
        for piece in pieces
        if id(piece) not in bare
    ]
    return kept, [it[0] for piece in numbered if (it := _NUMBER.match(piece.text))]
