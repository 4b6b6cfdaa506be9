"""One article a line: `text`; if there `id`, `title`, `url`, `published`, `authors`, `outlet`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rag.articles.cleaning import decode
from rag.articles.formats.exported.records import Record, read_records
from rag.articles.reading import Reading


def read(data: bytes, path: str) -> Reading:
    """Read all articles; one without an `id` is called by its line number.

    A malformed line costs that line alone.

    Raises:
        ArticleError: not text.

    """
    return read_records(_records(decode(data)), path, "line")


def _records(text: str) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _record(number, line)


def _record(number: int, line: str) -> Record:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Record(number, {}, f"It is not valid JSON: {error}.")
    if not isinstance(values, dict):
        return Record(number, {}, 'It is not an object such as {"id": …, "text": …}.')
    return Record(number, values)
