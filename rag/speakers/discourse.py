"""One part of an article as it is read: whom each sentence is about, and who speaks in it.

Every sentence gets the speaker of the reporting clause that governs it (`rag.speakers.reporting`),
a quotation without one the speaker of its surroundings. Pronouns and offices stand for whoever
the sentences before named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.speakers.cast import Cast, Token, bare, is_body, run_at, split_titles
from rag.speakers.reporting import Clause, clauses, switches
from rag.speakers.subjects import Subject
from rag.text.sentences import Span, sentence_spans

_SPEECH_AHEAD = re.compile(
    r"\b(?:sa(?:y|id|ys)|wr(?:ote|ites)|told|stat(?:ed|ing|es)|address|speech|statement|words|"
    r"declared|explained|added|warned|remarks|announced|put it|interviews?)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*$")
_NOBODY = frozenset(
    """nobody everybody everyone somebody someone anybody people neither none it they we you i there
    this that who what officials experts analysts critics supporters opponents researchers
    scientists residents authorities sources witnesses observers economists lawyers doctors voters
    readers""".split()
)
_KINDS_OF_BODY = frozenset(
    """ministry department agency commission authority inspectorate guild union federation chamber
    committee court council bureau university museum institute foundation association""".split()
)
_LEAST_LEAD = 12  # words of a line without a full stop that may introduce one
_SCARE = 2  # words of a quotation that may be the author's own distance


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch that somebody says; `quoted`: what of it stands between quotation marks."""

    start: int
    end: int
    speaker: str | None
    quoted: tuple[Span, ...] = ()
    own: bool = False  # the words are the speaker's own though without quotation marks


@dataclass(slots=True)
class Flow:
    """One part of an article as it is read, and whom it has last spoken of.

    `flat` is the part's text with quoted words blotted out; its tokens' offsets count from `base`.
    """

    text: str
    flat: str
    base: int
    items: list[Token]
    starts: list[int]
    quoted: list[Span]
    cast: Cast
    focus: str | None = None  # whom the current paragraph is about
    said: str | None = None  # who spoke last in the current paragraph
    people: list[str] = field(default_factory=list)  # named in the current paragraph
    before: list[str] = field(default_factory=list)  # whom the last paragraph was about: best first
    lead: str | None = None  # who speaks in the next paragraph: "Roe told reporters:"
    language: str | None = None  # of the article
    answered: str | None = None  # who had the last word, if in quotation marks

    def within(self, start: int, end: int) -> list[Token]:
        """The tokens of `text[start:end]`."""
        first = bisect_left(self.starts, start - self.base)
        return self.items[first : bisect_left(self.starts, end - self.base)]

    def turn_over(self, focus: str | None = None) -> None:
        """A paragraph has ended."""
        about = [name for name in (focus, self.focus, *reversed(self.people)) if name]
        self.before = list(dict.fromkeys(about)) or self.before
        self.focus, self.said, self.people = None, None, []

    def gendered(self, names: Iterable[str | None], pronoun: str) -> str | None:
        """The first of `names` that "he" or "she" can mean."""
        for name in names:
            person = self.cast.people.get(name) if name else None
            if name and person and person.gender in (None, pronoun):
                return name
            if name and not person and not is_body(name.split()):
                return name
        return None


# --- paragraphs


def paragraph(flow: Flow, start: int, end: int) -> list[Said]:
    """What is said in one paragraph, `text[start:end]`; `flow` goes on behind it."""
    found: list[Said] = []
    lead, flow.lead = flow.lead, None
    answered, flow.answered = flow.answered, None
    for begin, stop in _sentences(flow, start, end):
        items = flow.within(begin, stop)
        opening = lead or answered if begin == start else None
        of_sentence = _sentence(flow, begin, stop, items, opening, bool(lead))
        found += of_sentence
        _look(flow, items, of_sentence)
        if stop == end:
            flow.lead = _introduced(flow, begin, stop, items, of_sentence)
    last = found[-1] if found else None
    flow.answered = last.speaker if last and last.quoted and last.end >= end - 1 else None
    flow.turn_over()
    return found


