"""Which articles a question about the articles themselves is about: by whom, from when, on what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.retrieval.cataloguing import Request
from rag.retrieval.filters import described, narrowed_to
from rag.retrieval.query import Query
from rag.schema import Article, Filters, Hit, printed_day
from rag.text.dates import MONTH, WHEN, days, days_of_month, month_number
from rag.text.words import fold
from vectorstore.holdings import Catalogue, Chosen
from vectorstore.index import Index
from vectorstore.selecting import is_by, outlet_names, plain
from vectorstore.tallies import words

READ = 500  # articles that hold a word of a topic and are read to see whether they are about it
_LEAD = 400  # characters in which an article says what it is about
_OFTEN = 3  # so often an article has the rarest word of what it is about
_NEAR = 0.5  # chance (0..1) from which a passage is on a topic that no article has the words of

_DAY = re.compile(
    rf"\b(?P<m1>{MONTH})\b\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,?\s*\d)|"
    rf"\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{MONTH})\b(?!,?\s*\d)",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"\b(?:in|from|of|during|for|since|last)\s+(?P<month>{MONTH})\b\.?(?!,?\s*\d)", re.IGNORECASE
)
_OF = re.compile(r"\b(?:of|in|from|for|by) (?:the )?(?P<name>[A-Z][\w’'-]+)")
_OPEN_ENDED = re.compile(rf"\b(?P<how>before|until|after|since)\s+(?P<when>{WHEN})", re.IGNORECASE)
_LATELY = {
    "today": 1, "yesterday": 2, "this week": 7, "last week": 14, "past week": 7, "last few days": 4,
    "this month": 31, "last month": 62, "past month": 31,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles meant.

    `about` and `limits`: on what and from where, in words, empty for all; `undated`: those that
    would be meant if they had no date to have; `stranger`: a source that no article names;
    `near`: they have not the topic's words, but passages on it. `mentioned`: how many more have its
    words; `cut`: there may be more of them.
    """

    articles: Chosen
    about: str = ""
    limits: str = ""
    undated: Chosen | None = None
    stranger: str = ""
    near: bool = False
    mentioned: int = 0
    cut: bool = False


def selected(query: Query, request: Request, hits: Sequence[Hit], index: Index) -> Selection:
    """The articles that the question is about; `hits` are what was found for it."""
    known = index.catalogue()
    limits, stranger = _limits(query, request, known)
    if stranger:
        return Selection(known.every().these([]), stranger=stranger)
    fits = known.every()
    fits = fits.labelled(request.label) if request.label else fits
    fits = fits.lacking(request.lacking) if request.lacking else fits
    anyday = fits.also(replace(limits, since=None, until=None))
    found = Selection(
        fits.also(limits),
        about=_about(replace(request, topic="")),
        limits=_worded(limits),
        undated=anyday.lacking("date") if limits.since or limits.until else None,
    )
    return _on_topic(found, request, hits, index) if request.topic else found


def _limits(query: Query, request: Request, known: Catalogue) -> tuple[Filters, str]:
    """The question's limits with the outlets, authors and days that it names, and a stranger."""
    boosts, filters = query.boosts, query.filters
    since, until = boosts.dates[0] if len(boosts.dates) == 1 else (None, None)
    if open_ended := _OPEN_ENDED.search(query.asked):
        since, until = _from_or_to(open_ended)
    elif not since:
        since, until = _days(query.asked, known)
    outlets, authors = filters.outlets or boosts.outlets, filters.authors or boosts.authors
    if request.source and not (outlets or authors):
        wanted = plain(request.source)
        said, bare = words(request.source), wanted.removeprefix("the ")
        authors = tuple(name for name in known.people_with(said) if is_by(name, wanted))
        near = () if authors else known.outlets_with(said)
        outlets = tuple(name for name in near if bare in outlet_names(name))
        outlets = outlets or (() if authors else _outlets_in(f"of {bare.title()}", known))
        if not authors and not outlets:
            return filters, request.source
    elif not (outlets or authors):
        outlets = _outlets_in(query.asked, known)
    named = replace(filters, outlets=outlets, authors=authors)
    return narrowed_to(named, since, until), ""


def _outlets_in(asked: str, known: Catalogue) -> tuple[str, ...]:
    """The one outlet that the question calls by a part of its name: "of the Courier"."""
    found = known.outlets_with([plain(match["name"]) for match in _OF.finditer(asked)])
    return found if len(found) == 1 else ()


