"""Of what answers alike, what is of the time asked for: a year, or now.

"Which country won the 2026 …" is not answered by who won in 2024, "who is mayor" not by an article
of years ago. When something happened is told by the dates in its sentence, relative ones read
against the article's day, else by that day. Now is the day of the newest article, or `--as-of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from rag.answering.candidates import Extract
from rag.answering.refusal import Lack
from rag.checking.cited_dates import mentions
from rag.models.reranking import Reranker
from rag.retrieval.query import Query
from rag.schema import Hit
from rag.text.dates import Days

# What a sentence loses, on the scale of a logit.
OTHER_YEAR = 2.0  # if it is of another year than the one asked for
AGE = 0.4  # for each year before now, if what holds now is asked for …
OLDEST = 5.0  # … of which so many count
_LATER = 365  # days after a year in which its events are told without naming it


def timely(query: Query, best_first: Sequence[Extract], reranker: Reranker | None) -> list[Extract]:
    """`best_first` with what is of another time than asked for moved down."""
    if not query.years and not query.boosts.recent:
        return list(best_first)
    lowered = [_lowered(item, _loss(query, item), reranker) for item in best_first]
    return sorted(lowered, key=lambda item: -item.score)


def not_reached(query: Query, hits: Iterable[Hit]) -> Lack | None:
    """That no article found is of the year asked for, nor names it, where it is the newest."""
    now = query.now
    if now is None or len(query.years) != 1 or query.years[0] < now.year:
        return None
    year = query.years[0]
    articles = {hit.article.id: hit.article for hit in hits}.values()
    reached = any(
        (item.published is None or item.published.year >= year)
        or str(year) in f"{item.title or ''}\n{item.text}"
        for item in articles
    )
    return None if reached else Lack("year", str(year))


def _loss(query: Query, item: Extract) -> float:
    day = item.hit.article.published
    told = [days for found in mentions(item.words, day) for days in found.meant]
    if query.years:
        return 0.0 if _of_years(query.years, told, day) else OTHER_YEAR
    return AGE * _age(query.now, told, day)


def _of_years(years: Sequence[int], told: Sequence[Days], day: date | None) -> bool:
    """Whether what is told may be of one of the years; what has no date may be."""
    if told:
        return any(first.year <= year <= last.year for first, last in told for year in years)
    return day is None or any(
        date(year, 1, 1) <= day and (day - date(year, 12, 31)).days <= _LATER for year in years
    )


def _age(now: date | None, told: Sequence[Days], day: date | None) -> float:
    """Years before now, 0 to `OLDEST`; half of that where nothing tells."""
    last = max((last for _, last in told), default=day)
    if last is None or now is None:
        return OLDEST / 2
    return min(max((now - last).days, 0) / 365.25, OLDEST)


def _lowered(item: Extract, loss: float, reranker: Reranker | None) -> Extract:
    if not loss:
        return item
    score = item.score - loss
    chance = reranker.probability(score) if reranker is not None else item.chance
    return replace(item, score=score, chance=chance)
