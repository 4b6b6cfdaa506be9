"""The answer writer that needs no language model: the articles' own best sentences, verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.checking.cited_dates import mentions
from rag.models.reranking import Reranker
from rag.retrieval.query import Query
from rag.schema import Article, Hit, Quote
from rag.speakers.attribution import speaker
from rag.text.numbers import figures
from rag.text.sentences import article_sentences
from rag.text.words import stems, word_share

# Passages whose logit is this close to the best one's are searched for sentences.
_PASSAGE_MARGIN = 2.5
_PASSAGES = 5
# A further sentence is added if its score is this close to the best one's.
_SENTENCE_MARGIN = 1.0
# A question over several articles gets the best of each source that is this close to the best.
_SOURCE_MARGIN = 2.5
_SOURCES = 6
# What a person's own words gain if the question asks for what they said.
_OWN_WORDS = 0.7
_READERS = 1.0  # what a reader's comment loses unless readers are asked for
# Two sentences are taken together if that beats the better one alone by this much.
_PAIR_GAIN = 0.6
# Pairs are tried around so many of the best sentences.
_TRIED = 4
# Of a question about one day, what is of that day comes first if it is this close to the best.
_DAY_MARGIN = 3.0
_SHORTEST = 3  # words; a shorter "sentence" is a label
_ENDED = re.compile(r"[.!?:;…][\"'”’)\]]*$")  # how a sentence ends, and a heading does not
_HEADING = 14  # words; a longer line is a sentence even without a full stop


@dataclass(frozen=True, slots=True)
class Extract:
    """Words of an article that answer: `hit.article.text[start:end]`, with their score."""

    hit: Hit
    start: int
    end: int
    sentences: int
    score: float = 0.0
    chance: float = 0.0  # that these words answer, 0..1

    @property
    def source(self) -> str:
        """The same for near-copies of one text."""
        return self.hit.origin or self.hit.article.id

    def overlaps(self, other: Extract) -> bool:
        """Whether both are of one article and share words."""
        same = self.hit.article.id == other.hit.article.id
        return same and self.start < other.end and other.start < self.end

    @property
    def words(self) -> str:
        """The words with line breaks folded."""
        return " ".join(self.hit.article.text[self.start : self.end].split())


def ranked(
    query: Query, hits: Sequence[Hit], reranker: Reranker | None, *, every: bool = False
) -> list[Extract]:
    """The sentences of the best hits, and pairs of them that gain by it, best first.

    Of a question for what somebody said, that person's words come before others'. `every`: read
    all the hits, not only those near the best one.
    """
    near = hits if every else _worth_reading(query, hits)
    candidates = list(_candidates(near))
    if query.figure:  # other sources may give another figure
        far = [hit for hit in hits if hit not in near]
        candidates += [item for item in _candidates(far) if _has_figure(item)]
    scored = _scored(query.text, candidates, reranker)
    if any(item.hit.passage.kind != "comment" for item in scored):
        scored = [_lowered(item, reranker) for item in scored]
    if query.statement:
        scored = [_raised(item, query.statement.speaker, reranker) for item in scored]
    best_first = sorted(scored, key=lambda item: -item.score)
    return _of_day_first(best_first, query.day) if query.day else best_first


def _of_day_first(best_first: Sequence[Extract], day: date) -> list[Extract]:
    """What was printed on the day that the question is about, or tells of it the day after."""
    least = best_first[0].score - _DAY_MARGIN if best_first else 0.0

    def is_of_day(item: Extract) -> bool:
        published = item.hit.article.published
        if published is None or item.score < least:
            return False
        told = mentions(item.words, published) if published == day + timedelta(days=1) else ()
        return published == day or any((day, day) in mention.meant for mention in told)

    return sorted(best_first, key=lambda item: not is_of_day(item))


def extract(query: Query, best_first: Sequence[Extract], *, most: int) -> list[Extract]:
    """At most `most` of the ranked extracts that answer `query`, best first.

    A second one is added if it is nearly as good. A question over several articles gets the best
    of each, by date; near-copies of one text count as one.
    """
    if query.each:
        return each_source(best_first, most=_SOURCES)
    chosen: list[Extract] = []
    for item in best_first:
        near = item.score >= best_first[0].score - _SENTENCE_MARGIN
        if near and not any(_repeats(item, other) for other in chosen):
            chosen.append(item)
    return chosen[:most]


def each_source(best_first: Sequence[Extract], *, most: int) -> list[Extract]:
    """The best of every source that is not far behind, by date, the undated last."""
    found: dict[str, Extract] = {}
    for item in best_first:
        if item.score >= best_first[0].score - _SOURCE_MARGIN:
            found.setdefault(item.source, item)
    return sorted(list(found.values())[:most], key=by_date)


def by_date(item: Extract) -> date:
    """When the article was published, for sorting; the undated last."""
    return item.hit.article.published or date.max


def _lowered(item: Extract, reranker: Reranker | None) -> Extract:
    """`item`, with a worse score if it is a reader's, whom nobody asked."""
    if item.hit.passage.kind != "comment":
        return item
    return _with_score(item, item.score - _READERS, reranker)


