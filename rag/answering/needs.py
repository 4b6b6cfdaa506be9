"""What a question needs of the passages that answer it, and whether they have it.

The reranker tells whether a passage is about what is asked; it is easily content with a figure of
another thing, or with a person who did something else. So a question for a number needs one beside
the word that it counts, one for somebody's age an age beside the name, one for what somebody said
about something such words in that person's sentences; and "Why did Jane Roe resign?" needs an
article that says that she did. Pure functions over text; a need that cannot be told is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.answering.refusal import Lack
from rag.retrieval.query import Query
from rag.schema import Hit
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
    """A sentence of a passage, and the same with its neighbours and the headline around it."""

    sentence: str  # folded, see rag.text.words.fold
    around: str
    stems: frozenset[str]  # of the sentence
    stems_around: frozenset[str]


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
    head = fold(hit.passage.header)
    for at, sentence in enumerate(found):
        around = " ".join([head, *found[max(0, at - 1) : at + 2]])
        yield Window(sentence, around, frozenset(stems(sentence)), frozenset(stems(around)))


# --- ages, numbers, sums

_OLD = re.compile(r"\bhow old (?:is|was)\b|\b(?:what|which) age\b|\bthe age of\b", re.IGNORECASE)
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
_HOW_MUCH = re.compile(r"\bhow much\b(?! (?:of|time|longer|more|water|snow|rain))", re.IGNORECASE)
_WORTH = re.compile(r"\bmoney\b|\bfor how much\b|\bworth\b", re.IGNORECASE)
_PAYING = {
    "pay": "pay paid wage salar earn receiv fee rate remuner bonus",
    "paid": "pay paid wage salar earn receiv fee rate remuner bonus",
    "sell": "sell sold sale buy bought price acquir purchas",
    "sold": "sell sold sale buy bought price acquir purchas",
    "buy": "sell sold sale buy bought price acquir purchas",
    "earn": "pay paid wage salar earn receiv income",
    "cost": "cost loss lost lose damag pric expens spend spent charg bear worth los paid pay bill",
}


def _age(query: Query) -> Iterator[Need]:
    if _OLD.search(query.text) and query.names:
        name = query.names[-1]
        yield Need(Lack("age", name), _has_age(fold(name).split()[-1]))


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
    owners = [last_stem(name) for name in query.wanted.of]

    def holds(window: Window) -> bool:
        named = not owners or any(owner <= window.stems_around for owner in owners)
        return named and _counts(window.sentence, head)

    of = f" for {' and '.join(query.wanted.of)}" if owners else ""
    yield Need(Lack("number", f"{' '.join(words)}{of}"), holds)


def _counts(sentence: str, head: str) -> bool:
    """Whether a number stands up to four words before the counted word, or close behind it."""
    beside = rf"{_NUMBER}(?:[\s-]+[\w'-]+){{0,4}}?[\s-]+{beginning(head)}"
    behind = rf"\b{beginning(head)}\w*(?:\s+[\w'-]+){{0,3}}\s+{_NUMBER}"
    return bool(re.search(beside, sentence) or re.search(behind, sentence))


def _sum(query: Query) -> Iterator[Need]:
    if not _HOW_MUCH.search(query.text):
        return
    verbs = next((_PAYING[w] for w in fold(query.text).split() if w in _PAYING), "").split()
    if not verbs and not _WORTH.search(query.text):
        return
    named = [last_stem(name) for name in query.names]

    def holds(window: Window) -> bool:
        acts = not verbs or any(stem.startswith(tuple(verbs)) for stem in window.stems)
        about = not named or any(name <= window.stems_around for name in named)
        return acts and about and bool(SUM.search(window.sentence))

    yield Need(Lack("sum"), holds)


# --- reasons, statements

_WHY = re.compile(r"^why (?:did|does|do) (?P<the>the )?(?P<rest>.+)$", re.IGNORECASE)
_VERB = re.compile(r"(?:['’]s)?\s+(?:[a-z]+ly\s+)?([a-z]+)\b")
_DULL = frozenset(
    (
        "say tell think want make get give go take call have do be become come see know feel use "
        "mean try keep let put seem need ask answer describe mention claim believe not ever still "
        "also really actually then just respond react reply expect plan hope consider refer write "
        "speak talk argue suggest report explain warn like find look work show help add announce"
    ).split()
)
_PEOPLE = re.compile(r"(?:[iae]an|ish|ese|ch|Greek|Thai|Arab|Iraqi)$")  # Russian, British
_HE = re.compile(r"\b(?:he|she|it|they|who|which)\b")


def _reason(query: Query) -> Iterator[Need]:
    """Of "Why did Jane Roe resign as mayor?" that she did resign."""
    match = _WHY.match(" ".join(query.text.split()).rstrip("?. "))
    rest = match["rest"] if match else ""
    subject = next((name for name in query.names if rest.startswith(name)), "")
    if match is None or not subject or (" " not in subject and _PEOPLE.search(subject)):
        return  # "the Russian operation"
    verb = _VERB.match(rest, len(subject))
    if verb is None or verb[1] in _DULL:
        return
    who, acts = last_stem(subject), frozenset(stems(verb[1]))

    def holds(window: Window) -> bool:
        near = bool(_HE.search(window.sentence)) and who <= window.stems_around
        return (who <= window.stems or near) and bool(acts & window.stems)

    did = f"{match['the'] or ''}{subject} did {rest[len(subject) :].strip()}"
    yield Need(Lack("reason", did), holds)


def _statement(query: Query) -> Iterator[Need]:
    """Of "What did Jane Roe say about the bridge?" a sentence of hers, or on her, on the bridge."""
    asked = query.statement
    who = last_stem(asked.speaker) if asked else frozenset[str]()
    what = set(stems(asked.about)) - who if asked else set[str]()
    if asked is None or not what:
        return
    least = max(1, len(what) // 3)

    def holds(window: Window) -> bool:
        return who <= window.stems_around and len(what & window.stems_around) >= least

    yield Need(Lack("statement", f"{asked.speaker} about {asked.about}"), holds)
