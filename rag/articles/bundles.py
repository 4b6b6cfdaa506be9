"""Several articles in one file: what databases of the press and people's own clippings hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from rag.articles.assembling import assemble
from rag.articles.bylines import read_byline
from rag.articles.clippings import NO_HEADLINE, OUTLET_AND_DAY, SIGNED, headed_pieces
from rag.articles.drafts import Block, Meta, is_prose
from rag.articles.factiva import read_factiva, read_factiva_codes
from rag.articles.metadata import read_head
from rag.articles.nexis import read_nexis, read_nexis_uni
from rag.articles.pieces import Piece, separated
from rag.articles.proquest import read_proquest
from rag.schema import Article
from rag.text.dates import parse_date

_DATABASES = (read_nexis, read_nexis_uni, read_factiva_codes, read_factiva, read_proquest)
_RULE = re.compile(r"(?:[-–—=_*~#•·+✂]\s?){3,}")
_TITLED = re.compile(r"(?:title|headline|titel|titre|schlagzeile)\s?:\s*\S.*", re.IGNORECASE)
_HEAD = 6  # lines in which a clipping's headline, byline and date stand


def assembled(
    path: str,
    blocks: list[Block],
    known: Meta,
    *,
    fallback: Meta | None = None,
    paged: bool = False,
    notes: Sequence[str] = (),
) -> list[Article]:
    """The articles that a file's blocks hold, cited as `path#n` if they are several.

    What is `known` of the file (its title, its author) is nothing that is known of one of several.

    Raises:
        ArticleError: nothing is left that could be cited.

    """
    pieces = database_pieces(blocks)
    if not pieces:
        pieces = [
            Piece(_foot(it).or_else(below_byline(it)), tuple(it)) for it in _clippings(blocks)
        ]
        if len(pieces) < 2:
            pieces = headed_pieces(blocks)
        if not pieces:
            rest = below_byline(blocks).or_else(fallback or Meta())
            return [assemble(path, blocks, known, fallback=rest, paged=paged, notes=notes)]
    names = [f"{path}#{n}" for n in range(1, len(pieces) + 1)] if len(pieces) > 1 else [path]
    return [
        assemble(name, _on_its_page(piece, blocks), piece.known, paged=paged, notes=notes)
        for name, piece in zip(names, pieces, strict=True)
    ]


def database_pieces(blocks: Sequence[Block]) -> list[Piece]:
    """The articles of a database of the press that the blocks are; none if they are no such."""
    return next((found for read in _DATABASES if (found := read(blocks))), [])


def _on_its_page(piece: Piece, blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a piece, of which the first knows how many pages have begun before it."""
    first, *rest = piece.blocks
    begun = 0
    for block in blocks:
        if first.text in block.text:
            break
        begun += len(block.starts)
    return [replace(first, starts=(*[0] * begun, *first.starts)), *rest]


def below_byline(blocks: Sequence[Block]) -> Meta:
    """Outlet and date of a line "Ostpost, 6 May 2024" right below a byline."""
    lines = [line for block in blocks[:_HEAD] for line in block.lines][:_HEAD]
    for line, below in pairwise(lines):
        match = OUTLET_AND_DAY.fullmatch(below)
        byline = read_byline(line) if match else None
        if match and byline and byline.author:
            return Meta(outlet=match["outlet"], published=parse_date(match["day"]))
    return Meta()


def _clippings(blocks: list[Block]) -> list[list[Block]]:
    """Clippings under one another: at a rule, or at "Title: …", where a new head stands.

    A rule within an article has no headline with a byline or a date of its own below it.
    """
    stretches = [stretch for stretch in separated(_apart(blocks), _RULE) if stretch]
    if len(stretches) == 1:
        stretches = _titled(blocks)
    joined: list[list[Block]] = []
    for stretch in stretches:
        if joined and not _is_whole(stretch):
            joined[-1] += stretch
        else:
            joined.append(stretch)
    return joined if len(joined) > 1 and _is_whole(joined[0]) else [blocks]


def _is_whole(stretch: list[Block]) -> bool:
    """Whether a stretch is an article of its own."""
    return _has_head(stretch) or bool(_foot(stretch).published)


def _foot(stretch: list[Block]) -> Meta:
    """Source and day in the last line of a clipping: "(Ostpost, 6 May 2024)"."""
    line = stretch[-1].lines[-1].strip("—–- ()[]") if stretch else ""
    match = OUTLET_AND_DAY.fullmatch(line)
    day = parse_date(match["day"]) if match else None
    is_article = len(stretch) > 1 and any(it.is_prose for it in stretch) and not stretch[0].is_prose
    return Meta(outlet=match["outlet"], published=day) if match and day and is_article else Meta()


def _apart(blocks: list[Block]) -> list[Block]:
    """Blocks, a rule in one of them set apart; a line under a headline parts nothing."""
    found: list[Block] = []
    for block in blocks:
        if len(block.lines) == 1 or block.starts or not any(map(_RULE.fullmatch, block.lines)):
            found.append(block)
            continue
        stretch: list[str] = []
        for line in block.lines:
            if _RULE.fullmatch(line) and (not stretch or is_prose(stretch[-1])):
                found += [replace(block, text="\n".join(stretch), starts=())] if stretch else []
                found.append(replace(block, text=line, starts=()))
                stretch = []
            else:
                stretch.append(line)
        found += [replace(block, text="\n".join(stretch), starts=())] if stretch else []
    return found


def _titled(blocks: list[Block]) -> list[list[Block]]:
    """Stretches that each begin "Title: …"."""
    starts = [n for n, block in enumerate(blocks) if _TITLED.fullmatch(block.lines[0])]
    if len(starts) < 2 or starts[0] != 0:
        return [blocks]
    return [blocks[one:two] for one, two in pairwise([*starts, len(blocks)])]


def _has_head(stretch: list[Block]) -> bool:
    """Whether a stretch is an article of its own: headline, then a byline or a date, then prose."""
    lines = [line for block in stretch[:_HEAD] for line in block.lines][:_HEAD]
    signed = [n for n, line in enumerate(lines) if read_byline(line) or SIGNED.match(line)]
    if not signed or not any(block.is_prose for block in stretch):
        return False
    found = read_head(stretch, Meta())
    is_whole = bool(found.title and (found.author or found.published or found.dated))
    is_first = any(line for line in lines[: signed[0]]) or _TITLED.match(lines[0]) is not None
    return is_whole and is_first and not NO_HEADLINE.fullmatch(found.title or "")
