"""`/v1/chat/completions` and `/v1/models`: Byline as a model of any client of OpenAI's protocol."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from rag.errors import BylineError
from rag.resources import Resources
from rag.schema import Answer, Done, Event, Restarted, Token
from rag.web import room
from rag.web.api import openai_messages, problems
from rag.web.api.callers import base, caller, may_read
from rag.web.api.openai_messages import MODEL, MOST, Message
from rag.web.api.places import Events, Places, Streamed
from rag.web.conversation import Waiting

_NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


class Completion(BaseModel):
    """What is read of a request; settings of a language model are left alone."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: list[Message] = Field(min_length=1, max_length=MOST)
    stream: bool = False


def router(resources: Resources, places: Places) -> APIRouter:
    """Return the routes over `resources`."""
    routes = APIRouter(dependencies=[Depends(may_read)], tags=["OpenAI's protocol"])
    started = int(time.time())

    @routes.get("/models")
    async def models() -> Any:
        """List the one model that there is."""
        return {"object": "list", "data": [_model(started)]}

    @routes.get(f"/models/{MODEL}")
    async def model() -> Any:
        """Describe it."""
        return _model(started)

    @routes.post("/chat/completions")
    async def complete(given: Completion, request: Request) -> Response:
        """Answer the last message, the earlier ones being what was asked before."""
        question, turns = openai_messages.asked(given.messages)
        events = room.answered(question, resources, history=turns)
        links, held = base(request, resources.settings), places.take(caller(request), events)
        made = f"chatcmpl-{secrets.token_hex(12)}"
        if given.stream:
            return Streamed(held, _streamed(places, events, links, made))
        with held:
            done = await places.last(events, request)
        return JSONResponse(_whole(done.answer, links, made))

    return routes


def _model(started: int) -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": started, "owned_by": "byline"}


def _whole(answer: Answer, links: str, made: str) -> dict[str, Any]:
    text = answer.text + openai_messages.footnotes(answer.citations, links)
    message = {
        "role": "assistant",
        "content": text,
        "refusal": None,
        "annotations": _annotations(text, answer, links),
    }
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**_head(made, "chat.completion"), "choices": [choice], "usage": _NO_USAGE}


def _annotations(text: str, answer: Answer, links: str) -> list[dict[str, Any]]:
    """As chat completions nest them."""
    return [
        {"type": "url_citation", "url_citation": {k: v for k, v in item.items() if k != "type"}}
        for item in openai_messages.annotated(text, answer, links)
    ]


async def _streamed(places: Places, events: Events, links: str, made: str) -> AsyncIterator[bytes]:
    """The text as it grows; what was withdrawn stays, with the reason: it has been sent."""
    written = ""
    yield _chunk(made, {"role": "assistant", "content": ""})
    try:
        while (event := await places.step(events)) is not None:
            more = piece(event, written, links)
            written += more
            if more:
                yield _chunk(made, {"content": more})
            if isinstance(event, Done):
                found = _annotations(written, event.answer, links)
                yield _chunk(made, {"annotations": found} if found else {}, "stop")
    except BylineError as error:
        failed = {"message": problems.words(error), "type": "server_error", "code": None}
        yield _sent({"error": failed})
    yield b"data: [DONE]\n\n"


def piece(event: Event | Waiting, written: str, links: str) -> str:
    """Return what an event adds to a text of which `written` was sent; footnotes come last."""
    match event:
        case Token():
            return event.text
        case Restarted():
            return f"\n\n({event.reason})\n\n"
        case Done():
            whole = "" if written else event.answer.text
            return whole + openai_messages.footnotes(event.answer.citations, links)
        case _:
            return ""


def _head(made: str, kind: str) -> dict[str, Any]:
    return {"id": made, "object": kind, "created": int(time.time()), "model": MODEL}


def _chunk(made: str, delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return _sent({**_head(made, "chat.completion.chunk"), "choices": [choice]})


def _sent(value: Any) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()
