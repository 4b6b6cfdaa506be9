"""The page: chat on the left, the source it cites on the right. Nothing else knows gradio.

Each browser session holds its own chat in a `gr.State`; nothing of a chat is kept in this module.
What the page shows is written by `rag.rendering`; what it links to, `_opened` looks up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources as package_files
from pathlib import Path
from types import FrameType
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from gradio.events import api

from rag import contract, filtering, pipeline, rendering, serving
from rag.articles import SUFFIXES
from rag.errors import BylineError, FilterError
from rag.ingest import UPLOADED
from rag.resources import Resources
from rag.schema import Article, Checked, Done, Event, Filters, Restarted, Searched, Token, Turn
from rag.uploads import safe_name

FORMATS = list(SUFFIXES)
READS = "Text, web pages, PDF, Word, OpenDocument, e-books, mail, tables, zip"
EXAMPLES = 4
_CLOSING = 2  # seconds that an open page may take to let go when the server stops
PALETTE = {  # gradio's names -> (light, dark); page.css takes its paper and ink from these
    "body_background_fill background_fill_primary background_fill_secondary": (
        "#f6f6f4",
        "#151618",
    ),
    "block_background_fill input_background_fill": ("#ffffff", "#1d1f22"),
    "body_text_color link_text_color button_primary_background_fill": ("#1b1c1e", "#e8e6e1"),
    "button_primary_text_color": ("#ffffff", "#151618"),
    "body_text_color_subdued input_placeholder_color": ("#5c6066", "#a2a5aa"),
    "input_border_color": ("#8b8f94", "#6d7278"),
    "block_border_color border_color_primary": ("#dcdcd7", "#34373c"),
}
CHOICES = 3000  # names offered in one list
LISTS = (("Outlet", False), ("Author", False), ("File, folder or *.pdf", True))  # True: free text
KINDS = [("Article text", "body"), ("Reader comments", "comment"), ("Captions", "caption")]
OPINION = [("With opinion", ""), ("Opinion only", "yes"), ("No opinion", "no")]
STOPPED = "Stopped. What stands here was not checked."
BROKEN = "Something went wrong here, not in the articles. The server's log says what."


logger = logging.getLogger(__name__)
PROGRESS = gr.Progress()  # a default of this type is how gradio knows where to put its own
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

Chat = tuple[rendering.Exchange, ...]
Shown = tuple[Any, ...]  # new values of the chat, the turns and the box


@dataclass(frozen=True, slots=True)
class Limits:
    """The filters above the question box. `fields` are in the order of `_typed`."""

    fold: gr.Accordion
    fields: tuple[Any, ...]
    said: gr.HTML
    clear: gr.Button


@dataclass(frozen=True, slots=True)
class Widgets:
    """The parts of the page that events read and write."""

    chat: gr.Chatbot
    limits: Limits
    box: gr.Textbox
    panel: gr.HTML
    wanted: gr.Textbox
    articles: gr.HTML
    files: gr.File
    result: gr.HTML
    header: gr.HTML
    turns: gr.State


# --- serving


def serve(resources: Resources, *, on_ready: Callable[[str], None]) -> None:
    """Serve the page until interrupted; `on_ready` gets its address once it really answers.

    Raises:
        SettingsError: beyond this machine without a password, or the port is taken.

    """
    settings = resources.settings
    listener = serving.listen(settings)
    config = uvicorn.Config(
        application(resources), log_level="warning", timeout_graceful_shutdown=_CLOSING
    )
    server = _Server(config)
    serving.when_ready(serving.address(settings, listener), on_ready)
    server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Stops on Ctrl-C without raising it again: a stopped page is no error."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Finish what is under way; the second time stop at once."""
        # Streams to open pages are cut now, which uvicorn would report with a traceback each.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self.force_exit = self.should_exit
        self.should_exit = True


def application(resources: Resources) -> FastAPI:
    """Return the page and /healthz, with the security headers on every response."""
    settings = resources.settings
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    server.add_api_route("/healthz", lambda: {"status": "ok"})
    server.add_middleware(serving.SecurityHeaders)
    user, _, password = settings.auth.partition(":")
    mounted: FastAPI = gr.mount_gradio_app(
        server,
        build(resources),
        path="/",
        auth=(user, password) if settings.auth else None,
        max_file_size=f"{settings.max_upload_mb}mb",
        theme=_theme(),
        css=_static("page.css"),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )
    return mounted


# --- the page


