"""The Ask tab: the conversation, the filters above the box, the box, and what to ask next."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

import gradio as gr

from rag.errors import BylineError
from rag.export import contract, evidence_pack, feedback, footnotes
from rag.export.permalinks import base_of
from rag.resources import Resources
from rag.schema import Event, Filters
from rag.text.typed import storable
from rag.text.words import dashed
from rag.web import conversation, filter_fields, outbox, restoring, room, start, visiting
from rag.web.conversation import STOPPED, Conversation, Exchange, Waiting
from rag.web.html import answers, reader
from rag.web.session import NO_OVERRIDES, Session, not_asked, resources_for
from rag.web.theme import CHAT, QUIET, static

VERDICTS = ("good", "bad")
PACK = ".json"  # the suffix of an evidence pack
PACE = 0.05  # seconds: a growing answer is sent no more often
SEND, STOP = "Ask", "Stop"  # in words: a picture alone has no name
UNCHECKED = "What stands here was not checked."
BROKEN = "Something went wrong here, not in the articles. The server's log says what."
UNANSWERED = "() => { document.dispatchEvent(new Event('byline:unanswered')); return []; }"

logger = logging.getLogger(__name__)

Drawn = list[dict[str, Any]]  # each turn: its HTML, what is kept of it, whether it is under way
Shown = tuple[Drawn, Conversation]  # new values of the chat and the turns


@dataclass(frozen=True, slots=True)
class Asking:
    """The tab's widgets; `turns` is the visitor's conversation."""

    greeting: gr.HTML
    chat: gr.HTML
    next: gr.HTML
    limits: filter_fields.Limits
    box: gr.Textbox
    turns: gr.State

    @property
    def shown(self) -> list[Any]:
        """What a conversation is shown in."""
        return [self.chat, self.turns]


def build(actions: Actions) -> Asking:
    """Place the tab's widgets."""
    with gr.Column(elem_id="talk"):
        greeting = start.build(actions.start)
        chat = gr.HTML(
            [],
            html_template=answers.frame(),
            js_on_load=static(*CHAT),
            apply_default_css=False,
            elem_id="chat",
        )
        following = _html("", "next")
    limits = filter_fields.build(filter_fields.Actions(actions.resources))
    return Asking(greeting, chat, following, limits, _box_for_questions(), gr.State(()))


def _html(value: str, id_: str) -> gr.HTML:
    return gr.HTML(value, apply_default_css=False, elem_id=id_)


def _box_for_questions() -> gr.Textbox:
    return gr.Textbox(
        placeholder="Ask about the articles",
        label="Your question",
        show_label=False,
        container=False,
        elem_id="box",
        max_lines=6,
        max_length=2000,
        autofocus=True,
        # Both are there, and chat.css shows the one that fits the conversation. Set by one message
        # of a stream it could be lost: gradio changes what the page has yet to take into the next.
        submit_btn=SEND,
        stop_btn=STOP,
    )


# --- events


def wire(tab: Asking, session: gr.State, out: gr.HTML, panel: gr.HTML, actions: Actions) -> None:
    """Join the tab's widgets with each other; `panel` is emptied with the conversation."""
    shown = tab.shown
    given = [tab.turns, session, *tab.limits.fields]
    # "multiple": gradio takes what was stopped, and a stop whose end it has not heard of, for one
    # still under way, and would drop the next. That only one is asked at once is up to chat.js.
    always: dict[str, Any] = {"trigger_mode": "multiple", **QUIET}
    asking = {"concurrency_limit": room.AT_ONCE, "concurrency_id": "asking", **always}
    asked = [
        tab.box.submit(actions.ask, [tab.box, *given], shown, **asking),
        tab.chat.submit(actions.ask_clicked, given, shown, **asking),
        tab.chat.retry(actions.ask_again, given, shown, **asking),
        tab.chat.edit(actions.ask_edited, given, shown, **asking),
    ]
    for event in asked:
        settle(tab, event, actions)
    tab.box.stop(_stop, tab.turns, shown, cancels=[*asked], **always)
    emptied = [*shown, tab.box, tab.next, panel]
    tab.chat.clear(actions.clear, None, emptied, cancels=[*asked], **always)
    tab.chat.rate(actions.rate, tab.turns, [tab.chat, tab.turns], **QUIET)
    tab.chat.export(actions.export, [tab.turns, session], out, **QUIET)
    start.wire(tab.greeting, actions.start)
    filter_fields.wire(tab.limits, filter_fields.Actions(actions.resources))


