"""A JSON document: one article, a list of them, or an object that holds such a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rag.articles.cleaning import decode, one_line
from rag.articles.formats.exported import json_lines
from rag.articles.formats.exported.exports import Program, listed, program_of, transcript
from rag.articles.formats.exported.recordings import read_recording
from rag.articles.formats.exported.records import (
    USUAL_TEXT,
    Record,
    has_text,
    read_record,
    read_records,
)
from rag.articles.reading import Reading
from rag.errors import ArticleError

_LISTS = (
    "articles", "items", "results", "data", "docs", "documents", "records", "entries", "news",
    "stories", "posts", "rows", "hits", "@graph",
)  # fmt: skip
_AROUND = ("response", "data", "result", "feed", "hits", "payload")  # what a list may lie in
_ASSIGNED = re.compile(r"\s*window\.[\w.]+\s*=\s*")  # the archive of an account at X
_DEEPEST = 3
_MOST_KEYS = 12  # named in a message


def read(data: bytes, path: str) -> Reading:
    """Read all articles; one of a list without an `id` is called by its place in it, from 1.

    Raises:
        ArticleError: not JSON, or nothing in it is an article.

    """
    text = _ASSIGNED.sub("", decode(data), count=1)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if _is_lines(text):
            return json_lines.read(data, path)
        raise ArticleError(
            f"The file is not valid JSON: {error}. Make it again with the program that wrote it."
        ) from error
    if found := transcript(value):
        return read_recording(*found, value, path)
    if known := listed(value):
        program, items = known
        return read_records(_records(items, program, value), path, "item")
    if isinstance(value, dict) and (
        has_text(value) or (program_of(value) and not _listed(value, 0))
    ):
        return read_record(Record(1, value), path)
    return read_records(_records(_items(value)), path, "item")


def _is_lines(text: str) -> bool:
    """Whether the first line is an object by itself: JSON lines under another name."""
    try:
        return isinstance(json.loads(text.lstrip().partition("\n")[0]), dict)
    except (ValueError, RecursionError):
        return False


def _records(
    items: list[Any], program: Program | None = None, root: Any = None
) -> Iterator[Record]:
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            known = program if program and program.wrote(item, root) else None
            yield Record(number, item, program=known, root=root)
        else:
            yield Record(number, {}, "It is not an object with an article's fields.")


def _items(value: Any) -> list[Any]:
    items = value if isinstance(value, list) else _listed(value, 0)
    if not items:
        if not isinstance(value, dict):
            raise ArticleError("The file holds no list of articles, and is none itself.")
        keys = ", ".join(one_line(str(key))[:40] for key in list(value)[:_MOST_KEYS])
        raise ArticleError(
            f"The file holds no article: its fields are {keys or 'none'}. Name the text "
            f"{USUAL_TEXT}, or put a list of such objects under articles."
        )
    return items


def _listed(value: Any, depth: int) -> list[Any]:
    """List of objects under a usual name, or the objects that are kept by their ids."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return []
    for name in _LISTS:
        inner = value.get(name)
        if isinstance(inner, list) and any(isinstance(item, dict) for item in inner):
            return inner
    for name in _AROUND:
        if inside := _listed(value.get(name), depth + 1):
            return inside
    if value and all(isinstance(item, Mapping) and has_text(item) for item in value.values()):
        return [{"id": key, **item} for key, item in value.items()]
    return []