def build(resources: Resources) -> gr.Blocks:
    """Return the page over `resources`, not yet mounted."""
    actions = Actions(resources)
    page = gr.Blocks(
        title="Byline", fill_width=True, analytics_enabled=False, delete_cache=(3600, 3600)
    )
    with page:
        header = gr.HTML(actions.counts(), apply_default_css=False, elem_id="header")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="work"), gr.Tabs():
                with gr.Tab("Ask", elem_id="ask"):
                    chat = _chat(resources)
                    limits = _limits(actions)
                    box = _box_for_questions()
                with gr.Tab("Articles", elem_id="list"):
                    wanted, articles = _articles(actions)
                with gr.Tab("Add articles", elem_id="add"):
                    files, result = _uploads(resources)
            panel = _panel()
        turns = gr.State(())
        widgets = Widgets(chat, limits, box, panel, wanted, articles, files, result, header, turns)
        _wire(widgets, actions)
        # A page opened later must know of the articles added since it was built.
        page.load(actions.counts, None, header, **QUIET)
        page.load(actions.shelf, wanted, articles, **QUIET)
        api(actions.answered, api_name="answer", concurrency_limit=2)
        api(actions.found, api_name="find", concurrency_limit=2)
    page.queue(default_concurrency_limit=2, max_size=32)
    return page


def _chat(resources: Resources) -> gr.Chatbot:
    examples = pipeline.example_questions(resources, EXAMPLES)
    return gr.Chatbot(
        placeholder=rendering.greeting(bool(examples)),
        examples=[{"text": question} for question in examples],
        elem_id="chat",
        height="100%",
        layout="panel",
        show_label=False,
        container=False,
        autoscroll=False,
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        allow_tags=False,
    )


def _limits(actions: Actions) -> Limits:
    with gr.Accordion("Filters", open=False, elem_id="filters") as fold:
        with gr.Row(elem_id="limits"):
            outlets, authors, files = (
                gr.Dropdown(names, label=label, multiselect=True, allow_custom_value=free)
                for names, (label, free) in zip(actions.names(), LISTS, strict=True)
            )
            since, until, as_of = (
                gr.Textbox(label=label, placeholder=example, max_length=40)
                for label, example in (
                    ("From", "June 2015"), ("Until", "1 June 2016"), ("As of", "2015-06-01")
                )
            )  # fmt: skip
            kinds = gr.Dropdown(KINDS, label="Kind", multiselect=True)
            opinion = gr.Dropdown(OPINION, value="", label="Opinion")
        with gr.Row(elem_id="limited"):
            said = gr.HTML(actions.limits()[1], apply_default_css=False)
            clear = gr.Button("Clear filters", size="sm")
    fields = (outlets, authors, files, since, until, as_of, kinds, opinion)
    return Limits(fold, fields, said, clear)


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
        submit_btn=True,
    )


def _articles(actions: Actions) -> tuple[gr.Textbox, gr.HTML]:
    wanted = gr.Textbox(
        placeholder="Filter by headline, outlet, author, file or date",
        label="Filter",
        show_label=False,
        container=False,
    )
    return wanted, gr.HTML(actions.shelf(""), apply_default_css=False)


def _uploads(resources: Resources) -> tuple[gr.File, gr.HTML]:
    files = gr.File(
        file_count="multiple",
        file_types=FORMATS,
        label=f"{READS} · up to {resources.settings.max_upload_mb} MB each",
        height=180,
    )
    return files, gr.HTML(rendering.upload_hint(), apply_default_css=False, elem_id="result")


def _panel() -> gr.HTML:
    return gr.HTML(
        rendering.empty_panel(),
        js_on_load=_static("page.js"),
        apply_default_css=False,
        elem_id="panel",
    )


def _theme() -> gr.themes.Base:
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.stone,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_sm,
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    )
    shades = {
        f"{name}{suffix}": colour
        for names, colours in PALETTE.items()
        for name in names.split()
        for suffix, colour in zip(("", "_dark"), colours, strict=True)
    }
    return theme.set(**shades, input_border_width="1px")


def _static(name: str) -> str:
    return package_files.files("rag").joinpath("static", name).read_text(encoding="utf-8")


# --- events


