"""A question, read once: what it asks and where to look.

    asked, what the index knows of outlets, authors and dates -> Query

Every later step takes the Query. These read its text once more: `topics` and `sides` for what a
summary or a comparison is of, `rag.answering.selection` for days that the index makes out ("this
week"), `catalogue` for whether several articles are asked for, and `talk` for what it returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.models.embedding import Embedder
from rag.retrieval import asking
from rag.retrieval.asking import Statement, Wanted
from rag.retrieval.cataloguing import OF_ONE, OF_SOME, Request, dated, request
from rag.retrieval.excerpts import Excerpt, excerpt
from rag.retrieval.filters import scope
from rag.retrieval.intent import MASK, UNSEARCHED, Intent, masked, recognised
from rag.retrieval.limits import limited
from rag.retrieval.mentions import mentioned_authors, mentioned_outlets
from rag.retrieval.presumed import Payment, Premise, age_of, payment, premise
from rag.retrieval.subquestions import Part, split
from rag.schema import Filters, Scope
from rag.text.dates import Days, days, mentioned_dates
from rag.text.names import names_asked
from vectorstore.holdings import Catalogue
from vectorstore.tallies import words

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
    years: tuple[int, ...] = ()  # that it names
    now: date | None = None  # the day it is asked on: of the newest article, or the last to look at
    request: Request | None = None  # what it asks of the articles themselves: who wrote them, when
    quoted: tuple[str, ...] = ()  # what stands in quotation marks
    excerpt: Excerpt | None = None  # words repeated from an article
    age_of: str = ""  # whose age is asked for
    payment: Payment | None = None  # whose sum is asked for
    premise: Premise | None = None  # what it takes for granted
    places: tuple[str, ...] = ()  # names behind "in", "at", "near" or "from"
    closed: str = ""  # what it asks to be confirmed or denied: "Did the court reject it?"
    stated: str = ""  # what it states, to be borne out or not
    each: bool = False  # it asks what several articles say
    open: bool = False  # it asks for reasons, opinions, what somebody said: no one thing answers
    listed: bool = False  # it asks for several things: "which countries"
    defined: str = ""  # who or what somebody or something is: of whom, of what
    readers: bool = False  # it asks what readers say in comments
    composite: bool = False  # several passages must be read, each for a part
    foreign: str = ""  # its language (ISO 639-1) where that is surely none of the articles'
    notes: tuple[str, ...] = ()  # how it was read, in words for the reader

    @property
    def searched(self) -> bool:
        """Whether passages can answer it, or must be found to know which articles it is about."""
        if self.intent == "catalogue" and self.request:
            return bool(self.request.topic) or self.request.field in OF_ONE
        return self.intent not in UNSEARCHED


def read(
    asked: str,
    known: Catalogue,
    *,
    filters: Filters = NO_FILTERS,
    embedder: Embedder | None = None,
    foreign: str = "",
) -> Query:
    """Read a question that stands alone, by what the index knows. Raises ModelError.

    Named outlets, authors and dates limit nothing: they are boosts. Without an embedder only a
    question that is surely for the catalogue is not taken for one for a fact. `foreign`: its
    language, where that is surely none of the articles'.
    """
    query = _read(asked, known, filters, embedder)
    if query.intent == "fact" and foreign:
        return replace(query, foreign=foreign)
    if query.composite or query.each or query.intent != "fact":
        return query  # what it says is sought together
    span = asking.between(query.text)
    parts = [Part(f"When was {event}?", event) for event in span[1:]] if span else split(query.text)
    each = tuple(_part(part, known, query) for part in parts)
    return replace(query, parts=each, elapsed=span[0] if span else "")


def _part(part: Part, known: Catalogue, query: Query) -> Query:
    """A day without a year is of the year in which all the articles are, if that is one."""
    alone = replace(_read(part.text, known, query.filters, None), label=part.label)
    ends = {day.year for day in (query.scope.since, query.scope.until) if day}
    given = part.label if part.label[-4:].isdecimal() else f"{part.label} {min(ends, default='')}"
    found = days(given) if len(ends) == 1 or given == part.label else None
    if found is None or found[0] != found[1]:
        return alone
    boosts = replace(alone.boosts, dates=tuple(dict.fromkeys((*alone.boosts.dates, found))))
    return replace(alone, day=found[0], boosts=boosts)


def _read(asked: str, known: Catalogue, filters: Filters, embedder: Embedder | None) -> Query:
    said = words(asked)
    boosts = Boosts(
        mentioned_outlets(asked, known.outlets_with(said)),
        mentioned_authors(asked, known.people_with(said)),
        tuple(mentioned_dates(asked)),
        asking.asks_recent(asked),
    )
    text, limits = limited(asked, filters)
    intent, wish = _intent(asked, boosts, embedder)
    named = names_asked(text)
    return Query(
        asked=asked,
        text=text,
        intent=intent,
        filters=limits,
        scope=scope(limits, known),
        boosts=boosts,
        names=tuple(named),
        wanted=asking.wanted(text),
        figure=asking.asks_figure(text),
        statement=asking.statement(text),
        years=tuple(asking.years(text)),
        now=limits.until or newest(known),
        request=wish,
        quoted=tuple(asking.quoted(text)),
        excerpt=excerpt(text),
        age_of=age_of(text, named),
        payment=payment(text),
        premise=premise(text, named),
        places=tuple(asking.places(text, named)),
        closed=text.rstrip("? ") if asking.is_closed(text) else "",
        stated=asking.stated(text),
        each=asking.asks_each(text),
        open=asking.asks_open(text),
        listed=asking.asks_list(text),
        defined=asking.defined(text),
        readers=asking.asks_readers(text) or limits.kinds == ("comment",),
        composite=asking.is_composite(text, len(boosts.outlets) + len(boosts.dates)),
    )


def newest(known: Catalogue) -> date | None:
    """The day of the newest article."""
    return known.every().span().last


def _intent(asked: str, boosts: Boosts, embedder: Embedder | None) -> tuple[Intent, Request | None]:
    """What is asked for, and what of the articles themselves; a fact where that cannot be read."""
    named = (*boosts.outlets, *boosts.authors)
    sure = request(asked, named)
    if sure and not _is_unread(sure, named, asked):
        return "catalogue", sure
    likely = recognised(asked, embedder) if embedder else "fact"
    if likely == "fact" and embedder and asking.compares(asked):
        return "comparison", None
    if likely != "catalogue":
        return likely, None
    wish = request(asked, named, is_likely=True)
    if wish is None or _is_unread(wish, named, asked):
        return "fact", None
    return "catalogue", wish


def _is_unread(wish: Request, named: Sequence[str], asked: str) -> bool:
    """Whether it says which articles, in words that cannot be read: "of the treaty"."""
    is_open = wish.field in OF_SOME and wish.of_all and not named and not dated(asked)
    return is_open and MASK in masked(asked).split()