def settle(tab: Asking, event: gr.events.Dependency, actions: Actions) -> None:
    """Say what comes after an event that showed the conversation, or that failed."""
    event.then(actions.start.follow_ups, tab.turns, tab.next, **QUIET)
    # Where the server did not take the question, it must not seem to be under way.
    event.failure(None, None, None, js=UNANSWERED, **QUIET)


@dataclass(frozen=True, slots=True)
class Actions:
    """What the tab's events do with the open resources."""

    resources: Resources
    start: start.Actions

    def ask(
        self,
        question: str,
        turns: Conversation,
        session: Session = NO_OVERRIDES,
        *limits: Any,
        as_typed: bool = False,
    ) -> Iterator[Shown]:
        """Yield the chat as the answer to `question` grows; an empty question changes nothing."""
        question = storable(question)
        if not question.strip():
            return
        resources = resources_for(session, self.resources)
        before = _drawn(turns)
        exchange = asked = Exchange(
            question.strip(),
            searched=resources.index.catalogue().count(),
            writer=resources.model.name if resources.model else "",
            id=uuid4().hex,
        )
        note = not_asked(session, self.resources)
        try:
            yield _shown(turns, exchange, before)
            filters = filter_fields.read(limits)
            events = self._answer(asked, turns, resources, filters, as_typed)
            for exchange in _paced(_growing(asked, events)):
                exchange = _noted(exchange, note)
                yield _shown(turns, exchange, before)
        except BylineError as error:
            exchange = replace(exchange, problem=str(error))
            yield _shown(turns, exchange, before)
        except Exception:  # a bug must not leave the chat waiting for ever
            logger.exception("No answer")  # the question is nobody's business
            exchange = replace(exchange, problem=BROKEN)
            yield _shown(turns, exchange, before)

    def _answer(
        self,
        asked: Exchange,
        turns: Conversation,
        resources: Resources,
        filters: Filters,
        as_typed: bool,
    ) -> Iterator[Event | Waiting]:
        return room.answered(
            asked.question,
            resources,
            history=conversation.history(turns),
            filters=filters,
            preview=resources.settings.preview,
            as_typed=as_typed,
        )

    def ask_clicked(self, turns: Conversation, event: gr.EventData, *rest: Any) -> Iterator[Shown]:
        """Ask the example or the suggestion that was clicked."""
        yield from self.ask(str(event.question)[:2000], turns, *rest)

    def ask_again(self, turns: Conversation, *rest: Any) -> Iterator[Shown]:
        """Ask the last question once more, in place of its answer."""
        if turns:
            yield from self.ask(turns[-1].question, turns[:-1], *rest)

    def ask_edited(self, turns: Conversation, event: gr.EventData, *rest: Any) -> Iterator[Shown]:
        """Ask another question in place of one of the conversation and of all that followed it.

        Or the same as it was typed.
        """
        before, as_typed = turns[: int(event.turn) - 1], event.typed is True
        yield from self.ask(str(event.question)[:2000], before, *rest, as_typed=as_typed)

    def recall(self, event: gr.EventData) -> Shown:
        """Show the conversation that the browser kept, with what the index has of it now."""
        turns = restoring.recalled(str(event.kept), self.resources.index.articles)
        return _drawn(turns), turns

    def clear(self) -> tuple[Any, ...]:
        """Begin anew."""
        return [], (), "", "", reader.empty_panel()

    def rate(self, turns: Conversation, event: gr.EventData) -> tuple[Any, Any]:
        """Keep what the reader thinks of an answer, and why."""
        at, verdict, reason = int(event.turn) - 1, str(event.verdict), event.reason
        if not (0 <= at < len(turns) and verdict in VERDICTS and turns[at].answer):
            return gr.skip(), gr.skip()
        rated = replace(turns[at], verdict=verdict, reason=None if reason is None else str(reason))
        answer = turns[at].answer
        assert answer is not None  # looked at above
        try:
            feedback.record(
                self.resources.index.beside,
                question=rated.question,
                answer_json=contract.answer_json(answer, base_of(self.resources.settings)),
                verdict="good" if verdict == "good" else "bad",
                reason=(rated.reason or "")[:500],
                model=answer.model,
            )
        except BylineError as error:
            gr.Warning(str(error))
            return gr.skip(), gr.skip()
        turns = (*turns[:at], rated, *turns[at + 1 :])
        return _drawn(turns), turns

    def export(
        self,
        turns: Conversation,
        session: Session,
        event: gr.EventData,
        request: gr.Request | None = None,
    ) -> dict[str, Any] | Any:
        """Hand over one answer, or all of them, as the file that was asked for."""
        at, form = int(event.turn), str(event.form)
        chosen = [turn.answer for turn in (turns[at - 1 : at] if at else turns) if turn.answer]
        if not chosen or form not in (*footnotes.FORMS, PACK):
            return gr.skip()
        base = visiting.base(self.resources.settings, request)
        if form == PACK:
            made_with = evidence_pack.provenance(resources_for(session, self.resources), chosen)
            content = evidence_pack.as_json(evidence_pack.pack(chosen, made_with, base)).encode()
        else:
            content = footnotes.printed(chosen, form, date.today(), base)
        return outbox.file(f"{_named(chosen[0].question)}{form}", content, time.monotonic_ns())


