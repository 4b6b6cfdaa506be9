"""Articles over HTTP: the list, and each with the text that all offsets point into."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict

from rag.export import contract
from rag.export.contract_types import ArticleJSON, WholeArticleJSON
from rag.resources import Resources
from rag.retrieval import filters as filtering
from rag.retrieval.filters import Typed
from rag.web.api.callers import base, may_read
from rag.web.api.examples import ARTICLE, ARTICLES
from rag.web.api.problems import ProblemError
from vectorstore.selecting import Facts, chosen

LONGEST_PAGE = 500
Names = Annotated[list[str], Query()]


class ArticlesJSON(TypedDict):
    """A page of the list, newest first, of `total` that pass; `next` is the offset of the next."""

    articles: list[ArticleJSON]
    total: int
    next: int | None


def router(resources: Resources) -> APIRouter:
    """Return the routes of articles over `resources`."""
    routes = APIRouter(dependencies=[Depends(may_read)], tags=["articles"])
    index, settings = resources.index, resources.settings

    @routes.get("/articles", response_model=ArticlesJSON, responses=ARTICLES)
    async def articles(
        request: Request,
        since: str = "",
        until: str = "",
        as_of: str = "",
        outlet: Names = [],  # noqa: B006 - FastAPI copies it
        author: Names = [],  # noqa: B006
        file: Names = [],  # noqa: B006
        kind: Names = [],  # noqa: B006
        opinion: str = "",
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 100,
    ) -> Response:
        """List the articles that pass the filters, newest first, those without a date last."""
        links = base(request, settings)
        typed = Typed(since, until, as_of, outlet, author, file, kind, opinion)

        def work() -> ArticlesJSON:
            passing = chosen(index.catalogue().articles, filtering.read(typed, filtering.FIELDS))
            ordered = sorted(passing, key=_day, reverse=True)
            ids = [item.id for item in islice(ordered, offset, offset + limit)]
            held = index.articles(ids)
            listed = [contract.article_json(held[id_], links) for id_ in ids if id_ in held]
            after = offset + limit
            return {
                "articles": listed,
                "total": len(ordered),
                "next": after if after < len(ordered) else None,
            }

        return JSONResponse(await to_thread.run_sync(work))

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


def _day(item: Facts) -> date:
    return item.published or date.min
