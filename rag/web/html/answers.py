"""The chat: questions, answers as they grow, what was found, and what can be done with them.

A turn's links carry a target, `#cite-TURN-NUMBER` (`#draft-…` in a preview) or `#hit-TURN-RANK`;
its buttons say in `data-do` what they do, which `static/chat.js` passes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from rag.retrieval.filters import answered_from, stretch
from rag.schema import EXTRACTIVE, Answer, Citation, Hit, Scope, Sentence, Side
from rag.web.conversation import Exchange
from rag.web.html.clipboard import copied
from rag.web.html.elements import (
    MARKER,
    chip,
    chips,
    counted,
    dated,
    dead,
    escaped,
    excerpt,
    outlet_and_day,
    warned,
)

_HELP = re.compile(r" \[[^\[\]]+\]")  # "He [Lavrov] said": whom a pronoun means
_SENTENCE = re.compile(r"[.!?…][\"”’')]*(?:\s*\[[\d,\s]+\])*(?:\s|$)")
NEAREST = 3  # passages shown at once, the others on request
EXCERPT = 220  # characters of a nearest passage
QUOTED = 320  # characters of the cited words on a card
SUPPORT = {"partial": "Partly supported", "unsupported": "Not supported"}
FORMS = {".md": "Markdown", ".html": "Web page", ".json": "Evidence pack (JSON)"}
REASONS = {
    "bad": ("A source does not say so", "Not what I asked", "Something is missing", "Wrong"),
    "good": ("Right and complete", "Good sources", "Clear"),
}
_THUMB = (
    "<svg viewBox='0 0 20 20' width='16' height='16' aria-hidden='true' fill='none' "
    "stroke='currentColor' stroke-width='1.5' stroke-linejoin='round'><path d='M6.5 9v8H3V9zm0 "
    "0 3.2-6.5c1.4 0 2.2 1 2 2.4L11.2 8h4.6c1 0 1.7.9 1.5 1.9l-1.2 5.6c-.2.9-.9 1.5-1.8 1.5H6.5"
    "'/></svg>"
)


# --- a turn


def turn(exchange: Exchange, number: int) -> str:
    """Return question and answer `number` of a conversation as far as it has come."""
    ended = exchange.answer is not None or bool(exchange.problem)
    return (
        f"<section class='turn' data-turn='{number}' aria-label='Question {number}'>"
        f"<div class='asked'>{question(exchange.question)}{_edit() if ended else ''}</div>"
        f"{reply(exchange, number)}{_tools(exchange) if ended else ''}</section>"
    )


def question(text: str) -> str:
    """Return the user's question, with its line breaks."""
    lines = "<br>".join(escaped(line) for line in text.strip().splitlines())
    return f"<h2 class='question'>{lines}</h2>"


def waiting(text: str) -> str:
    """Return what is being done while there is nothing to read yet."""
    return f"<div class='waiting'>{escaped(text)}<span class='clock' data-live></span></div>"


def failed(problem: str, found: str = "") -> str:
    """Return why there is no answer, and what was found or written all the same."""
    return f"<div class='answer'><p class='failed'>{escaped(problem)}</p>{found}</div>"


def reply(exchange: Exchange, number: int) -> str:
    """Return answer `number` of a conversation as far as it has come."""
    if exchange.answer:
        return answer(exchange.answer, number, exchange.searched)
    if exchange.problem:
        return failed(exchange.problem, _unchecked(exchange.written) + _left(exchange, number))
    if exchange.preview and not _SENTENCE.search(exchange.written):
        label = f"From the articles’ own words, while {exchange.writer} writes"
        return waiting(f"{exchange.writer} is writing…") + (
            f"<div class='answer'>{_previewed(exchange.preview, number, label)}</div>"
        )
    if exchange.written:
        return f"<div class='answer streaming'>{_unchecked(exchange.written)}</div>"
    return waiting(_step(exchange))


def _left(exchange: Exchange, number: int) -> str:
    """What there is of use where no answer came: the preview, else what the search found."""
    if exchange.preview:
        return _previewed(exchange.preview, number, "From the articles’ own words")
    if exchange.hits:
        return _passages(exchange.hits, number, "What the search found")
    return ""


