"""People, offices and pronouns in sentences of other languages than English, by their words alone.

A name is two capitals or more, or the surname of one that stands elsewhere in full; in German,
where every noun has its capital, what stands before it may be an office. What follows a preposition
is nobody who speaks.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rag.text import lexicon
from rag.text.dates import CALENDAR
from rag.text.sentences import Span

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_WORD = re.compile(rf"{_UPPER}[\w-]*(?:[’']{_UPPER}[\w-]*)?|[^\W\d_][\w-]*|\d+|[^\w\s]")
_PARTICLES = (lexicon.words("titles", "particles") - {"st", "ben", "bin"}) | {
    "y",
    "e",
    "del",
    "dos",
}
_HONORIFICS = (
    lexicon.words("titles", "honorifics")
    | lexicon.words("titles", "styles")
    | lexicon.words("abroad", "honorifics")
)
_WEEKDAYS = lexicon.words("abroad", "weekdays")
_AND, _OF = {"y", "e"}, {"de", "del", "di"}
_FROM = {"von", "zu"}  # "Ursula von der Heide", not "Frage von Anna Kern"
_FIELD_AND_NAME = 3
_BEFORE_AND = 2  # "José Ortega y Gasset", not "Luis Mora y Ana Ruiz"
_LEAST = 4  # letters of an office
_LONGEST = 4  # words of a name, particles left out


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a sign, where it begins, and how the lists have it."""

    text: str
    start: int
    low: str


@dataclass(frozen=True, slots=True)
class Noun:
    """Who does something in a clause; `silent`: nobody is there, as in "insistió"."""

    kind: Literal["name", "role", "pronoun", "silent"]
    words: tuple[str, ...] = ()
    is_known: bool = True  # "der Bürgermeister", not "ein Sprecher"


NOBODY = Noun("role")  # somebody, but nobody whom the words tell


def words_of(text: str, start: int, end: int, language: str) -> list[Word]:
    """The words and signs of `text[start:end]`; "a-t-il" is the pronoun, "Dr." has no full stop."""
    found: list[Word] = []
    for match in _WORD.finditer(text, start, end):
        low = match[0].casefold()
        if match[0] in "’'" and text[match.start() - 1 : match.start()].isalpha():
            continue  # "l’ingénieur"
        if match[0] == "." and found and found[-1].low in _HONORIFICS | {found[-1].low[:1]}:
            continue
        if language == "fr" and low.startswith(("a-t-", "ont-")) or low.endswith(("-il", "-elle")):
            low = low.rpartition("-")[2]
        found.append(Word(match[0], match.start(), low))
    return found


class Nouns:
    """The people whom one part of an article names, with what it says that they are.

    Held open because each answer looks names up in the whole part.
    """

    def __init__(self, flat: str, lines: Sequence[Span], language: str) -> None:
        self.language = language
        self.lines = lines
        self.names: dict[str, set[str]] = defaultdict(set)  # surname -> full names
        self.offices: dict[str, set[str]] = defaultdict(set)
        self.places: list[tuple[int, str]] = []
        runs = [run for line in lines for run in self._runs(words_of(flat, *line, language))]
        for run in runs:
            if run.name and len(run.name) > 1:
                full = " ".join(run.name)
                for key in _ends(run.name):
                    self.names[key].add(full)
                for office in run.offices:
                    self.offices[office].add(full)
        for run in runs:
            if name := self._whole(run.name):
                self.places.append((run.start, name))

    def people(self, start: int, end: int) -> Iterator[str]:
        """Everybody named in a stretch outside quotations."""
        first = bisect_left(self.places, start, key=lambda item: item[0])
        for at, name in self.places[first:]:
            if at >= end:
                return
            yield name

    def paragraphs(self, at: int) -> list[Span]:
        """The paragraph of a place up to it, and the one before."""
        line = max(0, bisect_right(self.lines, at, key=lambda item: item[0]) - 1)
        before = [self.lines[line - 1]] if line else []
        return [*before, (self.lines[line][0], at)]

    def full(self, noun: Noun) -> str | None:
        """The name in full of whom a name or an office means; None if that is not told."""
        if noun.kind == "name":
            is_shared = " ".join(noun.words).casefold() in self.names  # perhaps by two people
            return self._whole(noun.words) or (None if is_shared else " ".join(noun.words))
        holders = [self.offices[word] for word in noun.words if word in self.offices]
        people = set[str]().union(*holders)
        return people.pop() if noun.is_known and len(people) == 1 else None

    def alone(self, items: Sequence[Word]) -> Noun | None:
        """The one person whom the words before a colon name."""
        runs = [run for run in self._runs(items) if run.name and not run.is_blocked]
        people = {name for run in runs if (name := self._whole(run.name))}
        return Noun("name", tuple(people.pop().split())) if len(people) == 1 else None

    def first(
        self, items: Sequence[Word], before: Sequence[Word] = (), *, is_ahead: bool = False
    ) -> Noun | None:
        """Whoever does something in a clause: a name, else a pronoun, else an office.

        `before`: the words up to the verb; `is_ahead`: the verb follows.
        """
        pronouns = lexicon.words(self.language, "pronouns")
        runs = list(self._runs(items))
        for run in runs:
            if (
                run.name
                and not run.is_blocked
                and (len(run.name) > 1 or self._may_be(run, is_ahead=is_ahead))
            ):
                return Noun("name", tuple(run.name))
        prepositions = lexicon.words(self.language, "prepositions")
        near = [*before, *items[: 0 if items and items[0].low in prepositions else 2]]
        if any(word.low in pronouns for word in near):
            return Noun("pronoun")
        offices = [office for run in runs for office in run.offices if not run.is_blocked]
        is_known = not any(w.low in lexicon.words(self.language, "some") for w in items[:2])
        if offices:
            is_narrow = _is_narrow(items, offices)
            return Noun("role", tuple(offices), is_known=is_known and not is_narrow)
        rest = [word for word in items if word.text[0].isalpha()]
        is_silent = not rest or rest[0].low in prepositions  # "dijo a la agencia"
        return Noun("silent") if is_silent and self.language in _SILENT else None

    def _may_be(self, run: _Run, *, is_ahead: bool) -> bool:
        """Whether one word by itself is a name: a known one, or right behind "Herr" or a verb."""
        low = run.name[0].casefold()
        if self.names.get(low) or run.is_titled:
            return True
        is_bare = run.at == 0 and not (run.offices or run.has_article or run.is_noun)
        return is_bare and not is_ahead and low not in _never(self.language)

    def _whole(self, words: Sequence[str]) -> str | None:
        """A name as the article first gives it in full; None where two people have it."""
        full = self.names.get(" ".join(words).casefold(), set())
        shortest = min(full, key=len, default="")
        return shortest if full and all(name.endswith(shortest) for name in full) else None

    def _runs(self, items: Sequence[Word]) -> Iterator[_Run]:
        return _runs(items, self.language)


