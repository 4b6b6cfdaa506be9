"""Where sources differ in figures or dates that are asked for. Nothing is averaged.

Only what a question asks for is compared ("How many marchers …", "When did …"), in sentences that
answer it nearly as well as the best one does; near-copies of one text are one source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rag.answering.candidates import Extract
from rag.answering.extractive import by_date
from rag.checking.cited_dates import mentions, without
from rag.checking.figures import Figure, read
from rag.retrieval.asking import Wanted
from rag.retrieval.query import Query
from rag.schema import Citation, Disagreement, Side, printed_day
from rag.text.words import stems

Range = tuple[float, float]

# A sentence is compared if its score (a logit) is this close to the best one's.
_MARGIN = 3.0
# Figures that differ by less, as a share of the larger, are the same figure rounded.
_ROUNDING = 0.02
# It must be about the same thing: have at least this share of what the best has of the question.
_ABOUT = 0.6
# Dates and spans of time go with anything: their sentence must have this share of the question.
_OF_THE_EVENT = 0.5
_NEAR = 180  # days: "9 March" without a year means the one nearest to the article
_MOST = 5  # sources shown side by side
_LATER_OR_EARLIER = re.compile(r"\s(?:after|before|since|until)\s")  # … something else
_SPANS = frozenset("seconds minutes hours days weeks months years decades times".split())
_NO_COUNTS = ("percent", "ordinal", "time", "factor", "fraction")
_PEOPLE = frozenset(
    stem
    for word in (
        "people persons men women workers members dead killed injured wounded marchers protesters "
        "demonstrators participants passengers soldiers victims casualties residents attendees"
    ).split()
    for stem in stems(word)
)


@dataclass(frozen=True, slots=True)
class Value:
    """A figure or date as printed, and the range of numbers that it may mean."""

    text: str
    range: Range


@dataclass(frozen=True, slots=True)
class Stated:
    """What one source gives."""

    extract: Extract
    value: Value


def given(wanted: Wanted, text: str, published: date | None) -> list[Value]:
    """The figures or dates in a text, published when, that may be the one wanted."""
    if wanted.kind == "date":
        return _dates(text, published)
    if wanted.kind == "count":
        return _counts(text, published, stems(wanted.counted[-1]))
    figures = read(text)
    if wanted.kind == "sum":
        return [_value(item) for item in figures if item.currency]
    return [_value(item) for item in figures if item.kind == "percent"]


def differing(query: Query, best_first: Sequence[Extract]) -> list[Stated]:
    """What each source gives, by date, if at least two give different things; else nothing."""
    wanted = query.wanted
    if not best_first or wanted is None:
        return []
    near = _near(query, best_first)
    if wanted.kind == "date" or wanted.label.split()[-1] in _SPANS:
        near = [item for item in near if _of_the_event(query, item)]
    found: dict[str, Stated] = {}
    for item in near:
        values = given(wanted, item.words, item.hit.article.published)
        if values and item.source not in found:
            found[item.source] = Stated(item, values[0])
    kept = list(found.values())[:_MOST]
    differ = any(not _same(a.value.range, b.value.range) for a in kept for b in kept)
    return sorted(kept, key=lambda stated: by_date(stated.extract)) if differ else []


def _near(query: Query, best_first: Sequence[Extract]) -> list[Extract]:
    """Single sentences that answer nearly as well as the best, and are about the same."""
    floor = best_first[0].score - _MARGIN
    asked = frozenset(stems(query.text)) - _PEOPLE
    singles = [
        item
        for item in best_first
        if item.sentences == 1
        and item.score >= floor
        and item.hit.passage.kind != "comment"
        and not _too_early(query.text, item)
    ]
    about = {item: _shared(asked, item) for item in singles}
    least = _ABOUT * max(about.values(), default=0.0)
    return [item for item in singles if about[item] >= least]


def _of_the_event(query: Query, item: Extract) -> bool:
    asked = frozenset(stems(_LATER_OR_EARLIER.split(query.text)[0]))
    asked -= {"many", *stems(" ".join(query.wanted.counted if query.wanted else ()))}
    return len(asked & frozenset(stems(item.words))) >= _OF_THE_EVENT * len(asked)


def _too_early(question: str, item: Extract) -> bool:
    """Whether the article was published before a day that the question names."""
    published = item.hit.article.published
    if published is None:
        return False
    named = [
        days[0]
        for found in mentions(question, published)
        for days in found.meant
        if not found.relative
    ]
    return any(published < day and (day - published).days < _NEAR for day in named)


def _shared(asked: frozenset[str], item: Extract) -> float:
    """Share of the question's words that the sentence or those around it have."""
    article, reach = item.hit.article, 300
    around = article.text[max(0, item.start - reach) : item.end + reach]
    held = frozenset(stems(f"{article.title or ''}\n{around}"))
    return len(asked & held) / (len(asked) or 1)


