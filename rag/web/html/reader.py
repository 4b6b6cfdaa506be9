"""The source panel: an article with the cited words marked, and what a link of the chat opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.schema import Article, Citation, Hit, Part
from rag.web.conversation import Exchange
from rag.web.html.elements import printed
from rag.web.html.heads import below_head


@dataclass(frozen=True, slots=True)
class Focus:
    """What an opened article shows: the words asked for, and the others that the answer cites."""

    target: str  # the link that opened it
    start: int
    end: int
    kicker: str  # why it is open: "Source 2 of 3"
    speaker: str | None = None
    others: tuple[tuple[int, int], ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (label, target) of the answer's other sources
    warning: str = ""  # of the passage, as of its hit


def empty_panel() -> str:
    """Return what the source panel says before anything was opened."""
    return printed("reader", "empty")


def uncited() -> str:
    """Return what the panel says beside an answer that cites nothing."""
    return printed("reader", "uncited")


def linked(turns: Sequence[Exchange], kind: str, rest: str) -> tuple[Article, Focus] | None:
    """Look up what the link `kind`-`rest` of a chat opens; None where there is no such thing."""
    turn, _, number = rest.partition("-")
    if not (turn.isdecimal() and number.isdecimal() and 1 <= int(turn) <= len(turns)):
        return None
    exchange, at, which = turns[int(turn) - 1], int(turn), int(number)
    if kind == "hit":
        return found(exchange.answer.hits if exchange.answer else exchange.hits, at, which)
    given = {"cite": exchange.answer, "draft": exchange.preview}.get(kind)
    if kind == "cite" and given is None:  # it is still being written
        return cited(exchange.cited, at, which)
    return cited(given.citations, at, which, kind) if given else None


def cited(
    given: Sequence[Citation], turn: int, number: int, kind: str = "cite"
) -> tuple[Article, Focus] | None:
    """Return what citation `number` opens, or None where there is no such number."""
    by_number = {item.number: item for item in given}
    if (item := by_number.get(number)) is None:
        return None
    others = tuple(
        (other.quote_start, other.quote_end)
        for other in given
        if other.number != number and other.article.id == item.article.id
    )
    links = tuple((str(n), f"{kind}-{turn}-{n}") for n in sorted(by_number))
    focus = Focus(
        target=f"{kind}-{turn}-{number}",
        start=item.quote_start,
        end=item.quote_end,
        kicker=f"Source {number} of {len(by_number)}",
        speaker=item.speaker,
        others=others,
        links=links if len(links) > 1 else (),
        warning=item.warning,
    )
    return item.article, focus


def found(hits: Sequence[Hit], turn: int, rank: int) -> tuple[Article, Focus] | None:
    """Return what the passage at `rank` (1 = best) opens, or None where there is none."""
    if not 1 <= rank <= len(hits):
        return None
    hit, target = hits[rank - 1], f"hit-{turn}-{rank}"
    start, end = hit.passage.start, hit.passage.end
    return hit.article, Focus(target, start, end, f"Place {rank}", warning=hit.warning)


def words(article: Article, start: int, end: int) -> Focus:
    """Return the focus on a stretch of an article that a table of the page points at."""
    target = f"words-{article.id}-{start}-{end}"
    return Focus(target, start, min(end, len(article.text)), "Words compared")


def gone() -> str:
    """Return what the panel says where a link's article is no longer in the index."""
    return printed("reader", "gone")


def source(
    article: Article,
    focus: Focus | None = None,
    *,
    files: Sequence[str] | None = None,
    copies: Sequence[Article] = (),
) -> str:
    """Return the article with the focused words marked, and who wrote it when and where.

    Its text is shown whole, but for a head that says no more than the card above it.

    `files` are all the files that hold this text (none: it is no longer in the index), `copies`
    articles that are nearly the same.
    """
    shown = focus or Focus(target=f"article-{article.id}", start=0, end=0, kicker="Article")
    begins = below_head(article, [(shown.start, shown.end), *shown.others])
    parts = [
        (part.kind, part.author, paragraphs(article.text, part, shown, begins))
        for part in article.parts or (Part("body", 0, len(article.text)),)
    ]
    return printed("reader", "source", article, shown, files, copies, _around(shown), parts)


def page_image(page: int, image: str, marks: Sequence[tuple[float, float, float, float]]) -> str:
    """Return a page of the file as a picture; `image` is a data: address.

    `marks`, the cited words: left, top, right, bottom as shares (0..1) of the picture's size.
    """
    return printed("reader", "page_image", page, image, marks)


def _around(focus: Focus) -> tuple[str, str] | None:
    """The sources before and after the one that is open, going round; None where it is alone."""
    targets = [target for _, target in focus.links]
    if focus.target not in targets:
        return None
    at = targets.index(focus.target)
    return targets[at - 1], targets[(at + 1) % len(targets)]


def paragraphs(text: str, part: Part, focus: Focus, begins: int) -> list[list[tuple[str, str]]]:
    """Return the paragraphs of a part from `begins` on, each in pieces as `highlighted`."""
    start = max(part.start, min(begins, part.end))
    return [highlighted(text, *edges, focus) for edges in paragraphs_of(text, start, part.end)]


def paragraphs_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the paragraphs within `text[start:end]`: runs without a blank line."""
    blank = re.compile(r"\s*\n\s*\n\s*")
    edges = [start, *(x for m in blank.finditer(text, start, end) for x in m.span()), end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(a, b) for a, b in pairs if text[a:b].strip()]


def highlighted(text: str, start: int, end: int, focus: Focus) -> list[tuple[str, str]]:
    """Return `text[start:end]` in pieces: "cited" is the focus, "other" what else is cited."""
    spans = [*focus.others, (focus.start, focus.end)]
    inside = {min(max(edge, start), end) for span in spans for edge in span}
    edges = sorted(inside | {start, end})
    return [(text[a:b], _mark(a, focus)) for a, b in pairwise(edges)]


def _mark(at: int, focus: Focus) -> str:
    if focus.start <= at < focus.end:
        return "cited"
    return "other" if any(start <= at < end for start, end in focus.others) else ""