def _step(exchange: Exchange) -> str:
    """What is being done now."""
    if exchange.ahead:
        people = "1 person is" if exchange.ahead == 1 else f"{exchange.ahead} people are"
        return f"{people} ahead of you."
    articles = counted(exchange.searched, "article")
    if not exchange.found:
        return f"Searching {articles}…"
    passages = counted(len(exchange.hits), "passage")
    return f"Searched {articles}. Reading {passages}…"


def _previewed(given: Answer, number: int, label: str) -> str:
    sources = {item.number: item for item in given.citations}
    said = "".join(_sentence(item, sources, number, "draft") for item in given.sentences)
    return (
        f"<div class='preview'><p class='label'>{escaped(label)}</p>{said}"
        f"{_cards(given, number, 'draft')}</div>"
    )


def _unchecked(text: str) -> str:
    paragraphs = (escaped(paragraph) for paragraph in re.split(r"\n\s*\n", text))
    return "".join(
        f"<p class='sentence'>{MARKER.sub(lambda match: chips(match[1], dead), paragraph)}</p>"
        for paragraph in paragraphs
        if paragraph
    )


def answer(given: Answer, number: int, searched: int) -> str:
    """Return a whole answer, `number` of a conversation; `searched` counts articles."""
    understood = ""
    if escaped(given.standalone_question) != escaped(given.question):
        understood = f"<p class='note'>Understood as: {escaped(given.standalone_question)}</p>"
    said = _abstention(given, number) if given.status == "not_in_articles" else _said(given, number)
    limited = given.scope.filters and given.status == "answered"
    from_ = f"<p class='note'>{escaped(answered_from(given.scope))}</p>" if limited else ""
    return (
        f"<div class='answer'>{understood}{said}{from_}{_footer(given, number, searched)}"
        f"{_cards(given, number)}</div>"
    )


def _said(given: Answer, number: int) -> str:
    sources = {item.number: item for item in given.citations}
    said = "".join(_sentence(item, sources, number) for item in given.sentences)
    return said + _differences(given, sources, number) + _dropped(given) + _notes(given)


def _differences(given: Answer, sources: dict[int, Citation], number: int) -> str:
    """What cited sources give differently, unless the answer begins with it."""
    if given.model == EXTRACTIVE:
        return ""
    return "".join(
        f"<div class='differ'><p class='label'>The sources differ on {escaped(item.about)}</p>"
        f"<ul>{''.join(_side(side, sources, number) for side in item.sides)}</ul></div>"
        for item in given.disagreements
    )


def _side(side: Side, sources: dict[int, Citation], number: int) -> str:
    source = sources[side.number]
    newest = ["newest"] if side.newest else []
    by = escaped(" · ".join((*outlet_and_day(source.article), *newest)))
    return (
        f"<li><b>{escaped(side.value)}</b> <span class='credits'>{by}</span> "
        f"<span class='chips'>{chip(source, number)}</span></li>"
    )


def _notes(given: Answer) -> str:
    return "".join(f"<p class='note'>{escaped(note)}</p>" for note in given.notes)


def _sentence(item: Sentence, sources: dict[int, Citation], number: int, kind: str = "cite") -> str:
    text = _worded(item.text, [sources[n] for n in item.citations if n in sources])
    links = "".join(
        chip(sources[n], number, kind) if n in sources else dead(n) for n in item.citations
    )
    verdict = SUPPORT.get(item.support, "")
    reasons = escaped("; ".join(item.reasons))
    why = f"<span class='why'><b>{verdict}</b> {reasons}</span>" if verdict else ""
    why += "".join(
        map(warned, dict.fromkeys(sources[n].warning for n in item.citations if n in sources))
    )
    said = f"<span class='said'>{text}</span><span class='chips'>{links}</span>"
    return f"<p class='sentence {item.support}'>{said}{why}</p>"


def _worded(text: str, sources: Sequence[Citation]) -> str:
    """Escape `text`; where it is a source's own words with a lead before them, tell them apart."""
    plain, quote = escaped(text), escaped(sources[0].quote) if len(sources) == 1 else ""
    bare = plain if plain.endswith(quote) else _HELP.sub("", plain)
    lead = bare.removesuffix(quote).strip() if quote else ""
    if not lead or not bare.endswith(quote) or not plain.startswith(lead):
        return plain
    words = plain.removeprefix(lead).strip()
    return f"<span class='lead'>{lead}</span> <span class='quote'>{words}</span>"


