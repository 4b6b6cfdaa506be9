"""How often one client may call, and how much of the server it may hold at once.

A client is a user, where users are set, or an address. A newsroom behind one address is one client,
so the room is wide: it stops a loop, not people.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from rag.web.hosts import PROBES
from rag.web.replies import refusal

AT_ONCE = 10  # seconds' worth of calls that a client may make at once
OPEN = 400  # requests of one client under way at once; an open page keeps two or three
CLIENTS = 10_000  # remembered at once; whoever was away longest is forgotten
_FREE = ("/assets/", "/static/", "/svelte/", "/theme.css", "/favicon.ico", *PROBES)
_TOO_OFTEN = "Too many calls from here. Try again in {} s."


@dataclass(slots=True)
class _Client:
    left: float  # calls that may be made now
    at: float  # when `left` was right, seconds
    under_way: int = 0


class Rates:
    """Refuses with 429 and Retry-After whoever calls too often: a token bucket a client."""

    def __init__(
        self, app: ASGIApp, a_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Let each client make `a_second` calls a second, by `clock` (seconds)."""
        self.app = app
        self.a_second = a_second
        self.most = a_second * AT_ONCE
        self._clock = clock
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the call through if there is room for it; the page's own files cost nothing."""
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            return await self.app(scope, receive, send)
        client = self._of(_name(scope))
        wait = self._take(client)
        if wait:
            seconds = str(math.ceil(wait))
            answer = refusal(_TOO_OFTEN.format(seconds), 429, {"Retry-After": seconds})
            return await answer(scope, receive, send)
        client.under_way += 1
        try:
            return await self.app(scope, receive, send)
        finally:
            client.under_way -= 1

    def _of(self, name: str) -> _Client:
        client = self._clients.setdefault(name, _Client(self.most, self._clock()))
        self._clients.move_to_end(name)
        if len(self._clients) > CLIENTS:
            self._clients.popitem(last=False)
        return client

    def _take(self, client: _Client) -> float:
        """Take one call; or the seconds until there is one to take, above 0."""
        now = self._clock()
        client.left = min(self.most, client.left + (now - client.at) * self.a_second)
        client.at = now
        if client.left < 1:
            return (1 - client.left) / self.a_second
        if client.under_way >= OPEN:
            return 1.0
        client.left -= 1
        return 0.0


def _name(scope: Scope) -> str:
    user = scope.get("state", {}).get("user")
    return f"user:{user}" if user else f"address:{(scope.get('client') or ('',))[0]}"
