"""Passages, best first -> the stretches of articles that a language model is shown.

A stretch is a Hit: one contiguous slice of one article, neighbours among the passages merged. No
word of an article stands in two of them, and every reader's comment in one of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag.schema import Article, Hit, Part, Passage
from rag.text.injection import passage_warning
from rag.text.sentences import Span, article_sentences, trim

HEAD = 20  # words counted for what stands above an article's passages
_LONGEST = 250  # words of a stretch: what its number points at is still found at a glance


@dataclass(slots=True)
class _Taken:
    """What is taken of an article: the passages by rank, and its words."""

    hits: list[tuple[int, Hit]] = field(default_factory=list)
    words: int = 0


def stretches(best_first: Iterable[Hit], words: int, *, each: int = 0) -> tuple[Hit, ...]:
    """The stretches that `best_first` make, those with the best passages first.

    As many passages are taken as have `words` words together, and at least one; of an article no
    more than `each` words, unless that is 0, and one passage at least. More words show what fewer
    do, and more.
    """
    taken: dict[str, _Taken] = {}
    left = words
    for rank, hit in enumerate(best_first):
        own = taken.get(hit.article.id, _Taken())
        fresh = _fresh(hit, [other for _, other in own.hits])
        if not fresh or (own.hits and each and own.words + fresh > each):
            continue
        cost = fresh if own.hits else fresh + HEAD
        if taken and cost > left:
            break
        own.hits.append((rank, hit))
        own.words += fresh
        taken[hit.article.id] = own
        left -= cost
    ranked = [item for own in taken.values() for item in _of_article(own.hits)]
    return tuple(
        hit for _, hit in sorted(ranked, key=lambda item: (item[0], item[1].passage.start))
    )


def in_reading_order(best_first: Iterable[Hit]) -> tuple[Hit, ...]:
    """The stretches of each article in its order, the article with the best of them first."""
    by_article: dict[str, list[Hit]] = {}
    for hit in best_first:
        by_article.setdefault(hit.article.id, []).append(hit)
    ordered = (sorted(own, key=lambda hit: hit.passage.start) for own in by_article.values())
    return tuple(hit for own in ordered for hit in own)


def _fresh(hit: Hit, others: Sequence[Hit]) -> int:
    """How many words of a passage stand in none of the others."""
    start, end = hit.passage.start, hit.passage.end
    inside = [(max(a, start), min(b, end)) for a, b in _joined(others) if a < end and start < b]
    edges = [start, *(edge for span in inside for edge in span), end]
    text = hit.article.text
    return sum(
        len(text[a:b].split()) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b
    )


def _joined(hits: Sequence[Hit]) -> list[Span]:
    """Where passages of one article stand, those that share words as one, in its order."""
    spans: list[Span] = []
    for start, end in sorted((hit.passage.start, hit.passage.end) for hit in hits):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _of_article(ranked: Sequence[tuple[int, Hit]]) -> Iterator[tuple[int, Hit]]:
    """The stretches that passages of one article make, each with the rank of its best."""
    article = ranked[0][1].article
    by_part: dict[Part | None, list[tuple[int, Hit]]] = {}
    for item in ranked:
        by_part.setdefault(article.part_at(item[1].passage.start), []).append(item)
    for own in by_part.values():
        for start, end in _merged(article, [hit for _, hit in own]):
            for span in _cut(article, start, end, own[0][1].passage.kind):
                rank, best = min(
                    (item for item in own if _overlap(item[1], span)), key=lambda item: item[0]
                )
                yield rank, _stretch(best, span)


def _merged(article: Article, hits: Sequence[Hit]) -> list[Span]:
    """Where they stand, what follows at once on another as one with it."""
    spans: list[Span] = []
    for start, end in _joined(hits):
        if spans and not article.text[spans[-1][1] : start].strip():
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _cut(article: Article, start: int, end: int, kind: str) -> Iterator[Span]:
    """`start, end` in pieces of like length that end with a sentence; a comment stays whole."""
    count = math.ceil(len(article.text[start:end].split()) / _LONGEST)
    if kind == "comment" or count < 2:
        yield start, end
        return
    begin, many = start, len(article.text[start:end].split()) / count
    for sentence, _ in article_sentences(article, start, end)[1:]:
        if len(article.text[begin:sentence].split()) >= many:
            yield trim(article.text, begin, sentence)
            begin = sentence
    yield trim(article.text, begin, end)


def _overlap(hit: Hit, span: Span) -> bool:
    return hit.passage.start < span[1] and span[0] < hit.passage.end


def _stretch(best: Hit, span: Span) -> Hit:
    """The hit as long as `span`, which it stands in or overlaps."""
    if (best.passage.start, best.passage.end) == span:
        return best
    start, end = span
    passage = replace(
        best.passage,
        id=f"{best.article.id}-{start}-{end}",
        start=start,
        end=end,
        text=best.article.text[start:end],
    )
    return _warned(replace(best, passage=passage), passage)


def _warned(hit: Hit, passage: Passage) -> Hit:
    return replace(hit, warning=passage_warning(hit.article, passage))