def _raised(item: Extract, person: str, reranker: Reranker | None) -> Extract:
    """`item`, with a better score if it is the words of `person`."""
    who = speaker(item.hit.article, item.start, item.end)
    if who is None or not set(stems(person.split()[-1])) <= set(stems(who)):
        return item
    return _with_score(item, item.score + _OWN_WORDS, reranker)


def quoted(quotes: Sequence[Quote], *, most: int) -> list[Extract]:
    """The words that the question repeats, as they stand in at most `most` articles.

    Empty if the question asks for more than where they are from.
    """
    return [
        Extract(item.hit, item.start, item.end, 1, chance=item.share)
        for item in quotes[:most]
        if item.alone
    ]


def lead(article: Article, kind: str) -> str:
    """Who published it and when, in front of their words: "Jane Doe, The Gazette, 4 March 2024"."""
    if kind == "comment":
        return f"A reader comment under “{article.name}”"
    if article.label and article.credits:
        return f"{article.credits} ({article.label})"
    return article.credits or f"“{article.name}”"


def _worth_reading(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """The hits to read sentence by sentence: all of them if each source shall have its say."""
    if query.each:
        return list(hits)
    floor = max((_logit(hit) for hit in hits), default=0.0) - _PASSAGE_MARGIN
    return [hit for hit in hits if _logit(hit) >= floor][:_PASSAGES]


def _has_figure(item: Extract) -> bool:
    return item.sentences == 1 and any(True for _ in figures(item.words))


def _logit(hit: Hit) -> float:
    return hit.ranks.rerank_score if hit.ranks.rerank_score is not None else hit.score


def _candidates(hits: Sequence[Hit]) -> Iterator[Extract]:
    """Every sentence, and every two in a row, of the passages, each once; no headings."""
    seen: set[tuple[str, int, int]] = set()
    for hit in hits:
        text = hit.article.text
        spans = [
            span
            for span in article_sentences(hit.article, hit.passage.start, hit.passage.end)
            if _is_prose(text[span[0] : span[1]])
        ]
        pairs = [
            (first[0], second[1])
            for first, second in zip(spans, spans[1:], strict=False)
            if not text[first[1] : second[0]].strip()
        ]
        for count, group in ((1, spans), (2, pairs)):
            for start, end in group:
                if (hit.article.id, start, end) not in seen:
                    seen.add((hit.article.id, start, end))
                    yield Extract(hit, start, end, count)


def _is_prose(words: str) -> bool:
    """Neither a label nor a headline nor a line that names the author."""
    count = len(words.split())
    return count >= _SHORTEST and (bool(_ENDED.search(words)) or count > _HEADING)


def _scored(
    question: str, candidates: Sequence[Extract], reranker: Reranker | None
) -> list[Extract]:
    """The mean of the words' own score and their passage's: sentences, and pairs that gain by it.

    Pairs are tried around the best sentences only: together they would cost as much again.
    """
    singles = _by_themselves(question, [c for c in candidates if c.sentences == 1], reranker)
    best = sorted(singles, key=lambda item: -_together(item))[:_TRIED]
    near = [c for c in candidates if c.sentences == 2 and any(_shares(c, item) for item in best)]
    pairs = [
        pair
        for pair in _by_themselves(question, near, reranker)
        if pair.score
        >= max((one.score for one in singles if _shares(pair, one)), default=-100.0) + _PAIR_GAIN
    ]
    return [_with_score(item, _together(item), reranker) for item in (*singles, *pairs)]


def _by_themselves(
    question: str, items: Sequence[Extract], reranker: Reranker | None
) -> list[Extract]:
    """Each with the score of its own words: a logit, or without a reranker words shared."""
    if reranker is None:
        asked = frozenset(stems(question))
        return [replace(item, score=_shared(asked, item)) for item in items]
    logits = reranker.logits(question, [item.words for item in items])
    return [replace(item, score=float(x)) for item, x in zip(items, logits, strict=True)]


def _together(item: Extract) -> float:
    return (item.score + _logit(item.hit)) / 2


def _with_score(item: Extract, score: float, reranker: Reranker | None) -> Extract:
    """Without a reranker the chance is the passage's."""
    chance = reranker.probability(score) if reranker is not None else item.hit.score
    return replace(item, score=score, chance=chance)


def _shares(pair: Extract, one: Extract) -> bool:
    """Whether `one` is the first or the second sentence of `pair`."""
    same = one.hit.article.id == pair.hit.article.id
    return same and (one.start == pair.start or one.end == pair.end)


def _shared(asked: frozenset[str], item: Extract) -> float:
    own = frozenset(stems(item.words))
    return len(asked & own) / (len(asked) or 1) - 0.002 * len(own)


def _repeats(item: Extract, other: Extract) -> bool:
    """Overlapping words of one article, or the same sentence reprinted in another."""
    if item.hit.article.id == other.hit.article.id:
        return item.overlaps(other)
    return word_share(item.words, frozenset(stems(other.words))) > 0.8
