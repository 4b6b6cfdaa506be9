"""Slides to an article: each slide a page, its title first, what is said to it as a caption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from rag.articles.assembling import assemble
from rag.articles.coverage import counted
from rag.articles.drafts import Block, Meta
from rag.articles.reading import Reading


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide; a hidden one has its number, and nothing on it."""

    title: str | None = None
    blocks: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)


def read_slides(
    slides: Sequence[Slide],
    path: str,
    held: list[str],
    title: str | None,
    author: str | None,
    missing: Sequence[str] = (),
) -> Reading:
    """One article of all slides; `title` and `author` are the properties of the file.

    Raises:
        ArticleError: there is no text on any slide.

    """
    blocks: list[Block] = []
    pages = 0  # pages that begin with the next block
    for slide in slides:
        pages += 1
        said = [replace(block, kind="caption") for block in slide.notes]
        heading = [Block(slide.title)] if slide.title else []
        for block in (*heading, *slide.blocks, *said):
            blocks.append(replace(block, starts=(0,) * pages))
            pages = 0
    if blocks and pages:
        last = blocks[-1]
        blocks[-1] = replace(last, starts=(*last.starts, *(len(last.text),) * pages))
    first = slides[0].title if slides else None
    known = Meta(title=first or title)
    article = assemble(path, blocks, known, fallback=Meta(author=author), paged=True)
    return counted([article], path, held, missing=missing)
