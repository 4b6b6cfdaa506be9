"""The source panel: an article with the cited words marked, and what a link of the chat opens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rag.schema import Answer, Article, Hit, Part, printed_day
from rag.web.conversation import Exchange
from rag.web.html.elements import dated, escaped, outlet_and_day, warned

NO_COMMENT = "Reader comment"
_CLOSE = "<button type='button' class='close' aria-label='Close the source'>Close</button>"
_FIND = (
    "<div class='find' role='search'><input type='search' aria-label='Find in this article' "
    "placeholder='Find' autocomplete='off' maxlength='200'><span class='tally' role='status'>"
    "</span><button type='button' class='tool' data-find='-1' aria-label='Previous match'>↑"
    "</button><button type='button' class='tool' data-find='1' aria-label='Next match'>↓</button>"
    "</div>"
)
_LOST = (
    "<p class='note trouble'>No longer in the index: its file was removed or changed. These are "
    "the words as they were found.</p>"
)


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
    return (
        "<div class='unopened'><p class='unopened-mark'><span>1</span></p>"
        "<h2>The source opens here</h2>"
        "<p>Each sentence of an answer ends in a number. Click it, or press Enter on it, and the "
        "article opens at the very words, highlighted.</p>"
        "<p>Then <kbd>n</kbd> and <kbd>p</kbd> go to the next and the previous source, "
        "<kbd>/</kbd> finds words in the article, <kbd>Esc</kbd> goes back.</p></div>"
    )


def linked(turns: Sequence[Exchange], kind: str, rest: str) -> tuple[Article, Focus] | None:
    """Look up what the link `kind`-`rest` of a chat opens; None where there is no such thing."""
    turn, _, number = rest.partition("-")
    if not (turn.isdecimal() and number.isdecimal() and 1 <= int(turn) <= len(turns)):
        return None
    exchange, at, which = turns[int(turn) - 1], int(turn), int(number)
    if kind == "hit":
        return found(exchange.answer.hits if exchange.answer else exchange.hits, at, which)
    given = {"cite": exchange.answer, "draft": exchange.preview}.get(kind)
    return cited(given, at, which, kind) if given else None


def cited(
    given: Answer, turn: int, number: int, kind: str = "cite"
) -> tuple[Article, Focus] | None:
    """Return what citation `number` opens, or None where the answer has no such number."""
    by_number = {item.number: item for item in given.citations}
    if (item := by_number.get(number)) is None:
        return None
    others = tuple(
        (other.quote_start, other.quote_end)
        for other in given.citations
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
    return hit.article, Focus(target, start, end, f"Passage {rank}", warning=hit.warning)


def words(article: Article, start: int, end: int) -> Focus:
    """Return the focus on a stretch of an article that a table of the page points at."""
    target = f"words-{article.id}-{start}-{end}"
    return Focus(target, start, min(end, len(article.text)), "Words compared")


def gone() -> str:
    """Return what the panel says where a link's article is no longer in the index."""
    return (
        "<article class='source' data-target=''><div class='bar'><span class='where'></span>"
        f"{_CLOSE}</div><header class='card'><p class='kind'>No longer in the index</p>"
        "<h2>This article is not there any more</h2><p>Its file was removed or changed since. "
        "Ask again, and the answer rests on what is there now.</p></header></article>"
    )


def source(
    article: Article,
    focus: Focus | None = None,
    *,
    files: Sequence[str] | None = None,
    copies: Sequence[Article] = (),
) -> str:
    """Return the whole article with the focused words marked, and who wrote it when and where.

    `files` are all the files that hold this text (none: it is no longer in the index), `copies`
    articles that are nearly the same.
    """
    shown = focus or Focus(target=f"article-{article.id}", start=0, end=0, kicker="Article")
    lost = "" if files is None or files else _LOST
    drawn = any(file.casefold().endswith(".pdf") for file in files or ())
    return (
        f"<article class='source' data-target='{escaped(shown.target)}'>"
        f"<div class='bar'>{_jumps(shown)}<span class='where'>{escaped(article.name)}</span>"
        f"{_FIND}{_CLOSE}</div>"
        f"{_card(article, shown, lost + _twins(article, files or (), copies), drawn=drawn)}"
        f"{_body(article, shown)}</article>"
    )


def page_image(page: int, image: str) -> str:
    """Return a page of the file as a picture; `image` is a data: address."""
    return f"<img src='{escape(image)}' alt='Page {page} of the file'>"


def no_page(problem: str) -> str:
    """Return why there is no picture of the page."""
    return f"<p class='note trouble'>{escaped(problem)}</p>"