def _from_or_to(match: re.Match[str]) -> tuple[date | None, date | None]:
    """The days that "before", "since" … a date means."""
    given = days(match["when"])
    if given is None:
        return None, None
    day, (first, last) = timedelta(days=1), given
    return {
        "before": (None, first - day),
        "until": (None, last),
        "after": (last + day, None),
        "since": (first, None),
    }[match["how"].casefold()]


def _days(asked: str, known: Catalogue) -> tuple[date | None, date | None]:
    """The days of a month without its year, and of "this week", seen from the newest article."""
    newest = known.every().span().last
    if newest is None:
        return None, None
    if match := _DAY.search(asked):
        month, number = month_number(match["m1"] or match["m2"]), int(match["d1"] or match["d2"])
        if same := known.last_day(month, number):
            return same, same
        first, _ = days_of_month(newest.year, month)
        return first + timedelta(days=number - 1), first + timedelta(days=number - 1)
    if match := _MONTH.search(asked):
        month = month_number(match["month"])
        last = known.last_day(month) or newest
        return days_of_month(last.year, month)
    said = " ".join(asked.casefold().split())
    back = next((count for words, count in _LATELY.items() if f" {words}" in f" {said}"), 0)
    return (newest - timedelta(days=back - 1), newest) if back else (None, None)


def _about(request: Request) -> str:
    """What is asked of the articles, as words behind "article": "labelled opinion, about “x”"."""
    lacking = {
        "date": "without a date",
        "author": "without an author",
        "outlet": "without an outlet",
    }
    parts = [f"labelled {request.label}"] if request.label else []
    parts += [lacking[request.lacking]] if request.lacking else []
    verb = "that mention" if request.mentions else "about"
    parts += [f"{verb} “{request.topic}”"] if request.topic else []
    return ", ".join(parts)


def _on_topic(found: Selection, request: Request, hits: Sequence[Hit], index: Index) -> Selection:
    """Those of the articles that are about the topic, or mention it if no more is asked."""
    topic = [word for word in index.words(request.topic) if len(word) > 1]
    looked_at = index.whole(request.topic, READ, _either(found)) if topic else []
    read = index.articles(id_ for id_, _ in looked_at).values()
    counts = {item.id: (item, Counter(index.words(_whole(item)))) for item in read}
    having = {id_: item for id_, (item, of) in counts.items() if all(of[word] for word in topic)}
    held = {
        id_
        for id_, item in having.items()
        if request.mentions or _is_about(item, topic, counts[id_][1], index)
    }
    if not held and having:  # none is about it: those that mention it are told
        return _on_topic(found, replace(request, mentions=True), hits, index)
    near = not held and not request.mentions
    if near:
        held = {hit.article.id for hit in hits if hit.score >= _NEAR}
    return replace(
        found,
        about=_about(request),
        articles=found.articles.these(held),
        undated=found.undated.these(held) if found.undated else None,
        near=near and bool(held),
        mentioned=len(found.articles.among(having.keys() - held)),
        cut=len(looked_at) >= READ,
    )


def _either(found: Selection) -> Chosen:
    """The articles meant, and those that would be if they had a date."""
    return found.articles.or_else(found.undated) if found.undated else found.articles


def _is_about(article: Article, words: Sequence[str], counts: Counter[str], index: Index) -> bool:
    """Whether an article that has the words has them often or up front."""
    opening = f"{article.title or ''}\n{article.text[:_LEAD]}"
    return min(counts[word] for word in words) >= _OFTEN or set(words) <= set(index.words(opening))


def _whole(article: Article) -> str:
    return f"{article.title or ''}\n{article.text}"


def _worded(limits: Filters) -> str:
    """The limits, as words behind "articles": "by Jane Roe, published on 4 March 2024"."""
    parts = []
    if limits.authors:
        parts.append(f"by {' or '.join(limits.authors)}")
    if limits.outlets:
        parts.append(f"of {' or '.join(limits.outlets)}")
    rest = replace(limits, authors=(), outlets=(), since=None, until=None)
    if limits.since and limits.until and limits.since != limits.until:
        parts.append(f"published from {printed_day(limits.since)} to {printed_day(limits.until)}")
    else:
        rest = replace(rest, since=limits.since, until=limits.until)
    return ", ".join(filter(None, [*parts, described(rest)]))


def names_it(article: Article, names: Sequence[str]) -> bool:
    """Whether the article has each of these names, told by its last word."""
    text = fold(f"{article.title or ''}\n{article.text}")
    return all(re.search(rf"\b{re.escape(fold(name).split()[-1])}\b", text) for name in names)
