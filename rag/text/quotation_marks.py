"""Where an article quotes word for word: the stretches between quotation marks.

Knows every common pair of marks, quotations that run over paragraphs, each of which opens them
again, and quotations whose opening or closing mark is missing. Not who speaks:
`rag.speakers.attribution`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.text.sentences import Span, trim

# A curly mark and a straight one close each other: scraped text often mixes them.
_PAIRS = {"“": '”"', "„": "“”", "«": "»", "‹": "›", "»": "«", '"': '"”', "‘": "’", "'": "'"}
_SINGLE = "‘'"
_CLOSERS = frozenset("”»›")
_LONGEST_SINGLE = 1_000  # characters between single marks; beyond them they are apostrophes
_LINE = re.compile(r"[^\r\n]+")
_OPENS = re.compile(
    r"(?:^|(?<=[\s(\[—–:/-]))[\"'‘„](?=[^\s\"])|[“«‹]|(?<=\s)[\"“](?=…)"
    r"|(?:^|(?<=[\s(\[—–:]))»(?=\w)"  # "»Ja«", as German books have it
)


def quoted_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The stretches of `text[start:end]` inside quotation marks, in order, marks left out.

    A quotation over several paragraphs is one stretch, with the marks that open its later
    paragraphs within. One whose closing mark is missing ends with its paragraph; one whose opening
    mark is missing begins with it.
    """
    found: list[Span] = []
    running = ""  # the mark that opened a quotation still open at the end of its paragraph
    for line in _LINE.finditer(text, start, len(text) if end is None else end):
        if not line.group().strip():
            continue
        begin, stop = trim(text, *line.span())
        continues = bool(running) and text.startswith(running, begin)
        spans, running = _of_line(text, begin, stop)
        if continues and spans and found:
            spans[0] = (found.pop()[0], spans[0][1])
        found += spans
    return found


def masked(text: str, start: int, end: int, quoted: list[Span]) -> str:
    """`text[start:end]` with all but the last sign of each quotation blotted out, same length."""
    parts, at = [], start
    for begin, stop in quoted:
        begin, stop = max(begin, start), min(stop, end)
        if begin >= stop:
            continue
        last = text[stop - 1]
        kept = last if last in ".,…" else "," if last in "?!" else BLOT
        parts += [text[at:begin], BLOT * (stop - begin - 1), kept]
        at = stop
    return "".join((*parts, text[at:end]))


BLOT = "ꝗ"  # stands for each sign of a quotation in `masked`; a letter, for the sentence splitter


def _of_line(text: str, start: int, end: int) -> tuple[list[Span], str]:
    """The quotations of one paragraph, and the mark of the last if it is not closed."""
    found: list[Span] = []
    at = start
    while (opening := _next_opening(text, at, end)) is not None:
        mark = text[opening]
        close = _closing(text, opening + 1, end, mark)
        if close is None and mark in _SINGLE:
            at = opening + 1
            continue
        if close is None:
            rest = [(opening + 1, end)] if opening + 1 < end else []
            return [*found, *rest], mark
        if close > opening + 1:
            found.append((opening + 1, close))
        at = close + 1
    return found or list(_unopened(text, start, end)), ""


def _next_opening(text: str, at: int, end: int) -> int | None:
    match = _OPENS.search(text, at, end)
    return match.start() if match else None


def _closing(text: str, at: int, end: int, mark: str) -> int | None:
    """Where the quotation opened by `mark` closes; inner quotations by the same pair are skipped.

    An apostrophe is no closing mark: a single mark closes behind a full stop or the like, or else
    at the last place before the next opening one that no letter follows.
    """
    if mark in _SINGLE:
        return _closing_single(text, at, end, mark)
    closers, depth = _PAIRS[mark], 0
    for place in range(at, end):
        sign = text[place]
        if sign in closers and not (sign != mark == "“" and _opens_again(text, place, sign)):
            if not depth:
                return place
            depth -= 1
        elif sign == mark and mark != '"':
            depth += 1
    return None


def _opens_again(text: str, place: int, sign: str) -> bool:
    """Whether a straight mark opens a quotation within a curly one rather than closing it."""
    return sign == '"' and (text[place - 1].isspace() or text[place - 1] in "([—")


def _closing_single(text: str, at: int, end: int, mark: str) -> int | None:
    closer, last = _PAIRS[mark], None
    for place in range(at, min(end, at + _LONGEST_SINGLE)):
        if text[place] == "‘":
            break
        if text[place] != closer or text[place + 1 : place + 2].isalnum():
            continue
        if text[place - 1] in ".,!?…;":
            return place
        last = place
    words = text[at:last].split() if last is not None else ()
    return last if words and (mark == "‘" or len(words) > 1) else None


def _unopened(text: str, start: int, end: int) -> Iterator[Span]:
    """The beginning of a paragraph that a closing mark without an opening one ends."""
    for place in range(start, end):
        if text[place] in _CLOSERS:
            if place > start:
                yield start, place
            return
