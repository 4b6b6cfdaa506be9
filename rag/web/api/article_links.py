"""`/a/ARTICLE`: the article as a page, at the words that the link names; `.json`: as JSON.

A link outlives its article: where the file has changed it shows the words as they were and where
they stand now, if they do; where the file was removed it says so.
"""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from rag.export import contract
from rag.export.permalinks import PATH
from rag.resources import Resources
from rag.schema import printed_day
from rag.web.api.callers import base, may_read
from rag.web.api.problems import ProblemError
from rag.web.html import article_page
from rag.web.html.article_page import Later
from rag.web.replies import NOT_KEPT
from vectorstore.former import Former
from vectorstore.index import Index

_NEVER = "There is no article of this id in the index."
_REMOVED = "The article’s file ({}) was removed on {}."
_CHANGED = "The article’s file ({}) was changed on {}; this id is of its text before."
_LET_GO = "The article’s file ({}) was changed on {}; its text before is kept no longer."
Offset = Annotated[int | None, Query(ge=0, le=100_000_000)]


def router(resources: Resources) -> APIRouter:
    """Return the routes of links over `resources`."""
    routes = APIRouter(dependencies=[Depends(may_read)])
    index, settings = resources.index, resources.settings

    @routes.get(f"{PATH}{{id}}.json")
    async def as_json(id: str, request: Request) -> Response:  # noqa: A002 - the name in the address
        """Return the article as JSON; of one that went, what became of it."""

        def work() -> Response:
            found = index.articles([id]).get(id)
            if found is not None:
                links = base(request, settings)
                return JSONResponse(contract.whole_article_json(found, index.files_of(id), links))
            went = index.former(id)
            raise ProblemError(404, _NEVER) if went is None else ProblemError(410, _became(went))

        return await to_thread.run_sync(work)

    @routes.get(f"{PATH}{{id}}")
    async def as_page(id: str, start: Offset = None, end: Offset = None) -> Response:  # noqa: A002
        """Show the article, scrolled to the words, which are marked."""
        return await to_thread.run_sync(_shown, index, id, start, end)

    return routes


def _shown(index: Index, id_: str, start: int | None, end: int | None) -> Response:
    found = index.articles([id_]).get(id_)
    if found is not None:
        files, copies = index.files_of(id_), index.copies(id_)
        return HTMLResponse(article_page.page(found, files, copies, start, end), headers=NOT_KEPT)
    went = index.former(id_)
    if went is None:
        return HTMLResponse(article_page.gone(""), 404, NOT_KEPT)
    if went.article is None:
        return HTMLResponse(article_page.gone(_said(went), went.became), 410, NOT_KEPT)
    now = index.articles([went.became]).get(went.became) if went.became else None
    words = went.article.text[start or 0 : end or 0]
    at = now.text.find(words) if now and words else -1
    later = Later(printed_day(went.gone), now, (at, at + len(words)) if at >= 0 else None)
    return HTMLResponse(
        article_page.page(went.article, (), (), start, end, later), headers=NOT_KEPT
    )


def _became(went: Former) -> str:
    after = f" What stands there now: {PATH}{went.became}.json" if went.became else ""
    return _said(went) + after


def _said(went: Former) -> str:
    said = _REMOVED if went.removed else _CHANGED if went.article else _LET_GO
    return said.format(went.path, printed_day(went.gone))
