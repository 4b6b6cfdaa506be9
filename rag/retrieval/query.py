"""A question, read once: what it asks and where to look.

    asked, what the index knows of outlets, authors and dates -> Query

Every later step takes the Query. `rag.answering.needs` and `alternatives` alone read its text once
more: for ages, sums and reasons, and for what stands in an article instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from rag.retrieval import asking
from rag.retrieval.asking import Field, Statement, Wanted
from rag.retrieval.excerpts import Excerpt, excerpt
from rag.retrieval.filters import scope
from rag.retrieval.intent import Intent
from rag.retrieval.limits import limited
from rag.retrieval.mentions import mentioned_authors, mentioned_outlets
from rag.retrieval.subquestions import Part, split
from rag.schema import Filters, Scope
from rag.text.dates import Days, days, mentioned_dates
from rag.text.names import names
from vectorstore.selecting import Catalogue

NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Boosts:
    """What the question names, and is therefore likely to be about; spelt as in the index."""

    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dates: tuple[Days, ...] = ()
    recent: bool = False  # it asks for what is new: "this week", "the latest"


@dataclass(frozen=True, slots=True)
class Query:
    """A question that stands alone.

    `asked`: whole; `text`: without the words that limit where to look, which are `filters`;
    `scope`: how much of the index is left to look at.
    """

    asked: str
    text: str
    intent: Intent = "fact"
    filters: Filters = NO_FILTERS
    scope: Scope = Scope(0, 0)
    boosts: Boosts = Boosts()
    names: tuple[str, ...] = ()
    parts: tuple[Query, ...] = ()  # questions within it, each searched and answered by itself
    elapsed: str = ""  # "days", "weeks": how long it was from the one of two parts to the other
    day: date | None = None  # of a part: the one of several days that it is about
    label: str = ""  # of a part: how it is called in the answer
    wanted: Wanted | None = None  # the figure or date asked for
    figure: bool = False  # the answer is a figure, a sum or a date
    statement: Statement | None = None  # whose words are asked for
    field: Field | None = None  # of the articles themselves: who wrote it, when
    quoted: tuple[str, ...] = ()  # what stands in quotation marks
    excerpt: Excerpt | None = None  # words repeated from an article
    stated: str = ""  # what it states, to be borne out or not
    each: bool = False  # it asks what several articles say
    composite: bool = False  # several passages must be read, each for a part
    notes: tuple[str, ...] = ()  # how it was read, in words for the reader


def read(asked: str, known: Catalogue, *, filters: Filters = NO_FILTERS) -> Query:
    """Read a question that stands alone, by what the index knows, and the questions within it.

    Named outlets, authors and dates limit nothing: they are boosts.
    """
    query = _read(asked, known, filters)
    if query.composite or query.each:
        return query  # what it says is sought together
    span = asking.between(query.text)
    parts = [Part(f"When was {event}?", event) for event in span[1:]] if span else split(query.text)
    each = tuple(_part(part, known, query) for part in parts)
    return replace(query, parts=each, elapsed=span[0] if span else "")


def _part(part: Part, known: Catalogue, query: Query) -> Query:
    """A day without a year is of the year in which all the articles are, if that is one."""
    alone = replace(_read(part.text, known, query.filters), label=part.label)
    ends = {day.year for day in (query.scope.since, query.scope.until) if day}
    given = part.label if part.label[-4:].isdecimal() else f"{part.label} {min(ends, default='')}"
    found = days(given) if len(ends) == 1 or given == part.label else None
    if found is None or found[0] != found[1]:
        return alone
    boosts = replace(alone.boosts, dates=tuple(dict.fromkeys((*alone.boosts.dates, found))))
    return replace(alone, day=found[0], boosts=boosts)


def _read(asked: str, known: Catalogue, filters: Filters) -> Query:
    boosts = Boosts(
        mentioned_outlets(asked, known.outlets),
        mentioned_authors(asked, known.authors),
        tuple(mentioned_dates(asked)),
        asking.asks_recent(asked),
    )
    text, limits = limited(asked, filters)
    field = asking.field_of(text)
    return Query(
        asked=asked,
        text=text,
        intent="catalogue" if field else "fact",
        filters=limits,
        scope=scope(limits, known),
        boosts=boosts,
        names=tuple(names(text)),
        wanted=asking.wanted(text),
        figure=asking.asks_figure(text),
        statement=asking.statement(text),
        field=field,
        quoted=tuple(asking.quoted(text)),
        excerpt=excerpt(text),
        stated=asking.stated(text),
        each=asking.asks_each(text),
        composite=asking.is_composite(text, len(boosts.outlets) + len(boosts.dates)),
    )
