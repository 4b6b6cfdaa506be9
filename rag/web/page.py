"""The page: chat on the left, the source it cites on the right. Joins the tabs and the doors.

Each browser session holds its own chat in a `gr.State`; nothing of a chat is kept in a module.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from rag.resources import Resources
from rag.web import (
    add_tab,
    ask_tab,
    compare_tab,
    filter_fields,
    health,
    listening,
    login,
    outbox,
    settings_tab,
    source_panel,
    sources_tab,
    start,
    temporary,
    theme,
)
from rag.web.api.building import added_to, running
from rag.web.api.jobs import Jobs
from rag.web.bodies import MB
from rag.web.events import Waiting
from rag.web.guard import guarded
from rag.web.html import notices
from rag.web.page_events import endpoints
from rag.web.queue import SteadyQueue, steady
from rag.web.replies import said
from rag.web.session import NO_OVERRIDES
from rag.web.theme import NEWEST, QUIET

AT_ONCE = 2  # answers worked on at the same time: what two cores can do
ROOM = 64  # questions and other events that may wait; beyond it "ask again"
# Seconds that an idle connection stays open: longer than anybody is told to wait, and than nginx
# keeps one (60), or it would be closed just as the next call comes.
IDLE = 75
_CONNECTIONS = 900  # open at once, below the files that a process may usually have open
RECALLED = "() => { document.dispatchEvent(new Event('byline:recalled')); return []; }"
_CLOSING = 2  # seconds that an open page may take to let go when the server stops


def serve(resources: Resources, *, on_ready: Callable[[str], None]) -> None:
    """Serve the page until interrupted; `on_ready` gets its address once it really answers.

    Raises:
        SettingsError: beyond this machine without a login, or the port is taken.

    """
    settings = resources.settings
    listener = listening.listen(settings)
    with temporary.temporary_folder(settings.index) as folder, temporary.used_for_uploads(folder):
        config = uvicorn.Config(
            application(resources),
            log_level="warning",
            timeout_graceful_shutdown=_CLOSING,
            proxy_headers=False,  # or anybody on this machine could call himself another address
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=IDLE,
            server_header=False,
        )
        listening.when_ready(listening.address(settings, listener), on_ready)
        _Server(config).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Stops on Ctrl-C without raising it again: a stopped page is no error."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Finish what is under way; the second time stop at once."""
        # Streams to open pages are cut now, which uvicorn would report with a traceback each.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self.force_exit = self.should_exit
        self.should_exit = True


def application(resources: Resources) -> FastAPI:
    """Return the page behind its doors, and /healthz and /readyz."""
    settings = resources.settings
    page, queue = build(resources)
    waiting = Waiting(lambda: len(queue), queue.ahead, queue.opened)
    head, known = theme.static("connection.html"), endpoints(page)
    version = health.mark(head, theme.static(*theme.CHAT), str(known))
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=running)
    server.add_api_route("/healthz", lambda: {"status": "ok"})
    server.add_api_route("/readyz", lambda: _readiness(resources, queue))
    server.add_api_route(login.STATE, lambda: said(health.state(resources, version)))
    guarded(server, settings, known, waiting)
    added_to(server, resources, Jobs(), partial(_readiness, resources, queue))
    # Mounted, gradio looks at no path that a call names unless it thinks that it was launched.
    page.has_launched = True
    mounted: FastAPI = gr.mount_gradio_app(
        server,
        page,
        path="/",
        auth_dependency=login.user_of if login.is_needed(settings) else None,
        max_file_size=settings.max_upload_mb * MB,
        theme=theme.theme(),
        css=theme.styles(),
        favicon_path=theme.icon(),
        head=head,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        show_error=False,
    )
    return mounted


def _readiness(resources: Resources, queue: SteadyQueue) -> JSONResponse:
    closed = login.is_needed(resources.settings)
    wrong = health.trouble(resources, queue_runs=not queue.stopped, to_strangers=closed)
    said = {"status": "ready"} if wrong is None else {"status": "not ready", "detail": wrong}
    return JSONResponse(said, 200 if wrong is None else 503)


# --- the page