def disagreement(query: Query, stated: Sequence[Stated], numbers: Sequence[int]) -> Disagreement:
    """The sides with the numbers of their citations; the newest is marked if it is the only one."""
    days = [item.extract.hit.article.published for item in stated]
    newest = max((day for day in days if day), default=None)
    newest = newest if days.count(newest) == 1 else None
    sides = [
        Side(item.value.text, number, newest is not None and day == newest)
        for item, number, day in zip(stated, numbers, days, strict=True)
    ]
    return Disagreement(query.wanted.label if query.wanted else "", tuple(sides))


def among(
    query: Query, stated: Sequence[Stated], citations: Sequence[Citation]
) -> tuple[Disagreement, ...]:
    """The disagreement as far as an answer cites its sides: none if it cites fewer than two."""
    numbers = {item.extract.source: _citing(item, citations) for item in stated}
    cited = [item for item in stated if numbers[item.extract.source]]
    if not any(not _same(a.value.range, b.value.range) for a in cited for b in cited):
        return ()
    return (disagreement(query, cited, [numbers[item.extract.source] for item in cited]),)


def _citing(item: Stated, citations: Sequence[Citation]) -> int:
    """Number of the citation whose passage holds the words; 0: none."""
    start, end = item.extract.start, item.extract.end
    return next(
        (
            citation.number
            for citation in citations
            if citation.article.id == item.extract.hit.article.id
            and citation.passage.start <= start
            and end <= citation.passage.end
        ),
        0,
    )


def in_words(found: Disagreement, stated: Sequence[Stated]) -> str:
    """One sentence: "The articles give different figures for marchers: 8,500 (The Courier …) …".

    Sources that print the same figure stand together.
    """
    sources: dict[str, list[str]] = {}
    for side, item in zip(found.sides, stated, strict=True):
        article = item.extract.hit.article
        credit = ", ".join(filter(None, (article.outlet, printed_day(article.published))))
        newest = ", the newest" if side.newest else ""
        sources.setdefault(side.value, []).append(f"{credit or article.name}{newest}")
    sides = "; ".join(f"{value} ({' and '.join(who)})" for value, who in sources.items())
    kind = "dates" if found.about == "the date" else f"figures for {found.about}"
    return f"The articles give different {kind}: {sides}."


def _counts(text: str, published: date | None, heads: Iterable[str]) -> list[Value]:
    """Plain figures beside the counted word; any people will do where people are counted.

    "60 years ago" counts no years: it is a date.
    """
    wanted = set(heads)
    if wanted & _PEOPLE:
        wanted |= _PEOPLE
    return [
        _value(figure)
        for figure in read(without(text, mentions(text, published)))
        if _is_count(figure) and wanted & {*figure.behind, *figure.before}
    ]


def _is_count(figure: Figure) -> bool:
    """Whether it may count things; "one" mostly stands for one of them."""
    return not figure.currency and figure.kind not in _NO_COUNTS and figure.text != "one"


def _value(figure: Figure) -> Value:
    slack = _ROUNDING / 2 * abs(figure.value)
    return Value(figure.text, (figure.low - slack, figure.high + slack))


def _dates(text: str, published: date | None) -> list[Value]:
    """Days as printed; "Monday" or a year alone says too little of what it is the date of."""
    return [
        Value(item.text, (float(item.meant[0][0].toordinal()), float(item.meant[0][1].toordinal())))
        for item in mentions(text, published)
        if item.meant and not item.relative and item.meant[0][0] == item.meant[0][1]
    ]


def _same(one: Range, other: Range) -> bool:
    """Whether the ranges meet."""
    return one[0] <= other[1] and other[0] <= one[1]
