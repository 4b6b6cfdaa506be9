"""Puts the interface for programs together: its routes, its description, how failures are told."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from starlette.responses import HTMLResponse, JSONResponse, Response

from rag.resources import Resources
from rag.web.api import (
    adding,
    articles,
    asking,
    chat_completions,
    messages,
    model_responses,
    permalinks,
    problems,
)
from rag.web.api.jobs import Jobs
from rag.web.api.places import Places
from rag.web.html import api_page

PREFIX = "/api/v1"
ABOUT = (
    "Questions answered from a folder of articles, every sentence with its citations. A citation "
    "is an article and two offsets: `text[start:end]` of the article is its `quote`, always."
)


def added_to(server: FastAPI, resources: Resources, jobs: Jobs) -> None:
    """Give `server` the routes of programs and the links to articles."""
    places, api, models = Places(), _bare(), _bare()
    problems.told(api)
    problems.told(models, messages.refusal)
    api.include_router(asking.router(resources, places))
    api.include_router(articles.router(resources))
    api.include_router(adding.router(resources, jobs))
    models.include_router(chat_completions.router(resources, places))
    models.include_router(model_responses.router(resources, places))

    @api.get("/openapi.json", include_in_schema=False)
    def description() -> Response:
        return JSONResponse(api.openapi())

    @api.get("/docs", include_in_schema=False)
    def documentation() -> Response:
        return HTMLResponse(api_page.page(api.openapi()))

    problems.told(server)
    server.mount(PREFIX, api)
    server.mount("/v1", models)
    server.include_router(permalinks.router(resources))


def _bare() -> FastAPI:
    """An application without gradio's or FastAPI's own pages: those load scripts from elsewhere."""
    return FastAPI(
        title="Byline",
        description=ABOUT,
        version=version("byline"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
