"""The answer writer that needs no language model: the articles' own best sentences, verbatim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rag.answering.candidates import Extract, candidates, understood
from rag.answering.describing import describes, enumerates
from rag.checking.cited_dates import mentions
from rag.models.reranking import Reranker
from rag.retrieval.query import Query
from rag.retrieval.search import NEAR
from rag.schema import Hit, Quote
from rag.speakers.attribution import speaker
from rag.text.injection import gives_orders
from rag.text.names import names
from rag.text.numbers import figures
from rag.text.words import stems, word_share

_PASSAGES = 5  # that are searched for sentences, if near the best
# A further sentence is added if its score is this close to the best one's.
_SENTENCE_MARGIN = 1.0
_NAME_MARGIN = 0.5  # likewise, if it adds only a name
_LIST_MARGIN = 1.5  # likewise, of one source and of a question that asks for several things
# A question over several articles gets the best of each source that is this close to the best.
_SOURCE_MARGIN = 2.5
_SOURCES = 6
# What no warning goes with leads an answer if it is this close to the best.
_SOUND_MARGIN = 2.5
# What a person's own words gain if the question asks for what they said.
_OWN_WORDS = 0.7
_READERS = 1.0  # what a reader's comment loses where all are compared
_HEADLINE = 1.0  # what a headline loses: it seldom says more than the question
_DEFINING = 1.5  # what a sentence gains that says who or what somebody is, if that is asked
_LISTING = 0.6  # what one gains that enumerates, if several things are asked for
# Two sentences are taken together if that beats the better one alone by this much.
_PAIR_GAIN = 0.6
# Pairs are tried around so many of the best sentences.
_TRIED = 4
# Of a question about one day, what is of that day comes first if it is this close to the best.
_DAY_MARGIN = 3.0


def ranked(
    query: Query, hits: Sequence[Hit], reranker: Reranker | None, *, every: bool = False
) -> list[Extract]:
    """The sentences of the best hits, and pairs of them that gain by it, best first.

    Of a question for what somebody said, that person's words come before others'. `every`: read
    all the hits, not only those near the best one.
    """
    near = hits if every else _worth_reading(query, hits)
    found = list(candidates(near))
    if query.figure:  # other sources may give another figure
        far = [hit for hit in hits if hit not in near]
        found += [item for item in candidates(far) if _has_figure(item)]
    scored = _scored(query.text, found, reranker)
    weighed = [_with_score(item, item.score + _worth(query, item), reranker) for item in scored]
    best_first = sorted(weighed, key=lambda item: -item.score)
    return _of_day_first(best_first, query.day) if query.day else best_first


def _worth(query: Query, item: Extract) -> float:
    """What is added to the score of `item` by whose words they are, and by their form."""
    kind = item.hit.passage.kind
    worth = -_READERS * (kind == "comment" and not query.readers) - _HEADLINE * item.is_headline
    if query.statement and _is_of(query.statement.speaker, item):
        worth += _OWN_WORDS
    if query.defined and describes(item.words, query.defined):
        worth += _DEFINING
    if query.listed and enumerates(item.words):
        worth += _LISTING
    return worth


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
        each = [item for item in best_first if _may_stand(query, item)]
        return each_source(each, most=_SOURCES)
    found = _sound_first([item for item in best_first if _may_stand(query, item)])
    chosen: list[Extract] = []
    for item in found:
        if not chosen or (_is_near(query, item, chosen[0]) and _adds(query, item, chosen)):
            chosen.append(item)
    most += query.listed
    return _apart([understood(item) for item in chosen[:most]])


def _sound_first(found: list[Extract]) -> list[Extract]:
    """Led by the best that no warning goes with, where one answers nearly as well."""
    sound = next((item for item in found if not item.hit.warning), None)
    if sound is None or sound.score < found[0].score - _SOUND_MARGIN:
        return found
    return [sound, *(item for item in found if item is not sound)]


def _may_stand(query: Query, item: Extract) -> bool:
    """Whether an answer may show it: no orders to a language model, no reader unless asked for."""
    if item.hit.warning and gives_orders(item.words):
        return False
    return (item.hit.passage.kind == "comment") <= query.readers


def _is_near(query: Query, item: Extract, best: Extract) -> bool:
    listed = query.listed and item.source == best.source
    return item.score >= best.score - (_LIST_MARGIN if listed else _SENTENCE_MARGIN)


def _adds(query: Query, item: Extract, chosen: Sequence[Extract]) -> bool:
    """Whether it says what was asked for and not said yet.

    A word of the question, a figure where one is asked for, a name where none is; a question for
    reasons, opinions or what somebody said has no one answer.
    """
    if any(_repeats(item, other) for other in chosen):
        return False
    said, own = " ".join(other.words for other in chosen), frozenset(stems(item.words))
    if query.open or own & frozenset(stems(query.text)) - frozenset(stems(said)):
        return True
    if query.figure:
        return bool(set(figures(item.words)) - set(figures(said)))
    if not query.listed and item.score < chosen[0].score - _NAME_MARGIN:
        return False
    return any(name not in said and name not in query.text for name in names(item.words))


def _apart(chosen: Sequence[Extract]) -> list[Extract]:
    """Those that share no words with one before."""
    kept: list[Extract] = []
    for item in chosen:
        if not any(item.overlaps(other) for other in kept):
            kept.append(item)
    return kept


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


def _is_of(person: str, item: Extract) -> bool:
    """Whether the words are of `person`."""
    who = speaker(item.hit.article, item.start, item.end)
    return who is not None and set(stems(person.split()[-1])) <= set(stems(who))


def quoted(quotes: Sequence[Quote], *, most: int) -> list[Extract]:
    """The words that the question repeats, as they stand in at most `most` articles.

    Empty if the question asks for more than where they are from.
    """
    return [
        Extract(item.hit, item.start, item.end, 1, chance=item.share)
        for item in quotes[:most]
        if item.alone
    ]


def _worth_reading(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """The hits to read sentence by sentence: all of them if each source shall have its say."""
    if query.each:
        return list(hits)
    floor = max((_logit(hit) for hit in hits), default=0.0) - NEAR
    return [hit for hit in hits if _logit(hit) >= floor][:_PASSAGES]


def _has_figure(item: Extract) -> bool:
    return item.sentences == 1 and any(True for _ in figures(item.words))


def _logit(hit: Hit) -> float:
    return hit.ranks.rerank_score if hit.ranks.rerank_score is not None else hit.score


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
    whole = [_with_score(item, _together(item), reranker) for item in singles]
    return [*whole, *(_with_score(_cut(p, singles), _together(p), reranker) for p in pairs)]


def _cut(pair: Extract, singles: Sequence[Extract]) -> Extract:
    """The second sentence alone if it is that which answers, and is understood without the first.

    The score stays that of the pair.
    """
    first = _best(one for one in singles if _shares(pair, one) and one.start == pair.start)
    second = _best(one for one in singles if _shares(pair, one) and one.end == pair.end)
    if first is None or second is None or first.score >= second.score:
        return pair
    if understood(second) is not second:
        return pair
    return replace(pair, start=second.start, sentences=1)


def _best(items: Iterable[Extract]) -> Extract | None:
    return max(items, key=lambda item: item.score, default=None)


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
