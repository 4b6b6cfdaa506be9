"""Names in an article, by their capitals, and the people and bodies that they are looked up among.

Which names an article shows to be a person's is told in `rag.speakers.people`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rag.text import dates, lexicon
from rag.text.names import TITLES

Gender = Literal["he", "she"]

_ABBREVIATED = r"(?:Maj|Gen|Col|Lt|Capt|Sgt|Dr|Mr|Mrs|Ms|St|Sen|Rep|Gov|Prof|Rev|Hon|Jr|Sr|[A-Z])"
_TOKEN = re.compile(
    rf"(?:[A-Z]\.){{2,}}|\b{_ABBREVIATED}\.|[^\W\d_][\w]*(?:[-’'.][^\W\d_]\w*)*(?:(?<=s)['’])?"
    r"|\d[\d,.]*\d|\d|[^\s\w]|\n"
)
_PARTICLES = lexicon.words("titles", "particles")
_PREFIX = re.compile(r"(?:al|el|bin|ibn|ben|d|de)[-’'][A-ZÀ-Þ]")
_GLUED = re.compile(r"(?<=[a-z]{4})(?:reportedly|said|says|told)$")

BODIES = frozenset(
    """authority ministry department office council committee commission court union federation
    guild association society company corporation group holding holdings line lines bank fund
    institute university college school church party parliament congress senate assembly house
    government administration agency bureau board chamber service services inspectorate police
    army navy force forces press news times post courier sentinel echo gazette herald tribune
    journal magazine radio television broadcasting network club co-operative cooperative
    foundation trust league alliance coalition nations state states staffing airlines airways
    industries systems technologies inc ltd llc plc corp gmbh pentagon kremlin secretariat
    embassy mission hospital museum library team campaign organisation organization movement
    front brigade exchange images reuters kingdom republic union""".split()
)
PLACES = frozenset(
    """street square road avenue lane hall hotel island dock quay basin port harbour harbor river
    valley bay sea ocean lake mountain park gate bridge city county province region airport
    station mole roads resort central war day cup prize act treaty agreement resolution charter
    east west north south""".split()
)
OPENERS = lexicon.words("openers", "sentence")
_MONTHS = frozenset(word for line in lexicon.groups("calendar", "months") for word in line)
CALENDAR = dates.CALENDAR | _MONTHS | {"christmas", "easter"}


_LONGEST_RUN = 12  # capitalised words; more are no name
_JOINS = ("of", "and", "&", "for")


class Token(NamedTuple):
    """A word, a number or a sign, with where it stands."""

    text: str
    start: int
    end: int
    low: str  # in small letters, without a full stop behind it
    is_capital: bool  # may be part of a name

    @property
    def is_possessive(self) -> bool:
        """Whether it ends in an apostrophe, with or without an s."""
        return self.text[-1] in "’'" or (self.text[-1] == "s" and self.text[-2:-1] in ("’", "'"))


def _token(text: str, start: int) -> Token:
    first = text[0]
    low = text.casefold()
    if low[-1] == "." and len(low) > 1:
        low = low.rstrip(".")
    is_capital = first.isupper() or (first in "aebid" and _PREFIX.match(text) is not None)
    return Token(text, start, start + len(text), low, is_capital)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in an article, by the fullest name it prints."""

    name: str
    offices: frozenset[str]  # words in small letters: "minister", "director"
    gender: Gender | None


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and bodies of one article, to be looked up by any part of their name."""

    people: dict[str, Person]
    surnames: dict[str, tuple[tuple[int, str], ...]]  # folded -> (offset, full name), in order
    bodies: dict[str, str]  # "federation" -> the longest name with that word at its end or front

    def person(self, words: Sequence[str], at: int) -> str | None:
        """The full name of the person meant by `words` at offset `at`; None if it is no person.

        Of several people of one surname the one named last before `at` is meant.
        """
        name = " ".join(words)
        if name in self.people:
            return name
        listed = self.surnames.get(words[-1].casefold(), ())
        known = [item for item in listed if set(words[:-1]) <= set(item[1].split())]
        if not known:
            return None
        offsets = [offset for offset, _ in known]
        return known[max(0, bisect_right(offsets, at) - 1)][1]


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Words, numbers and signs of `text[start:end]`; a full stop of an abbreviation belongs to it.

    A verb that scraping has run together with the name before it is cut off.
    """
    found = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word, begin = match.group(), match.start()
        cut = _GLUED.search(word) if len(word) > 7 and word[0].isupper() else None
        if cut:
            found.append(_token(word[: cut.start()], begin))
            begin, word = begin + cut.start(), word[cut.start() :]
        found.append(_token(word, begin))
    return found


def bare(word: str) -> str:
    """A word without its possessive ending."""
    if word[-1] not in "’'s":
        return word
    return re.sub(r"(?:(?<=s)['’]|['’]s)$", "", word)


