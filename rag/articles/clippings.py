"""Clippings under one another that nothing parts but their heads: headline, byline, outlet, day.

A section of an article has a heading, and no byline and no outlet of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from rag.articles.bylines import read_byline
from rag.articles.drafts import Block, Meta, is_prose
from rag.articles.personal_names import split_names
from rag.articles.pieces import Piece
from rag.text.dates import MONTH, WEEKDAY, parse_date

OUTLET_AND_DAY = re.compile(
    r"(?P<outlet>[^\W\d_][^,|·\d]{1,40}?)\s?[,|·–—-]\s?(?P<day>(?:[^\W\d_]+,? )?\d.{3,25}\d{2})"
)
SIGNED = re.compile(
    r"(?P<key>author|byline|date|published|source|outlet|publication|autor(?:in)?|auteur|quelle|"
    r"datum|journal|zeitung)\s?:\s*\S", re.IGNORECASE
)  # fmt: skip
NO_HEADLINE = re.compile(
    r"(?:about|related|more|read|see|notes?|sources?|contact|correction|update|photo|caption)\b.*",
    re.IGNORECASE,
)
_NO_OUTLET = re.compile(
    rf"{WEEKDAY}|{MONTH}|on|am|le|(?:updated?|published|posted|page|vol|no)\b.*", re.IGNORECASE
)
_COLLECTION = re.compile(
    r"(?:(?:my|our|press|news|newspaper)\s)*(?:cuttings|clippings|clips|press review|media review|"
    r"pressespiegel|presseschau|zeitungsausschnitte|revue de presse|coupures de presse)\b.{0,60}",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?:;…][\"”’'»)\]]*$")
_LONGEST_HEAD = 8  # lines
_LONGEST_HEADLINE = 25  # words
_LEAST_WORDS = 20  # of running text below a head
_FEWEST_WORDS = 8  # below one that says two things: who and when, or where and when


@dataclass(frozen=True, slots=True)
class _Head:
    """The lines of a head: blocks `start` to `stop`, what kinds of signature, what it says."""

    start: int
    stop: int
    kinds: frozenset[str]
    known: Meta
    is_below: bool  # the headline stands below the outlet and the day
    is_sure: bool  # it says two things


def headed_pieces(blocks: Sequence[Block]) -> list[Piece]:
    """The clippings of a text, if it begins with the head of one and holds another."""
    lines = [line for block in blocks for line in _split(block)]
    while lines and _COLLECTION.fullmatch(lines[0].text):
        lines = lines[1:]
    heads = list(_heads(lines))
    if len(heads) < 2 or heads[0].start:
        return []
    first = heads[0]
    heads = [it for it in heads if it.kinds & first.kinds and it.is_below == first.is_below]
    stops = [*(it.start for it in heads[1:]), len(lines)]
    pieces: list[Piece] = []
    for head, stop in zip(heads, stops, strict=True):
        words = sum(it.words for it in lines[head.stop : stop] if it.is_prose)
        if words >= (_FEWEST_WORDS if head.is_sure else _LEAST_WORDS):
            pieces.append(Piece.of(lines[head.start : stop], head.known))
        elif not pieces:
            return []
        else:
            more = lines[head.start : stop]
            pieces[-1] = replace(pieces[-1], blocks=(*pieces[-1].blocks, *more))
    return pieces if len(pieces) > 1 else []


def _split(block: Block) -> list[Block]:
    """The lines of a head, each by itself; running text as it is."""
    texts = block.lines
    at = next((n for n, line in enumerate(texts) if is_prose(line)), len(texts))
    is_head = block.kind == "body" and any(map(_kind, texts[:at]))
    if len(texts) == 1 or not is_head or any(block.starts):
        return [block]
    parts = [*texts[:at], *(["\n".join(texts[at:])] if at < len(texts) else [])]
    return [replace(block, text=text, starts=block.starts if n == 0 else ())
            for n, text in enumerate(parts)]  # fmt: skip


def _heads(lines: Sequence[Block]) -> Iterator[_Head]:
    """The heads among the runs of short lines."""
    numbered = enumerate(lines)
    for is_text, group in groupby(numbered, key=lambda it: _reads_on(it[1])):
        run = [number for number, _ in group]
        if not is_text and (head := _head(lines, run)):
            yield head


def _reads_on(block: Block) -> bool:
    return block.kind != "body" or (block.is_prose and not _kind(block.text))


def _head(lines: Sequence[Block], run: list[int]) -> _Head | None:
    kinds = {number: _kind(lines[number].text) for number in run}
    signed = [number for number in run if kinds[number]]
    if not signed or run[-1] + 1 >= len(lines):
        return None
    is_below = signed[0] == 0 or (signed[0] == run[0] and _titles(lines, run, kinds) != [])
    at = signed[0]
    if is_below:
        start, titles = at, _titles(lines, [n for n in run if n > at], kinds)
    else:
        above = [n for n in run if n < at]
        ended = [n for n in above if _ENDS.search(lines[n].text)]
        rest = [n for n in above if not ended or n > ended[-1]] or above[-1:]
        start, titles = (rest[0] if rest else at), _titles(lines, rest, kinds)
    if not titles or run[-1] - start >= _LONGEST_HEAD:
        return None
    said = frozenset(kind for n in run if n >= start and (kind := kinds[n]))
    found = said - {"day"}
    known = _known([lines[n].text for n in run if n >= start])
    known = replace(known, title=lines[titles[0]].text) if is_below else known
    is_sure = len(said) > 1
    return _Head(start, run[-1] + 1, found, known, is_below, is_sure) if found else None


def _titles(lines: Sequence[Block], numbers: list[int], kinds: dict[int, str | None]) -> list[int]:
    """Lines that may be a headline."""
    return [
        n
        for n in numbers
        if not kinds[n]
        and len(lines[n].text.split()) <= _LONGEST_HEADLINE
        and not NO_HEADLINE.fullmatch(lines[n].text)
    ]


def _kind(line: str) -> str | None:
    """What a line of a head says: "author", "outlet" or "day"; None for any other line."""
    if match := SIGNED.match(line):
        key = match["key"].lower()
        return "author" if key[0] in "ab" else "day" if key[0] in "d" else "outlet"
    byline = read_byline(line)
    if byline and byline.author:
        return "author"
    if (match := OUTLET_AND_DAY.fullmatch(line)) and _is_outlet(match):
        return "outlet"
    if byline and byline.outlet and (byline.published or byline.dated):
        return "outlet"
    return "day" if byline and (byline.published or byline.dated) else None


def _is_outlet(match: re.Match[str]) -> bool:
    return bool(not _NO_OUTLET.fullmatch(match["outlet"]) and parse_date(match["day"]))


def _known(texts: Sequence[str]) -> Meta:
    """Outlet and day of a line "Ostpost, 6 May 2024", and a name that stands beside it."""
    for one, two in pairwise(["", *texts]):
        match = OUTLET_AND_DAY.fullmatch(two)
        if not match or not _is_outlet(match) or (it := read_byline(two)) and it.author:
            continue
        below = texts[texts.index(two) + 1 :][:1]
        beside = [names for line in (*below, one) if (names := split_names(line))]
        author = ", ".join(beside[0]) if beside else None
        return Meta(outlet=match["outlet"], published=parse_date(match["day"]), author=author)
    return Meta()
