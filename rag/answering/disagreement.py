"""Where sources give different values of the same thing. Nothing is averaged.

A note is made only where two independent sources say in a clause what the question asks – its
verb, with a figure of the thing it counts – of one event, at one time. Where that is not plain
there is none. What grows with time is told as a development; near-copies are one source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations

from rag.answering.candidates import Extract
from rag.answering.extractive import by_date
from rag.checking.cited_dates import mentions, without
from rag.checking.figures import Figure, read
from rag.checking.wording import Known
from rag.retrieval.asking import Wanted
from rag.retrieval.query import Query
from rag.schema import Article, Citation, Disagreement, Side, printed_day
from rag.text import lexicon
from rag.text.names import names
from rag.text.words import fold, stem, stems, words

Range = tuple[float, float]

# A sentence is compared if its score (a logit) is this close to the best one's.
_MARGIN = 4.0
# Figures that differ by less, as a share of the larger, are the same figure rounded.
_ROUNDING = 0.02
# Names that its article must have in common with the article of the best.
_NAMES = 2
_NEAR = 180  # days: "9 March" without a year means the one nearest to the article
_ONE_TIME = 45  # days between two articles on what is going on
# Of so few words for what is asked a clause must have all, of more this share.
_ALL, _MOST_OF = 3, 2 / 3
_FAR = 10
_MOST = 5  # sources shown side by side
_NO_COUNTS = ("percent", "ordinal", "time", "factor", "fraction")
_CLAUSE = re.compile(r"[;:()“”\"—–]|,(?!\d)|\s(?:and|but|while|after|before|since|until|when|as)\s")
_ASIDE = re.compile(r",\s[^,;:()“”]{3,80},\s")
_WHOLE = re.compile(r"\b(?:of|out of|among)\s+(?:the|its|his|her|their|some|about|all)?\s*$", re.I)
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
    if not best_first or wanted is None or not wanted.doing:
        return []
    found: dict[str, Stated] = {}
    for item in _near(query, best_first):
        value = _told(query, wanted, item)
        if value is not None and item.source not in found:
            found[item.source] = Stated(item, value)
    kept = _of_one_event(list(found.values()))[:_MOST]
    if wanted.kind in ("count", "sum"):
        kept = [item for item in kept if _of_one_size(kept[0].value, item.value)]
    differ = any(not _same(a.value.range, b.value.range) for a, b in combinations(kept, 2))
    return sorted(kept, key=lambda stated: by_date(stated.extract)) if differ else []


def _of_one_size(one: Value, other: Value) -> bool:
    """Whether two counts may be of one thing: sources seldom differ tenfold, things often do."""
    low, high = sorted((_middle(one.range), _middle(other.range)))
    return high <= _FAR * low


def _middle(found: Range) -> float:
    """What a value is about, an open end left out."""
    ends = [end for end in found if abs(end) < float("inf")]
    return sum(ends) / (len(ends) or 1)


def grew(query: Query, stated: Sequence[Stated]) -> bool:
    """Whether the values, by date, are of what grows with time, and never fall."""
    wanted = query.wanted
    if wanted is None or not _growing() & {stem(word) for word in (*wanted.doing, *wanted.counted)}:
        return False
    days = [item.extract.hit.article.published for item in stated]
    pairs = list(zip(stated, stated[1:], strict=False))
    later = any(one != other for one, other in zip(days, days[1:], strict=False))
    return later and all(one.value.range[0] <= other.value.range[1] for one, other in pairs)


@cache
def _growing() -> frozenset[str]:
    return frozenset(map(stem, lexicon.words("growing", "counted")))


def _told(query: Query, wanted: Wanted, item: Extract) -> Value | None:
    """The one value in a clause of the sentence that says what is asked; None if not plain."""
    article, text = item.hit.article, item.words
    values = [
        value
        for clause in _clauses(text)
        if _says(wanted, clause) and not _of_another_time(query, clause, article)
        for value in given(wanted, clause, article.published)
    ]
    plain = values and all(_same(one.range, other.range) for one, other in combinations(values, 2))
    return values[0] if plain and _names_all(query, article) else None


def _clauses(text: str) -> Iterator[str]:
    """The stretches of a sentence between its breaks, also with asides left out.

    "22,000 people, by the union's count, took part" has "22,000 people took part".
    """
    for whole in dict.fromkeys((text, _ASIDE.sub(" ", text))):
        cuts = list(_CLAUSE.finditer(whole))
        starts = [0, *(cut.start() if cut[0].strip().isalpha() else cut.end() for cut in cuts)]
        ends = [*(cut.start() for cut in cuts), len(whole)]
        yield from (whole[start:end] for start, end in zip(starts, ends, strict=True))


def _says(wanted: Wanted, clause: str) -> bool:
    """Whether the clause has the words for what is asked of the thing, or such that are alike."""
    known = Known.of(frozenset(stems(clause)))
    asked = [word for each in wanted.doing for word in words(each)]
    held = sum(known.has(word) for word in asked)
    return held >= (len(asked) if len(asked) <= _ALL else _MOST_OF * len(asked))


def _of_another_time(query: Query, clause: str, article: Article) -> bool:
    """Whether the clause dates what it says far from the article, and not as the question does."""
    day, asked = article.published, query.boosts.dates
    if query.wanted and query.wanted.kind == "date":
        return False
    return any(
        day is not None and ((day - last).days > _ONE_TIME or (first - day).days > _ONE_TIME)
        for item in mentions(clause, day)
        for first, last in item.meant
        if not any(first <= until and since <= last for since, until in asked)
    )


def _names_all(query: Query, article: Article) -> bool:
    """Whether the article has every name of the question."""
    there = {word.stem for word in words(f"{article.title or ''}\n{article.text}")}
    return all(set(stems(name)) <= there for name in query.names)


def _of_one_event(stated: Sequence[Stated]) -> list[Stated]:
    """Those told near the time of the first, which answers best, and naming what it names.

    Without its day nothing is sure.
    """
    if not stated or stated[0].extract.hit.article.published is None:
        return []
    first = stated[0].extract.hit.article
    return [stated[0], *(i for i in stated[1:] if _alike(first, i.extract.hit.article))]


def _alike(first: Article, other: Article) -> bool:
    if first.published is None or other.published is None:
        return False
    near = abs((other.published - first.published).days) <= _ONE_TIME
    return near and len(_named(first) & _named(other)) >= _NAMES


def _named(article: Article) -> frozenset[str]:
    return frozenset(map(fold, names(f"{article.title or ''}\n{article.text}")))


def _near(query: Query, best_first: Sequence[Extract]) -> list[Extract]:
    """Single sentences that answer nearly as well as the best; no reader's."""
    floor = best_first[0].score - _MARGIN
    return [
        item
        for item in best_first
        if item.sentences == 1
        and item.score >= floor
        and item.hit.passage.kind != "comment"
        and not item.hit.warning
        and not _too_early(query.text, item)
    ]


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
        newest = ", the newest" if side.newest else ""
        sources.setdefault(side.value, []).append(f"{_credit(item)}{newest}")
    sides = "; ".join(f"{value} ({' and '.join(who)})" for value, who in sources.items())
    kind = "dates" if found.about == "the date" else f"figures for {found.about}"
    return f"The articles give different {kind}: {sides}."


