"""What the articles say instead of what was asked, where that is clear; for a refusal.

"Why did Jane Roe resign as mayor?" – the newest speaks of Mayor Jane Roe; "How many American tanks
…" – they speak of Russian ones. Every sentence made here quotes words of an article that was
found and names its outlet and day. Where nothing fits plainly, nothing is said: a guess here would
be worse than a bare refusal. None of this bears on whether to decline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from rag.answering.needs import SUM
from rag.checking.cited_names import same_people
from rag.retrieval.query import Query
from rag.schema import Article, Hit, printed_day
from rag.speakers.attribution import READER, speaker
from rag.text.dates import CALENDAR
from rag.text.injection import disarmed
from rag.text.names import names
from rag.text.numbers import figures
from rag.text.sentences import article_sentences
from rag.text.words import fold, last_stem, stems

_READ = 20  # hits that are read
_LONGEST = 30  # words of a question; a longer one is several
_SHOWN = 180  # characters of a sentence that are quoted
_NEAR = 300  # characters on each side of a sentence
_MOST, _HALF = 0.7, 0.5  # share of the question's other words that a sentence must have

_LEFT = re.compile(
    r"\b(?:resign|quit|step down|stand down|leave|retire|dismissed|sacked|fired|removed|replaced)\b"
)
_LEAVING = frozenset(
    stem
    for word in "resign quit step stand leave retire dismiss sack fire remove replace".split()
    for stem in stems(word)
)
_AS = re.compile(
    r"\bas (?:the )?(?P<role>[\w ’'-]+?)(?= (?:of|during|in|after|before|on|over|from|at)\b|[?.]|$)"
)
_FORMER = re.compile(r"\b(?:former|ex|then|late|deputy|acting)[ -]?$", re.IGNORECASE)
_OF_PEOPLE = re.compile(r"(?<=\s)(?P<kind>[A-Z][\w-]*) (?P<things>[a-z]{3,}(?: [a-z]+){0,3})\b")
_PLACED = re.compile(
    r"\b(?P<thing>[a-z]{3,}) (?P<where>in|at|near|from) (?:the )?"
    r"(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*)"
)
_OWNER = re.compile(
    r"\bhow many [a-z -]+? (?:does|do|did|has|have|had) (?:the )?(?P<rest>[A-Z].*)", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence of a passage found: `hit.article.text[start:end]`."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence, line breaks folded."""
        return " ".join(self.hit.article.text[self.start : self.end].split())

    @property
    def stems(self) -> frozenset[str]:
        """Of its words."""
        return frozenset(stems(self.text))

    @property
    def around(self) -> frozenset[str]:
        """Stems of what stands around it, the headline and itself."""
        whole = self.hit.article.text[max(0, self.start - _NEAR) : self.end + _NEAR]
        return frozenset(stems(f"{self.hit.article.title or ''}\n{whole}"))

    @property
    def credit(self) -> str:
        """Outlet and day: "The Courier (3 May 2024)"."""
        return _credit(self.hit.article)

    @property
    def quote(self) -> str:
        """Its words, in quotation marks if they have none; of a long sentence the beginning."""
        words = re.sub(r"\s[“\"]$", "", self.text)
        if len(words) > _SHOWN:
            words = f"{words[:_SHOWN].rsplit(' ', 1)[0]} …"
        return words if re.search(r"[“”\"]", words) else f"“{words}”"


Find = Callable[[Query, Sequence[_Read]], str]


def instead(query: Query, hits: Sequence[Hit], *, lacks: bool) -> str:
    """One sentence on what the nearest passages say instead, or nothing.

    `lacks`: they are without something that the question needs.
    """
    return _first(query, hits, (*_ANOTHER, *(_OTHER if lacks else ())))


def untrue(query: Query, hits: Sequence[Hit]) -> str:
    """One sentence, where an answered question names one people and the passages another."""
    return _first(query, hits, (_other_kind,))


def _first(query: Query, hits: Sequence[Hit], finders: Sequence[Find]) -> str:
    if len(query.text.split()) > _LONGEST:
        return ""
    plain = replace(query, text=" ".join(query.text.split()))
    read = list(_sentences(hits[:_READ]))
    return disarmed(next(filter(None, (find(plain, read) for find in finders)), ""))


