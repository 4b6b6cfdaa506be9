"""What a question needs of the passages that answer it, and whether they have it.

The reranker tells whether a passage is about what is asked; it is easily content with a figure of
another thing, or with a person who did something else. So a question for a number needs one beside
the word that it counts, one for somebody's age an age beside the name, one for what somebody said
about something such words in that person's sentences; and "Why did Jane Roe resign?" needs an
article that says that she did. What it needs, the Query tells; a need that cannot be told is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.answering.refusal import Lack
from rag.retrieval.query import Query
from rag.schema import Article, Hit
from rag.text.names import names_one
from rag.text.numbers import SCALES, TENS, UNITS
from rag.text.sentences import sentence_spans
from rag.text.words import beginning, fold, last_stem, stems

Test = Callable[["Window"], bool]


@dataclass(frozen=True, slots=True)
class Need:
    """Something that one of the windows must hold; else it is what the articles found lack."""

    lack: Lack
    holds: Test


@dataclass(frozen=True, slots=True)
class Window:
    """A sentence of a passage; around it its neighbours, the headline and the article's lead."""

    sentence: str  # folded, see rag.text.words.fold
    around: str
    stems: frozenset[str]  # of the sentence
    stems_near: frozenset[str]  # of the sentence, its neighbours and the headline
    stems_around: frozenset[str]  # and of the lead
    stems_anywhere: frozenset[str]  # of the whole article


@dataclass(frozen=True, slots=True)
class Weighed:
    """The needs of a question that the passages meet, and those that they do not."""

    met: tuple[Need, ...]
    missing: tuple[Need, ...]


def weigh(query: Query, hits: Sequence[Hit]) -> Weighed:
    """Hold the question's needs against the passages of `hits`."""
    wanted = list(needs(query))
    there = [window for hit in hits for window in windows(hit)] if wanted else []
    met = [need for need in wanted if any(need.holds(window) for window in there)]
    return Weighed(tuple(met), tuple(need for need in wanted if need not in met))


def needs(query: Query) -> Iterator[Need]:
    """What a question for an age, a number, a sum, a reason or a statement needs."""
    for read in (_age, _count, _sum, _reason, _statement):
        yield from read(query)


def windows(hit: Hit) -> Iterator[Window]:
    """One window for each sentence of the passage."""
    text = hit.passage.text
    found = [
        fold(text[start:end]) for start, end in sentence_spans(text, language=hit.article.language)
    ]
    head = " ".join(filter(None, (fold(hit.passage.header), fold(hit.article.title or ""))))
    lead = fold(hit.article.text[:_LEAD])
    for at, sentence in enumerate(found):
        near = " ".join([head, *found[max(0, at - 1) : at + 2]])
        around = f"{near} {lead}"
        own, close, about = (frozenset(stems(text)) for text in (sentence, near, around))
        yield Window(sentence, around, own, close, about, _stems_of(hit.article))


@lru_cache(maxsize=64)
def _stems_of(article: Article) -> frozenset[str]:
    return frozenset(stems(f"{article.title or ''}\n{article.text}"))


# --- ages, numbers, sums

_YEARS = r"\d{1,3}"
_NO_AGE = r"(?!\s*(?:per|%|,\d|million|days|hours))"
_NUMBER = (
    rf"(?:\d[\d.,]*|\b(?:an?|{'|'.join((*UNITS, *TENS))}|(?:{'|'.join(SCALES)})s?|scores|half|"
    r"third|quarter|fifth|tenth|all|both|every|most|pair|couple|no|none|few|several)\b)"
)
SUM = re.compile(
    r"[$€£¥]\s?\d|(?:\d|\b(?:million|billion|thousand|hundred))[\d.,]*\s*(?:million|billion|"
    r"thousand|bn|m|k)?\s*-?\s*(?:us )?(?:dollar|euro|pound|crown|franc|mark|yen|yuan|rouble|"
    r"ruble|rupee|cent|pence|peso|real|rand|won|lira|shilling|usd|eur|gbp|chf)|\bunpaid\b"
)
# Articles call them by many names: "marchers", "the dead".
_ANY_PEOPLE = frozenset("people persons men women children times".split())
_LEAD = 400  # characters
_HE = re.compile(r"\b(?:he|she|it|they|who|which)\b")


