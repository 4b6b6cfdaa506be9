"""Word lists as data: a TOML file for each subject, read once and checked when it is read.

A list is a text of words, a group of words is a line of such a text, and its sides are parted by
"|"; figures are a table. Whoever adds a word edits a file here, and no code.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# File -> what it holds, no less and no more.
LANGUAGES = ("de", "es", "fr", "it", "nl", "pt")  # besides English, each with a file of its own
_KEYS: dict[str, set[str]] = {
    **dict.fromkeys(
        LANGUAGES,
        {
            "months", "numbers", "scales", "units", "rounding", "within", "abbreviations",
            "openers", "saying", "naming", "places", "according", "that", "articles", "some",
            "prepositions", "pronouns", "roles", "speaking",
        },
    ),
    "abroad": {"weekdays", "bodies", "of", "asides", "relatives", "honorifics",
        "first_person"},
    "bylines": {"by", "both", "published", "updated"},
    "calendar": {"months", "weekdays"},
    "framing": {"summary", "timeline", "comparison", "pieces"},
    "growing": {"counted"},
    "irregular": {"forms"},
    "limits": {"hedges", "careful", "whole", "partly"},
    "months": {"months"},
    "numbers": {
        "units", "tens", "scales", "short_scales", "ordinals", "fractions", "factors",
        "factor_verbs",
    },
    "openers": {"sentence", "grades", "question", "request"},
    "opposites": {"opposed"},
    "peoples": {"same", "capitals"},
    "synonyms": {"alike"},
    "titles": {"honorifics", "styles", "titles", "attributes", "offices", "he", "she", "particles",
        "of"},
}  # fmt: skip

Group = tuple[str, ...]


@cache
def words(file: str, key: str) -> frozenset[str]:
    """The words of a list. Raises ValueError for a word that stands there twice."""
    return frozenset(_once(_text(file, key).split(), f"{file}.{key}"))


def groups(file: str, key: str) -> tuple[Group, ...]:
    """The words of each line. Raises ValueError for a word twice in a line, and a line twice."""
    return tuple(line[0] for line in sides(file, key))


def sides(file: str, key: str) -> tuple[tuple[Group, ...], ...]:
    """The words of each line, side by side. Raises ValueError as `groups` does."""
    lines = _once(_text(file, key).strip().splitlines(), f"{file}.{key}")
    return tuple(
        tuple(tuple(_once(side.split(), f"{file}.{key}: {line}")) for side in line.split("|"))
        for line in lines
    )


def numbers(file: str, key: str) -> Mapping[str, int]:
    """Words with what they stand for. Raises ValueError for anything but whole numbers."""
    table = _tables(file)[key]
    if not isinstance(table, dict) or not all(type(value) is int for value in table.values()):
        raise ValueError(f"rag/text/lexicon/{file}.toml: {key} is no table of whole numbers.")
    return table


def _text(file: str, key: str) -> str:
    text = _tables(file)[key]
    if not isinstance(text, str) or text != text.casefold():
        raise ValueError(f"rag/text/lexicon/{file}.toml: {key} is no text in small letters.")
    return text


@cache
def _tables(file: str) -> dict[str, Any]:
    tables = tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))
    if odd := tables.keys() ^ _KEYS[file]:
        raise ValueError(f"rag/text/lexicon/{file}.toml: {', '.join(sorted(odd))} unknown or gone.")
    return tables


def _once(items: Sequence[str], where: str) -> Sequence[str]:
    twice = [item for item, count in Counter(items).items() if count > 1]
    if twice:
        raise ValueError(f"rag/text/lexicon: {where} has {', '.join(twice)} twice.")
    return items
