"""Plain text: everything known about the article is read off its lines."""

from __future__ import annotations

from rag.articles.assembling import assemble
from rag.articles.cleaning import decode, paragraphs
from rag.articles.drafts import Block, Meta
from rag.schema import Article


def read(data: bytes, path: str) -> list[Article]:
    """Read a text file.

    Raises:
        ArticleError: not text, or nothing in it.

    """
    blocks = [Block(text) for text in paragraphs(decode(data))]
    return [assemble(path, blocks, Meta())]
