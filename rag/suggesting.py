"""Questions to ask next: from the people, names and dates of the passages that were found.

Each is made from one passage and kept only if the reranker thinks that this passage answers it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.articles.dates import MONTH
from rag.attribution import quotations
from rag.names import names
from rag.schema import Answer, Hit
from rag.sentences import sentence_spans
from rag.speaking.cast import is_body

CANDIDATES = 8  # so many pairs are scored: a tenth of a second on two cores
LIKELY = 0.5  # a passage's chance (0..1) to answer its question, below which it is not offered
_DAY = re.compile(
    rf"\b\d{{1,2}} {MONTH}(?: \d{{4}})?\b|\b{MONTH} \d{{1,2}}, \d{{4}}\b", re.IGNORECASE
)

Chances = Callable[[str, Sequence[str]], Sequence[float]]  # question, texts -> 0..1 each


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
        named = [name for name in topics if name in words] + names(words)
        about = [name for name in named if " " in name and name not in who and who not in name]
        yield f"What did {who} say about {about[0]}?" if about else f"What did {who} say?"


def _days(hit: Hit, question: str) -> Iterator[str]:
    """What happened on a day that a sentence of the passage gives, and to whom or what."""
    text = hit.passage.text
    for start, end in sentence_spans(text):
        day = _DAY.search(text, start, end)
        who = [name for name in names(text[start:end]) if " " in name]
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
