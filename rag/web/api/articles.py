"""Articles over HTTP: the list, and each with the text that all offsets point into."""

from __future__ import annotations

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from rag.export import contract
from rag.export.article_list import LONGEST, listed
from rag.export.contract_types import ArticlesJSON, WholeArticleJSON
from rag.resources import Resources
from rag.retrieval import filters as filtering
from rag.retrieval.filters import Typed
from rag.schema import Kind
from rag.web.api.callers import base, may_read
from rag.web.api.examples import ARTICLE, ARTICLES
from rag.web.api.problems import ProblemError

Since = Annotated[str, Query(description="Published then or later: 2015, June 2015, 2015-06-01")]
Until = Annotated[str, Query(description="Published until then, the last day included")]
AsOf = Annotated[str, Query(description="As one could have read then: published until that day")]
Outlets = Annotated[list[str], Query(description="An outlet, with or without “The”")]
Authors = Annotated[list[str], Query(description="An author; the surname is enough")]
Files = Annotated[list[str], Query(description="A file, a folder, or a pattern such as `*.pdf`")]
Kinds = Annotated[list[Kind], Query(description="`body`, `comment` or `caption`")]
Opinion = Annotated[Literal["", "yes", "no"], Query(description="`yes`: only opinion; `no`: none")]
Offset = Annotated[int, Query(ge=0, description="How many to leave out, from the newest on")]
Limit = Annotated[int, Query(ge=1, le=LONGEST, description="How many at most")]


def router(resources: Resources) -> APIRouter:
    """Return the routes of articles over `resources`."""
    routes = APIRouter(dependencies=[Depends(may_read)], tags=["articles"])
    index, settings = resources.index, resources.settings

    @routes.get("/articles", response_model=ArticlesJSON, responses=ARTICLES)
    async def articles(
        request: Request,
        since: Since = "",
        until: Until = "",
        as_of: AsOf = "",
        outlet: Outlets = [],  # noqa: B006 - FastAPI copies it
        author: Authors = [],  # noqa: B006
        file: Files = [],  # noqa: B006
        kind: Kinds = [],  # noqa: B006
        opinion: Opinion = "",
        offset: Offset = 0,
        limit: Limit = 100,
    ) -> Response:
        """List the articles that pass the filters, newest first, those without a date last."""
        links = base(request, settings)
        typed = Typed(since, until, as_of, outlet, author, file, kind, opinion)
        filters = filtering.read(typed, filtering.FIELDS)
        return JSONResponse(await to_thread.run_sync(listed, index, filters, offset, limit, links))

    @routes.get("/articles/{id}", response_model=WholeArticleJSON, responses=ARTICLE)
    async def article(id: str, request: Request) -> Response:  # noqa: A002 - the name in the address
        """Return an article with its text."""
        links = base(request, settings)

        def work() -> WholeArticleJSON:
            found = index.articles([id]).get(id)
            if found is None:
                raise ProblemError(404, "There is no article of this id in the index.")
            return contract.whole_article_json(found, index.files_of(id), links)

        return JSONResponse(await to_thread.run_sync(work))

    return routes
