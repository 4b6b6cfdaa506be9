"""Who calls: by a token in the Authorization header, or as the user of a session; and what he may.

A request by a token never becomes a session: tokens open the paths of programs alone.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import BylineError
from rag.export.permalinks import base_seen
from rag.settings import Settings
from rag.web.api import tokens
from rag.web.api.problems import ProblemError
from rag.web.audit import Who
from rag.web.replies import refusal, reply

PATHS = re.compile(r"/(?:api/v1|v1|mcp|a)(?:/.*)?")  # of programs, and of links to articles
_WRONG = "This token is not known: make one with byline token add NAME."
_UNREADABLE = "No token can be looked up now. The server's log says why."
_MAY_NOT = "This token may {}: make one with byline token add NAME --scope {}."

logger = logging.getLogger(__name__)


class Bearers:
    """Lets requests of programs in by their tokens; all else goes on to `door`, where one is set.

    With no door nobody has to sign in, and an unknown token is as good as none.
    """

    def __init__(
        self, app: ASGIApp, known: tokens.Tokens, door: Callable[[ASGIApp], ASGIApp] | None
    ) -> None:
        """`door` is put before `app` for those who come without a token."""
        self.app = app
        self._door = door(app) if door else app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the path and the Authorization header."""
        token = _bearer(scope) if scope["type"] == "http" else None
        if token is None or not PATHS.fullmatch(scope["path"]):
            return await self._door(scope, receive, send)
        try:
            holder = await run_in_threadpool(self._known.find, token)  # it may ask a database
        except BylineError as error:
            logger.error("%s", error)
            return await reply(refusal(_UNREADABLE, 503), scope, receive, send)
        if holder is None and self._door is self.app:  # clients of OpenAI's protocol send some key
            return await self.app(scope, receive, send)
        if holder is None:
            return await reply(refusal(_WRONG, 401), scope, receive, send)
        if scope["path"].rstrip("/") == "/mcp" and "read" not in holder.scopes:
            return await reply(
                refusal(_MAY_NOT.format("only add", "read"), 403), scope, receive, send
            )
        state = {"user": f"token:{holder.name}", "scopes": holder.scopes}
        known = {**scope, "state": {**scope.get("state", {}), **state}}
        return await self.app(known, receive, send)


def _bearer(scope: Scope) -> str | None:
    kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() if kind.casefold() == "bearer" else None


def may_add(request: Request) -> None:
    """Refuse who may only read. Raises ProblemError."""
    if "add" not in getattr(request.state, "scopes", tokens.EVERYTHING):
        raise ProblemError(403, _MAY_NOT.format("only read", "add"))


def may_read(request: Request) -> None:
    """Refuse who may only add. Raises ProblemError."""
    if "read" not in getattr(request.state, "scopes", tokens.EVERYTHING):
        raise ProblemError(403, _MAY_NOT.format("only add", "read"))


def base(request: Request, settings: Settings) -> str:
    """Return the address that links begin with, as this caller sees it."""
    return base_seen(settings, request.url.scheme, request.url.netloc)


def caller(request: Request) -> Who:
    """Return who calls, for the record of what was changed."""
    client = request.client
    return Who(getattr(request.state, "user", None) or "", client.host if client else "")
