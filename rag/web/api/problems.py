"""What went wrong with a call, for programs: problem details by RFC 9457."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rag.errors import (
    ArticleError,
    BylineError,
    FilterError,
    IndexingError,
    LLMError,
    ModelError,
    SettingsError,
)
from rag.web.replies import refusal

TOLD = 5  # faults of one call that are named; a call may have a million
PLACE = 100  # characters of a place in a call: the caller named it
_OBJECTS = ("model_attributes_type", "model_type", "dict_type")  # pydantic speaks of Python's
_FOLDERS = re.compile(r"(?<![\w:/.~-])(?:/|[A-Za-z]:\\)[^\s:;,'\"]*[/\\](?=[^\s/\\:;,'\"])")
BROKEN = "Something went wrong here, not in the call. The server's log says what."
NOTHING = "There is nothing under this address; /api/v1/docs lists what there is."
_STATUS: tuple[tuple[type[BylineError], int], ...] = (
    (FilterError, 422),
    (ArticleError, 422),
    (LLMError, 502),
    (IndexingError, 503),
    (ModelError, 503),
    (SettingsError, 422),
)


class ProblemError(Exception):
    """Ends a call with a status and a sentence for whoever made it."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        """`status` is of HTTP, 4xx or 5xx."""
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


def status_of(error: BylineError) -> int:
    """Return the status that a failure of ours is told with."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def words(error: BylineError) -> str:
    """Return what a failure of ours says, with the names of files and without their folders."""
    return _FOLDERS.sub("", str(error))


def told(server: FastAPI, say: Callable[..., Response] = refusal) -> None:
    """Have every failure of `server` told by `say`, which takes words, a status and headers."""

    @server.exception_handler(ProblemError)
    async def refused(_: Request, error: ProblemError) -> Response:
        return say(error.detail, error.status, error.headers)

    @server.exception_handler(BylineError)
    async def failed(_: Request, error: BylineError) -> Response:
        return say(words(error), status_of(error))

    @server.exception_handler(Exception)
    async def broken(_: Request, error: Exception) -> Response:
        return say(BROKEN, 500)  # starlette logs it

    @server.exception_handler(HTTPException)
    async def nothing(_: Request, error: HTTPException) -> Response:
        words = NOTHING if error.status_code == 404 else str(error.detail)
        return say(words, error.status_code, error.headers or {})

    @server.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> Response:
        faults = error.errors()
        more = [f"and {len(faults) - TOLD} more"] if len(faults) > TOLD else []
        return say("; ".join([*map(_in_words, faults[:TOLD]), *more]), 422)


def _in_words(item: Mapping[str, object]) -> str:
    """Say what is wrong with one value, by its place in the call: "question: field required"."""
    if item.get("type") == "json_invalid":
        return "the body is no JSON"
    place = item.get("loc", ())
    assert isinstance(place, tuple)
    where = ".".join(str(step) for step in place if step not in ("body", "query", "path"))
    said = "must be an object" if item.get("type") in _OBJECTS else str(item.get("msg", "")).lower()
    return f"{where[:PLACE] or 'the body'}: {said}"
