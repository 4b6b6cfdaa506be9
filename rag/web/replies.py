"""What the doors answer themselves, as JSON that no cache keeps."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from rag.export.contract_types import ProblemJSON

MEDIA = "application/problem+json"
NOT_KEPT = {"Cache-Control": "no-store"}


def wants_page(scope: Scope) -> bool:
    """Say whether a browser asks for a page to show, not a program or a script for data."""
    return scope["type"] == "http" and "text/html" in Request(scope).headers.get("accept", "")


def said(value: object, status: int = 200, headers: Mapping[str, str] = NOT_KEPT) -> Response:
    """Return `value` as JSON."""
    return JSONResponse(value, status, {**NOT_KEPT, **headers})


def refusal(words: str, status: int = 401, headers: Mapping[str, str] = NOT_KEPT) -> Response:
    """Return a refusal as problem details (RFC 9457); gradio's page shows the words as they are."""
    asks = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    given = details(status, words)
    return JSONResponse(given, status, {**NOT_KEPT, **asks, **headers}, media_type=MEDIA)


def details(status: int, words: str) -> ProblemJSON:
    """Return what went wrong as an object."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": words}


async def reply(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer; a websocket that was not accepted yet is refused with it."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get(
        "extensions", {}
    ):
        await send({"type": "websocket.close", "code": 1008})
    else:
        await answer(scope, receive, send)
