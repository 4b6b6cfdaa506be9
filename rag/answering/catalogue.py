"""Questions about the articles themselves, answered from what is known of each.

"Who wrote the article about the barge?", "Which articles are from 2015?", "What is the latest on
measles?", "Which outlets do you have?" None of their answers need stand in any sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rag.answering.fact import Fact, place, whole
from rag.answering.refusal import Kind, Lack
from rag.answering.selection import Selection, names_it, selected
from rag.retrieval.cataloguing import OF_ONE, Field, Request
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.schema import Article, Hit, printed_day
from rag.text.words import fold
from vectorstore.holdings import Chosen, Order
from vectorstore.index import Index
from vectorstore.selecting import Facts, people

LISTED = 12  # articles, outlets or authors named at most
_ABOUT = 0.25  # share of a question's words that an article that it is about holds
_MOST_CITED = 8  # articles cited behind a count
_LOOKED_AT = 1_000  # articles among which one of each source is chosen, the newest
_SEVERAL = 5  # of the latest, the oldest, the longest where several are asked for


def facts(query: Query, found: Found, index: Index) -> tuple[Fact, ...] | Lack | None:
    """The answer to a question about the articles themselves; None if it asks what they say.

    A Lack where it is unknown.
    """
    request = query.request
    if request is None or (found.quotes and not _is_headline(query, found.hits)):
        return None  # words of an article are repeated
    if request.field in OF_ONE:
        return _of_one(request.field, query, found)
    chosen = selected(query, request, found.hits, index)
    if chosen.stranger:
        return (known(f"No article here names “{chosen.stranger}” as its author or outlet."),)
    if not chosen.articles.count():
        return (known(f"{_there_are(chosen)}."), *_undated(chosen, index))
    match request.field:
        case "count":
            return (_counted(chosen, request, index), *_undated(chosen, index))
        case "authors" | "outlets":
            return sources(request.field, chosen, index)
        case "span":
            return span(chosen, index)
        case "list":
            return _listed(chosen, index)
        case _:
            return _foremost(request.field, query, chosen, index)


def _is_headline(query: Query, hits: Sequence[Hit]) -> bool:
    """Whether what the question quotes is a headline."""
    return bool(query.quoted) and about(query, hits) is not None


# --- one article


def _of_one(field: Field, query: Query, found: Found) -> tuple[Fact, ...] | Lack | None:
    hit = about(query, found.hits)
    named = hit is not None and bool(query.names) and names_it(hit.article, query.names)
    if hit is None or not (found.coverage >= _ABOUT or named):
        return None
    fact = of_article(field, hit)
    return (fact,) if fact else Lack(_UNKNOWN[field], hit.article.name)


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
    """The hit of the article whose headline the question quotes, else the best.

    Of an author or an outlet that the question names, or so labelled as it says ("the column"),
    where one of the hits is.
    """
    quoted = [fold(item) for item in query.quoted]
    if quoted:
        return next(
            (hit for hit in hits if any(q in fold(hit.article.title or "") for q in quoted)), None
        )
    label = query.request.label if query.request else ""
    own = (
        hit
        for hit in hits
        if hit.article.outlet in query.boosts.outlets
        or not set(people(hit.article.author or "")).isdisjoint(query.boosts.authors)
        or (label and hit.article.label == label)
    )
    return next(own, hits[0] if hits else None)


# --- several


def _counted(chosen: Selection, request: Request, index: Index) -> Fact:
    """How many there are, and how many of all those that the limits leave mention it."""
    number = chosen.articles.count()
    found = _read(chosen.articles.facts("newest", _MOST_CITED), index)
    word = request.topic.split()[-1] if request.topic else ""
    shown = "" if number <= _MOST_CITED else f"; {_MOST_CITED} are cited"
    return known(f"{_there_are(chosen)}{shown}.", found, word)


def _listed(chosen: Selection, index: Index) -> tuple[Fact, ...]:
    number = chosen.articles.count()
    order = (
        "" if number == 1 else ", newest first" if number <= LISTED else f"; the newest {LISTED}"
    )
    head = known(f"{_there_are(chosen)}{order}:")
    listed = chosen.articles.facts("newest", LISTED)
    return (head, *entries(listed, index), *_undated(chosen, index))


def _foremost(field: Field, query: Query, chosen: Selection, index: Index) -> tuple[Fact, ...]:
    """The latest, the oldest, the longest or the shortest; several where several are asked for."""
    by_day = field in ("newest", "oldest")
    best = _best(field, chosen.articles, several=bool(_PLURAL.search(query.asked)))
    read = _read(best, index)
    if not read:
        return (
            known(f"{_there_are(chosen)}, none with a date:"),
            *entries(chosen.articles.facts("newest", LISTED), index),
        )
    of = "".join(f" {words}" for words in (chosen.about, chosen.limits) if words)
    if len(read) == 1:
        size = "" if by_day else f", {len(read[0].text.split()):,} words"
        told = [known(f"The {_CALLED[field]} article{of} is {_title(read[0])}{size}.", read)]
    else:
        told = [known(f"The {_CALLED[field]} articles{of} are:"), *map(_entry, read)]
    undated = chosen.articles.span().undated if by_day else 0
    rest = [known(f"{undated:,} more {_have(undated)} no date.")] if undated else []
    return (*told, *rest)


def _best(field: Field, articles: Chosen, *, several: bool) -> list[Facts]:
    """The foremost article with those of the same day, or `several`; none where none has a day."""
    orders: dict[Field, Order] = {
        "newest": "newest", "oldest": "oldest", "longest": "longest", "shortest": "shortest",
    }  # fmt: skip
    by_day = field in ("newest", "oldest")
    found = articles.facts(orders[field], LISTED if by_day else _SEVERAL)
    found = [item for item in found if item.published or not by_day]
    if several or not by_day:
        return found[: _SEVERAL if several else 1]
    return [item for item in found if item.published == found[0].published]


def sources(field: Field, chosen: Selection, index: Index) -> tuple[Fact, ...]:
    """The outlets or the authors, with how many articles each has."""
    noun = "author" if field == "authors" else "outlet"
    counts = _tallied(field, chosen.articles)
    without = chosen.articles.lacking("author" if field == "authors" else "outlet").count()
    all_of = _articles(chosen)
    if not counts:
        return (known(f"None of the {all_of} names its {noun}."),)
    shown = ", ".join(f"{name} ({count:,})" for name, count in counts.most_common(LISTED))
    more = f" and {len(counts) - LISTED:,} more" if len(counts) > LISTED else ""
    text = f"The {all_of} name {len(counts):,} {noun}{'s' * (len(counts) > 1)}: {shown}{more}"
    if chosen.articles.count() == 1:
        return tuple(entries(chosen.articles.facts("newest", 1), index))
    rest = f"; {without:,} {'names' if without == 1 else 'name'} none" if without else ""
    cited = _one_each(field, chosen.articles)[:_MOST_CITED] if chosen.about else []
    return (known(f"{text}{rest}.", _read(cited, index)),)


def _tallied(field: Field, articles: Chosen) -> Counter[str]:
    counts: Counter[str] = Counter()
    for item in articles.tally("author" if field == "authors" else "outlet"):
        for name in _named(field, item.name):
            counts[name] += item.articles
    return counts


def _named(field: Field, source: str) -> list[str]:
    return people(source) if field == "authors" else [source]


def _one_each(field: Field, articles: Chosen) -> list[Facts]:
    """The first article of each name."""
    first: dict[str, Facts] = {}
    for item in articles.facts("newest", _LOOKED_AT):
        source = item.author if field == "authors" else item.outlet
        for name in _named(field, source) if source else ():
            first.setdefault(name, item)
    return list({item.id: item for item in first.values()}.values())


def span(chosen: Selection, index: Index) -> tuple[Fact, ...]:
    """How many articles there are, and from when to when they were published."""
    days = chosen.articles.span()
    if days.last is None:
        return (known(f"None of the {_articles(chosen)} has a date."),)
    first, last = printed_day(days.first), printed_day(days.last)
    rest = f"; {days.undated:,} {_have(days.undated)} no date" if days.undated else ""
    run = f"all of {first}" if first == last else f"dated from {first} to {last}"
    ends = {it.id: it for by in _ENDS for it in chosen.articles.facts(by, 1)}
    return (known(f"{_there_are(chosen)}, {run}{rest}.", _read(list(ends.values()), index)),)


_ENDS: tuple[Order, ...] = ("oldest", "newest")


def _undated(chosen: Selection, index: Index) -> tuple[Fact, ...]:
    """Which articles would be meant if they had a date that fits: that is not known."""
    number = chosen.undated.count() if chosen.undated else 0
    if chosen.undated is None or not number:
        return ()
    few = chosen.undated.facts("path", _SEVERAL) if number <= _SEVERAL else []
    read = _read(few, index)
    named = f": {', '.join(f'“{item.name}”' for item in read)}" if read else ""
    return (known(f"{number:,} more {_have(number)} no date{named}.", read),)


# --- words


_CALLED: dict[Field, str] = {
    "newest": "latest", "oldest": "oldest", "longest": "longest", "shortest": "shortest",
}  # fmt: skip
_PLURAL = re.compile(
    r"\b(?:articles|stories|reports|pieces|columns|interviews|editorials|headlines)\b",
    re.IGNORECASE,
)
_UNKNOWN: dict[Field, Kind] = {"author": "author", "date": "date", "outlet": "outlet"}


def _there_are(chosen: Selection) -> str:
    """How many articles there are: "There are 3 articles about “x”; 2 more mention it"."""
    number = chosen.articles.count()
    more = chosen.mentioned
    rest = f"; {more:,} more mention{'s' * (more == 1)} it" if more and not chosen.near else ""
    return f"There {'are' if number > 1 else 'is'} {_articles(chosen)}{rest}"


def _articles(chosen: Selection) -> str:
    """How many articles of what: "3 articles of The Echo about “x”"."""
    number = chosen.articles.count()
    least = "at least " if chosen.cut and number else ""
    near = " that come near it, none with these words" if chosen.near else ""
    of = "".join(f" {words}" for words in (chosen.limits, chosen.about) if words)
    text = (
        f"{least}{f'{number:,}' if number else 'no'} article{'' if number < 2 else 's'}{of}{near}"
    )
    return text.replace(" that mention ", " that mentions ") if number < 2 else text


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _title(article: Article) -> str:
    """A headline and its credits: "“The dam holds”, by Ada Roe (The Echo, 4 March 2024)"."""
    by = f", by {article.author}" if article.author else ""
    day = printed_day(article.published) or "no date"
    name = article.name.strip('“”"')
    return f"“{name}”{by} ({', '.join(filter(None, (article.outlet, day)))})"


def headline(article: Article) -> str:
    """The headline, or the file's name, to be put into quotation marks."""
    return article.name.strip('“”"')


def _entry(article: Article) -> Fact:
    return known(f"{_title(article)}.", [article])


def entries(articles: Sequence[Facts], index: Index) -> list[Fact]:
    """A sentence for each article: headline, author, outlet, day."""
    return [_entry(item) for item in _read(articles, index)]


def known(text: str, articles: Iterable[Article] = (), word: str = "") -> Fact:
    """What the index vouches for, with the articles that it is about."""
    return Fact(text, tuple(place(whole(item), word) for item in articles), is_known=True)


def _read(articles: Sequence[Facts], index: Index) -> list[Article]:
    found = index.articles(item.id for item in articles)
    return [found[item.id] for item in articles if item.id in found]
