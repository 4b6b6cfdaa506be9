"""Web pages as Safari saves them (.webarchive), through the reader of web pages."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping
from typing import Any

from rag.articles.cleaning import decode
from rag.articles.formats import plain_text
from rag.articles.formats.webpages import html
from rag.articles.formats.webpages.mhtml import saved_from
from rag.errors import ArticleError
from rag.schema import Article

_BROKEN = "The file is not a readable saved page; open it in Safari and save it again."


def read(data: bytes, path: str) -> list[Article]:
    """Read a .webarchive file.

    Raises:
        ArticleError: broken, or no text in the page.

    """
    page = _page(data)
    source = page.get("WebResourceData")
    if not isinstance(source, bytes):
        raise ArticleError(_BROKEN)
    name, url = page.get("WebResourceTextEncodingName"), page.get("WebResourceURL")
    text = decode(source, name if isinstance(name, str) else None)
    if page.get("WebResourceMIMEType") == "text/plain":
        return plain_text.read(text.encode(errors="replace"), path)
    mark = saved_from(url if isinstance(url, str) and url.startswith("http") else None)
    return html.read(mark + text.encode(errors="replace"), path)


def _page(data: bytes) -> Mapping[str, Any]:
    try:
        archive = plistlib.loads(data)
    except Exception as error:  # the parser trips over damaged files in many ways
        raise ArticleError(_BROKEN) from error
    page = archive.get("WebMainResource") if isinstance(archive, dict) else None
    if not isinstance(page, dict):
        raise ArticleError(_BROKEN)
    return page