def build(resources: Resources) -> tuple[gr.Blocks, SteadyQueue]:
    """Return the page over `resources`, not yet mounted, and its queue."""
    page = gr.Blocks(
        title="Byline", fill_width=True, analytics_enabled=False, delete_cache=(3600, 3600)
    )
    with page:
        _place(page, resources)
    return page, steady(page, at_once=AT_ONCE, room=ROOM)


def _place(page: gr.Blocks, resources: Resources) -> None:
    """Put header, tabs and source panel on the page, and wire them."""

    def counts(request: gr.Request | None = None) -> str:
        user = request.username if request else None
        files, articles = resources.index.file_count(), resources.index.catalogue().count()
        return notices.header(files, articles, user or "")

    starting = start.Actions(resources, start.Finding(resources))
    ask, shelf = ask_tab.Actions(resources, starting), sources_tab.Actions(resources)
    compare, own = compare_tab.Actions(resources), settings_tab.Actions(resources)
    session = gr.State(NO_OVERRIDES)
    header = gr.HTML(counts(), apply_default_css=False, elem_id="header")
    connection = gr.HTML(
        notices.connection(),
        js_on_load=theme.static("live.js"),
        apply_default_css=False,
        elem_id="connection",
    )
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="work"), gr.Tabs():
            with gr.Tab("Ask", elem_id="ask"):
                asked = ask_tab.build(ask)
            with gr.Tab("Compare", elem_id="compare"):
                compared = compare_tab.build(compare)
            with gr.Tab("Sources", elem_id="sources") as shelves:
                listed = sources_tab.build()
            with gr.Tab("Add articles", elem_id="add"):
                added = add_tab.build(resources)
            with gr.Tab("Settings", elem_id="settings") as settings:
                tuned = settings_tab.build(own)
        panel = source_panel.build()
    out = outbox.build()
    ask_tab.wire(asked, session, out, panel, ask)
    source_panel.wire(panel, asked.turns, out, source_panel.Actions(resources))
    compare_tab.wire(compared, session, compare)
    settings_tab.wire(tuned, settings, session, own)
    _restore(asked, tuned, session, ask, own)
    told = _Told(header, counts, asked, ask, listed, shelf)
    told.wire(connection)
    # A page opened later must know of the articles added since it was built.
    told.after(page.load)
    ingests = [
        *add_tab.wire(added, add_tab.Actions(resources)),
        *sources_tab.wire(listed, shelves, shelf),
    ]
    for ingested in ingests:
        told.after(ingested.then)


@dataclass(frozen=True, slots=True)
class _Told:
    """What of the page shows the index, and is shown anew when that has changed."""

    header: gr.HTML
    counts: Callable[..., str]
    asked: ask_tab.Asking
    ask: ask_tab.Actions
    listed: sources_tab.Sources
    shelf: sources_tab.Actions

    def after(self, event: Any) -> None:
        """Show it after `event`; what the Sources tab shows is its own business."""
        limits, filters = self.asked.limits, filter_fields.Actions(self.ask.resources)
        fields, said = [*limits.fields], [limits.chips, limits.fold, limits.said]
        event(self.counts, None, self.header, **NEWEST)
        event(self.ask.start.greeting, None, self.asked.greeting, **NEWEST)
        event(filters.limits, fields, said, **NEWEST)
        event(filters.choices, None, fields[:3], **NEWEST)

    def wire(self, connection: gr.HTML) -> None:
        """Show it whenever the page hears that the index, whoever works on it, has changed."""
        tab = self.listed
        shown = [*tab.shown, tab.outlets, tab.kinds]
        self.after(connection.changed)
        connection.listed(self.shelf.refreshed, [tab.view], shown, **NEWEST)


def _restore(
    asked: ask_tab.Asking,
    tuned: settings_tab.Tuning,
    session: gr.State,
    ask: ask_tab.Actions,
    own: settings_tab.Actions,
) -> None:
    """Tell a server that has forgotten this page what was asked and set on it."""

    def recalled(event: gr.EventData, *fields: Any) -> tuple[Any, ...]:
        return *ask.recall(event), *own.restored(*fields)

    shown = [*asked.shown, *tuned.keyed(session)]
    event = asked.chat.recall(recalled, tuned.fields, shown, **QUIET)
    ask_tab.settle(asked, event, ask)
    event.success(None, None, None, js=RECALLED, **QUIET)