def _dropped(given: Answer) -> str:
    if not given.dropped_markers:
        return ""
    markers = escaped(", ".join(given.dropped_markers))
    return f"<p class='note'>Left out: {markers}, which no passage has.</p>"


def _abstention(given: Answer, number: int) -> str:
    nearest = _passages(given.hits, number, "Nearest passages") if given.hits else ""
    days = stretch(given.scope)
    when = f"<p class='note'>Searched articles of {days}.</p>" if days else ""
    if not given.scope.articles and not given.hits:
        return _teaching("abstention")
    none = given.scope.filters and not given.scope.searched
    verdict = "Nothing to search" if none else "Not in the articles"
    return (
        f"<div class='abstention'><p class='verdict'>{verdict}</p>"
        f"<p class='sentence'>{escaped(MARKER.sub('', given.text))}</p>{when}</div>{nearest}"
    )


def _passages(hits: Sequence[Hit], number: int, heading: str) -> str:
    items = [_hit(hit, number, rank) for rank, hit in enumerate(hits, start=1)]
    shown, rest = items[:NEAREST], items[NEAREST:]
    more = f"<details><summary>{len(rest)} more</summary><ul>{''.join(rest)}</ul></details>"
    return (
        f"<div class='nearest'><p class='label'>{heading}</p><ul>{''.join(shown)}</ul>"
        f"{more if rest else ''}</div>"
    )


def _hit(hit: Hit, number: int, rank: int) -> str:
    by = escaped(" · ".join(outlet_and_day(hit.article)))
    return (
        f"<li><a class='hit' href='#hit-{number}-{rank}'><b>{escaped(hit.article.name)}</b> "
        f"<span class='credits'>{by}</span> <q>{escape(excerpt(hit.passage.text, EXCERPT))}</q></a>"
        f"{warned(hit.warning)}</li>"
    )


def _footer(given: Answer, number: int, searched: int) -> str:
    facts = (
        *_borne_out(given),
        *_independence(given),
        f"searched {_of(given.scope)}{counted(given.scope.articles or searched, 'article')}",
        counted(len(given.hits), "passage"),
        f"{given.seconds.get('total', 0.0):.1f} s",
        escaped(given.model),
    )
    line = " · ".join(facts)
    if given.status == "not_in_articles" or not given.hits:
        return f"<p class='facts'>{line}</p>"
    read = _passages(given.hits, number, "Passages read, best first")
    return f"<details class='facts'><summary>{line}</summary>{read}</details>"


def _borne_out(given: Answer) -> Iterable[str]:
    """Yield how many sentences the sources bear out, unless they are the sources' own."""
    if given.sentences and given.model != EXTRACTIVE:
        good = sum(item.support == "supported" for item in given.sentences)
        yield f"{good} of {counted(len(given.sentences), 'sentence')} supported"


def _of(scope: Scope) -> str:
    return f"{scope.searched:,} of " if scope.filters else ""


def _independence(given: Answer) -> Iterable[str]:
    """Yield how many sources really speak, where several articles are copies of one text."""
    articles, origins = given.sources
    if origins < articles:
        yield f"{counted(articles, 'article')} cited, {counted(origins, 'independent origin')}"


# --- cards


def _cards(given: Answer, number: int, kind: str = "cite") -> str:
    """What pointing at a number shows; hidden until then."""
    cards = "".join(_card(item, f"{kind}-{number}-{item.number}") for item in given.citations)
    return f"<div class='cards' hidden>{cards}</div>" if cards else ""


def _card(item: Citation, target: str) -> str:
    article = item.article
    by = f"By {article.author}" if article.author else None
    page = article.page_at(item.quote_start)
    facts = (article.outlet, by, dated(article), f"page {page}" if page else None)
    who = f"<p class='speaker'>Speaking: {escaped(item.speaker)}</p>" if item.speaker else ""
    return (
        f"<div class='peek' id='card-{target}' role='tooltip'>"
        f"<p class='headline'>{escaped(article.name)}</p>"
        f"<p class='credits'>{escaped(' · '.join(filter(None, facts)))}</p>{who}"
        f"<blockquote>{escape(excerpt(item.quote, QUOTED))}</blockquote></div>"
    )


