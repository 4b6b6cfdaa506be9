"""Pages of lines to articles: without running heads, each footnote by itself, each story too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rag.articles.assembling import article_id, assemble
from rag.articles.bundles import assembled, below_byline, database_pieces
from rag.articles.bylines import read_byline
from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, Meta
from rag.articles.formats.paged.pdf_asides import Aside, footnotes, interruptions
from rag.articles.formats.paged.pdf_heads import without_running_heads
from rag.articles.formats.paged.pdf_layout import Box, Line
from rag.articles.formats.paged.pdf_letterheads import Letterhead, read_letterhead
from rag.articles.formats.paged.pdf_paragraphs import blocks_of
from rag.articles.metadata import read_running_head, same_words
from rag.schema import Article

_LARGE = 1.25  # times the usual type: a headline
_TITLE_LINES = 12  # of the first page, among which the headline is
_LONGEST_TITLE = 30  # words
_OF_TITLE = 0.7  # of the first headline's type that other stories' headlines are set in


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page: its running text in reading order, and what stands beside it.

    `box`: what is shown of a page of recognised text, whose words' places are kept. `left_out`:
    numbers of lines. `rules`: level lines that are drawn on the page.
    """

    lines: list[Line]
    asides: list[Aside]
    box: Box | None = None
    left_out: Sequence[str] = ()
    rules: Sequence[Box] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """The articles, and what was left out on purpose: running heads and page numbers, by page."""

    articles: list[Article]
    left_out: list[list[str]]


def usual_size(lines: Sequence[Line]) -> float:
    """Size of the type that most letters are set in, in points."""
    sizes = [line.size for line in lines for _ in range(0, len(line.text), 8)]
    return median(sizes) if sizes else 1.0


def composed(
    path: str, leaves: Sequence[Leaf], known: Meta, author: str | None, notes: Sequence[str] = ()
) -> Composed:
    """Put together what a file's pages hold.

    Raises:
        ArticleError: nothing is left that could be cited.

    """
    pages = [leaf.lines or [line for it in leaf.asides for line in it.lines] for leaf in leaves]
    kept = without_running_heads(pages, usual_size([line for page in pages for line in page]))
    body = usual_size([line for page in kept for line in page])
    heads = [
        [line for line in page if line not in rest] for page, rest in zip(pages, kept, strict=True)
    ]
    asides = [it for leaf in leaves if leaf.lines for it in leaf.asides]
    lines: list[Line] = []
    for page, leaf in zip(kept, leaves, strict=True):
        text, at_foot = footnotes(page, body, leaf.rules)
        text, between = interruptions(text, body)
        lines += text or page
        asides += [*at_foot, *between] if text else []
    for line in (masthead := _masthead(lines, body)):
        heads[line.page].append(line)
    lines = [line for line in lines if line not in masthead]
    fallback = Meta(author=author)
    for line in (line for page in heads for line in page):
        fallback = fallback.or_else(read_running_head(one_line(line.text)))
    places = {number: leaf.box for number, leaf in enumerate(leaves) if leaf.box}
    whole = blocks_of(lines, asides, len(leaves), places)
    stories = [lines] if database_pieces(whole) else _stories(lines, body)
    found: list[Article] = []
    for number, story in enumerate(stories, start=1):
        own = [it for it in asides if _owner(it, stories) == number - 1]
        blocks = blocks_of(story, own, len(leaves), places)
        if len(stories) == 1:
            letterhead = read_letterhead(story, body)
            meta = _titled(known, story, letterhead)
            blocks = _headline_first(blocks, letterhead.headline) if letterhead else blocks
            found = assembled(path, blocks, meta, fallback=fallback, notes=notes, paged=True)
            if letterhead and not letterhead.headline and len(found) == 1:
                found = [_untitled(found[0])]
        else:
            meta = Meta(title=_headline_of(story))
            other = below_byline(blocks).or_else(replace(fallback, author=None))
            name = f"{path}#{number}"
            found.append(assemble(name, blocks, meta, fallback=other, notes=notes, paged=True))
    return Composed(found, [[line.text for line in page] for page in heads])