def _jumps(focus: Focus) -> str:
    """The numbers of the answer's sources, with a step back before them and one on behind."""
    targets = [target for _, target in focus.links]
    if focus.target not in targets:
        return ""
    at, here = targets.index(focus.target), {focus.target: " aria-current='true'"}
    links = "".join(
        f"<a class='cite' href='#{target}' aria-label='Source {label}'"
        f"{here.get(target, '')}>{label}</a>"
        for label, target in focus.links
    )
    back, on = targets[at - 1 : at] or targets[-1:], targets[at + 1 : at + 2] or targets[:1]
    return (
        f"<nav class='chips' aria-label='Sources of this answer'>"
        f"<a class='step' rel='prev' href='#{back[0]}' aria-label='Previous source' "
        f"title='Previous source (p)'>‹</a>{links}"
        f"<a class='step' rel='next' href='#{on[0]}' aria-label='Next source' "
        "title='Next source (n)'>›</a></nav>"
    )


def _twins(article: Article, files: Sequence[str], copies: Sequence[Article]) -> str:
    """Say where the same text stands again."""
    same = ", ".join(escaped(file) for file in files if file != article.path)
    near = ", ".join(
        f"<a class='open' href='#article-{escaped(copy.id)}'>"
        f"{escaped(', '.join(outlet_and_day(copy)) or copy.path)}</a>"
        for copy in copies
    )
    return "".join(
        f"<p class='from'>{label} {items}</p>"
        for label, items in (("Also saved as", same), ("Nearly the same text:", near))
        if items
    )


def _card(article: Article, focus: Focus, twins: str, *, drawn: bool) -> str:
    label = f"<p class='kind'>{escaped(article.label)}</p>" if article.label else ""
    by = f"By {article.author}" if article.author else "No author given"
    changed = f"updated {printed_day(article.updated)}" if article.updated else None
    credits = " · ".join(filter(None, (article.outlet, by, dated(article), changed)))
    page = article.page_at(focus.start) if focus.end else None
    file = article.path + (f", page {page}" if page else "")
    look = _look(article, page) if page and drawn else ""
    who = f"<p class='speaker'>Speaking: {escaped(focus.speaker)}</p>" if focus.speaker else ""
    return (
        f"<header class='card'><p class='label'>{escaped(focus.kicker)}</p>{label}"
        f"<h2>{escaped(article.name)}</h2><p class='credits'>{escaped(credits)}</p>"
        f"<p class='from'>{escaped(file)}{_original(article)}</p>{twins}{who}"
        f"{warned(focus.warning)}{look}</header>"
    )


def _look(article: Article, page: int) -> str:
    return (
        f"<p class='look'><button type='button' class='tool' data-page='{page}' "
        f"data-article='{escaped(article.id)}'>Show page {page}</button></p>"
        "<div class='page-image' data-live></div>"
    )


def _original(article: Article) -> str:
    if not article.url or not article.url.startswith(("https://", "http://")):
        return ""
    return (
        f" · <a href='{escape(article.url)}' target='_blank' rel='noopener noreferrer'>original</a>"
    )


def _body(article: Article, focus: Focus) -> str:
    parts = article.parts or (Part("body", 0, len(article.text)),)
    return f"<div class='text'>{''.join(_part(article.text, part, focus) for part in parts)}</div>"


def _part(text: str, part: Part, focus: Focus) -> str:
    paragraphs = "".join(
        f"<p>{highlighted(text, start, end, focus)}</p>"
        for start, end in paragraphs_of(text, part.start, part.end)
    )
    if part.kind == "body":
        return paragraphs
    named = f" · {escaped(part.author)}" if part.author else ""
    label = f"{NO_COMMENT if part.kind == 'comment' else 'Caption'}{named}"
    return f"<aside class='{part.kind}'><p class='label'>{label}</p>{paragraphs}</aside>"


def paragraphs_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the paragraphs within `text[start:end]`: runs without a blank line."""
    blank = re.compile(r"\s*\n\s*\n\s*")
    edges = [start, *(x for m in blank.finditer(text, start, end) for x in m.span()), end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(a, b) for a, b in pairs if text[a:b].strip()]


def highlighted(text: str, start: int, end: int, focus: Focus) -> str:
    """Return `text[start:end]` with the focused words, and more lightly the others, marked."""
    spans = [*focus.others, (focus.start, focus.end)]
    inside = {min(max(edge, start), end) for span in spans for edge in span}
    edges = sorted(inside | {start, end})
    return "".join(
        _marked(escape(text[a:b]), a, focus) for a, b in zip(edges, edges[1:], strict=False)
    )


def _marked(piece: str, at: int, focus: Focus) -> str:
    if focus.start <= at < focus.end:
        return f"<mark class='cited' tabindex='-1'>{piece}</mark>"
    if any(start <= at < end for start, end in focus.others):
        return f"<mark>{piece}</mark>"
    return piece
