"""`/v1/responses`: the newer half of OpenAI's protocol, at once and as events."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from rag.errors import BylineError
from rag.resources import Resources
from rag.schema import Done
from rag.web import room
from rag.web.api import openai_messages, problems
from rag.web.api.callers import base, caller, may_read
from rag.web.api.chat_completions import piece
from rag.web.api.openai_messages import MODEL, MOST, Message
from rag.web.api.places import Events, Places, Streamed

_NO_USAGE = {
    "input_tokens": 0,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 0,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 0,
}


def _messages(given: Any) -> Any:
    """A text as the message that it stands for."""
    return [{"content": given}] if isinstance(given, str) else given


class Asked(BaseModel):
    """What is read of a request: a text, or the messages so far."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    input: Annotated[list[Message], BeforeValidator(_messages)] = Field(max_length=MOST)
    stream: bool = False


@dataclass(frozen=True, slots=True)
class _Ids:
    response: str
    item: str
    at: int


def router(resources: Resources, places: Places) -> APIRouter:
    """Return the route over `resources`."""
    routes = APIRouter(dependencies=[Depends(may_read)], tags=["OpenAI's protocol"])

    @routes.post("/responses")
    async def respond(given: Asked, request: Request) -> Response:
        """Answer the last message, the earlier ones being what was asked before."""
        question, turns = openai_messages.asked(given.input)
        events = room.answered(question, resources, history=turns)
        links, held = base(request, resources.settings), places.take(caller(request), events)
        ids = _Ids(
            f"resp_{secrets.token_hex(12)}", f"msg_{secrets.token_hex(12)}", int(time.time())
        )
        if given.stream:
            return Streamed(held, _streamed(places, events, links, ids))
        with held:
            done = await places.last(events, request)
        text = done.answer.text + openai_messages.footnotes(done.answer.citations, links)
        found = openai_messages.annotated(text, done.answer, links)
        return JSONResponse(_response(ids, "completed", [_item(ids, text, found)]))

    return routes


async def _streamed(places: Places, events: Events, links: str, ids: _Ids) -> AsyncIterator[bytes]:
    """The protocol's events in their order; annotations come once the text is whole."""
    send, place = _Sender(), {"item_id": ids.item, "output_index": 0, "content_index": 0}
    yield send("response.created", response=_response(ids, "in_progress", []))
    yield send("response.in_progress", response=_response(ids, "in_progress", []))
    empty = {**_item(ids, "", []), "status": "in_progress", "content": []}
    yield send("response.output_item.added", output_index=0, item=empty)
    yield send("response.content_part.added", **place, part=_part("", []))
    written, found = "", list[openai_messages.UrlCitation]()
    try:
        while (event := await places.step(events)) is not None:
            more = piece(event, written, links)
            written += more
            if more:
                yield send("response.output_text.delta", **place, delta=more, logprobs=[])
            if isinstance(event, Done):
                found = openai_messages.annotated(written, event.answer, links)
    except BylineError as error:
        failed = _response(ids, "failed", [])
        failed["error"] = {"code": "server_error", "message": problems.words(error)}
        yield send("response.failed", response=failed)
        return
    for at, item in enumerate(found):
        yield send(
            "response.output_text.annotation.added",
            **place,
            annotation_index=at,
            annotation=item,
        )
    whole = _item(ids, written, found)
    yield send("response.output_text.done", **place, text=written, logprobs=[])
    yield send("response.content_part.done", **place, part=_part(written, found))
    yield send("response.output_item.done", output_index=0, item=whole)
    yield send("response.completed", response=_response(ids, "completed", [whole]))


class _Sender:
    """Numbers the events of one response."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self, kind: str, **values: Any) -> bytes:
        said = {"type": kind, "sequence_number": self._next, **values}
        self._next += 1
        return f"event: {kind}\ndata: {json.dumps(said, ensure_ascii=False)}\n\n".encode()


def _response(ids: _Ids, status: str, output: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": ids.response,
        "object": "response",
        "created_at": ids.at,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": MODEL,
        "output": output,
        "parallel_tool_calls": False,
        "temperature": None,
        "tool_choice": "none",
        "tools": [],
        "top_p": None,
        "usage": _NO_USAGE if status == "completed" else None,
    }


def _item(ids: _Ids, text: str, found: list[openai_messages.UrlCitation]) -> dict[str, Any]:
    return {
        "id": ids.item,
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [_part(text, found)],
    }


def _part(text: str, found: list[openai_messages.UrlCitation]) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": found, "logprobs": []}
