"""How long it was from one event to another, reckoned from the days that the articles give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta

from rag.answering.candidates import Extract
from rag.answering.fact import Fact, Place, whole
from rag.checking.cited_dates import mentions
from rag.retrieval.query import Query
from rag.schema import Article, Hit
from rag.text.dates import MONTHS
from rag.text.sentences import article_sentences
from rag.text.words import letters, stems

_SURE = 0.3  # the chance from which a sentence is of the event that is asked about
_READ = 3  # sentences of an event that are looked at
_NEWS = timedelta(days=3)  # an event is in the news for so long before it is printed
_DAYS_IN = {"days": 1, "weeks": 7}

Dated = tuple[date, Place]


def fact(query: Query, events: Sequence[tuple[Sequence[Extract], Sequence[Hit]]]) -> Fact | None:
    """As "17 days: from 4 March to 21 March 2024."; None unless the day of both events is sure.

    `events`: of the one and the other, the sentences that answer when it was, and all that was
    found.
    """
    ends = (query.scope.since, query.scope.until)
    years = {day.year for day in ends if day}
    year = years.pop() if len(years) == 1 else None
    found = [
        _said(part.label, extracts, year) or _news(part.label, hits, year)
        for part, (extracts, hits) in zip(query.parts, events, strict=True)
    ]
    if len(found) != 2 or found[0] is None or found[1] is None:
        return None
    (first, of_first), (last, of_last) = sorted((found[0], found[1]), key=lambda item: item[0])
    passed = (last - first).days
    size = _DAYS_IN.get(query.elapsed, 1)
    if passed % size:
        size = 1
    count, unit = passed // size, "week" if size == 7 else "day"
    began = f"{first.day} {first:%B}" + (f" {first.year}" if first.year != last.year else "")
    text = f"{count} {unit}{'s' * (count != 1)}: from {began} to {last.day} {last:%B %Y}."
    return Fact(text, (of_first, of_last), is_known=True)


def _said(event: str, extracts: Sequence[Extract], year: int | None) -> Dated | None:
    """The one day that the first dated of the sentences that surely answer gives.

    What the event is called stands in their passage.
    """
    wanted = set(stems(event))
    if wanted & set(MONTHS):
        return None  # "the march" would be found in "6 March"
    for item in extracts[:_READ]:
        if not wanted <= set(stems(item.hit.passage.indexed_text)):
            continue
        days = set(_days(item.hit.article, item.start, item.end, year))
        if item.chance >= _SURE and days:
            return (days.pop(), (item.hit, item.start, item.end)) if len(days) == 1 else None
    return None


def _news(event: str, hits: Sequence[Hit], year: int | None) -> Dated | None:
    """The day of the first article whose headline is of the event, as its first sentences say."""
    own = [hit for hit in hits if hit.article.published and _names(hit.article, event)]
    for article in {hit.article.id: hit.article for hit in sorted(own, key=_published)}.values():
        for start, end in _lead(article):
            days = set(_days(article, start, end, year))
            if len(days) == 1 and article.published:
                day = days.pop()
                near = article.published - _NEWS <= day <= article.published
                return (day, (whole(article), start, end)) if near else None
        return None
    return None


def _published(hit: Hit) -> date:
    return hit.article.published or date.max


def _names(article: Article, event: str) -> bool:
    """Whether the headline has the words of `event`: "walk out" is "walkout"."""
    title, wanted = article.title or "", list(stems(event))
    told = set(stems(title))
    return bool(wanted) and all(word in told or word in letters(title) for word in wanted)


def _lead(article: Article) -> list[tuple[int, int]]:
    spans = article_sentences(article, 0, min(len(article.text), 1500))
    prose = [span for span in spans if span[1] - span[0] > len(article.title or "") + 10]
    return prose[:2]


def _days(article: Article, start: int, end: int, year: int | None) -> Iterator[date]:
    """The days that these words give, not after the article; what may be several is none.

    `year`: that of all articles, for a day whose year nothing tells.
    """
    published = article.published
    for item in mentions(article.text[start:end], published):
        meant = {a for a, b in item.meant if a == b and (published is None or a <= published)}
        if len(meant) == 1:
            yield meant.pop()
        elif not item.meant and item.day and year:
            with suppress(ValueError):  # 30 February
                yield date(year, item.month, item.day)
