"""Answers and articles as HTML for the page. Knows no gradio, opens nothing, decides nothing.

Everything that comes from a question, a model or an article goes through `escaped` (or
`html.escape` where line breaks matter), so that no such text can become an element.

What goes into the chat passes a Markdown renderer first. It leaves a block of HTML alone up to the
next blank line, so a message is one line that begins with `<div`: nothing in it is Markdown.
Links in it carry a target, `#cite-TURN-NUMBER`, `#hit-TURN-RANK` or `#article-ID`, that the page
turns into `source(...)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Protocol

from rag.filtering import answered_from, stretch
from rag.schema import (
    EXTRACTIVE,
    Answer,
    Article,
    Citation,
    Hit,
    Part,
    Scope,
    Sentence,
    Side,
    printed_day,
)

MARKER = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_HELP = re.compile(r" \[[^\[\]]+\]")  # "He [Lavrov] said": whom a pronoun means
LISTED = 200  # articles in one table: more is not read, it is filtered
NEAREST = 3  # passages shown at once, the others on request
EXCERPT = 220  # characters of a nearest passage
SUPPORT = {"partial": "Partly supported", "unsupported": "Not supported"}
NO_COMMENT = "Reader comment"


class Listed(Protocol):
    """What the table needs to know of an article."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def path(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str | None: ...  # noqa: D102
    @property
    def author(self) -> str | None: ...  # noqa: D102
    @property
    def outlet(self) -> str | None: ...  # noqa: D102
    @property
    def published(self) -> date | None: ...  # noqa: D102
    @property
    def label(self) -> str | None: ...  # noqa: D102
    @property
    def passages(self) -> int: ...  # noqa: D102


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


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of the chat and how far its answer has come."""

    question: str
    searched: int = 0  # articles
    hits: tuple[Hit, ...] = ()
    written: str = ""
    answer: Answer | None = None
    problem: str = ""  # why it ended without an answer


def escaped(text: str) -> str:
    """`text` on one line with nothing in it that HTML would read as markup."""
    return escape(" ".join(text.split()))


def counted(number: int, noun: str) -> str:
    """`1 article`, `2,418 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# --- the page's own words


def header(files: int, articles: int, passages: int) -> str:
    """Return the line at the top: the name, what it is, what is in the index."""
    counts = " · ".join(
        counted(n, noun) for n, noun in ((articles, "article"), (passages, "passage"))
    )
    return (
        "<header class='masthead'><h1>Byline</h1>"
        "<p class='motto'>Ask your saved articles. Every sentence shows its source.</p>"
        f"<p class='counts' title='from {counted(files, 'file')}'>{counts}</p></header>"
    )


def greeting(examples: bool) -> str:
    """Return what the chat says before the first question."""
    try_one = "Try one of these, or ask your own." if examples else "Add articles, then ask."
    return f"<div class='greeting'><h2>What do the articles say?</h2><p>{try_one}</p></div>"


def upload_hint() -> str:
    """Return what the result of an upload says before there is one."""
    return (
        "<p class='note'>Files are read and indexed on this machine. Each is reported here: added, "
        "or why not.</p>"
    )


def empty_panel() -> str:
    """Return what the source panel says before anything was opened."""
    return (
        "<div class='unopened'><p class='unopened-mark'><span>1</span></p>"
        "<h2>The source opens here</h2>"
        "<p>Each sentence of an answer ends in a number. Click it, or press Enter on it, and the "
        "article opens at the very words, highlighted.</p>"
        "<p>A headline in the Articles list opens the same way.</p></div>"
    )


def trouble(text: str) -> str:
    """Return why the filters cannot be used as they stand."""
    return f"<p class='note trouble'>{escaped(text)}</p>"


def limits(found: Scope) -> str:
    """Return how many articles pass the filters, or why none does."""
    if found.filters and not found.searched:
        return trouble(found.trouble)
    many = counted(found.articles, "article")
    passing = f"{found.searched:,} of {many} pass." if found.filters else f"All {many} pass."
    if not found.articles:
        passing = "No articles yet."
    return f"<p class='note'>{passing} {escaped(found.trouble)}</p>"


# --- chat


def question(text: str) -> str:
    """Return the user's message, with its line breaks."""
    lines = "<br>".join(escaped(line) for line in text.strip().splitlines())
    return f"<div class='question'>{lines}</div>"


def waiting(text: str) -> str:
    """Return what is being done while there is nothing to read yet."""
    return f"<div class='waiting'>{escaped(text)}</div>"


def failed(problem: str, found: str = "") -> str:
    """Return why there is no answer, and what was found or written all the same."""
    return f"<div class='answer'><p class='failed'>{escaped(problem)}</p>{found}</div>"


def reply(exchange: Exchange, turn: int) -> str:
    """Return the chat's answer number `turn` as far as it has come."""
    if exchange.answer:
        return answer(exchange.answer, turn, exchange.searched)
    if exchange.problem:
        found = _passages(exchange.hits, turn, "What the search found") if exchange.hits else ""
        return failed(exchange.problem, _unchecked(exchange.written) + found)
    if exchange.written:
        return f"<div class='answer streaming'>{_unchecked(exchange.written)}</div>"
    if exchange.hits:
        return waiting(f"Reading {counted(len(exchange.hits), 'passage')}…")
    return waiting(f"Searching {counted(exchange.searched, 'article')}…")


def _unchecked(text: str) -> str:
    paragraphs = (escaped(paragraph) for paragraph in re.split(r"\n\s*\n", text))
    return "".join(
        f"<p class='sentence'>{MARKER.sub(lambda match: _chips(match[1], _dead), paragraph)}</p>"
        for paragraph in paragraphs
        if paragraph
    )


def answer(given: Answer, turn: int, searched: int) -> str:
    """Return a whole answer of the chat's turn number `turn`; `searched` counts articles."""
    understood = ""
    if escaped(given.standalone_question) != escaped(given.question):
        understood = f"<p class='note'>Understood as: {escaped(given.standalone_question)}</p>"
    said = _abstention(given, turn) if given.status == "not_in_articles" else _said(given, turn)
    limited = given.scope.filters and given.status == "answered"
    from_ = f"<p class='note'>{escaped(answered_from(given.scope))}</p>" if limited else ""
    return f"<div class='answer'>{understood}{said}{from_}{_footer(given, turn, searched)}</div>"


def _said(given: Answer, turn: int) -> str:
    sources = {item.number: item for item in given.citations}
    said = "".join(_sentence(item, sources, turn) for item in given.sentences)
    return said + _differences(given, sources, turn) + _dropped(given) + _notes(given)


def _differences(given: Answer, sources: dict[int, Citation], turn: int) -> str:
    """What cited sources give differently, unless the answer begins with it."""
    if given.model == EXTRACTIVE:
        return ""
    return "".join(
        f"<div class='differ'><p class='label'>The sources differ on {escaped(item.about)}</p>"
        f"<ul>{''.join(_side(side, sources, turn) for side in item.sides)}</ul></div>"
        for item in given.disagreements
    )


def _side(side: Side, sources: dict[int, Citation], turn: int) -> str:
    source = sources[side.number]
    by = escaped(" · ".join((*_credits(source.article), *(["newest"] if side.newest else []))))
    return (
        f"<li><b>{escaped(side.value)}</b> <span class='credits'>{by}</span> "
        f"<span class='chips'>{_chip(source, turn)}</span></li>"
    )


def _notes(given: Answer) -> str:
    return "".join(f"<p class='note'>{escaped(note)}</p>" for note in given.notes)


def _sentence(item: Sentence, sources: dict[int, Citation], turn: int) -> str:
    text = _worded(item.text, [sources[n] for n in item.citations if n in sources])
    chips = "".join(_chip(sources[n], turn) if n in sources else _dead(n) for n in item.citations)
    verdict = SUPPORT.get(item.support, "")
    reasons = escaped("; ".join(item.reasons))
    why = f"<span class='why'><b>{verdict}</b> {reasons}</span>" if verdict else ""
    why += "".join(
        map(_warned, dict.fromkeys(sources[n].warning for n in item.citations if n in sources))
    )
    return f"<p class='sentence {item.support}'>{text}<span class='chips'>{chips}</span>{why}</p>"


def _worded(text: str, sources: Sequence[Citation]) -> str:
    """Escape `text`; where it is a source's own words with a lead before them, tell them apart."""
    plain, quote = escaped(text), escaped(sources[0].quote) if len(sources) == 1 else ""
    bare = plain if plain.endswith(quote) else _HELP.sub("", plain)
    lead = bare.removesuffix(quote).strip() if quote else ""
    if not lead or not bare.endswith(quote) or not plain.startswith(lead):
        return plain
    words = plain.removeprefix(lead).strip()
    return f"<span class='lead'>{lead}</span> <span class='quote'>{words}</span>"


def _chip(item: Citation, turn: int) -> str:
    # A title, since the chat's sanitizer drops aria-*: screen readers read it after the number.
    source = escaped(" · ".join(filter(None, (item.article.name, *_credits(item.article)))))
    return (
        f"<a class='cite' href='#cite-{turn}-{item.number}' title='Source: {source}'>"
        f"{item.number}</a>"
    )


def _dead(number: int) -> str:
    return f"<span class='cite'>{number}</span>"


def _chips(numbers: str, chip: Callable[[int], str]) -> str:
    chips = "".join(chip(int(number)) for number in numbers.split(","))
    return f"<span class='chips'>{chips}</span>"


def _dropped(given: Answer) -> str:
    if not given.dropped_markers:
        return ""
    markers = escaped(", ".join(given.dropped_markers))
    return f"<p class='note'>Left out: {markers}, which no passage has.</p>"


def _abstention(given: Answer, turn: int) -> str:
    nearest = _passages(given.hits, turn, "Nearest passages") if given.hits else ""
    days = stretch(given.scope)
    when = f"<p class='note'>Searched articles of {days}.</p>" if days else ""
    none = given.scope.filters and not given.scope.searched
    verdict = "Nothing to search" if none else "Not in the articles"
    return (
        f"<div class='abstention'><p class='verdict'>{verdict}</p>"
        f"<p class='sentence'>{escaped(MARKER.sub('', given.text))}</p>{when}</div>{nearest}"
    )


def _passages(hits: Sequence[Hit], turn: int, heading: str) -> str:
    items = [_hit(hit, turn, rank) for rank, hit in enumerate(hits, start=1)]
    shown, rest = items[:NEAREST], items[NEAREST:]
    more = f"<details><summary>{len(rest)} more</summary><ul>{''.join(rest)}</ul></details>"
    return (
        f"<div class='nearest'><p class='label'>{heading}</p><ul>{''.join(shown)}</ul>"
        f"{more if rest else ''}</div>"
    )


def _hit(hit: Hit, turn: int, rank: int) -> str:
    text = " ".join(hit.passage.text.split())
    excerpt = text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"
    by = escaped(" · ".join(_credits(hit.article)))
    return (
        f"<li><a class='hit' href='#hit-{turn}-{rank}'><b>{escaped(hit.article.name)}</b> "
        f"<span class='credits'>{by}</span> <q>{escape(excerpt)}</q></a>"
        f"{_warned(hit.warning)}</li>"
    )


def _footer(given: Answer, turn: int, searched: int) -> str:
    facts = (
        *_independence(given),
        f"searched {_of(given.scope)}{counted(given.scope.articles or searched, 'article')}",
        counted(len(given.hits), "passage"),
        f"{given.seconds.get('total', 0.0):.1f} s",
        escaped(given.model),
    )
    line = " · ".join(facts)
    if given.status == "not_in_articles" or not given.hits:
        return f"<p class='facts'>{line}</p>"
    read = _passages(given.hits, turn, "Passages read, best first")
    return f"<details class='facts'><summary>{line}</summary>{read}</details>"


def _of(scope: Scope) -> str:
    return f"{scope.searched:,} of " if scope.filters else ""


def _independence(given: Answer) -> Iterable[str]:
    """Yield how many sources really speak, where several articles are copies of one text."""
    articles, origins = given.sources
    if origins < articles:
        yield f"{counted(articles, 'article')} cited, {counted(origins, 'independent origin')}"


def _credits(article: Article) -> Iterable[str]:
    return filter(None, (article.outlet, printed_day(article.published)))


# --- source panel


def linked(turns: Sequence[Exchange], kind: str, rest: str) -> tuple[Article, Focus] | None:
    """Look up what the link `kind`-`rest` of a chat opens; None where there is no such thing."""
    turn, _, number = rest.partition("-")
    if not (turn.isdecimal() and number.isdecimal() and 1 <= int(turn) <= len(turns)):
        return None
    exchange = turns[int(turn) - 1]
    if kind == "hit":
        return found(
            exchange.answer.hits if exchange.answer else exchange.hits, int(turn), int(number)
        )
    return cited(exchange.answer, int(turn), int(number)) if exchange.answer else None


def cited(given: Answer, turn: int, number: int) -> tuple[Article, Focus] | None:
    """Return what citation `number` opens, or None where the answer has no such number."""
    by_number = {item.number: item for item in given.citations}
    if (item := by_number.get(number)) is None:
        return None
    others = tuple(
        (other.quote_start, other.quote_end)
        for other in given.citations
        if other.number != number and other.article.id == item.article.id
    )
    links = tuple((str(n), f"cite-{turn}-{n}") for n in sorted(by_number))
    focus = Focus(
        target=f"cite-{turn}-{number}",
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


def source(
    article: Article,
    focus: Focus | None = None,
    *,
    files: Sequence[str] = (),
    copies: Sequence[Article] = (),
) -> str:
    """Return the whole article with the focused words marked, and who wrote it when and where.

    `files` are all the files that hold this text, `copies` articles that are nearly the same.
    """
    shown = focus or Focus(target=f"article-{article.id}", start=0, end=0, kicker="Article")
    return (
        f"<article class='source' data-target='{escaped(shown.target)}'>"
        f"<div class='bar'>{_jumps(shown)}<span class='where'>{escaped(article.name)}</span>"
        "<button type='button' class='close' aria-label='Close the source'>Close</button></div>"
        f"{_card(article, shown, _twins(article, files, copies))}{_body(article, shown)}</article>"
    )


def _jumps(focus: Focus) -> str:
    here = {focus.target: " aria-current='true'"}
    links = "".join(
        f"<a class='cite' href='#{target}' aria-label='Source {label}'"
        f"{here.get(target, '')}>{label}</a>"
        for label, target in focus.links
    )
    return f"<nav class='chips' aria-label='Sources of this answer'>{links}</nav>" if links else ""


def _twins(article: Article, files: Sequence[str], copies: Sequence[Article]) -> str:
    """Say where the same text stands again."""
    same = ", ".join(escaped(file) for file in files if file != article.path)
    near = ", ".join(
        f"<a class='open' href='#article-{escaped(copy.id)}'>"
        f"{escaped(', '.join(_credits(copy)) or copy.path)}</a>"
        for copy in copies
    )
    return "".join(
        f"<p class='from'>{label} {items}</p>"
        for label, items in (("Also saved as", same), ("Nearly the same text:", near))
        if items
    )


def _card(article: Article, focus: Focus, twins: str) -> str:
    label = f"<p class='kind'>{escaped(article.label)}</p>" if article.label else ""
    by = f"By {article.author}" if article.author else "No author given"
    changed = f"updated {printed_day(article.updated)}" if article.updated else None
    credits = " · ".join(filter(None, (article.outlet, by, _dated(article), changed)))
    page = article.page_at(focus.start) if focus.end else None
    file = article.path + (f", page {page}" if page else "")
    who = f"<p class='speaker'>Speaking: {escaped(focus.speaker)}</p>" if focus.speaker else ""
    return (
        f"<header class='card'><p class='label'>{escaped(focus.kicker)}</p>{label}"
        f"<h2>{escaped(article.name)}</h2><p class='credits'>{escaped(credits)}</p>"
        f"<p class='from'>{escaped(file)}{_original(article)}</p>{twins}{who}"
        f"{_warned(focus.warning)}</header>"
    )


def _warned(warning: str) -> str:
    if not warning:
        return ""
    return f"<span class='note trouble warned'>This passage {escaped(warning)}.</span>"


def _dated(article: Article) -> str:
    if article.dated and not article.published:
        return f"dated {article.dated}, which can be read two ways"
    return printed_day(article.published) or "no date given"


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


# --- articles and uploads


def article_list(listed: Sequence[Listed], wanted: str = "") -> str:
    """Return the articles whose headline, outlet, author, file or date holds every wanted word."""
    words = wanted.casefold().split()
    chosen = [item for item in listed if all(word in _searchable(item) for word in words)]
    rows = "".join(_row(item) for item in chosen[:LISTED])
    if not rows:
        nothing = "No article matches." if listed else "No articles yet: add some first."
        return f"<p class='note'>{nothing}</p>"
    more = len(chosen) - LISTED
    tail = f"<p class='note'>{more:,} more; type in the box to narrow.</p>" if more > 0 else ""
    return (
        f"<p class='label'>{counted(len(chosen), 'article')}{_range(chosen)}</p>"
        f"<ul class='articles'>{rows}</ul>{tail}"
    )


def _searchable(item: Listed) -> str:
    known = (
        item.title,
        item.outlet,
        item.author,
        item.path,
        item.label,
        printed_day(item.published),
    )
    return " ".join(filter(None, (*known, str(item.published or "")))).casefold()


def _range(listed: Sequence[Listed]) -> str:
    dates = [item.published for item in listed if item.published]
    if not dates:
        return ""
    first, last = printed_day(min(dates)), printed_day(max(dates))
    return f" · {first}" if first == last else f" · {first} – {last}"


def _row(item: Listed) -> str:
    label = f"<span class='kind'>{escaped(item.label)}</span>" if item.label else ""
    credits = " · ".join(filter(None, (item.outlet, item.author, printed_day(item.published))))
    return (
        f"<li><a href='#article-{escaped(item.id)}'>{escaped(item.title or item.path)}</a>{label}"
        f"<span class='credits'>{escaped(credits)}</span>"
        f"<span class='from'>{escaped(item.path)} · {counted(item.passages, 'passage')}</span></li>"
    )


def upload_result(files: Sequence[tuple[str, str | None]]) -> str:
    """Return one line for each file and why it failed; None: it was added."""
    items = "".join(_uploaded(name, reason) for name, reason in files)
    added = sum(reason is None for _, reason in files)
    return (
        f"<p class='label'>{added} of {counted(len(files), 'file')} added</p>"
        f"<ul class='uploads'>{items}</ul>"
    )


def _uploaded(name: str, reason: str | None) -> str:
    state, word = ("bad", "failed") if reason is not None else ("good", "added")
    why = f"<span class='why'>{escaped(reason)}</span>" if reason else ""
    return f"<li class='{state}'><span class='state'>{word}</span> <b>{escaped(name)}</b>{why}</li>"