def _sentences(hits: Sequence[Hit]) -> Iterator[_Read]:
    """Each sentence once; no reader's, and none of a passage that looks like instructions."""
    seen: set[tuple[str, int]] = set()
    for hit in hits:
        if hit.warning or hit.passage.kind == "comment":
            continue
        for start, end in article_sentences(hit.article, hit.passage.start, hit.passage.end):
            if (hit.article.id, start) not in seen:
                seen.add((hit.article.id, start))
                yield _Read(hit, start, end)


def _credit(article: Article) -> str:
    day = printed_day(article.published)
    return f"{article.outlet or f'“{article.name}”'}{f' ({day})' if day else ''}"


# --- still in office


def _in_office(query: Query, read: Sequence[_Read]) -> str:
    """Of "Why did Jane Roe resign as mayor?" that the newest article calls her mayor."""
    people = query.names
    role = _AS.search(query.text)
    if not people or role is None or not _LEFT.search(query.text):
        return ""
    surname = people[0].split()[-1]
    key = last_stem(surname)
    articles = {item.hit.article.id: item.hit.article for item in read}.values()
    if any(key <= item.stems and item.stems & _LEAVING for item in read):
        return ""
    held = [
        (article, words)
        for article in articles
        if people[0] in article.text and (words := _held(article, role, surname))
    ]
    if not held:
        return ""
    article, words = max(held, key=lambda pair: pair[0].published or date.min)
    return f"{_credit(article)} speaks of “{words}”."


def _held(article: Article, role: re.Match[str], surname: str) -> str:
    """Where an article puts the role beside the name: "the minister, Lucan Ferreby"."""
    office, name = re.escape(role["role"].split()[-1]), re.escape(surname)
    titles, first_names = r"(?:[A-Z][\w’'-]+ (?:and )?)*", r"(?:[A-Z][\w’'.-]+ ){0,2}"
    before = rf"{titles}\b(?i:{office}),? {first_names}{name}\b"
    behind = rf"{first_names}{name}, (?:the |its |their )(?:[\w’'-]+ ){{0,2}}{office}\b"
    for match in re.finditer(rf"{before}|{behind}", article.text):
        if not _FORMER.search(article.text[: match.start()][-10:]):
            return match[0]
    return ""


# --- another kind, place or year


def _other_kind(query: Query, read: Sequence[_Read]) -> str:
    """Of "How many American tanks …" the Russian ones."""
    for asked in _OF_PEOPLE.finditer(query.text):
        kind, things = asked["kind"], asked["things"].split()
        if not same_people(kind) or _is_there(kind, things[0], read):
            continue
        rest = _others(query.text, f"{kind} {things[0]}")
        for item in read:
            found = _of_another(item, kind, things)
            if found and rest and len(rest & item.around) >= _HALF * len(rest):
                same = " ".join(things[: found.count(" ")])
                return f"{item.credit} speaks of “{found}”, not of {kind} {same}."
    return ""


def _is_there(kind: str, thing: str, read: Sequence[_Read]) -> bool:
    """Whether a sentence of an article found has both words, or the country for the people."""
    wanted = frozenset(stems(thing))
    articles = {item.hit.article.id: item.hit.article for item in read}.values()
    return any(
        wanted <= frozenset(stems(words)) and same_people(kind) in map(same_people, words.split())
        for article in articles
        for start, end in article_sentences(article)
        if (words := article.text[start:end])
    )


def _of_another(item: _Read, kind: str, things: Sequence[str]) -> str:
    """The same things of another people, as printed: "Russian naval infantry"."""
    own = same_people(kind)
    for match in _OF_PEOPLE.finditer(f" {item.text}"):
        theirs = match["things"].split()
        alike = zip(things, theirs, strict=False)
        same = len(list(takewhile(_is_same, alike)))
        cut = [list(stems(" ".join(words[same : same + 1]))) for words in (things, theirs)]
        if same and not all(cut) and same_people(match["kind"]) not in ("", own):
            return " ".join([match["kind"], *theirs[:same]])
    return ""


def _is_same(pair: tuple[str, str]) -> bool:
    one, other = (list(stems(word)) for word in pair)
    return bool(one) and one == other


