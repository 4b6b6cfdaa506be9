"""Numbers in a text, in digits or words: "1,130", "7 million", "two hundred and fifty"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.text import lexicon

UNITS = lexicon.numbers("numbers", "units")
TENS = lexicon.numbers("numbers", "tens")
SCALES = lexicon.numbers("numbers", "scales")
_SHORT = lexicon.numbers("numbers", "short_scales")
_DIGITS = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = "|".join(SCALES)
_PIECE = re.compile(
    rf"(?P<digits>{_DIGITS})(?P<short>(?:k|mn?|bn|tn)\b)?(?P<nth>(?:st|nd|rd|th)\b)?"
    rf"|(?P<part>\bhalf\s+an?\s+(?=(?:{_SCALE})\b))|(?P<one>\ban?\s+(?=(?:{_SCALE})\b))"
    r"|(?P<more>\band\s+a\s+half\b)|(?P<word>[^\W\d_]+)",
    re.IGNORECASE,
)
_JOIN = re.compile(r"[\s-]*|\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A bare number, `text[start:end]`, scales applied."""

    value: float
    start: int
    end: int
    digits: bool  # begins with a digit
    scaled: bool = False  # "7 million"
    nth: bool = False  # "21st"


def figures(text: str) -> Iterator[float]:
    """The values of the numbers in `text`, in digits or words, scales ("7 million") applied."""
    return (item.value for item in numerals(text))


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers in `text`, in order."""
    run: list[re.Match[str]] = []
    for piece in _PIECE.finditer(text):
        if run and not _joins(text, run, piece):
            yield _numeral(run)
            run = []
        if run or _starts(piece):
            run.append(piece)
    if run:
        yield _numeral(run)


def _starts(piece: re.Match[str]) -> bool:
    word = (piece["word"] or "").lower()
    if word in SCALES:  # "thousand-dollar tickets"
        return bool(re.match(r"-[a-z]", piece.string[piece.end() :]))
    return bool(piece["digits"] or piece["one"] or piece["part"]) or word in UNITS or word in TENS


def _joins(text: str, run: Sequence[re.Match[str]], piece: re.Match[str]) -> bool:
    between, last = text[run[-1].end() : piece.start()], run[-1]
    word, before = (piece["word"] or "").lower(), (last["word"] or "").lower()
    if word == "and":  # "two hundred and fifty": whether it joins, the next piece tells
        return (
            before in SCALES
            and bool(
                re.match(rf"and\s+(?:{'|'.join([*UNITS, *TENS])})\b", text[piece.start() :], re.I)
            )
            and not run[0]["digits"]
        )
    if not _JOIN.fullmatch(between) or piece["digits"]:
        return False
    if piece["more"] or word in SCALES:
        return not last["nth"]
    if run[0]["digits"] or not (word in UNITS or word in TENS):
        return False
    if before in TENS:
        return 0 < UNITS.get(word, 0) < 10
    return before in SCALES or before == "and"


def _numeral(run: Sequence[re.Match[str]]) -> Numeral:
    total = current = 0.0
    scaled = False
    for piece in run:
        word = (piece["word"] or "").lower()
        if piece["digits"]:
            current = float(piece["digits"].replace(",", "")) * _SHORT.get(
                (piece["short"] or "").lower(), 1
            )
            scaled = bool(piece["short"])
        elif piece["one"] or piece["part"]:
            current = 1.0 if piece["one"] else 0.5
        elif piece["more"]:
            current += 0.5
        elif word in SCALES:
            scaled = scaled or SCALES[word] >= 1000
            current = (current or 1.0) * SCALES[word]
            if SCALES[word] >= 1000:
                total, current = total + current, 0.0
        else:
            current += UNITS.get(word, TENS.get(word, 0))
    first = run[0]
    nth = bool(first["digits"] and first["nth"])
    value = round(total + current, 6)
    return Numeral(value, first.start(), run[-1].end(), bool(first["digits"]), scaled, nth)