def developed(query: Query, stated: Sequence[Stated]) -> str:
    """One sentence, the newest value first: "The newest figure for deaths is 21 (…) …"."""
    about = query.wanted.label if query.wanted else ""
    newest = stated[-1].value.range
    latest = [item for item in stated if _same(item.value.range, newest)]
    earlier = [item for item in reversed(stated) if item not in latest]
    before = "; ".join(f"{item.value.text} ({_credit(item)})" for item in earlier)
    last = latest[-1]
    return (
        f"The newest figure for {about} is {last.value.text} ({_credit(last)}); earlier articles "
        f"gave {before}."
    )


def _credit(item: Stated) -> str:
    article = item.extract.hit.article
    credit = ", ".join(filter(None, (article.outlet, printed_day(article.published))))
    return credit or article.name


def _counts(text: str, published: date | None, heads: Iterable[str]) -> list[Value]:
    """Plain figures of the counted thing; any people will do where people are counted.

    "60 years ago" counts no years: it is a date; and "of the 80" counts the whole, of which a part
    is told.
    """
    wanted = set(heads)
    if wanted & _PEOPLE:
        wanted |= _PEOPLE
    plain = without(text, mentions(text, published))
    return [
        _value(figure)
        for figure in read(plain)
        if _is_count(figure)
        and wanted & {*figure.behind, *figure.before}
        and not _WHOLE.search(plain[: figure.start])
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