def _other_place(query: Query, read: Sequence[_Read]) -> str:
    """Of "the earthquake in Peru", of which no article knows, the one in Chile."""
    for asked in _PLACED.finditer(query.text):
        thing, name = list(stems(asked["thing"])), asked["name"]
        if name.casefold() in CALENDAR or _named_anywhere(name, read) or not thing:
            continue
        rest = _others(query.text, asked[0])
        for item in read:
            for match in _PLACED.finditer(item.text):
                alike = list(stems(match["thing"])) == thing and match["where"] == asked["where"]
                other = (
                    match["name"] not in query.text
                    and match["name"].split()[0].casefold() not in CALENDAR
                )
                if alike and other and rest and len(rest & item.stems) >= _MOST * len(rest):
                    return f"{item.credit} speaks of “{match[0]}”, not {asked['where']} {name}."
    return ""


def _named_anywhere(name: str, read: Sequence[_Read]) -> bool:
    articles = {item.hit.article.id: item.hit.article for item in read}.values()
    return any(name.split()[-1] in article.text for article in articles)


def _other_year(query: Query, read: Sequence[_Read]) -> str:
    """Of what happened in 2015, of which no article knows, that it did in 2014."""
    years = _YEAR.findall(query.text)
    if len(years) != 1:
        return ""
    rest = _others(query.text, years[0])
    for item in read:
        article = item.hit.article
        published = article.published.year if article.published else None
        given = [year for year in _YEAR.findall(item.text) if year not in years]
        unknown = years[0] not in article.text and published != int(years[0])
        if given and unknown and len(rest) > 1 and len(rest & item.stems) >= _MOST * len(rest):
            return f"{item.credit} says it of {given[0]}, not of {years[0]}: {item.quote}"
    return ""


def _others(question: str, without: str) -> frozenset[str]:
    """Stems of the question's other words."""
    asked = question.replace(without, " ", 1)
    return frozenset(stems(asked)) - frozenset(stems(without)) - _ASKING


_ASKING = frozenset(stems("many much how old long far which what who whom when where why"))


# --- other words, other figures


def _other_words(query: Query, read: Sequence[_Read]) -> str:
    """Of "What did Angela Merkel say about the tanks?" who did, or what else she said."""
    asked = query.statement
    if asked is None or not asked.about:
        return ""
    person, about = asked.speaker, asked.about
    own = last_stem(person)
    wanted = frozenset(stems(about)) - own
    if len(wanted) > 2 or (len(wanted) > 1 and names(about)):
        for item in read:
            who = _speaker(item)
            another = who and not own & frozenset(stems(who))
            if another and len(wanted & item.stems) >= _MOST * len(wanted):
                return f"{item.credit} has words of {who} on that: {item.quote}"
    for item in read:
        if _is_speaker(person, item) and not wanted & item.stems:
            return f"{item.credit} has other words of {person}: {item.quote}"
    return ""


def _is_speaker(person: str, item: _Read) -> bool:
    """Whether the sentence names `person` as its speaker, nobody else of the same last name."""
    own, last = frozenset(stems(person)), last_stem(person)
    who = frozenset(stems(_speaker(item) or "")) if last <= item.stems else frozenset()
    return bool(who) and (own <= who or (who <= own and person in item.hit.article.text))


def _speaker(item: _Read) -> str | None:
    who = speaker(item.hit.article, item.start, item.end)
    return who if who and READER not in who else None


def _other_number(query: Query, read: Sequence[_Read]) -> str:
    """Of "How many members has the Guild?" other figures for the Guild."""
    owner = _OWNER.search(query.text)
    owned = names(owner["rest"]) if owner else []
    if owner is None or not owned or not owner["rest"].startswith(owned[0]):
        return ""
    for item in read:
        if _begins(item, owned[0]) and any(True for _ in figures(item.text)):
            the = "the " if f"the {owned[0]}" in query.text else ""
            return f"{item.credit} gives other figures for {the}{owned[0]}: {item.quote}"
    return ""


def _begins(item: _Read, name: str) -> bool:
    """Whether the sentence is of `name`, told by its first words."""
    return fold(item.text).removeprefix("the ").startswith(fold(name))


def _other_sum(query: Query, read: Sequence[_Read]) -> str:
    """Of "How much did the Guild pay for the hall?" another sum that it paid."""
    people = query.names
    if not people or not re.search(r"\bhow much\b", query.text, re.IGNORECASE):
        return ""
    for item in read:
        if _begins(item, people[0]) and SUM.search(item.text.casefold()):
            return f"{item.credit} gives another sum: {item.quote}"
    return ""


# What is told even where nothing in particular is missing, and what only where it is.
_ANOTHER: tuple[Find, ...] = (_in_office, _other_kind, _other_place, _other_year)
_OTHER: tuple[Find, ...] = (_other_words, _other_number, _other_sum)
