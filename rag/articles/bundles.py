"""Several articles in one file: what databases of the press and people's own clippings hold."""

from __future__ import annotations

from collections.abc import Sequence

from rag.articles.assembling import assemble
from rag.articles.drafts import Block, Meta
from rag.schema import Article


def assembled(
    path: str,
    blocks: list[Block],
    known: Meta,
    *,
    fallback: Meta | None = None,
    notes: Sequence[str] = (),
    paged: bool = False,
) -> list[Article]:
    """The articles that a file's blocks hold, cited as `path#n` if they are several.

    Raises:
        ArticleError: nothing is left that could be cited.

    """
    return [assemble(path, blocks, known, fallback=fallback, notes=notes, paged=paged)]
