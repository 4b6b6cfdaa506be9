"""Filters: read from what a person typed, said in words, and held against what the index has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rag.articles.paths import cited, original
from rag.errors import FilterError
from rag.schema import KINDS, Filters, Scope, printed_day
from rag.text.dates import DATE_FORMS, days, two_ways
from rag.text.typed import storable
from vectorstore.holdings import Catalogue
from vectorstore.selecting import outlet_names, plain

OPINION = {"yes": True, "no": False}
# what each field is called in messages
FLAGS = {
    name: f"--{name.replace('_', '-')}" for name in ("since", "until", "as_of", "kind", "opinion")
}
FIELDS = {"since": "From", "until": "Until", "as_of": "As of", "kind": "Kind", "opinion": "Opinion"}
_NAMED = 5  # names shown where none is near what was typed
_LOOKED_AT = 5_000  # names among which the nearest to a wrong one is sought, the frequent first
_WORDS = {"body": "article text", "comment": "reader comments", "caption": "captions"}


@dataclass(frozen=True, slots=True)
class Typed:
    """Filters as a person types them; empty means no limit."""

    since: str = ""
    until: str = ""
    as_of: str = ""
    outlets: Sequence[str] = ()
    authors: Sequence[str] = ()
    files: Sequence[str] = ()
    kinds: Sequence[str] = ()
    opinion: str = ""  # "yes" or "no"


_TYPED = {item.name: item.default for item in fields(Typed)}
_KEYS = {**{name: name for name in _TYPED}, "kind": "kinds"}  # what messages call them


def read(typed: Typed, names: Mapping[str, str] = FLAGS) -> Filters:
    """`typed` as filters; `names` is what messages call the fields.

    A month or a year as the last day means its last day.

    Raises:
        FilterError: no date, no such kind, not yes or no, or an end before its beginning.

    """
    typed = _storable(typed)
    since = _day(typed.since, names["since"], 0)
    until = _day(typed.until, names["until"], 1)
    if since and until and since > until:
        raise FilterError(
            f"{names['since']} {typed.since.strip()} is after {names['until']} "
            f"{typed.until.strip()}: no article can be between them. Exchange the two."
        )
    as_of = _day(typed.as_of, names["as_of"], 1)
    for kind in typed.kinds:
        if kind not in KINDS:
            raise FilterError(f"{names['kind']} {kind}: write {' or '.join(KINDS)}.")
    opinion = typed.opinion.strip().casefold()
    if opinion and opinion not in OPINION:
        raise FilterError(f"{names['opinion']} {typed.opinion}: write yes or no.")
    filters = Filters(
        since=since,
        until=until,
        outlets=_kept(typed.outlets),
        authors=_kept(typed.authors),
        files=_kept(typed.files),
        kinds=tuple(kind for kind in KINDS if kind in typed.kinds),
        opinion=OPINION.get(opinion),
    )
    return narrowed_to(filters, None, as_of)


def as_filters(value: Filters | Mapping[str, Any]) -> Filters:
    """Filters from a mapping, for example out of JSON, that has the names of `Typed`.

    Dates are dates or text as on the command line, `opinion` is True or False. Filters that are
    such already stay as they are.

    Raises:
        FilterError: an unknown name (with the nearest known one) or an impossible value.

    """
    if isinstance(value, Filters):
        return value
    if not isinstance(value, Mapping):
        raise FilterError(f"filters is {value!r}; it must be Filters or a mapping.")
    for name in value:
        if name not in _TYPED:
            near = get_close_matches(str(name), _TYPED, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(_TYPED)}."
            raise FilterError(f"filters: there is no {name!r}. {hint}")
    given = {name: _as_typed(name, item) for name, item in value.items() if item is not None}
    return read(Typed(**given), _KEYS)


def narrowed_to(filters: Filters, since: date | None, until: date | None) -> Filters:
    """`filters`, and published within these days as well."""
    return replace(
        filters,
        since=max(filter(None, (filters.since, since)), default=None),
        until=min(filter(None, (filters.until, until)), default=None),
    )


def joined(given: Filters, own: Filters) -> Filters:
    """`given`, with what `own` limits in place of it."""
    mine = {item.name: getattr(own, item.name) for item in fields(Filters)}
    limits = {name: value for name, value in mine.items() if value != getattr(Filters(), name)}
    return replace(given, **limits)


def relative(filters: Filters, folder: Path | None) -> Filters:
    """`filters` with files under `folder`, if typed as paths from here, as the index has them."""
    if folder is None:
        return filters
    root = folder.resolve()
    return replace(filters, files=tuple(_below(file, root) for file in filters.files))


def scope(filters: Filters, catalogue: Catalogue) -> Scope:
    """How many articles pass, the filters in words, and what in them matches nothing."""
    every, chosen = catalogue.count(), catalogue.chosen(filters)
    if filters == Filters():
        span = chosen.span()
        return Scope(every, every, "", "", span.first, span.last)
    passing, words = chosen.count(), described(filters)
    if not passing:
        return Scope(0, every, words, _nothing(filters, catalogue, words))
    trouble, span = " ".join(_strangers(filters, catalogue)), chosen.span()
    return Scope(passing, every, words, trouble, span.first, span.last)


def _alone(filters: Filters) -> dict[str, Filters]:
    """Each filter that is set, by itself: dates, outlets, authors, files, kinds, opinion."""
    every = {
        "dates": Filters(since=filters.since, until=filters.until),
        "outlets": Filters(outlets=filters.outlets),
        "authors": Filters(authors=filters.authors),
        "files": Filters(files=filters.files),
        "kinds": Filters(kinds=filters.kinds),
        "opinion": Filters(opinion=filters.opinion),
    }
    return {name: one for name, one in every.items() if one != Filters()}


def described(filters: Filters) -> str:
    """The filters in words: "published from 1 June 2015, outlet The Guardian"."""
    return ", ".join(_parts(filters).values())


def answered_from(found: Scope) -> str:
    """What a filtered answer rests on: "Answered from 3 of 18 articles: …"; empty unfiltered."""
    return _looked_at("Answered from", found) if found.filters else ""


def stretch(found: Scope) -> str:
    """When the articles searched were published: "4 March 2024 to 9 April 2024"; or nothing."""
    if found.since is None or found.until is None:
        return ""
    days = (printed_day(found.since), printed_day(found.until))
    return " to ".join(dict.fromkeys(days))


def summary(found: Scope) -> str:
    """What was searched, as a sentence: "Searched 3 of 18 articles: published until …"."""
    return _looked_at("Searched", found)


def _looked_at(verb: str, found: Scope) -> str:
    some = f"{found.searched:,} of {_count(found.articles)}: {found.filters}"
    words = f"{verb} {some if found.filters else _count(found.searched)}."
    return f"{words} {found.trouble}".strip()


# --- reading


def _storable(typed: Typed) -> Typed:
    values: dict[str, Any] = {item.name: getattr(typed, item.name) for item in fields(Typed)}
    for name, value in values.items():
        values[name] = storable(value) if isinstance(value, str) else [*map(storable, value)]
    return Typed(**values)


def _as_typed(name: str, value: Any) -> Any:
    """The value as a person would type it: text, or a sequence of texts."""
    if isinstance(_TYPED[name], str):
        if name == "opinion" and isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, date):
            return f"{value:%Y-%m-%d}"
        if not isinstance(value, str):
            raise FilterError(f"filters: {name} is {value!r}; it must be text.")
        return value
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise FilterError(f"filters: {name} is {value!r}; it must be a list of texts.")
    return value


def _day(typed: str, name: str, end: int) -> date | None:
    text = typed.strip()
    if not text:
        return None
    if found := days(text):
        return found[end]
    if _read_two_ways(text):
        raise FilterError(f"{name} {text} can be read two ways. Write {DATE_FORMS}.")
    raise FilterError(f"{name} {text} is no date. Write {DATE_FORMS}.")


def _read_two_ways(text: str) -> bool:
    """Whether the day and the month of a date in figures could each be the other."""
    return bool(two_ways(text)) and all(int(n) <= 12 for n in re.findall(r"\d+", text)[:2])


def _kept(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))


def _below(file: str, root: Path) -> str:
    """A path that leads below `root` from here, relative to it; any other as it is."""
    try:
        path = Path(original(file)).resolve()
        if not path.exists() or not path.is_relative_to(root):
            return file
    except (OSError, ValueError):  # too long, or with a NUL: no path of this machine
        return file
    return cited(path, root) if path != root else "*"


# --- saying


def _parts(filters: Filters) -> dict[str, str]:
    """Each filter that is set, in words, by the names of `_alone`."""
    parts: dict[str, str] = {}
    if filters.since or filters.until:
        parts["dates"] = f"published {_dates(filters.since, filters.until)}"
    for field, noun, values in (
        ("outlets", "outlet", filters.outlets),
        ("authors", "author", filters.authors),
        ("files", "file", filters.files),
    ):
        if values:
            parts[field] = f"{noun} {' or '.join(values)}"
    if filters.kinds:
        parts["kinds"] = " and ".join(_WORDS[kind] for kind in filters.kinds) + " only"
    if filters.opinion is not None:
        parts["opinion"] = "opinion only" if filters.opinion else "no opinion"
    return parts


def _dates(since: date | None, until: date | None) -> str:
    if since == until:
        return f"on {printed_day(since)}"
    words = (f"from {printed_day(since)}" if since else "", f"until {printed_day(until)}")
    return " ".join(words if until else words[:1]).strip()


def _nothing(filters: Filters, catalogue: Catalogue, words: str) -> str:
    """Why no article passes: the filters that leave none alone, else what each leaves."""
    said = f"No article passes the filters: {words}."
    if not catalogue.count():
        return f"{said} The index holds no articles yet."
    alone = {field: catalogue.chosen(one).count() for field, one in _alone(filters).items()}
    reasons = [
        _REASONS[field](filters, catalogue) for field, passing in alone.items() if not passing
    ]
    if not reasons:
        parts = _parts(filters)
        left = "; ".join(f"{parts[field]}: {passing:,}" for field, passing in alone.items())
        reasons = [f"Each filter alone leaves some ({left}), together they leave none."]
    return " ".join([said, *reasons])


def _no_dates(filters: Filters, catalogue: Catalogue) -> str:
    if filters.since and filters.until and filters.since > filters.until:
        return "These dates end before they begin."
    span = catalogue.every().span()
    without = span.undated
    if span.last is None:
        return "No article has a known date."
    first, last = printed_day(span.first), printed_day(span.last)
    run = f"are all of {first}" if first == last else f"run from {first} to {last}"
    rest = f"; {_count(without)} without a date never pass{'es' * (without == 1)}"
    return f"The articles {run}{rest if without else ''}."


def _no_outlets(filters: Filters, catalogue: Catalogue) -> str:
    known = [item.name for item in catalogue.outlets(_LOOKED_AT)]
    return " ".join(_unknown("outlet", filters.outlets, known, _known_outlets))


def _no_authors(filters: Filters, catalogue: Catalogue) -> str:
    known = [item.name for item in catalogue.people(_LOOKED_AT)]
    return " ".join(_unknown("author", filters.authors, known, _known_authors))


def _no_files(filters: Filters, catalogue: Catalogue) -> str:
    return " ".join(_unknown("file", filters.files, catalogue.paths(_LOOKED_AT), _known_files))


def _no_kinds(filters: Filters, catalogue: Catalogue) -> str:
    return f"The articles have no {' and no '.join(_WORDS[kind] for kind in filters.kinds)}."


def _no_opinion(filters: Filters, catalogue: Catalogue) -> str:
    return f"{'No' if filters.opinion else 'Every'} article is labelled opinion."


_REASONS: dict[str, Callable[[Filters, Catalogue], str]] = {
    "dates": _no_dates,
    "outlets": _no_outlets,
    "authors": _no_authors,
    "files": _no_files,
    "kinds": _no_kinds,
    "opinion": _no_opinion,
}


def _strangers(filters: Filters, catalogue: Catalogue) -> list[str]:
    """Say of names in a list of several that they match no article, though others do."""
    sentences = []
    lists: tuple[tuple[tuple[str, ...], Callable[[tuple[str, ...]], Filters]], ...] = (
        (filters.outlets, lambda names: Filters(outlets=names)),
        (filters.authors, lambda names: Filters(authors=names)),
        (filters.files, lambda names: Filters(files=names)),
    )
    for values, only in lists:
        if len(values) < 2:
            continue
        unknown = tuple(v for v in values if not catalogue.chosen(only((v,))).count())
        if unknown:
            limits = only(unknown)
            sentences += [_REASONS[field](limits, catalogue) for field in _alone(limits)]
    return sentences


def _unknown(
    noun: str, wanted: Sequence[str], known: Sequence[str], forms: Callable[[str], Iterable[str]]
) -> list[str]:
    """One sentence for each name that there is not, with the nearest that there is."""
    ways = {way: name for name in reversed(known) for way in forms(name)}
    sentences = []
    for value in wanted:
        near = get_close_matches(plain(value), ways, n=1, cutoff=0.6)
        nearest = f"did you mean {ways[near[0]]}?" if near else f"there is {_some(known)}."
        hint = nearest if known else "no article names one."
        sentences.append(f"There is no {noun} “{value}”; {hint}")
    return sentences


def _some(known: Sequence[str]) -> str:
    """The first of the names: "A, B, C and 4 more"."""
    rest = len(known) - _NAMED
    shown = ", ".join(known[:_NAMED])
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def _known_outlets(outlet: str) -> Iterable[str]:
    return {plain(outlet), *outlet_names(outlet)}


def _known_authors(author: str) -> Iterable[str]:
    name = plain(author)
    return {name, name.split()[-1]} if name else ()


def _known_files(path: str) -> Iterable[str]:
    return {plain(path), plain(path.rpartition("/")[2])}


def _count(articles: int) -> str:
    return f"{articles:,} article{'' if articles == 1 else 's'}"
