"""Questions to ask next: from the people, names and dates of the passages that were found.

Each is made from one passage and kept only if the reranker thinks that this passage answers it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.schema import Answer, Article, Hit
from rag.speakers.attribution import READER, quotations, speaker
from rag.speakers.cast import is_body
from rag.text.dates import MONTH
from rag.text.names import names
from rag.text.sentences import article_sentences, sentence_spans
from vectorstore.index import Index
from vectorstore.selecting import Catalogue

CANDIDATES = 8  # so many pairs are scored: a tenth of a second on two cores
LIKELY = 0.5  # a passage's chance (0..1) to answer its question, below which it is not offered
_DAY = re.compile(
    rf"\b\d{{1,2}} {MONTH}(?: \d{{4}})?\b|\b{MONTH} \d{{1,2}}, \d{{4}}\b", re.IGNORECASE
)

Chances = Callable[[str, Sequence[str]], Sequence[float]]  # question, texts -> 0..1 each

_QUOTATION = re.compile(r"[“\"][^“”\"]{20,}[”\"]")
_LOOKED_AT = 30  # articles that example questions are drawn from
_LONGEST = 1000  # characters of a sentence worth looking at for who speaks in it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the passage that should answer it."""

    question: str
    hit: Hit


def follow_ups(given: Answer, asked: Sequence[str], chances: Chances, count: int = 3) -> list[str]:
    """Up to `count` questions that the passages of `given` are likely to answer, best first.

    None that was `asked` before, and none about the same twice.
    """
    candidates = list(_distinct(_candidates(given), asked))[:CANDIDATES]
    rated: list[tuple[float, Candidate]] = [
        (chances(item.question, [item.hit.passage.indexed_text])[0], item) for item in candidates
    ]
    likely = [pair for pair in rated if pair[0] >= LIKELY]
    best = sorted(likely, key=lambda pair: -pair[0])[:count]
    return [item.question for _, item in best]


def _candidates(given: Answer) -> Iterator[Candidate]:
    """One of each kind for each passage, the best passages first, all sayings before the rest."""
    for hit in given.hits:
        yield from (Candidate(text, hit) for text in _sayings(hit, given.question))
    for hit in given.hits:
        yield from (Candidate(text, hit) for text in _days(hit, given.question))


def _sayings(hit: Hit, question: str) -> Iterator[str]:
    """What people who are quoted in the passage said, and about whom or what."""
    topics = names(question)
    start, end = hit.passage.start, hit.passage.end
    for item in quotations(hit.article):
        who = item.speaker or ""
        within = start <= item.start and item.end <= end
        if not within or " " not in who or is_body(who.split()) or who in question:
            continue
        words = hit.article.text[item.start : item.end]
        named = [name for name in topics if name in words] + names(words, hit.article.language)
        about = [name for name in named if " " in name and name not in who and who not in name]
        yield f"What did {who} say about {about[0]}?" if about else f"What did {who} say?"


def _days(hit: Hit, question: str) -> Iterator[str]:
    """What happened on a day that a sentence of the passage gives, and to whom or what."""
    text = hit.passage.text
    for start, end in sentence_spans(text, language=hit.article.language):
        day = _DAY.search(text, start, end)
        who = [name for name in names(text[start:end], hit.article.language) if " " in name]
        if day and who and day[0] not in question:
            yield f"What happened to {who[0]} on {day[0]}?"


def _distinct(found: Iterator[Candidate], asked: Sequence[str]) -> Iterator[Candidate]:
    """Each question once, about each person once, and none that was asked."""
    seen = {question.casefold() for question in asked}
    for item in found:
        about = " ".join(item.question.split()[:5]).casefold()
        if item.question.casefold() not in seen and about not in seen:
            seen |= {item.question.casefold(), about}
            yield item


def examples(articles: Sequence[Article], count: int) -> list[str]:
    """Up to `count` questions that these articles answer: what people quoted in them said.

    One question an article at most, each about another person, spread over the articles.
    """
    asked: dict[str, str] = {}
    for article in articles:
        person = next((name for name in _quoted(article) if name not in asked), None)
        if person:
            asked[person] = f"What did {person} say?"
    found = list(asked.values())
    return found[:: max(1, len(found) // max(1, count))][:count]


@lru_cache(maxsize=2)
def _spread(index: Index, held: Catalogue, count: int) -> tuple[str, ...]:
    """As `offered`, made once for a state of the index."""
    some = held.articles[:: max(1, len(held.articles) // _LOOKED_AT)]
    return tuple(examples(list(index.articles(item.id for item in some).values()), count))


def offered(index: Index, count: int) -> list[str]:
    """Up to `count` questions that the articles of the index invite."""
    return list(_spread(index, index.catalogue(), count))


def _quoted(article: Article) -> Iterator[str]:
    """People whom the article quotes word for word, by first and last name."""
    for start, end in article_sentences(article):
        if end - start <= _LONGEST and _QUOTATION.search(article.text, start, end):
            name = speaker(article, start, end)
            if name and name.count(" ") == 1 and READER not in name and not is_body(name.split()):
                yield name