def _titled(known: Meta, lines: Sequence[Line], letterhead: Letterhead | None) -> Meta:
    """What is `known`, with the headline that the first page shows."""
    if not letterhead:
        return known.or_else(Meta(title=_largest(lines)))
    title = None if letterhead.is_named(known.title or "") else known.title
    return replace(known, title=title or letterhead.headline or one_line(lines[0].text))


def _headline_first(blocks: list[Block], headline: str | None) -> list[Block]:
    """Blocks with the headline before the sender's name and address, which stay."""
    at = next((n for n, it in enumerate(blocks) if same_words(it.text, headline or "")), 0)
    if not at or blocks[at].starts:
        return blocks
    first = replace(blocks[0], starts=())
    return [replace(blocks[at], starts=blocks[0].starts), first, *blocks[1:at], *blocks[at + 1 :]]


def _untitled(article: Article) -> Article:
    """The article without the headline that its first line was taken for."""
    bare = replace(article, title=None)
    return replace(bare, id=article_id(bare))


def _largest(lines: Sequence[Line]) -> str | None:
    """Join the first page's lines in the largest type, if they stand out and follow one another."""
    first = [line for line in lines if line.page == lines[0].page][:_TITLE_LINES]
    size = max(line.size for line in first)
    if len(lines) < 4 or size < _LARGE * usual_size(lines):
        return None
    start = next(n for n, line in enumerate(first) if line.size > 0.9 * size)
    return _title([*_run(first[start:])])


def _run(lines: Sequence[Line]) -> list[Line]:
    """The lines of a headline that begins with the first of these."""
    run = [lines[0]]
    for last, line in pairwise(lines):
        alike = abs(line.size - run[0].size) <= 0.1 * run[0].size and line.page == last.page
        if not alike or not 0 <= last.bottom - line.bottom < 2 * line.size:
            break
        run.append(line)
    return run


def _title(run: Sequence[Line]) -> str | None:
    text = one_line(" ".join(line.text for line in run))
    return text if len(text.split()) <= _LONGEST_TITLE else None


# --- several stories


def _stories(lines: list[Line], body: float) -> list[list[Line]]:
    """Lines of each story, where several have a headline and a byline of their own."""
    starts = _starts(lines, body)
    if len(starts) < 2 or any(
        lines[start].size < _OF_TITLE * lines[starts[0]].size for start in starts[1:]
    ):
        return [lines]
    ends = [*starts[1:], len(lines)]
    return [lines[start:end] for start, end in zip([0, *starts[1:]], ends, strict=True)]


def _masthead(lines: list[Line], body: float) -> list[Line]:
    """A paper's name above several stories, far larger than the headlines of these."""
    starts = _starts(lines, body)
    first = _run(lines[starts[0] :]) if len(starts) > 2 else []
    if not first or starts[1] != starts[0] + len(first):
        return []
    largest = max(lines[start].size for start in starts[1:])
    return first if largest < _OF_TITLE * first[0].size else []


def _starts(lines: list[Line], body: float) -> list[int]:
    """Where headlines stand that have a byline below."""
    starts, number = [], 0
    while number < len(lines):
        run = _run(lines[number:])
        if run[0].size >= _LARGE * body and _has_byline(lines, number + len(run)):
            starts.append(number)
        number += len(run)
    return starts


def _has_byline(lines: Sequence[Line], number: int) -> bool:
    """Whether one of the next two lines says who wrote what follows."""
    bylines = (read_byline(one_line(line.text)) for line in lines[number : number + 2])
    return any(byline is not None and byline.author for byline in bylines)


def _headline_of(story: Sequence[Line]) -> str | None:
    largest = max(line.size for line in story[:_TITLE_LINES])
    start = next(n for n, line in enumerate(story) if line.size > 0.9 * largest)
    return _title(_run(story[start:]))


def _owner(aside: Aside, stories: Sequence[Sequence[Line]]) -> int:
    """Which of the stories has most of the page that an aside stands on."""
    shares = [sum(line.page == aside.page for line in story) for story in stories]
    return shares.index(max(shares))
