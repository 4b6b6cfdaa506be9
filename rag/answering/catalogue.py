"""Questions about the articles themselves, answered from what is known of each.

"Who wrote the article about the barge?", "When was it published?", "Which outlet reported …?",
"How many articles mention …?" None of their answers need stand in any sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from rag.answering.fact import Fact, place, whole
from rag.answering.refusal import Lack
from rag.retrieval.asking import Field
from rag.retrieval.filters import described, narrowed_to
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.schema import Article, Filters, Hit, printed_day
from rag.text.words import fold
from vectorstore.index import Index
from vectorstore.selecting import chosen

Find = Callable[[Sequence[str]], Sequence[Article]]

_ABOUT = 0.25  # share of a question's words that an article that it is about holds
_COUNTED = 2000  # articles in which a name is looked for to count them
_MOST_CITED = 8  # articles cited behind a count


def fact(query: Query, found: Found, index: Index) -> Fact | Lack | None:
    """The answer to a question about the articles themselves; None if it asks what they say.

    A Lack where it is unknown.
    """
    field = None if found.quotes else query.field
    if field is None:
        return None
    if field == "count":
        limits = _named(query)
        passing = [item.id for item in chosen(index.catalogue().articles, limits)]
        given = counted(query, _holding(index), _in_order(index, passing), limits)
        return given or Lack("count")
    hit = about(query, found.hits)
    names_it = hit is not None and bool(query.names) and _mentions(hit.article, query.names)
    if hit is None or not (found.coverage >= _ABOUT or names_it):
        return None
    return of_article(field, hit) or Lack(field, hit.article.name)


def of_article(field: Field, hit: Hit) -> Fact | None:
    """The author, date or outlet of the hit's article; None if that is unknown."""
    article = hit.article
    value = {
        "author": article.author,
        "date": printed_day(article.published),
        "outlet": article.outlet,
    }.get(field)
    if not value:
        return None
    said = {
        "author": f"“{article.name}” is by {value}",
        "date": f"“{article.name}” was published on {value}",
        "outlet": f"“{article.name}” was published by {value}",
    }[field]
    more = [item for item in (article.outlet, printed_day(article.published)) if item]
    rest = ", ".join(item for item in more if item != value)
    return Fact(f"{said}{f' ({rest})' if rest else ''}.", (place(hit, value),))


def about(query: Query, hits: Sequence[Hit]) -> Hit | None:
    """The hit of the article whose headline the question quotes, else the best."""
    quoted = [fold(item) for item in query.quoted]
    named = (hit for hit in hits if any(item in fold(hit.article.title or "") for item in quoted))
    return next(named, hits[0] if hits and not quoted else None)


def counted(query: Query, find: Find, passing: Sequence[Article], filters: Filters) -> Fact | None:
    """How many articles mention what the question names, or how many there are of what it limits.

    `find` gives the articles that hold any of some words, `passing` those that pass `filters`.
    None if the question names and limits nothing.
    """
    named = query.quoted or (query.wanted.of if query.wanted else ())
    limits = [*filters.outlets, *filters.authors]
    wanted = [name for name in named if not any(fold(name) in fold(limit) for limit in limits)]
    if wanted:
        inside = {article.id for article in passing}
        held = [item for item in find(wanted) if item.id in inside and _mentions(item, wanted)]
        what = f"mention{'s' if len(held) == 1 else ''} {' and '.join(wanted)}"
        return _count(held, f"{_articles(len(held))} of {len(passing):,} {what}", wanted)
    words = described(filters)
    text = f"There {'is' if len(passing) == 1 else 'are'} {_articles(len(passing))}"
    return _count(passing, f"{text} ({words})" if words else text, ())


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


def _count(found: Sequence[Article], text: str, words: Sequence[str]) -> Fact | None:
    if not found:
        return None
    places = [place(whole(item), words[0] if words else "") for item in found[:_MOST_CITED]]
    shown = "" if len(found) <= _MOST_CITED else f"; the first {_MOST_CITED} are cited"
    return Fact(f"{text}{shown}.", tuple(places), is_known=True)


def _mentions(article: Article, wanted: Sequence[str]) -> bool:
    text = fold(f"{article.title or ''}\n{article.text}")
    return all(re.search(rf"\b{re.escape(fold(name).split()[-1])}\b", text) for name in wanted)


def _named(query: Query) -> Filters:
    """The question's limits, with the outlets, authors and days that it names."""
    boosts, filters = query.boosts, query.filters
    since, until = boosts.dates[0] if len(boosts.dates) == 1 else (None, None)
    outlets = filters.outlets or boosts.outlets
    named = replace(filters, outlets=outlets, authors=filters.authors or boosts.authors)
    return narrowed_to(named, since, until)


def _holding(index: Index) -> Find:
    """What finds the articles that hold any of some words."""
    return lambda words: _in_order(
        index, [item for item, _ in index.whole(" ".join(words), _COUNTED, None)]
    )


def _in_order(index: Index, ids: Sequence[str]) -> list[Article]:
    """These articles by date, the undated last."""
    found = index.articles(ids).values()
    return sorted(found, key=lambda item: (item.published or date.max, item.path))
