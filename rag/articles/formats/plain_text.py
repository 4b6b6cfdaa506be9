"""Plain text: everything known about the article is read off its lines."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from rag.articles.bundles import assembled
from rag.articles.cleaning import decode, paragraphs
from rag.articles.drafts import Block, Meta
from rag.articles.formats.spoken.timed_text import spoken
from rag.schema import Article

_CHAT = re.compile(r"(?:WhatsApp|Signal|Telegram)\b", re.IGNORECASE)


def read(data: bytes, path: str) -> list[Article]:
    """Read a text file: an article, several of them, a transcript or a chat.

    Raises:
        ArticleError: not text, or nothing in it.

    """
    text = decode(data)
    if recording := spoken(text, path, _chat_title(path)):
        return [recording]
    return assembled(path, [Block(piece) for piece in paragraphs(text)], Meta())


def _chat_title(path: str) -> str | None:
    """What a messenger called the file of a chat: whom it was with."""
    name = PurePosixPath(path).stem
    return name if _CHAT.match(name) else None