def _age(query: Query) -> Iterator[Need]:
    if query.age_of:
        yield Need(Lack("age", query.age_of), _has_age(fold(query.age_of).split()[-1]))


def _has_age(surname: str) -> Test:
    last = re.escape(surname)
    pattern = re.compile(
        rf"{last}[^.]{{0,40}}?(?:,|\(|\baged?\b|\bturn(?:s|ed)\b|\bis\b|\bwas\b)\s*"
        rf"(?:now |aged |the )?{_YEARS}\b{_NO_AGE}"
        rf"|{_YEARS}[- ]years?[- ]old[^.]{{0,60}}{last}"
        rf"|{last}[^.]{{0,60}}{_YEARS}[- ]years?[- ]old"
    )
    return lambda window: bool(pattern.search(window.around))


def _count(query: Query) -> Iterator[Need]:
    words = query.wanted.counted if query.wanted else ()
    head = next(stems(words[-1]), "") if words else ""
    if query.wanted is None or not head or words[-1].casefold() in _ANY_PEOPLE:
        return
    owners = [last_stem(name) for name in query.wanted.of if name not in query.places]
    places = [last_stem(name) for name in query.wanted.of if name in query.places]

    def holds(window: Window) -> bool:
        named = any(names_one(owner, window.stems_around) for owner in owners)
        placed = any(names_one(place, window.stems_anywhere) for place in places)
        about = named or placed or not (owners or places)
        return about and _counts(window.sentence, head)

    of = f" for {' and '.join(query.wanted.of)}" if query.wanted.of else ""
    yield Need(Lack("number", f"{' '.join(words)}{of}"), holds)


def _counts(sentence: str, head: str) -> bool:
    """Whether a number stands up to four words before the counted word, or close behind it."""
    beside = rf"{_NUMBER}(?:[\s-]+[\w'-]+){{0,4}}?[\s-]+{beginning(head)}"
    behind = rf"\b{beginning(head)}\w*(?:\s+[\w'-]+){{0,3}}\s+{_NUMBER}"
    return bool(re.search(beside, sentence) or re.search(behind, sentence))


def _sum(query: Query) -> Iterator[Need]:
    if query.payment is None:
        return
    verbs, named = query.payment.verbs, [last_stem(name) for name in query.names]

    def holds(window: Window) -> bool:
        acts = not verbs or any(stem.startswith(verbs) for stem in window.stems)
        about = not named or any(names_one(name, window.stems_around) for name in named)
        return acts and about and bool(SUM.search(window.sentence))

    yield Need(Lack("sum"), holds)


# --- reasons, statements


def _reason(query: Query) -> Iterator[Need]:
    """Of "Why did Jane Roe resign as mayor?" that she did resign."""
    premise = query.premise
    if premise is None:
        return
    who, acts = last_stem(premise.subject), premise.acts

    def holds(window: Window) -> bool:
        near = bool(_HE.search(window.sentence)) and who <= window.stems_near
        return (who <= window.stems or near) and bool(acts & window.stems)

    yield Need(Lack("premise"), holds)


def _statement(query: Query) -> Iterator[Need]:
    """Of "What did Jane Roe say about the bridge?" a sentence of hers, or on her, on the bridge."""
    asked = query.statement
    who = last_stem(asked.speaker) if asked else frozenset[str]()
    what = set(stems(asked.about)) - who if asked else set[str]()
    if asked is None or not what:
        return
    least = max(1, len(what) // 2)

    def holds(window: Window) -> bool:
        return who <= window.stems_near and len(what & window.stems_near) >= least

    yield Need(Lack("statement", f"{asked.speaker} about {asked.about}"), holds)