def run_at(items: Sequence[Token], at: int) -> int:
    """Where the run of capitalised words that begins at `at` ends (exclusive).

    A name's small words (van, al) belong to it; a possessive, a day or a month ends it, unless it
    is a plural's: "Quay Workers' Federation".
    """
    stop, most = at, min(len(items), at + _LONGEST_RUN)
    while stop < most:
        word = items[stop]
        inside = stop > at and stop + 1 < len(items) and items[stop + 1].is_capital
        if not (word.is_capital and word.low not in CALENDAR) and not (
            inside and word.text in _PARTICLES
        ):
            break
        stop += 1
        if word.is_possessive and not (
            word.text[-1] in "’'" and stop < len(items) and items[stop].is_capital
        ):
            break
    return stop


def run_back(items: Sequence[Token], at: int) -> int:
    """Where the run of capitalised words that ends with the word `at` begins."""
    start = at
    least = max(0, at - _LONGEST_RUN + 1)
    while start > least and (items[start - 1].is_capital or items[start - 1].text in _PARTICLES):
        start -= 1
    while start < at and run_at(items, start) <= at:
        start = max(run_at(items, start), start + 1)
    return start


def is_body(words: Sequence[str]) -> bool:
    """Whether a name with these words is an organisation's or a place's rather than a person's."""
    folded = [bare(word).casefold() for word in words]
    return any(word in BODIES or word in PLACES for word in folded)


def split_titles(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """`words` as (up to the last title or acronym, what follows it)."""
    cut = 0
    for place, word in enumerate(words):
        acronym = len(word.rstrip(".s")) > 1 and word.rstrip("s").replace(".", "").isupper()
        if word.casefold().rstrip(".") in TITLES or (acronym and place + 1 < len(words)):
            cut = place + 1
    return list(words[:cut]), list(words[cut:])


def name_in(words: Sequence[str], cast: Cast, at: int) -> list[str]:
    """The person's name in a run of capitals, titles left off; all of it for "AMC Theaters"."""
    titles, name = split_titles(words)
    acronyms = bool(titles) and all(word.isupper() for word in titles)
    if acronyms and len(name) == 1 and not cast.person(name, at):
        return [*titles, *name] if not set(word.casefold() for word in titles) & TITLES else name
    return name


def body_span(items: Sequence[Token], start: int, stop: int) -> tuple[int, int]:
    """The run and the capitalised runs that "and", "of", "for" join to it in an organisation."""
    least = max(2, start - 2 * _LONGEST_RUN)
    while start >= least and items[start - 1].text in _JOINS and items[start - 2].is_capital:
        before = start - 2
        while before and items[before - 1].is_capital:
            before -= 1
        if items[before].low in OPENERS:
            before += 1
        if before >= start - 1 or not _joined(items, before, start - 1, items[start - 1].text):
            break
        start = before
    if _goes_on(items, start, stop):
        stop = run_at(items, stop + 1)
    joins: tuple[str, ...] = ("of", "for")
    while stop + 1 < len(items) and items[stop].text in joins and items[stop + 1].is_capital:
        if joins[0] == "of" and items[stop - 1].low not in BODIES:
            break
        joins = ("and", "&")
        stop = run_at(items, stop + 1)
    return start, stop


def _goes_on(items: Sequence[Token], start: int, stop: int) -> bool:
    """Whether "and" joins the run to the rest of a name: "the Sand and Gravel Workers' Union"."""
    if stop + 1 >= len(items) or items[stop].text not in ("and", "&"):
        return False
    end = run_at(items, stop + 1)
    named = end > stop + 1 and items[end - 1].low in BODIES
    return named and start > 0 and items[start - 1].low == "the" and items[start].low not in BODIES


def domain_of(items: Sequence[Token], start: int) -> str:
    """The office that the run at `start` goes on to describe: "Minister of Transport and …"."""
    at, least = start, max(2, start - _LONGEST_RUN)
    while at >= least and items[at - 1].text in ("and", "of", "for", "&", "the"):
        at -= 1
        if items[at - 1].low in TITLES and items[at].text in ("of", "for"):
            return items[at - 1].low
        while at >= least and items[at - 1].is_capital:
            at -= 1
    return ""


def _joined(items: Sequence[Token], start: int, stop: int, join: str) -> bool:
    """Whether the run before "and" or "of" is the beginning of the same organisation's name."""
    if join in ("of", "for"):
        return items[stop - 1].low in BODIES
    before = items[start - 1].low if start else ""
    of_a_body = before == "of" and start > 1 and items[start - 2].low in BODIES
    short = stop - start <= 2 and items[stop - 1].low not in BODIES
    return short and (before == "the" or of_a_body)


def name_of(items: Sequence[Token], start: int, stop: int) -> str:
    """The words from `start` to `stop` as one name, a possessive ending left off."""
    words = [item.text for item in items[start:stop]]
    return " ".join([*words[:-1], bare(words[-1])])
