"""Puts the interface for programs together: its routes, its description, how failures are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.util import find_spec

from anyio import create_task_group
from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBearer
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from rag.resources import Resources
from rag.web import replies
from rag.web.api import (
    adding,
    article_links,
    articles,
    chat_completions,
    model_responses,
    openai_messages,
    probes,
    problems,
    questions_asked,
)
from rag.web.api.callers import base
from rag.web.api.example_answers import shown_in
from rag.web.api.jobs import Jobs
from rag.web.api.places import Places
from rag.web.html import api_page
from rag.web.replies import refusal

PREFIX = "/api/v1"
OPENAI = "/v1"  # where clients of OpenAI's protocol look
ABOUT = (
    "Questions answered from a folder of articles, every sentence with its citations. A citation "
    "is an article and two offsets: `text[start:end]` of the article is its `quote`, always."
)
_NO_MCP = "MCP needs its extra: pip install 'byline[mcp]', and start the server again."


# Described here; the doors before the server look at it.
_TOKEN = HTTPBearer(auto_error=False, description="A token of `byline token add NAME`.")


def added_to(
    server: FastAPI, resources: Resources, jobs: Jobs, ready: Callable[[], Response]
) -> None:
    """Give `server` the routes of programs and the links to articles.

    `ready` says whether a question could be answered now.
    """
    places, api, models = Places(), _bare(PREFIX), _bare(OPENAI)
    problems.told(api)
    problems.told(models, openai_messages.refusal)
    api.include_router(questions_asked.router(resources, places))
    api.include_router(articles.router(resources))
    api.include_router(adding.router(resources, jobs))
    api.include_router(probes.router(ready))
    models.include_router(chat_completions.router(resources, places))
    models.include_router(model_responses.router(resources, places))

    @api.get("/openapi.json", include_in_schema=False)
    def description() -> Response:
        return JSONResponse(shown_in(api.openapi()))

    @api.get("/docs", include_in_schema=False)
    def documentation(request: Request) -> Response:
        at = base(request, resources.settings) + PREFIX
        return HTMLResponse(api_page.page(shown_in(api.openapi()), at))

    problems.told(server)
    server.mount(PREFIX, api)
    server.mount(OPENAI, models)
    server.include_router(article_links.router(resources))
    _with_mcp(server, resources)
    for path in ("/a", "/mcp", OPENAI, PREFIX):  # or gradio, which comes last, would answer
        server.router.routes += [
            Route(path, _Nothing()),
            Route(f"{path}/{{rest:path}}", _Nothing()),
        ]


class _Nothing:
    """Says, to any method, that there is nothing at a path: an application of its own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await refusal(problems.NOTHING, 404)(scope, receive, send)


@asynccontextmanager
async def running(server: FastAPI) -> AsyncIterator[None]:
    """Hold open what MCP over HTTP needs while `server` runs; without the extra, nothing."""
    async with create_task_group() as tasks:
        if (served := getattr(server.state, "mcp", None)) is not None:
            tasks.start_soon(served.run)
        yield
        tasks.cancel_scope.cancel()


def _with_mcp(server: FastAPI, resources: Resources) -> None:
    """Serve MCP at /mcp, or say how to; the doors before it have looked at Host."""
    if find_spec("mcp") is None:
        answer = replies.refusal(_NO_MCP, 404)
        server.add_api_route("/mcp", lambda: answer, methods=["GET", "POST", "DELETE"])
        return
    from rag.web.api.mcp_served import Served

    server.state.mcp = Served(resources)
    server.router.routes.append(Route("/mcp", server.state.mcp))


def _bare(prefix: str) -> FastAPI:
    """An application without gradio's or FastAPI's own pages: those load scripts from elsewhere."""
    return FastAPI(
        title="Byline",
        description=ABOUT,
        version=version("byline"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": prefix}],  # its paths begin below it
        root_path_in_servers=False,
        dependencies=[Depends(_TOKEN)],
    )