def _wire(page: Widgets, actions: Actions) -> None:
    shown = [page.chat, page.turns, page.box]
    limits = page.limits.fields
    asked = [
        page.box.submit(actions.ask, [page.box, page.turns, *limits], shown, **QUIET),
        page.chat.example_select(actions.ask_example, [page.turns, *limits], shown, **QUIET),
        page.chat.retry(actions.ask_again, [page.turns, *limits], shown, **QUIET),
    ]
    page.box.stop(_stop, page.turns, shown, cancels=[*asked], **QUIET)
    page.chat.undo(_undo, page.turns, shown, **QUIET)
    page.chat.clear(_clear, None, [*shown, page.panel], cancels=[*asked], **QUIET)
    newest: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 8, **QUIET}
    page.panel.select(actions.open, page.turns, page.panel, **newest)
    page.wanted.change(actions.shelf, page.wanted, page.articles, **newest)
    page.files.upload(
        actions.add,
        [page.files, page.wanted],
        [page.files, page.result, page.header, page.articles],
        show_progress_on=page.result,
        concurrency_limit=1,
        api_visibility="private",
    )

    _wire_limits(page.limits, page.box, actions, newest)


def _wire_limits(limits: Limits, box: gr.Textbox, actions: Actions, newest: dict[str, Any]) -> None:
    said = [limits.fold, limits.said]
    lists = limits.fields[:3]
    for field in limits.fields:
        # Half a date is no mistake yet: what is typed counts when the field is left.
        typed = isinstance(field, gr.Textbox)
        changes = (field.blur, field.submit) if typed else (field.change,)
        for changed in changes:
            changed(actions.limits, [*limits.fields], said, **newest)
    limits.fold.expand(actions.choices, None, [*lists], **newest)
    # The answer needs the room; the folded line says what the filters are.
    box.submit(lambda: gr.update(open=False), None, limits.fold, **QUIET)
    limits.clear.click(_no_limits, None, [*limits.fields], **newest).then(
        actions.limits, [*limits.fields], said, **newest
    )


