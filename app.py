"""The page: chat on the left, the source it cites on the right. Joins what `rag.page` makes.

Each browser session holds its own chat in a `gr.State`; nothing of a chat is kept in a module.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from gradio.events import api

from rag import comparing as rows
from rag import contract, filtering, pipeline, serving
from rag.errors import BylineError, FilterError
from rag.page import adding, asking, comparing, outbox, reading, room, sources, theme, tuning
from rag.page.session import NO_OVERRIDES
from rag.page.theme import QUIET
from rag.rendering import articles
from rag.resources import Resources
from rag.schema import Done, Filters
from rag.web import health, login, temporary
from rag.web.bodies import MB
from rag.web.events import Waiting
from rag.web.guard import guarded
from rag.web.page_events import endpoints
from rag.web.queue import TITLE, SteadyQueue, steady

AT_ONCE = 2  # answers worked on at the same time: what two cores can do
ROOM = 32  # questions and other events that may wait; beyond it "ask again"
_CONNECTIONS = 900  # open at once, below the files that a process may usually have open
_CLOSING = 2  # seconds that an open page may take to let go when the server stops


def serve(resources: Resources, *, on_ready: Callable[[str], None]) -> None:
    """Serve the page until interrupted; `on_ready` gets its address once it really answers.

    Raises:
        SettingsError: beyond this machine without a login, or the port is taken.

    """
    settings = resources.settings
    listener = serving.listen(settings)
    with temporary.temporary_folder(settings.index) as folder, temporary.used_for_uploads(folder):
        config = uvicorn.Config(
            application(resources),
            log_level="warning",
            timeout_graceful_shutdown=_CLOSING,
            proxy_headers=False,  # or anybody on this machine could call himself another address
            limit_concurrency=_CONNECTIONS,
            server_header=False,
        )
        serving.when_ready(serving.address(settings, listener), on_ready)
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
    page, steady = build(resources)
    waiting = Waiting(lambda: len(steady), steady.ahead)
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    server.add_api_route("/healthz", lambda: {"status": "ok"})
    server.add_api_route("/readyz", lambda: _readiness(resources, steady))
    guarded(server, settings, endpoints(page), waiting)
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
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        show_error=False,
    )
    return mounted


def _readiness(resources: Resources, steady: SteadyQueue) -> JSONResponse:
    wrong = health.trouble(resources, queue_runs=not steady.stopped)
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
        calls = Calls(resources)
        api(
            calls.answered,
            api_name="answer",
            concurrency_limit=room.AT_ONCE,
            concurrency_id="asking",
        )
        api(calls.found, api_name="find", concurrency_limit=AT_ONCE)
        api(calls.compared, api_name="compare", concurrency_limit=AT_ONCE)
    return page, steady(page, at_once=AT_ONCE, room=ROOM)


def _place(page: gr.Blocks, resources: Resources) -> None:
    """Put header, tabs and source panel on the page, and wire them."""

    def counts(request: gr.Request | None = None) -> str:
        user = request.username if request else None
        return articles.header(*resources.index.counts(), user=user or "")

    ask, shelf = asking.Actions(resources), sources.Actions(resources)
    own = tuning.Actions(resources)
    session = gr.State(NO_OVERRIDES)
    header = gr.HTML(counts(), apply_default_css=False, elem_id="header")
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="work"), gr.Tabs():
            with gr.Tab("Ask", elem_id="ask"):
                asked = asking.build(ask)
            with gr.Tab("Compare", elem_id="compare"):
                compared = comparing.build()
            with gr.Tab("Sources", elem_id="sources") as shelves:
                listed = sources.build()
            with gr.Tab("Add articles", elem_id="add"):
                added = adding.build(resources)
            with gr.Tab("Settings", elem_id="settings") as settings:
                tuned = tuning.build(own)
        panel = reading.build()
    out = outbox.build()
    asking.wire(asked, page, session, out, panel, ask)
    reading.wire(panel, asked.turns, out, reading.Actions(resources))
    comparing.wire(compared, session, comparing.Actions(resources))
    tuning.wire(tuned, settings, session, own)
    # A page opened later must know of the articles added since it was built.
    page.load(counts, None, header, **QUIET)
    ingests = [
        *adding.wire(added, adding.Actions(resources)),
        *sources.wire(listed, shelves, shelf),
    ]
    for ingested in ingests:
        ingested.then(counts, None, header, **QUIET)
        ingested.then(ask.greeting, None, asked.greeting, **QUIET)


# --- what programs call


@dataclass(frozen=True, slots=True)
class Calls:
    """The page's API: what the command line prints, over HTTP."""

    resources: Resources

    def answered(self, question: str, filters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answer as `byline ask --json` does; `filters` as in `rag.filtering.as_filters`."""
        limits = self._asked(question, filters)
        *_, done = room.answered(question, self.resources, filters=limits)
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

    def compared(self, question: str, filters: dict[str, Any] | None = None) -> dict[str, Any]:
        """List who says what as `byline compare --json` does."""
        limits = self._asked(question, filters)
        return contract.compare_json(rows.compare(question, self.resources, filters=limits))

    def _asked(self, question: str, filters: dict[str, Any] | None) -> Filters:
        """Read a caller's filters; what is wrong with the call is said to the caller."""
        try:
            if not question.strip():
                raise FilterError("The question is empty.")
            return filtering.as_filters(filters or {})
        except BylineError as error:
            raise gr.Error(str(error), title=TITLE, print_exception=False) from error
