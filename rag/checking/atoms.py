"""A sentence as the things it joins: names, figures, dates and words, each with its place.

Two sentences say the same of a thing if the same other things stand near it in both.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from rag.checking import cited_dates, cited_figures, figures
from rag.checking.wording import senses
from rag.text import lexicon
from rag.text.dates import CALENDAR
from rag.text.names import PARTICLE, TITLES, countries
from rag.text.words import LIGHT, STOP, Word, fold, stem, without_possessive, words

Kind = Literal["name", "figure", "date", "word", "pronoun"]

_KIN = 5  # letters at the beginning that words of one family share
_CAPITAL = r"[A-ZÀ-ÖØ-Þ](?:[\w’'&-]*\w|\.(?:[A-Z]\.)*)?"
_RUN = re.compile(rf"(?<![\w’'-]){_CAPITAL}(?:\s+(?:{PARTICLE}\s+)?{_CAPITAL})*")
_GOES_ON = re.compile(r"[\w,’'\")%]\s*$")  # before a capital that opens no sentence
_OPENERS = lexicon.words("openers", "sentence") | STOP | LIGHT
_TITLES = frozenset(map(stem, TITLES))
_PRONOUNS = frozenset("he she they it his her their its him them who which whose".split())
_ABSTRACT = re.compile(r"(?:ment|ion|ity|ness|ing|ance|ence|ship|age|ism|ure|ly|s)$")
_NAMED = re.compile(
    rf"{_CAPITAL}(?:[’']s\s|,\s"
    r"|\s+(?:said|says|told|plans?|wants?|thinks|believes|[a-z]+ed)\s)"
)
_DOTTED = re.compile(r"\b((?:[A-Z]\.){2,})")
_CLAUSE = re.compile(
    r"[,;:()—–]|\b(?:and|but|while|whereas|who|which|whose|because|although|though|after|before"
    r"|when|if|unless)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cased:
    """The stems that a text prints with a small first letter, and with a capital mid-sentence."""

    lower: frozenset[str] = frozenset()
    upper: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Iterable[str]) -> Cased:
        """Read `texts`."""
        lower, upper = set(), set()
        for text in map(undotted, texts):
            for word in words(text):
                if word.text[0].islower():
                    lower.add(word.stem)
                elif _GOES_ON.search(text[max(0, word.start - 4) : word.start]):
                    upper.add(word.stem)
        return cls(frozenset(lower), frozenset(upper))


@dataclass(frozen=True, slots=True, eq=False)  # known by identity: it is compared very often
class Atom:
    """One thing that a sentence names, `text[start:end]`; `place` counts words, from 0."""

    kind: Kind
    text: str
    stems: tuple[str, ...]  # of its content words; a figure and a date have none
    start: int
    end: int
    place: int
    clause: int
    figure: figures.Figure | None = None
    date: cited_dates.Mention | None = None

    @property
    def is_hard(self) -> bool:
        """Whether it can be given wrongly: a name, a figure or a date."""
        return self.kind in ("name", "figure", "date")


NO_CASE = Cased()


def atoms(text: str, cased: Cased = NO_CASE, published: date | None = None) -> tuple[Atom, ...]:
    """What `text` names, in order.

    `cased` tells whether a word that opens the sentence is a name. Relative dates are counted from
    `published`.
    """
    every = words(text)
    places = [word.start for word in every]
    cuts = [match.start() for match in _CLAUSE.finditer(text)]
    hard = list(_hard(text, cased, published))
    found = [*hard, *(item for item in _words(every) if not _meets(item, hard))]
    return tuple(
        replace(
            item, place=bisect_left(places, item.start), clause=bisect_left(cuts, item.start + 1)
        )
        for item in sorted(found, key=lambda item: item.start)
    )


def _hard(text: str, cased: Cased, published: date | None) -> Iterator[Atom]:
    dates = cited_dates.mentions(text, published)
    taken = [_atom("date", item.text, item.start, item.end, date=item) for item in dates]
    for item in figures.read(cited_dates.without(text, dates)):
        one = _atom("figure", item.text, item.start, item.end, figure=item)
        if item.kind != "ordinal" and not _meets(one, taken):
            taken.append(one)
    for start, end in _runs(text, cased):
        name = _atom("name", text[start:end], start, end, stems=_content(text[start:end]))
        if name.stems and not _meets(name, taken):
            taken.append(name)
    return iter(taken)


def _words(every: Sequence[Word]) -> Iterator[Atom]:
    for word in every:
        if word.weighty:
            yield _atom("word", word.text, word.start, word.end, stems=(word.stem,))
        elif word.plain in _PRONOUNS:
            yield _atom("pronoun", word.text, word.start, word.end)


def _atom(
    kind: Kind,
    text: str,
    start: int,
    end: int,
    *,
    stems: tuple[str, ...] = (),
    figure: figures.Figure | None = None,
    date: cited_dates.Mention | None = None,
) -> Atom:
    return Atom(kind, text, stems, start, end, 0, 0, figure, date)


def _meets(item: Atom, others: Sequence[Atom]) -> bool:
    return any(item.start < other.end and other.start < item.end for other in others)


def _content(name: str) -> tuple[str, ...]:
    return tuple(word.stem for word in words(undotted(name)) if word.content)


def undotted(name: str) -> str:
    """Initials without their full stops: "U.S." is "US", "Gov. J. Lee" stays."""
    return _DOTTED.sub(lambda found: found[1].replace(".", ""), name)


def _runs(text: str, cased: Cased) -> Iterator[tuple[int, int]]:
    """Where names stand: capitalised words in a row, cut at openers, months and possessives."""
    for match in _RUN.finditer(text):
        opens = not _GOES_ON.search(text[: match.start()])
        run: list[tuple[int, int]] = []
        for at, piece in enumerate(re.finditer(r"\S+", match[0])):
            start = match.start() + piece.start()
            word = without_possessive(piece[0])
            plain = fold(word)
            alone = opens and at == 0 and not _has_name(text[match.start() :], match[0], cased)
            if plain in CALENDAR or plain in _OPENERS or alone:
                if run:
                    yield run[0][0], run[-1][1]
                run = []
                continue
            if piece[0][0].isupper() or run:
                run.append((start, start + len(word)))
            if word != piece[0]:
                yield run[0][0], run[-1][1]
                run = []
        if run:
            yield run[0][0], run[-1][1]


def _has_name(opening: str, run: str, cased: Cased) -> bool:
    """Whether the first word has its capital not only because it opens a sentence.

    What the evidence does not print is taken for a name before another, before a comma, with "'s"
    behind it, or where it does what only people and bodies do.
    """
    first = words(opening)[0]
    if first.stem in cased.upper - cased.lower:
        return True
    if first.stem not in cased.lower and " " in run:
        return True
    if first.stem in cased.lower or _ABSTRACT.search(first.plain):
        return False
    return _NAMED.match(opening) is not None


@lru_cache(maxsize=100_000)
def same(one: Atom, other: Atom) -> bool:
    """Whether two things may be one and the same."""
    if one.figure and other.figure:
        return one.figure.value == other.figure.value or cited_figures.bears_out(
            one.figure, other.figure
        )
    if one.date and other.date:
        return cited_dates.bears_out(one.date, other.date)
    if one.kind == other.kind == "name":
        return _same_name(one, other)
    if {one.kind, other.kind} <= {"name", "word"}:
        return any(alike(a, b) for a in one.stems for b in other.stems)
    return False


@lru_cache(maxsize=50_000)
def alike(one: str, other: str) -> bool:
    """Whether two stems are one word, of one family or of one sense."""
    if one == other or senses(one) & senses(other):
        return True
    return len(one) >= _KIN and len(other) >= _KIN and one[:_KIN] == other[:_KIN]


def _same_name(one: Atom, other: Atom) -> bool:
    """Whether one is part of the other, is short for it or of the same country."""
    mine, theirs = _untitled(one.stems), _untitled(other.stems)
    if mine <= theirs or theirs <= mine:
        return True
    if countries(mine) & countries(theirs):
        return True
    return _initials(one.text) in theirs or _initials(other.text) in mine


def _untitled(stems: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stems) - _TITLES or frozenset(stems)


def _initials(name: str) -> str:
    letters = "".join(map(initial, re.findall(r"[A-Z][\w’'-]*", name))).lower()
    return stem(letters) if len(letters) > 1 else "-"


def initial(word: str) -> str:
    """What a word adds to a name's initials: its first letter, or itself if all are capitals."""
    return word if word.isupper() else word[0]
