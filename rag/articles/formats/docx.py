"""Word documents: paragraphs and tables in reading order, title and author."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import Block, Meta
from rag.articles.formats.fields import headline, person
from rag.articles.formats.zips import MB, Limits, open_zip, read_member
from rag.errors import ArticleError
from rag.schema import Article, Kind

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Row

_LIMITS = Limits(member=300 * MB, total=300 * MB)
_BROKEN = "The file is not a readable Word document; open it in Word and save it again as .docx."
_LOCKED = b"\xd0\xcf\x11\xe0"  # an OLE container: an encrypted .docx, or a .doc under a new name


def read(data: bytes, path: str) -> list[Article]:
    """Read a .docx file.

    Raises:
        ArticleError: broken, encrypted, too large when unpacked, or without text.

    """
    _check_archive(data)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        blocks = [block for text, style in _texts(document) for block in _block(text, style)]
        title, author = _properties(document)
        title = title or _styled_title(document)
    except Exception as error:  # the parsers raise whatever a broken part makes them trip over
        raise ArticleError(_BROKEN) from error
    return [assemble(path, blocks, Meta(title=title), fallback=Meta(author=author))]


def _check_archive(data: bytes) -> None:
    if data.startswith(_LOCKED):
        raise ArticleError(
            "The document is encrypted or an old .doc; save it as .docx without a password."
        )
    archive = open_zip(data, _LIMITS, _BROKEN)
    for item in archive.infolist():  # python-docx would believe a size that is too small
        read_member(archive, item, _LIMITS)


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    """Text and style of each paragraph and table."""
    from docx.table import Table

    for item in document.iter_inner_content():
        if isinstance(item, Table):
            yield _table(item), "Table"
        else:
            yield item.text, (item.style and item.style.name) or ""


def _table(table: Table) -> str:
    rows = []
    for row in table.rows:
        cells = _cells(row)
        distinct = [c for n, c in enumerate(cells) if c and (n == 0 or c != cells[n - 1])]
        rows.append(" | ".join(distinct))
    return "\n".join(filter(None, rows))


def _cells(row: _Row) -> list[str]:
    try:
        return [one_line(cell.text) for cell in row.cells]
    except (ValueError, IndexError):  # merged with a cell that is not there
        return [one_line("".join(cell.itertext())) for cell in row._tr.iter("{*}tc")]


def _block(text: str, style: str) -> list[Block]:
    kind: Kind = "caption" if style == "Caption" else "body"
    return [Block(part, kind) for part in clean_text(text).split("\n\n") if part]


def _properties(document: Document) -> tuple[str | None, str | None]:
    core = document.core_properties
    return headline(core.title), person(core.author)


def _styled_title(document: Document) -> str | None:
    for wanted in ("Title", "Heading 1"):
        for text, style in _texts(document):
            if style == wanted and (title := one_line(text)):
                return title
    return None
