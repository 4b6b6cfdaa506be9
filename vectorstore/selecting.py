"""Which articles pass a filter; names are compared without case and accents.

In Python over a table of facts: what matches an author's name is more than SQL can say, and 5,000
articles take milliseconds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from sqlite3 import Row

from rag.schema import Filters
from vectorstore.storing import day_of

CORRECTION = "correction"  # the label of what mends an earlier article
OPINION = "opinion"  # the label of columns, editorials, letters and the like
_NAMES = 20_000  # distinct names of which the reading is kept
_PEOPLE = re.compile(r"\s*(?:[,;&/|]|\band\b|\bwith\b)\s*", re.IGNORECASE)
_SEGMENT = re.compile(r"\s+[|–—-]\s+|\s*[|:]\s+")  # "CNBC | World Business News", "BBC - Sport"
_DOMAIN = re.compile(r"\.(?:com|org|net|co\.uk|com\.au)$", re.IGNORECASE)
_PATTERN = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one article without reading it. `paths`: its files, and its paths as cited.

    `language`: ISO 639-1; `characters` of its text.
    """

    id: str
    published: date | None
    outlet: str | None
    author: str | None
    label: str | None
    kinds: frozenset[str]
    paths: tuple[str, ...]
    language: str | None = None
    characters: int = 0
    title: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The facts of every article, with all outlets and people, the most frequent first."""

    articles: tuple[Facts, ...]
    outlets: tuple[str, ...]
    authors: tuple[str, ...]


Test = Callable[[Facts], bool]


def read_catalogue(rows: Callable[[str], Sequence[Row]]) -> Catalogue:
    """Read what filters look at, of every article, by queries of the manifest."""
    paths: dict[str, dict[str, None]] = {}
    for row in rows("SELECT article_id, file, cited_path FROM file_articles"):
        paths.setdefault(row[0], {}).update({row[1]: None, row[2]: None})
    kinds: dict[str, set[str]] = {}
    for row in rows("SELECT DISTINCT article_id, kind FROM passages"):
        kinds.setdefault(row[0], set()).add(row[1])
    found = rows(
        "SELECT id, published, outlet, author, label, language, characters, title FROM articles"
        " ORDER BY id"
    )
    articles = tuple(
        Facts(
            row["id"], day_of(row["published"]), row["outlet"], row["author"],
            row["label"], frozenset(kinds.get(row["id"], ())), tuple(paths.get(row["id"], ())),
            row["language"], row["characters"], row["title"],
        )
        for row in found
    )  # fmt: skip
    outlets = Counter(item.outlet for item in articles if item.outlet)
    authors = Counter(name for item in articles if item.author for name in people(item.author))
    return Catalogue(
        articles,
        *(tuple(name for name, _ in tally.most_common()) for tally in (outlets, authors)),
    )


def chosen(articles: Iterable[Facts], filters: Filters) -> list[Facts]:
    """The articles that pass every filter; with `kinds`, those that hold such a passage."""
    tests = list(tests_of(filters).values())
    return [item for item in articles if all(test(item) for test in tests)]


def tests_of(filters: Filters) -> dict[str, Test]:
    """One test for each filter that is set: dates, outlets, authors, files, kinds, opinion."""
    tests: dict[str, Test] = {}
    if filters.since or filters.until:
        since, until = filters.since or date.min, filters.until or date.max
        tests["dates"] = lambda a: a.published is not None and since <= a.published <= until
    if filters.outlets:
        outlets = frozenset(map(_bare, filters.outlets))
        tests["outlets"] = lambda a: (
            a.outlet is not None and not outlets.isdisjoint(outlet_names(a.outlet))
        )
    if filters.authors:
        wanted = tuple(map(plain, filters.authors))
        tests["authors"] = lambda a: (
            a.author is not None and any(is_by(a.author, name) for name in wanted)
        )
    if filters.files:
        files = tuple(map(_tidy, filters.files))
        tests["files"] = lambda a: any(is_at(path, file) for path in a.paths for file in files)
    if filters.kinds:
        kinds = frozenset(filters.kinds)
        tests["kinds"] = lambda a: not kinds.isdisjoint(a.kinds)
    if filters.opinion is not None:
        tests["opinion"] = lambda a: (a.label == OPINION) is filters.opinion
    return tests


def passing_paths(paths: Iterable[str], filters: Filters) -> Iterator[str]:
    """The paths that the filter of files lets pass."""
    wanted = [_tidy(file) for file in filters.files]
    return (path for path in paths if any(is_at(path, file) for file in wanted) or not wanted)


def plain(text: str) -> str:
    """`text` without case, accents and surplus white space: "Élan  Müller" -> "elan muller"."""
    if text.isascii():
        return " ".join(text.casefold().split())
    split = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(char for char in split if not unicodedata.combining(char))
    return " ".join(bare.replace("’", "'").split())


def people(author: str) -> list[str]:
    """The names in an article's author: "Jane Doe and John Roe" holds two."""
    return [name for piece in _PEOPLE.split(author) if (name := piece.strip(" ."))]


def short_outlets(outlet: str) -> tuple[str, ...]:
    """Shorter ways to write an outlet: "X" for "X | Y" and "X - Y", without ".com"."""
    short = _SEGMENT.split(outlet.strip())[0]
    return tuple(dict.fromkeys((short, _DOMAIN.sub("", short))))


@lru_cache(maxsize=_NAMES)
def outlet_names(outlet: str) -> frozenset[str]:
    """What an outlet can be called in a filter: whole or short, with or without "The"."""
    return frozenset(map(_bare, (outlet, *short_outlets(outlet))))


@lru_cache(maxsize=_NAMES)
def is_by(author: str, wanted: str) -> bool:
    """Whether `wanted` (plain) names one of the people in `author`, or all of them as written.

    The surname is enough; names between the first and the last may be left out.
    """
    if plain(author) == wanted:
        return True
    words = wanted.split()
    return any(_is_named(plain(name).split(), words) for name in people(author))


def is_at(path: str, wanted: str) -> bool:
    """Whether `wanted` is the path, a pattern that fits it ("*.pdf"), or a folder above it."""
    if path == wanted or (wanted and path.startswith(f"{wanted}/")):
        return True
    return bool(_PATTERN.search(wanted)) and fnmatchcase(path, wanted)


def _is_named(name: list[str], wanted: list[str]) -> bool:
    if not wanted or not name or name[-1] != wanted[-1]:
        return False
    rest = iter(name)
    return all(word in rest for word in wanted)


def _bare(outlet: str) -> str:
    return plain(outlet).removeprefix("the ")


def _tidy(file: str) -> str:
    return file.strip().replace("\\", "/").removeprefix("./").rstrip("/")
