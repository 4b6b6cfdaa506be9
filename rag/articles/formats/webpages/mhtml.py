"""Web pages saved as one file (.mhtml): the page itself, through the reader of web pages.

The Date header says when it was saved, which is not when it was published: it is not read.
"""

from __future__ import annotations

import re
from email.message import Message

from rag.articles.cleaning import decode
from rag.articles.formats.mails.mime import charset, header, parse, payload, texts
from rag.articles.formats.webpages import html
from rag.errors import ArticleError
from rag.schema import Article

_BROKEN = "The file is not a readable saved page; open it in a browser and save it again."
_URL = re.compile(r"https?://[^\s<>\"]+")
_XML_HEAD = re.compile(rb"^\s*<\?xml[^>]*\?>")
_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16


def read(data: bytes, path: str) -> list[Article]:
    """Read an .mhtml or .mht file.

    Raises:
        ArticleError: broken, or no text in the page.

    """
    message = parse(data, _BROKEN)
    page = _page(message)
    source = payload(page).removeprefix(b"\xef\xbb\xbf")
    if (name := charset(page)) or source.startswith(_MARKS):
        source = decode(source, name).encode(errors="replace")
    return html.read(saved_from(_url(message, page)) + _XML_HEAD.sub(b"", source), path)


def _page(message: Message) -> Message:
    """The part that the address of the snapshot names, else the first page."""
    pages = [*texts(message, "html"), *_xhtml(message)]
    address = header(message, "Snapshot-Content-Location")
    named = (page for page in pages if address and header(page, "Content-Location") == address)
    page = next(named, next(iter(pages), None))
    if page is None:
        raise ArticleError(_BROKEN)
    return page


def _xhtml(message: Message) -> list[Message]:
    parts = message.walk()
    return [part for part in parts if part.get_content_type() == "application/xhtml+xml"]


def _url(message: Message, page: Message) -> str | None:
    names = (
        header(message, "Snapshot-Content-Location"),
        header(page, "Content-Location"),
        header(message, "Content-Location"),
    )
    return next((name for name in names if _URL.fullmatch(name)), None)


def saved_from(url: str | None) -> bytes:
    """The mark that browsers leave in saved pages; the reader of web pages knows it."""
    return f"<!-- saved from url=({len(url):04}){url} -->\n".encode() if url else b""