@dataclass(frozen=True, slots=True)
class Actions:
    """What the page's events do with the open resources."""

    resources: Resources

    def ask(self, question: str, turns: Chat, *limits: Any) -> Iterator[Shown]:
        """Yield the chat as the answer to `question` grows; an empty question changes nothing."""
        if not question.strip():
            return
        searched = self.resources.index.counts()[1]
        exchange = rendering.Exchange(question.strip(), searched=searched)
        yield *_shown((*turns, exchange)), _box(busy=True)
        history = [Turn(old.question, old.answer.text) for old in turns if old.answer]
        try:
            events = pipeline.answer(
                exchange.question, self.resources, history=history, filters=self._filters(limits)
            )
            for event in events:
                exchange = _advanced(exchange, event)
                yield *_shown((*turns, exchange)), gr.skip()
        except BylineError as error:
            exchange = replace(exchange, problem=str(error))
        except Exception:  # a bug must not leave the chat waiting for ever
            logger.exception("No answer to %r", exchange.question)
            exchange = replace(exchange, problem=BROKEN)
        yield *_shown((*turns, exchange)), _box()

    def answered(self, question: str, filters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answer as `byline ask --json` does; `filters` as in `rag.filtering.as_filters`."""
        limits = self._asked(question, filters)
        *_, done = pipeline.answer(question, self.resources, filters=limits)
        assert isinstance(done, Done)  # always the last event
        return contract.answer_json(done.answer)

    def found(
        self, question: str, k: int = 10, filters: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """List the best `k` passages as `byline search --json` does."""
        limits = self._asked(question, filters)
        found = pipeline.find(question, self.resources, filters=limits)
        _, scope = pipeline.understand(question, self.resources, filters=limits)
        return contract.search_json(question, found, max(1, k), scope)

    def _asked(self, question: str, filters: dict[str, Any] | None) -> Filters:
        """Read a caller's filters; what is wrong with the call is said to the caller."""
        try:
            if not question.strip():
                raise FilterError("The question is empty.")
            return filtering.as_filters(filters or {})
        except BylineError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def ask_example(self, turns: Chat, event: gr.SelectData, *limits: Any) -> Iterator[Shown]:
        """Ask the example that was clicked."""
        yield from self.ask(event.value["text"], turns, *limits)

    def ask_again(self, turns: Chat, *limits: Any) -> Iterator[Shown]:
        """Ask the last question once more, in place of its answer."""
        if turns:
            yield from self.ask(turns[-1].question, turns[:-1], *limits)

    def limits(self, *limits: Any) -> tuple[dict[str, Any], str]:
        """Say on the folded filters what they are, and in them how many articles pass."""
        index = self.resources.index
        try:
            filters = self._filters(limits)
        except BylineError as error:
            return gr.update(label="Filters: not understood"), rendering.trouble(str(error))
        words = filtering.described(filters)
        label = f"Filters: {words}" if words else "Filters"
        return gr.update(label=label), rendering.limits(filtering.scope(filters, index.catalogue()))

    def _filters(self, limits: Sequence[Any]) -> Filters:
        """Read the filters as they stand on the page. Raises FilterError naming the field."""
        return filtering.read(_typed(*limits), filtering.FIELDS)

    def names(self) -> tuple[list[str], list[str], list[str]]:
        """Return the outlets, people and files to choose from, by name."""
        known = self.resources.index.catalogue()
        paths = sorted({path for item in known.articles for path in item.paths})
        outlets, authors = (
            sorted(names[:CHOICES], key=str.casefold) for names in (known.outlets, known.authors)
        )
        return outlets, authors, paths[:CHOICES]

    def choices(self) -> list[gr.Dropdown]:
        """Offer what the index holds now."""
        return [gr.Dropdown(choices=names) for names in self.names()]

    def open(self, turns: Chat, event: gr.EventData) -> Any:
        """Show the source that a link of the page stands for: `article-ID`, or one of a turn's."""
        kind, _, rest = str(event.link).partition("-")
        if kind != "article":
            opened = rendering.linked(turns, kind, rest)
            return self._source(*opened) if opened else gr.skip()
        found = self.resources.index.articles([rest]).get(rest)
        return self._source(found) if found else gr.skip()

    def _source(self, article: Article, focus: rendering.Focus | None = None) -> str:
        index = self.resources.index
        files, copies = index.files_of(article.id), index.copies(article.id)
        return rendering.source(article, focus, files=files, copies=copies)

    def shelf(self, wanted: str | None) -> str:
        """List the articles that the filter box asks for."""
        return rendering.article_list(self.resources.index.summaries(), wanted or "")

    def counts(self) -> str:
        """Say at the top what the index holds now."""
        return rendering.header(*self.resources.index.counts())

    def add(
        self, files: Sequence[str] | None, wanted: str | None, progress: Any = PROGRESS
    ) -> tuple[None, str, str, str]:
        """Add the uploaded files to the index and say how each fared."""
        uploads = [(Path(file), Path(file).name) for file in files or ()]

        def advance(done: int, total: int, name: str) -> None:
            progress((done, total), desc=f"{done} of {total}: {name.removeprefix(UPLOADED)}")

        try:
            report = pipeline.add_uploads(self.resources, uploads, progress=advance)
        except BylineError as error:
            return None, rendering.failed(str(error)), self.counts(), self.shelf(wanted)
        reasons = {item.file.removeprefix(UPLOADED): item.reason for item in report.failed}
        result = rendering.upload_result(
            [(name, reasons.get(name) or reasons.get(safe_name(name))) for _, name in uploads]
        )
        return None, result, self.counts(), self.shelf(wanted)


def _typed(
    outlets: Sequence[str] | None = None,
    authors: Sequence[str] | None = None,
    files: Sequence[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    kinds: Sequence[str] | None = None,
    opinion: str | None = None,
) -> filtering.Typed:
    """Return the page's fields as filters are typed; an empty field is None or empty."""
    return filtering.Typed(
        since=since or "",
        until=until or "",
        as_of=as_of or "",
        outlets=outlets or (),
        authors=authors or (),
        files=files or (),
        kinds=kinds or (),
        opinion=opinion or "",
    )


def _no_limits() -> list[Any]:
    """Empty every field of the filters."""
    return [[], [], [], "", "", "", [], ""]


def _advanced(exchange: rendering.Exchange, event: Event) -> rendering.Exchange:
    match event:
        case Searched():
            return replace(exchange, hits=event.hits, searched=event.articles)
        case Token():
            return replace(exchange, written=exchange.written + event.text)
        case Restarted():
            return replace(exchange, written="")
        case Checked():
            return exchange  # shown when all are: a half-checked answer looks checked
        case Done():
            return replace(exchange, answer=event.answer)


def _shown(turns: Chat) -> tuple[list[dict[str, str]], Chat]:
    messages = []
    for number, exchange in enumerate(turns, start=1):
        messages.append({"role": "user", "content": rendering.question(exchange.question)})
        messages.append({"role": "assistant", "content": rendering.reply(exchange, number)})
    return messages, turns


def _box(question: str = "", *, busy: bool = False) -> gr.Textbox:
    return gr.Textbox(value=question, submit_btn=not busy, stop_btn=busy)


def _stop(turns: Chat) -> Shown:
    if turns and not turns[-1].answer:
        turns = (*turns[:-1], replace(turns[-1], problem=STOPPED))
    return *_shown(turns), _box()


def _undo(turns: Chat) -> Shown:
    return *_shown(turns[:-1]), _box(turns[-1].question if turns else "")


def _clear() -> tuple[Any, ...]:
    return [], (), _box(), rendering.empty_panel()
