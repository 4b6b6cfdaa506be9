"""The writer of summaries: of an article from the whole of it, of a topic from every source.

Subject -> Extracts in reading order, each the articles' own sentence
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from rag.answering.candidates import Extract
from rag.answering.centrality import spread
from rag.answering.prose import prose
from rag.answering.summary import MOST, alone, chosen, digest
from rag.models.embedding import Embedder
from rag.resources import Resources
from rag.retrieval.topics import Subject, share
from rag.schema import Article, Hit, Passage, Ranks
from rag.text.injection import passage_warning
from vectorstore.index import Index

SOURCES = 6  # of a topic: a sentence each
_FEW = 3  # sources of which more than one sentence is told
_TOLD = 6  # sentences of a topic with few sources, in all
CONSIDERED = 24  # articles on a topic that are read
_WEIGHT = 0.6  # of what a source says, beside what is new in it
_TEXT = 180  # words of a topic's summary
_WORDY, _BRIEF = 0.01, 30  # lost for each word over so many
_TOPIC, _LEAD = 1.0, 0.5  # of a source's sentence: the topic's words in it, and how early it stands


@dataclass(frozen=True, slots=True)
class Source:
    """An article as evidence: its passages, and what it shares with its near-copies."""

    article: Article
    passages: Sequence[Passage]
    origin: str

    def extract(self, start: int, end: int, score: float = 1.0) -> Extract | None:
        """`article.text[start:end]` with the passage that holds it.

        None if no passage does, or if its words look like orders to a model.
        """
        passage = next((p for p in self.passages if p.start <= start and end <= p.end), None)
        if passage is None or passage_warning(self.article, passage):
            return None
        hit = Hit(passage, self.article, score, Ranks(), self.origin)
        return Extract(hit, start, end, 1, score, score)


def sources(articles: Sequence[Article], index: Index) -> list[Source]:
    """The first of every group of near-copies among `articles`, in their order."""
    origins = index.origins([item.id for item in articles])
    first: dict[str, Article] = {}
    for item in articles:
        first.setdefault(origins.get(item.id) or item.id, item)
    return [
        Source(item, index.passages_of(item.id), origins.get(item.id, ""))
        for item in first.values()
    ]


def summarised(subject: Subject, resources: Resources, *, theses: bool) -> list[Extract]:
    """A summary of the one article, or of what every source says on the topic, by date.

    Empty where the articles have no sentence that can stand alone.
    """
    found = sources(subject.articles[:CONSIDERED], resources.index)
    if len(found) == 1:
        return of_article(found[0], resources.embedder, most=MOST, theses=theses)
    if len(found) <= _FEW:
        each = max(_TOLD // max(len(found), 1), 1)
        told = [of_article(item, resources.embedder, most=each, theses=theses) for item in found]
        return [extract for own in sorted(told, key=_first_day) for extract in own]
    return of_topic(subject.topic, found, resources)


def of_article(
    source: Source, embedder: Embedder, *, most: int, theses: bool = False
) -> list[Extract]:
    """The sentences that summarise an article, in reading order."""
    lines = [line for line in prose(source.article) if source.extract(line.start, line.end)]
    read = digest(source.article, lines, embedder, theses=theses)
    taken = (read.lines[at] for at in chosen(read, most=most))
    return [found for line in taken if (found := source.extract(line.start, line.end))]


def of_topic(topic: str, found: Sequence[Source], resources: Resources) -> list[Extract]:
    """The best sentence of every source, at most `SOURCES`, by date; the newest is among them."""
    told = [
        extract
        for item in found
        if (extract := _best_sentence(topic, item, resources.index)) is not None
    ]
    if not told:
        return []
    vectors = resources.embedder.documents([item.words for item in told])
    worth = np.asarray([item.score for item in told], np.float32)
    newest = max(range(len(told)), key=lambda at: _published(told[at]) or date.min)
    taken = spread(worth, vectors, most=SOURCES, first=[newest], weight=_WEIGHT)
    while len(taken) > _FEW and sum(len(told[at].words.split()) for at in taken) > _TEXT:
        taken.pop()  # the last is worth least
    return sorted((told[at] for at in taken), key=lambda item: _published(item) or date.max)


def _best_sentence(topic: str, source: Source, index: Index) -> Extract | None:
    """The lead, or a sentence near it that has more of the topic's words."""
    lines = alone(source.article)
    worth = [
        _TOPIC * share(topic, source.article.text[line.start : line.end], index)
        + _LEAD * float(np.exp(-line.paragraph / 2))
        - _WORDY * max(len(source.article.text[line.start : line.end].split()) - _BRIEF, 0)
        for line in lines
    ]
    for at in sorted(range(len(lines)), key=lambda at: -worth[at]):
        if extract := source.extract(lines[at].start, lines[at].end, worth[at]):
            return extract
    return None


def _published(item: Extract) -> date | None:
    return item.hit.article.published


def _first_day(told: Sequence[Extract]) -> date:
    return next((day for item in told if (day := _published(item))), date.max)