# --- what can be done with a turn


def _edit() -> str:
    return "<button type='button' class='tool edit' data-do='edit'>Edit</button>"


def _tools(exchange: Exchange) -> str:
    again = "<button type='button' class='tool again' data-do='retry'>Retry</button>"
    if not exchange.answer:
        return f"<div class='tools'>{again}</div>"
    return (
        "<div class='tools'><button type='button' class='tool' data-do='copy'>Copy</button>"
        f"{export('Export')}{again}<span class='thumbs'>{_thumb('good', exchange)}"
        f"{_thumb('bad', exchange)}</span></div>{_reason(exchange)}"
        f"<pre class='copied' hidden>{escape(copied(exchange.answer))}</pre>"
    )


def export(label: str) -> str:
    """Return the menu of forms in which an answer, or all of them, can be saved."""
    items = "".join(
        f"<button type='button' data-do='export' data-form='{form}'>{name}</button>"
        for form, name in FORMS.items()
    )
    return (
        f"<details class='menu'><summary class='tool'>{label}</summary><div>{items}</div></details>"
    )


def _thumb(verdict: str, exchange: Exchange) -> str:
    pressed = "true" if exchange.verdict == verdict else "false"
    return (
        f"<button type='button' class='tool thumb {verdict}' data-do='rate' "
        f"data-verdict='{verdict}' aria-pressed='{pressed}' "
        f"aria-label='{verdict.capitalize()} answer'>{_THUMB}</button>"
    )


def _reason(exchange: Exchange) -> str:
    """Ask why, once; the answer is optional."""
    if not exchange.verdict:
        return ""
    if exchange.reason is not None:
        return "<p class='note thanks'>Kept on this machine: <code>byline feedback</code></p>"
    choices = "".join(
        f"<button type='button' class='tool' data-do='reason'>{reason}</button>"
        for reason in REASONS[exchange.verdict]
    )
    return (
        f"<form class='reason' data-verdict='{exchange.verdict}'><p class='label'>Why? (optional)"
        f"</p><div class='reasons'>{choices}</div><div class='own'><input type='text' "
        "maxlength='500' aria-label='Why, in your own words' placeholder='In your own words'>"
        "<button type='submit' class='tool'>Send</button></div></form>"
    )


# --- around the turns


def greeting(articles: int, examples: Sequence[str]) -> str:
    """Return what stands where there is no question yet; without articles, how to get some."""
    if not articles:
        return _teaching("greeting")
    items = "".join(
        f"<li><button type='button' class='example' data-do='ask'>{escaped(item)}</button></li>"
        for item in examples
    )
    try_one = "Try one of these, or ask your own." if examples else "Ask in your own words."
    return (
        f"<div class='greeting'><h2>What do the articles say?</h2><p>{try_one}</p>"
        f"<ul class='examples'>{items}</ul></div>"
    )


def _teaching(place: str) -> str:
    return (
        f"<div class='{place} teaching'><h2 class='verdict'>No articles yet</h2>"
        "<p>Byline answers from articles that you give it, and shows the words it rests on.</p>"
        "<ol><li><b>Add some</b>: files, a folder or pasted text. "
        "<button type='button' class='go' data-go='add'>Add articles</button></li>"
        "<li><b>Or index a folder</b> from the command line: <code>byline ingest FOLDER</code></li>"
        "<li><b>Ask.</b> Every sentence of the answer ends in numbers; each opens the article at "
        "the very words.</li></ol></div>"
    )


def follow_ups(questions: Sequence[str]) -> str:
    """Return questions to ask next; empty for none."""
    if not questions:
        return ""
    items = "".join(
        f"<li><button type='button' class='example' data-do='ask'>{escaped(item)}</button></li>"
        for item in questions
    )
    return f"<p class='label'>Ask next</p><ul class='examples'>{items}</ul>"


def desk() -> str:
    """Return what can be done with the whole conversation."""
    return (
        f"{export('Export conversation')}"
        "<button type='button' class='tool' data-do='clear'>New conversation</button>"
    )
