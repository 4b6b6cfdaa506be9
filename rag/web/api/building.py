"""Puts the interface for programs together: its routes, its description, how failures are told."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from starlette.responses import HTMLResponse, JSONResponse, Response

from rag.resources import Resources
from rag.web.api import adding, articles, asking, permalinks, problems
from rag.web.api.jobs import Jobs
from rag.web.html import api_page

PREFIX = "/api/v1"
ABOUT = (
    "Questions answered from a folder of articles, every sentence with its citations. A citation "
    "is an article and two offsets: `text[start:end]` of the article is its `quote`, always."
)


def added_to(server: FastAPI, resources: Resources, jobs: Jobs) -> None:
    """Give `server` the routes of programs and the links to articles."""
    api = FastAPI(
        title="Byline",
        description=ABOUT,
        version=version("byline"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    problems.told(api)
    for router in (
        asking.router(resources),
        articles.router(resources),
        adding.router(resources, jobs),
    ):
        api.include_router(router)

    @api.get("/openapi.json", include_in_schema=False)
    def description() -> Response:
        return JSONResponse(api.openapi())

    @api.get("/docs", include_in_schema=False)
    def documentation() -> Response:
        return HTMLResponse(api_page.page(api.openapi()))

    problems.told(server)
    server.mount(PREFIX, api)
    server.include_router(permalinks.router(resources))
