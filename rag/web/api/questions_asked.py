"""Questions over HTTP: answers at once or as they grow, passages, and who says what."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from rag.answering import comparison
from rag.errors import BylineError
from rag.export import contract
from rag.export.contract_types import AnswerJSON, ComparisonJSON, FiltersJSON, SearchJSON
from rag.resources import Resources
from rag.retrieval import filters as filtering
from rag.retrieval import finding
from rag.schema import Turn
from rag.web import room
from rag.web.api import problems
from rag.web.api.callers import base, caller, may_read
from rag.web.api.event_lines import event_json
from rag.web.api.examples import ANSWER, ASKED, COMPARED, COMPARING, FOUND, SOUGHT
from rag.web.api.places import STREAM, Events, Places, Streamed
from rag.web.api.sound_text import Sound
from rag.web.replies import details


class Earlier(BaseModel):
    """A question that was asked before, and its answer's text."""

    question: Sound = Field(max_length=2000)
    answer: Sound = Field(max_length=100_000)


class Question(BaseModel):
    """A question, and where to look for its answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: Sound = Field(
        min_length=1, max_length=2000, pattern=r"\S", description="A question, or a statement"
    )
    filters: Annotated[FiltersJSON, Field(description="What may be looked at")] = {}


class Asked(Question):
    """A question to be answered."""

    history: list[Earlier] = Field(default=[], max_length=50, description="What was asked before")
    as_typed: bool = Field(default=False, description="No word mended, nothing added from before")
    stream: bool = Field(default=False, description="The answer as it grows, as server-sent events")


class Sought(Question):
    """A question whose passages are wanted."""

    k: int = Field(default=10, ge=1, le=100, description="How many passages, best first")


def router(resources: Resources, places: Places) -> APIRouter:
    """Return the routes of questions over `resources`."""
    routes = APIRouter(dependencies=[Depends(may_read)], tags=["questions"])
    settings = resources.settings

    @routes.post("/ask", response_model=AnswerJSON, responses=ANSWER)
    async def ask(
        asked: Annotated[Asked, Body(openapi_examples=ASKED)], request: Request
    ) -> Response:
        """Answer a question from the articles, every sentence with its citations.

        With `stream`, or `Accept: text/event-stream`, the answer comes as it grows: events
        `waiting`, `searched`, `preview`, `token`, `checked`, `restarted` and `done` (the whole
        answer), or `problem`.
        """
        filters = filtering.as_filters(asked.filters)
        history = [Turn(item.question, item.answer) for item in asked.history]
        how = {"filters": filters, "history": history, "as_typed": asked.as_typed}
        events, links = (
            room.answered(asked.question.strip(), resources, **how),
            base(request, settings),
        )
        held = places.take(caller(request), events)
        if asked.stream or STREAM in request.headers.get("accept", ""):
            return Streamed(held, _streamed(places, events, links))
        with held:
            done = await places.last(events, request)
        return JSONResponse(contract.answer_json(done.answer, links))

    @routes.post("/find", response_model=SearchJSON, responses=FOUND)
    async def find(
        sought: Annotated[Sought, Body(openapi_examples=SOUGHT)], request: Request
    ) -> Response:
        """List the passages that are nearest to a question, with their scores and ranks."""
        links = base(request, settings)

        def work() -> SearchJSON:
            query = finding.understand(
                sought.question, resources, filters=filtering.as_filters(sought.filters)
            )
            found = finding.found_for(query, resources)
            return contract.search_json(sought.question, found, sought.k, query.scope, links)

        return JSONResponse(await places.done(caller(request), work))

    @routes.post("/compare", response_model=ComparisonJSON, responses=COMPARED)
    async def compare(
        asked: Annotated[Question, Body(openapi_examples=COMPARING)], request: Request
    ) -> Response:
        """List what each source says on a question or a statement, by date."""
        links = base(request, settings)

        def work() -> ComparisonJSON:
            limits = filtering.as_filters(asked.filters)
            return contract.compare_json(
                comparison.compare(asked.question, resources, filters=limits), links
            )

        return JSONResponse(await places.done(caller(request), work))

    return routes


async def _streamed(places: Places, events: Events, base: str) -> AsyncIterator[bytes]:
    """Each event as a server-sent event; a failure as the event `problem`, which is the last."""
    try:
        while (event := await places.step(events)) is not None:
            yield _sent(*event_json(event, base))
    except BylineError as error:
        yield _sent("problem", details(problems.status_of(error), problems.words(error)))


def _sent(name: str, value: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n".encode()
