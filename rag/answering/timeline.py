"""The writer of timelines: one line an event, by the date of the event, not of publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from rag.answering.candidates import Extract
from rag.answering.event_dates import Dated, dated
from rag.answering.fact import Fact, Place
from rag.answering.prose import prose
from rag.answering.summarising import Source, sources
from rag.answering.summary import leans
from rag.models.embedding import Embedder, Vectors
from rag.resources import Resources
from rag.retrieval.topics import Subject, share
from rag.speakers.pronouns import helped
from vectorstore.index import Index

MOST = 12  # events
LEAST = 3  # fewer make no timeline
_CONSIDERED = 16  # articles on a topic whose sentences are read
_EVENTS = 120  # dated sentences that are compared
# What an event is worth: how like the subject it reads, the subject's words, and that somebody has
# put it into a chronology; less where only the month or the year is told, or it was still to come.
_ALIKE, _WORDS, _LISTED, _COARSE, _PLANNED = 1.0, 0.5, 0.3, 0.15, 0.25
_MONTH = 31  # days
_WORDY, _BRIEF = 0.15, 30  # lost for each so many words more
_TEXT = 285  # words of a timeline
_LONG = 60  # words; a longer sentence tells more than an event
# Cosine of two sentences that tell one event: where they give one date, and where one gives the
# day and the other the month or the year.
_SAME_DAY, _SAME = 0.55, 0.65
_ASKED = re.compile(r"Q(?:uestion)?\s?[:.]")  # of an interview
_ON_SUBJECT = 0.22  # cosine with the subject that an event has at least


@dataclass(frozen=True, slots=True)
class Event:
    """A dated sentence as evidence, where its date stands, and what it is worth."""

    dated: Dated
    extract: Extract
    label: Extract | None
    worth: float = 0.0

    @property
    def text(self) -> str:
        """The line of the timeline: "4 March 2024: The night shift …"."""
        article = self.extract.hit.article
        return f"{self.dated.printed}: {helped(article, self.extract.start, self.extract.end)}"

    @property
    def places(self) -> tuple[Place, ...]:
        """What is cited: the sentence, and the date where it stands apart."""
        return tuple((i.hit, i.start, i.end) for i in (self.extract, self.label) if i)


def told_in_order(subject: Subject, resources: Resources) -> list[Fact]:
    """The events of the subject, at most `MOST`; empty where fewer than `LEAST` are dated."""
    found = sources(subject.articles[:_CONSIDERED], resources.index)
    events = [
        event
        for source in found
        for event in events_of(source)
        if len(found) == 1 or not event.dated.yearless
    ][:_EVENTS]
    if len(events) < LEAST:
        return []
    asked = subject.topic or found[0].article.name
    weighed, vectors = _weighed(events, asked, resources.embedder, resources.index)
    kept = _folded(weighed, vectors)
    best = _within(sorted(kept, key=lambda event: -event.worth))
    if len(best) < LEAST:
        return []
    return [Fact(event.text, event.places) for event in sorted(best, key=_when)]


def _days(item: Dated) -> int:
    """How many days the date of an event leaves open."""
    return (item.when[1] - item.when[0]).days + 1


def _within(best_first: Sequence[Event]) -> list[Event]:
    """As many of them, the best first, as a timeline may have lines and words."""
    kept: list[Event] = []
    left = _TEXT
    for event in best_first:
        length = len(event.text.split())
        if length <= left and len(kept) < MOST:
            kept.append(event)
            left -= length
    return kept


def events_of(source: Source) -> list[Event]:
    """The dated sentences of an article that a reader understands by themselves."""
    lines = [line for line in prose(source.article) if source.extract(line.start, line.end)]
    found = []
    for item in dated(source.article, lines):
        extract = source.extract(item.start, item.end)
        if extract is None or len(extract.words.split()) > _LONG:
            continue
        if leans(source.article, item.start, item.end) or _ASKED.match(extract.words):
            continue
        label = source.extract(*item.source) if item.source else None
        if item.source is None or label is not None:
            found.append(Event(item, extract, label))
    return found


def _weighed(
    events: Sequence[Event], asked: str, embedder: Embedder, index: Index
) -> tuple[list[Event], Vectors]:
    """The events on the subject with their worth, and the vectors of their sentences."""
    vectors = embedder.documents([event.extract.words for event in events])
    titles = [event.extract.hit.article.name for event in events]
    meant = embedder.documents([asked, *dict.fromkeys(titles)])
    place = {title: at for at, title in enumerate(dict.fromkeys(titles), start=1)}
    found, rows = [], []
    for at, event in enumerate(events):
        alike = float(max(vectors[at] @ meant[0], vectors[at] @ meant[place[titles[at]]]))
        if alike < _ON_SUBJECT and not event.dated.is_label:
            continue
        worth = (
            _ALIKE * alike
            + _WORDS * share(asked, event.extract.words, index)
            - _COARSE * (_days(event.dated) > _MONTH and not event.dated.is_label)
            - _COARSE * (_days(event.dated) > 1 and not event.dated.is_label)
            + _LISTED * event.dated.is_label
            - _PLANNED * event.dated.is_planned
            - _WORDY * max(len(event.extract.words.split()) - _BRIEF, 0) / _BRIEF
        )
        found.append(replace(event, worth=worth))
        rows.append(vectors[at])
    return found, np.asarray(rows, np.float32)


def _folded(events: Sequence[Event], vectors: Vectors) -> list[Event]:
    """Of several tellings of one event the best alone."""
    kept: list[int] = []
    for at in sorted(range(len(events)), key=lambda at: -events[at].worth):
        if not any(_is_same(events[at], events[k], float(vectors[at] @ vectors[k])) for k in kept):
            kept.append(at)
    return [events[at] for at in kept]


def _is_same(one: Event, other: Event, alike: float) -> bool:
    (a, b), (c, d) = one.dated.when, other.dated.when
    if not (a <= d and c <= b):
        return False
    return alike >= (_SAME_DAY if (a, b) == (c, d) else _SAME)


def _when(event: Event) -> tuple[date, date, int]:
    first, last = event.dated.when
    return first, last, event.extract.start