def _sentences(flow: Flow, start: int, end: int) -> Iterator[Span]:
    """Spans of the paragraph's sentences; a quotation belongs to one sentence."""
    base = flow.base
    for begin, stop in sentence_spans(flow.flat, start - base, end - base, language=flow.language):
        yield begin + base, stop + base


def _look(flow: Flow, items: Sequence[Token], said: Sequence[Said]) -> None:
    """Note whom a sentence was about: who spoke in it, else the first person it names."""
    named = list(people_in(flow.cast, items))
    flow.people += named
    speakers = [item.speaker for item in said if item.speaker]
    if speakers:
        flow.said = flow.focus = speakers[-1]
    elif named:
        flow.focus = named[0]


def people_in(cast: Cast, items: Sequence[Token]) -> Iterator[str]:
    """The people that a sentence names outside quotations, possessives left out."""
    at = 0
    while at < len(items):
        stop = run_at(items, at) if items[at].is_capital else at
        if stop > at and not items[stop - 1].is_possessive:
            _, name = split_titles([item.text for item in items[at:stop]])
            who = cast.person(name, items[at].start) if name else None
            if who is None and len(name) > 1 and at == 0:
                who = cast.person(name[1:], items[at].start)
            if who:
                yield who
        at = max(stop, at + 1)


def _introduced(
    flow: Flow, start: int, end: int, items: Sequence[Token], said: Sequence[Said]
) -> str | None:
    """Who speaks in the next paragraph, if the last sentence of one leads up to it."""
    text = flow.text[start:end]
    colon = text.endswith(":")
    if not colon and (_SENTENCE_END.search(text) or len(items) < _LEAST_LEAD):
        return None
    if said:
        return said[-1].speaker if colon else None
    people = list(dict.fromkeys(people_in(flow.cast, items)))
    return people[0] if len(people) == 1 and _SPEECH_AHEAD.search(text) else None


# --- sentences


def _sentence(
    flow: Flow, start: int, end: int, items: Sequence[Token], opening: str | None, led: bool
) -> list[Said]:
    """What is said in one sentence; `opening`: who speaks on if it begins with a quotation."""
    quoted = _within(flow.quoted, start, end)
    found = clauses(items, flow.cast)
    if found:
        return _governed(flow, start, end, items, found, quoted)
    if not quoted:
        return []
    who = _context(flow, start, end, items, quoted, opening, led)
    if who is None and not _is_all_quoted(start, end, quoted):
        return []
    return [Said(start, end, who, quoted)]