def _is_narrow(items: Sequence[Word], offices: Sequence[str]) -> bool:
    """Whether it is the mayor of a place: perhaps another mayor than the article's."""
    for number, word in enumerate(items[:-2]):
        if word.low in offices and items[number + 1].low in lexicon.words("abroad", "of"):
            return any(_is_capital(item) for item in items[number + 2 : number + 4])
    return False


@dataclass(slots=True)
class _Run:
    """Capitals in a row, and the offices before and behind them."""

    start: int
    at: int  # the number of its first word
    name: list[str]
    offices: list[str]
    is_blocked: bool  # it follows a preposition
    has_article: bool = False
    is_titled: bool = False
    is_noun: bool = False


def _runs(items: Sequence[Word], language: str) -> Iterator[_Run]:
    """Each name with its offices, and last what offices stand by themselves."""
    prepositions, articles = (lexicon.words(language, k) for k in ("prepositions", "articles"))
    some = lexicon.words(language, "some")
    offices: list[str] = []
    blocked = article = stuck = False  # stuck: to the end of the sentence
    at = 0
    while at < len(items):
        word = items[at]
        if aside := _aside(items, at):
            at += aside
            continue
        if word.low in lexicon.words("abroad", "relatives"):
            stuck = True
        elif word.low in prepositions and not (language == "pt" and word.low == "a"):
            blocked, article = True, False
        elif word.low in lexicon.words(language, "pronouns"):
            blocked = article = False
        elif word.text in ".!?;:…":
            blocked, article, stuck, offices = False, False, False, []
        elif word.text in ",()–—":
            blocked = article = False
        elif word.low in articles | some:
            after = items[at - 1].low in prepositions if at else False
            blocked = (
                after or (blocked and language == "de") or (language == "de" and bool(offices))
            )
            article = not blocked
            offices = offices if blocked else []
        elif _is_capital(word):
            stop = _stop(items, at, language)
            run = _read_run(items, at, stop, language, blocked or stuck, article, bool(offices))
            run.offices = run.offices if run.is_blocked else [*offices, *run.offices]
            if run.name:
                if not run.is_blocked and len(run.name) > 1:
                    run.offices += _apposition(items, stop, language)
                    offices = []
                yield run
            elif not (blocked or stuck):
                offices = run.offices
            at, article = stop, False
            continue
        elif not (blocked or stuck) and language != "de" and _may_be_office(word, language):
            offices, article = [*offices, word.low], False
        else:
            article = False
        at += 1
    if offices:
        yield _Run(items[-1].start, at, [], offices, is_blocked=False)


