"""Notes that Evernote exports (.enex). Whoever clipped a page is not its author."""

from __future__ import annotations

from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.formats.exported.records import Record, read_records
from rag.articles.formats.webpages.markup import parse_xml
from rag.articles.reading import Reading
from rag.errors import ArticleError


def read(data: bytes, path: str) -> Reading:
    """Read all notes.

    Raises:
        ArticleError: no export of notes, or nothing in them.

    """
    notes = list(parse_xml(data).iter("{*}note"))
    if not notes:
        raise ArticleError("There is no note in the file: export the notes again.")
    records = (Record(number, _fields(note)) for number, note in enumerate(notes, start=1))
    return read_records(records, path, "note")


def _fields(note: Any) -> dict[str, Any]:
    url = _text(note, "source-url")
    known = {"title": _text(note, "title"), "text": note.findtext("content"), "url": url}
    if url is None:  # written, not clipped
        known |= {"author": _text(note, "author"), "published": _text(note, "created")}
    return known


def _text(note: Any, name: str) -> str | None:
    element = next(note.iter(f"{{*}}{name}"), None)
    return None if element is None else one_line(element.text or "") or None