def _within(quoted: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The parts of quotations that lie in `start:end`."""
    first = bisect_left(quoted, start, key=lambda span: span[1])
    found = []
    for begin, stop in quoted[first:]:
        if begin >= end:
            break
        if min(stop, end) > max(begin, start):
            found.append((max(begin, start), min(stop, end)))
    return tuple(found)


def _is_all_quoted(start: int, end: int, quoted: Sequence[Span]) -> bool:
    return sum(stop - begin for begin, stop in quoted) >= end - start - 4


def _context(
    flow: Flow,
    start: int,
    end: int,
    items: Sequence[Token],
    quoted: Sequence[Span],
    opening: str | None,
    led: bool,
) -> str | None:
    """Who says the quotation of a sentence that does not tell."""
    if _is_all_quoted(start, end, quoted):
        words = len(flow.text[quoted[0][0] : quoted[-1][1]].split())
        if opening and (led or words > _SCARE):
            return opening
        return flow.said if flow.said == flow.focus else (None if flow.said else flow.focus)
    before = flow.text[start : quoted[0][0] - 1].rstrip()
    if not before.endswith(":"):
        return None
    people = list(people_in(flow.cast, items))
    if people:
        return people[0]
    first = items[0].low if items else ""
    return _pronoun(flow, first, []) if first in ("he", "she") else None


def _governed(
    flow: Flow,
    start: int,
    end: int,
    items: Sequence[Token],
    found: Sequence[Clause],
    quoted: Sequence[Span],
) -> list[Said]:
    """The statements of a sentence with whoever the clause that governs each one names."""
    bounds = [start, *_bounds(flow, items, found), end]
    said: list[Said] = []
    carried: Subject | None = None
    waiting = start  # statements from here on have no clause yet
    for begin, stop in zip(bounds, bounds[1:], strict=False):
        inside = [item for item in found if begin <= item.start + flow.base < stop]
        tails = [item for item in inside if item.place == "tail"]
        if tails:
            carried = None
            subject = tails[-1].subject
            leads = [item.subject for item in inside if item.place == "lead"]
            if leads and subject.words[-1:] and subject.words[-1] in _KINDS_OF_BODY:
                subject = leads[0]  # "The minister said …, the ministry said" are his words
            said.append(_by(flow, subject, waiting, stop, items, quoted))
        elif inside:
            carried = inside[0].subject
            at = inside[0].start + flow.base
            opens = len(flow.within(begin, at)) <= 4
            said.append(_by(flow, carried, begin if opens else at, stop, items, quoted))
        elif carried:
            said.append(_by(flow, carried, begin, stop, items, quoted))
        else:
            continue
        waiting = stop
    return said


def _bounds(flow: Flow, items: Sequence[Token], found: Sequence[Clause]) -> list[int]:
    """Where another statement begins: after ";" and the like, or "and" before another clause."""
    places = set(switches(items))
    starts = {item.start for item in found[1:] if item.place == "lead"}
    places |= {
        item.start
        for before, item in zip(items, items[1:], strict=False)
        if before.low == "and" and item.start in starts
    }
    return sorted(place + flow.base for place in places)


def _by(
    flow: Flow,
    subject: Subject,
    start: int,
    end: int,
    items: Sequence[Token],
    quoted: Sequence[Span],
) -> Said:
    inside = [(max(b, start), min(e, end)) for b, e in quoted if b < end and e > start]
    return Said(start, end, _resolved(flow, subject, items), tuple(inside))


# --- who is meant


def _resolved(flow: Flow, subject: Subject, items: Sequence[Token]) -> str | None:
    """The name of whoever a clause's subject means; None if it cannot be told."""
    if subject.kind == "name":
        opens = bool(items) and subject.start == items[0].start
        return _name(flow.cast, subject.words, subject.start, opens=opens)
    if subject.kind == "pronoun" and subject.words[0] in ("he", "she", "him"):
        earlier = [item for item in items if item.start < subject.start]
        pronoun = "she" if subject.words[0] == "she" else "he"
        return _pronoun(flow, pronoun, list(people_in(flow.cast, earlier)))
    if subject.kind == "office":
        return _office(flow, subject.words)
    return None


def _name(cast: Cast, words: Sequence[str], at: int, *, opens: bool) -> str | None:
    """A name in full, as the article first gives it; None for "Officials" and the like."""
    name = " ".join(words).split()
    name[-1] = bare(name[-1])
    who = cast.person(name, at)
    if who or len(name) > 1:
        return who or " ".join(name)
    (word,) = name
    if word.casefold() in _NOBODY or (opens and word.endswith("s") and not word.isupper()):
        return None
    return cast.bodies.get(word.casefold(), word)


def _pronoun(flow: Flow, pronoun: str, earlier: Sequence[str]) -> str | None:
    """Whom "he" or "she" means: whom the paragraph is about, else the sentence, else the last."""
    inside = [flow.focus, *reversed(flow.people)] if flow.focus else []
    return flow.gendered([*inside, *earlier, *flow.before], pronoun)


def _office(flow: Flow, words: Sequence[str]) -> str | None:
    """Whom "the minister" means: the last one named who is one, else the only one."""
    if not words:
        return None
    people = flow.cast.people
    holders = [name for name, person in people.items() if words[-1] in person.offices]
    recent = [flow.focus, *reversed(flow.people), *flow.before]
    for name in recent:
        if name in holders:
            return name
    if len(holders) == 1:
        return holders[0]
    is_body_alone = len(words) == 1 and words[0] in _KINDS_OF_BODY
    return flow.cast.bodies.get(words[0]) if is_body_alone and not holders else None
