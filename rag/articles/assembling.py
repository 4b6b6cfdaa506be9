"""Blocks and metadata to an `Article`: the steps that all formats share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from rag.articles.boilerplate import drop_furniture, read_furniture
from rag.articles.bylines import read_byline
from rag.articles.drafts import Block, Meta, is_prose, keep_lines
from rag.articles.metadata import (
    Line,
    head,
    read_datelines,
    read_foot,
    read_head,
    same_words,
    without_site,
)
from rag.articles.parts import mark_captions, split_comments
from rag.articles.releases import bare_title, read_release
from rag.errors import ArticleError
from rag.schema import Article, Kind, Part, Place
from rag.text.language import language_of

_GAP = "\n\n"


def make_article(
    path: str,
    *,
    title: str | None,
    author: str | None,
    outlet: str | None,
    published: date | None,
    url: str | None,
    text: str,
    parts: Iterable[Part],
    pages: Iterable[int] = (),
    label: str | None = None,
    updated: date | None = None,
    language: str | None = None,
    dated: str | None = None,
    places: Iterable[Place] = (),
    notes: Iterable[str] = (),
) -> Article:
    """Make an article with the id of what it holds, `article_id`."""
    article = Article(
        id="",
        path=path,
        title=title,
        author=author,
        outlet=outlet,
        published=published,
        url=url,
        text=text,
        parts=tuple(parts),
        pages=tuple(pages),
        label=label,
        updated=updated,
        language=language,
        dated=dated,
        places=tuple(places),
        notes=tuple(notes),
    )
    return replace(article, id=article_id(article))


def article_id(article: Article) -> str:
    """16 hex digits of the SHA-256 of everything in the article but its path and its id."""
    published, updated = (
        day.isoformat() if day else None for day in (article.published, article.updated)
    )
    content = [
        *(article.title, article.author, article.outlet, published, article.url, article.text),
        *([[p.kind, p.start, p.end, p.author] for p in article.parts], article.pages),
        *(article.label, updated, article.language, article.dated, article.notes),
        [[place.start, place.time, place.box] for place in article.places],
    ]
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
    return digest[:16]


def assemble(
    path: str,
    blocks: list[Block],
    known: Meta,
    *,
    fallback: Meta | None = None,
    paged: bool = False,
    notes: Sequence[str] = (),
) -> Article:
    """Sort out what belongs to the article, find what is not `known`, and put it together.

    `fallback` is metadata of the file that is worth less than a printed byline; `notes` are what a
    reader should know of how it came about.

    Raises:
        ArticleError: nothing is left that could be cited.

    """
    everything = blocks
    blocks, comments = split_comments(blocks)
    blocks = mark_captions(drop_furniture(blocks))
    fallback = fallback or Meta()
    if release := read_release(blocks):  # who can be reached about it has not written it
        blocks, fallback = release.blocks, replace(fallback, author=None)
        known = replace(known, title=known.title and bare_title(known.title))
        meta = read_head(release.text, without_site(known.or_else(release.known)))
    else:
        meta = read_head(blocks, without_site(known)).or_else(read_foot(blocks))
    for other in (read_furniture(everything), read_datelines(blocks), fallback):
        meta = meta.or_else(other)
    blocks = [*_with_headline(blocks, meta.title), *comments]
    if release and blocks:
        blocks[1:1] = release.contacts
    if not blocks:
        raise ArticleError(
            "There is no text in the file: save the article again from where it came."
        )
    text, parts, pages, places = join(blocks)
    return make_article(
        path,
        title=meta.title,
        author=meta.author,
        outlet=meta.outlet,
        published=meta.published,
        url=meta.url,
        text=text,
        parts=parts,
        pages=pages if paged else (),
        label=meta.label,
        updated=meta.updated,
        language=meta.language or language_of(text),
        dated=None if meta.published else meta.dated,
        places=places,
        notes=notes,
    )


def _with_headline(blocks: list[Block], title: str | None) -> list[Block]:
    """Put the headline first, once; what stood above it goes, except bylines."""
    if not title:
        return blocks
    rest = keep_lines(blocks, _unless(_repeats(head(blocks), title)))
    starts = rest[0].starts if rest else ()
    on_first_page = tuple(start for start in starts if start == 0)
    if rest:
        rest[0] = replace(rest[0], starts=starts[len(on_first_page) :])
    return [Block(title, starts=on_first_page), *rest]


def _unless(dropped: set[tuple[int, str]]) -> Callable[[int, str], bool]:
    return lambda number, line: (number, line) not in dropped


def _repeats(lines: list[Line], title: str) -> set[tuple[int, str]]:
    """Lines that say the headline again, and what is above it, down to the second paragraph."""
    dropped: set[tuple[int, str]] = set()
    above: set[tuple[int, str]] = set()
    prose = 0
    for line in lines:
        if is_headline(line.text, title):
            dropped |= {(line.block, line.text), *above}
        elif is_prose(line.text) and not read_byline(line.text):
            prose, above = prose + 1, set()
        elif not prose and not read_byline(line.text):
            above.add((line.block, line.text))
        if prose == 2:
            break
    return dropped


def is_headline(line: str, title: str) -> bool:
    """Whether a line is the headline, or a field that gives it."""
    before, colon, value = line.partition(":")
    is_field = bool(colon) and before.strip().lower() in ("title", "headline")
    return same_words(line, title) or (is_field and same_words(value, title))


def join(blocks: list[Block]) -> tuple[str, list[Part], list[int], list[Place]]:
    """Text, parts (neighbours by one person are one, each comment is one), pages, places."""
    texts, parts, pages, places = list[str](), list[Part](), list[int](), list[Place]()
    length = 0  # of the texts joined so far, the gap before the next one included
    for (kind, author, _), group in groupby(enumerate(blocks), key=_part_key):
        start = length
        for _, block in group:
            pages += [length + offset for offset in block.starts]
            places += [replace(block.place, start=length)] if block.place else []
            texts.append(block.text)
            length += len(block.text) + len(_GAP)
        parts.append(Part(kind, start, length - len(_GAP), author))
    return _GAP.join(texts), parts, pages, places


def _part_key(item: tuple[int, Block]) -> tuple[Kind, str | None, int]:
    number, block = item
    author = None if block.kind == "caption" else block.author
    return block.kind, author, -1 if block.kind == "body" else number