def _aside(items: Sequence[Word], at: int) -> int:
    """How many words at a place stand beside the clause: "de son côté"."""
    for phrase in lexicon.words("abroad", "asides"):
        parts = phrase.split("-")
        if [item.low for item in items[at : at + len(parts)]] == parts:
            return len(parts)
    return 0


def _stop(items: Sequence[Word], at: int, language: str) -> int:
    """Where a row of capitals that begins at `at` ends, small words within it included."""
    stop, capitals = at + 1, 1
    while stop < len(items):
        ahead = stop
        while ahead < len(items) and items[ahead].text in _PARTICLES and ahead < stop + 2:
            ahead += 1
        if ahead == len(items) or not _is_capital(items[ahead]):
            return stop
        small = {item.text for item in items[stop:ahead]}
        is_last = ahead + 1 == len(items) or not _is_capital(items[ahead + 1])
        if small & _AND and not (is_last and capitals == _BEFORE_AND):
            return stop
        if small & _FROM and not is_last:
            return stop
        if small & _OF and capitals > 1 and language != "nl":
            return stop
        stop, capitals = ahead + 1, capitals + 1
    return stop


def _read_run(
    items: Sequence[Word],
    at: int,
    stop: int,
    language: str,
    blocked: bool,
    article: bool,
    before: bool,
) -> _Run:
    words = list(items[at:stop])
    offices: list[str] = []
    titled = False
    first = words[0].start
    while words and _is_before(words[0], language):
        if words[0].low in _HONORIFICS:
            titled = True
        elif _role(words[0], language):
            offices.append(words[0].low)
        if words[0].low in _WEEKDAYS:
            blocked = False
        words = words[1:]
        article = False
    if language == "de" and article and len(words) > 2 and words[1].text[0].isupper():
        offices, words, article = [*offices, words[0].low], words[1:], False
    while words and words[-1].low in _WEEKDAYS:
        words = words[:-1]
    name = [word.text for word in words if len(words) > 1 or len(word.text) > 1]
    is_noun = language == "de" and len(name) == 1 and article
    if article and len(name) > 1 or is_noun:
        offices, name = [*offices, *(word.low for word in words)], []
    if sum(word[0].isupper() for word in name) > _LONGEST:
        name = []
    if blocked and before and language != "de" and len(name) == _FIELD_AND_NAME:
        blocked, name = False, name[1:]  # "l’assessore alla Cultura Bruno Testa"
    return _Run(first, at, name, offices, blocked, article, titled, is_noun)


def _is_before(word: Word, language: str) -> bool:
    """Whether a capital before a name is no part of it: a title, a weekday, an opener."""
    openers = lexicon.words(language, "openers") | lexicon.words(language, "prepositions")
    according = {part for it in lexicon.words(language, "according") for part in it.split("-")}
    return (
        word.low in _HONORIFICS or word.low in _WEEKDAYS or word.low in openers
        or word.low in according or word.low in lexicon.words(language, "saying")
        or word.low in lexicon.words(language, "articles") and language == "de"
        or _role(word, language)
    )  # fmt: skip


def _may_be_office(word: Word, language: str) -> bool:
    speaking = lexicon.words(language, "saying") | lexicon.words(language, "speaking")
    return len(word.text) >= _LEAST and word.text.isalpha() and word.low not in speaking


def _role(word: Word, language: str) -> bool:
    roles = tuple(lexicon.words(language, "roles"))
    return bool(roles) and word.low.removesuffix("in").endswith(roles) or word.low.endswith(roles)


def _apposition(items: Sequence[Word], stop: int, language: str) -> list[str]:
    """What somebody is, behind the name: ", directrice des services"."""
    found: list[str] = []
    if stop >= len(items) or items[stop].text != ",":
        return found
    skipped = lexicon.words(language, "articles") | lexicon.words(language, "some")
    for item in items[stop + 1 : stop + 5]:
        if item.low in lexicon.words(language, "prepositions") or not item.text[0].isalpha():
            break
        if item.low in skipped:
            if found:
                break
            continue
        found.append(item.low)
    return found


def _ends(name: Sequence[str]) -> Iterator[str]:
    """How one may be called later: by the name, or any end of it."""
    for at in range(len(name)):
        yield " ".join(name[at:]).casefold()


def _is_capital(word: Word) -> bool:
    return word.text[0].isupper()


@cache
def _never(language: str) -> frozenset[str]:
    """No names though they may have a capital."""
    months = {forms[0] for _, forms in lexicon.sides(language, "months")}
    places = {form for _, forms in lexicon.sides(language, "places") for form in forms}
    others = lexicon.words("abroad", "bodies") | lexicon.words(language, "openers") | _WEEKDAYS
    return frozenset(places | months | CALENDAR | others)


_SILENT = ("es", "it", "pt")  # languages whose verbs need no pronoun
