"""`/a/ARTICLE`: the article as a page, at the words that the link names; `.json`: as JSON."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from rag.export import contract
from rag.export.permalinks import PATH
from rag.resources import Resources
from rag.web.api.callers import base, may_read
from rag.web.api.problems import ProblemError
from rag.web.html import article_page
from rag.web.replies import NOT_KEPT

_GONE = "There is no article of this id in the index: its file was removed or changed."
Offset = Annotated[int | None, Query(ge=0, le=100_000_000)]


def router(resources: Resources) -> APIRouter:
    """Return the routes of links over `resources`."""
    routes = APIRouter(dependencies=[Depends(may_read)])
    index, settings = resources.index, resources.settings

    @routes.get(f"{PATH}{{id}}.json")
    async def as_json(id: str, request: Request) -> Response:  # noqa: A002 - the name in the address
        """Return the article as JSON."""

        def work() -> Response:
            found = index.articles([id]).get(id)
            if found is None:
                raise ProblemError(404, _GONE)
            links = base(request, settings)
            return JSONResponse(contract.whole_article_json(found, index.files_of(id), links))

        return await to_thread.run_sync(work)

    @routes.get(f"{PATH}{{id}}")
    async def as_page(id: str, start: Offset = None, end: Offset = None) -> Response:  # noqa: A002
        """Show the article, scrolled to the words, which are marked."""

        def work() -> Response:
            found = index.articles([id]).get(id)
            if found is None:
                return HTMLResponse(article_page.gone(), 404, NOT_KEPT)
            files, copies = index.files_of(id), index.copies(id)
            return HTMLResponse(
                article_page.page(found, files, copies, start, end), headers=NOT_KEPT
            )

        return await to_thread.run_sync(work)

    return routes
