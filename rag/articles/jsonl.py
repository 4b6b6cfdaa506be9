"""One article a line: `text`; if there `id`, `title`, `url`, `published`, `authors`, `outlet`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rag.articles.assembling import assemble
from rag.articles.cleaning import decode, one_line, paragraphs
from rag.articles.drafts import Block
from rag.articles.fields import read_fields
from rag.errors import ArticleError
from rag.schema import Article


def read(data: bytes, path: str) -> list[Article]:
    """Read all articles; one without an `id` is called by its line number.

    Raises:
        ArticleError: a line is malformed or repeats an id. The line's number is named, and no
            article of the file is taken: half a file would look complete.

    """
    lines_of: dict[str, int] = {}
    articles = []
    for number, record in _records(decode(data)):
        name = _name(record, number)
        if name in lines_of:
            raise ArticleError(f"Line {number} has the same id as line {lines_of[name]}: {name}.")
        lines_of[name] = number
        articles.append(_article(record, f"{path}#{name}", number))
    return articles


def _records(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ArticleError(f"Line {number} is not valid JSON: {error}.") from error
        if not isinstance(record, dict):
            raise ArticleError(f'Line {number} is not an object such as {{"id": …, "text": …}}.')
        yield number, record


def _name(record: dict[str, Any], number: int) -> str:
    value = record.get("id")
    if value is None or value == "":
        return str(number)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ArticleError(f"Line {number}: id must be text or a whole number.")
    return one_line(str(value)) or str(number)


def _article(record: dict[str, Any], path: str, number: int) -> Article:
    text = record.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ArticleError(f"Line {number} has no text; each article needs a non-empty text.")
    blocks = [Block(block) for block in paragraphs(text)]
    try:
        return assemble(path, blocks, read_fields(record))
    except ArticleError as error:
        raise ArticleError(f"Line {number}: {error}") from error
