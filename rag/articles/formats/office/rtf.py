"""Rich Text: its text as it stands when all changes are accepted, its title and author."""

from __future__ import annotations

from rag.articles.bundles import assembled
from rag.articles.cleaning import one_line
from rag.articles.coverage import counted
from rag.articles.drafts import Meta
from rag.articles.formats.fields import headline, person
from rag.articles.formats.office.rtf_text import Document, read_text
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not readable Rich Text; open it in a word processor and save it again."
_START = b"{\\rtf"


def read(data: bytes, path: str) -> Reading:
    """Read an .rtf file.

    What is hidden, deleted or struck out, page headers and remarks in the margin are left out;
    footnotes are captions after their paragraph.

    Raises:
        ArticleError: not Rich Text, or without text.

    """
    document = read_document(data)
    title = document.titles.get("title") or headline(document.title)
    known = Meta(title=title or document.titles.get("heading 1"))
    fallback = Meta(author=person(one_line(document.author)))
    notes = ("has tracked changes",) if document.changed else ()
    articles = assembled(path, document.blocks, known, fallback=fallback, notes=notes)
    return counted(articles, path, ["".join(document.held)])


def read_document(data: bytes) -> Document:
    """The text of an .rtf file.

    Raises:
        ArticleError: not Rich Text.

    """
    start = data.find(_START)
    if start < 0 or data[:start].strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise ArticleError(_BROKEN)
    return read_text(data[start:])
