"""How filters and names are compared: without case and accents, surnames for authors.

`holdings` asks the database by the same rules; here they are tests on one article that is at hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache

from rag.schema import Filters

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


Test = Callable[[Facts], bool]


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
        outlets = frozenset(map(bare, filters.outlets))
        tests["outlets"] = lambda a: (
            a.outlet is not None and not outlets.isdisjoint(outlet_names(a.outlet))
        )
    if filters.authors:
        wanted = tuple(map(plain, filters.authors))
        tests["authors"] = lambda a: (
            a.author is not None and any(is_by(a.author, name) for name in wanted)
        )
    if filters.files:
        files = tuple(map(tidy, filters.files))
        tests["files"] = lambda a: any(is_at(path, file) for path in a.paths for file in files)
    if filters.kinds:
        kinds = frozenset(filters.kinds)
        tests["kinds"] = lambda a: not kinds.isdisjoint(a.kinds)
    if filters.opinion is not None:
        tests["opinion"] = lambda a: (a.label == OPINION) is filters.opinion
    return tests


def passing_paths(paths: Iterable[str], filters: Filters) -> Iterator[str]:
    """The paths that the filter of files lets pass."""
    wanted = [tidy(file) for file in filters.files]
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
    return frozenset(map(bare, (outlet, *short_outlets(outlet))))


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


def bare(outlet: str) -> str:
    """An outlet's name as filters compare it: plain, without "The"."""
    return plain(outlet).removeprefix("the ")


def tidy(file: str) -> str:
    """A path as it is typed, in the form of those of the index."""
    return file.strip().replace("\\", "/").removeprefix("./").rstrip("/")


def glob_of(wanted: str, as_regex: bool) -> str | None:
    """The pattern that `is_at` means, for SQLite's GLOB or as a regex of PostgreSQL; None: none."""
    if not _PATTERN.search(wanted):
        return None
    parts = [_glob_part(match, as_regex) for match in _PARTS.finditer(wanted)]
    return f"^{''.join(parts)}$" if as_regex else "".join(parts)


def literal_start(wanted: str) -> str:
    """What every path that fits a pattern begins with."""
    return _PATTERN.split(wanted, maxsplit=1)[0]


_PARTS = re.compile(
    r"\[(?P<not>!?)(?P<set>\]?[^\]]*)\]|(?P<any>\*)|(?P<one>\?)|(?P<other>.)", re.DOTALL
)


def _glob_part(match: re.Match[str], as_regex: bool) -> str:
    if match["set"]:
        held = match["set"].replace("\\", "\\\\") if as_regex else match["set"]
        return f"[{'^' if match['not'] else ''}{held}]"
    if not as_regex:
        return match[0] if match[0] != "[" else "[[]"
    return ".*" if match["any"] else "." if match["one"] else re.escape(match["other"])