def _named(question: str) -> str:
    """A file's name from a question: "byline-2024-03-04-who-closed-the-dock"."""
    return f"byline-{date.today():%Y-%m-%d}-{dashed(question.casefold())}"[:80].rstrip("-")


# --- showing


def _growing(exchange: Exchange, events: Iterable[Event | Waiting]) -> Iterator[Exchange]:
    """Yield the exchange after each event."""
    for event in events:
        exchange = conversation.advanced(exchange, event)
        yield exchange


def _noted(exchange: Exchange, note: str) -> Exchange:
    """Say with the answer what is to be known of it besides."""
    if not note or exchange.answer is None:
        return exchange
    answer = replace(exchange.answer, notes=(note, *exchange.answer.notes))
    return replace(exchange, answer=answer)


def _paced(growing: Iterator[Exchange]) -> Iterator[Exchange]:
    """Yield what is new, but text that only grows no more often than every `PACE` seconds."""
    last, sent = 0.0, Exchange("")
    waiting: Exchange | None = None
    for exchange in growing:
        now = time.monotonic()
        only_text = replace(exchange, written=sent.written) == sent
        if only_text and now - last < PACE:
            waiting = exchange
            continue
        last, sent, waiting = now, exchange, None
        yield exchange
    if waiting is not None:
        yield waiting


def _shown(turns: Conversation, exchange: Exchange, before: Drawn) -> Shown:
    """The chat with `exchange` after `turns`, which are drawn already."""
    return [*before, _turn(exchange, len(turns) + 1)], (*turns, exchange)


def _drawn(turns: Conversation) -> Drawn:
    return [_turn(_ended(exchange), number) for number, exchange in enumerate(turns, start=1)]


def _turn(exchange: Exchange, number: int) -> dict[str, Any]:
    try:
        kept, html = restoring.kept(exchange), answers.turn(exchange, number)
    except Exception:  # a bug of drawing must not leave the chat waiting for ever
        logger.exception("A turn could not be drawn")
        exchange = Exchange(exchange.question, problem=BROKEN, id=exchange.id)
        kept, html = restoring.kept(exchange), answers.turn(exchange, number)
    return {"html": html, "kept": kept, "busy": kept is None, "id": exchange.id}


def _stop(turns: Conversation) -> Shown:
    turns = tuple(map(_ended, turns))
    return _drawn(turns), turns


def _ended(exchange: Exchange) -> Exchange:
    """What is no longer under way and has no answer was stopped.

    What a stopped answer sent last may come after the stop, and be the last that gradio keeps.
    """
    if exchange.answer or exchange.problem:
        return exchange
    return replace(exchange, problem=f"{STOPPED} {UNCHECKED}" if exchange.written else STOPPED)
