"""Word files of before 2007 (.doc), through LibreOffice or antiword where one is installed."""

from __future__ import annotations

import re
from typing import Any

from rag.articles.bundles import assembled
from rag.articles.cleaning import clean_text
from rag.articles.coverage import counted
from rag.articles.drafts import Meta
from rag.articles.formats.office import docx
from rag.articles.formats.office.converting import (
    antiword_program,
    by_antiword,
    by_office,
    office_program,
)
from rag.articles.formats.office.flow import Flow
from rag.articles.formats.signatures import OLE
from rag.articles.formats.webpages.markup import local_name, parse_xml
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not a readable Word document; open it in Word and save it as .docx."
_NEEDED = (
    "Word files of before 2007 (.doc) are read through LibreOffice or antiword, and neither is"
    " installed: install one of them, or save the file as .docx."
)
_STRUCK = "strikethrough"
_EMPTY = re.compile(r"<!DOCTYPE[^>]*>")


def read(data: bytes, path: str) -> Reading:
    """Read a .doc file.

    Raises:
        ArticleError: broken, encrypted, without text, or no program to read it is installed.

    """
    if not data.startswith(OLE):
        raise ArticleError(_BROKEN)
    office, antiword = office_program(), antiword_program()
    if not office and not antiword:
        raise ArticleError(_NEEDED)
    if office and (made := by_office(office, data, ".doc", ".docx")):
        return docx.read(made, path)
    if antiword and (printed := by_antiword(antiword, data)):
        return _read_docbook(printed, path)
    raise ArticleError(_BROKEN)


def _read_docbook(data: bytes, path: str) -> Reading:
    """Read what antiword prints; it leaves out what is hidden and deleted, and notes."""
    root = parse_xml(_EMPTY.sub("", data.decode("utf-8", "replace")).encode())
    flow, held = Flow(), list[str]()
    for chapter in root.iter("chapter", "article"):
        _walk(chapter, flow, held)
    flow.end()
    missing = ["its footnotes"] if next(root.iter("footnote"), None) is not None else []
    articles = assembled(path, flow.blocks, Meta())
    return counted(articles, path, held, missing=missing)


def _walk(element: Any, flow: Flow, held: list[str]) -> None:
    for item in element:
        name = local_name(item)
        if name in ("para", "title", "term"):
            _inline(item, flow, held)
            flow.end()
        elif name == "informaltable":
            flow.rows([_cells(row, held) for row in item.iter("row")])
        elif name:
            _walk(item, flow, held)


def _cells(row: Any, held: list[str]) -> list[Flow]:
    cells = []
    for entry in row.iter("entry"):
        cell = Flow()
        _inline(entry, cell, held)
        cell.end()
        cells.append(cell)
    return cells


def _inline(element: Any, flow: Flow, held: list[str], *, up: bool = False) -> None:
    _write(element.text, flow, held, up=up)
    for item in element:
        name = local_name(item)
        if name == "informaltable":
            flow.end()
            _walk([item], flow, held)
        elif name != "footnote" and _STRUCK not in item.get("role", ""):
            _inline(item, flow, held, up=up or name == "superscript")
        _write(item.tail, flow, held, up=up)


def _write(text: str | None, flow: Flow, held: list[str], *, up: bool) -> None:
    """Line ends are where the program wrapped the text."""
    words = (text or "").replace("\n", " ")
    flow.add(words, up=up)
    if not up and clean_text(words):
        held.append(words)
