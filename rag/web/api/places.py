"""How many questions programs ask at once: each waits in a thread of its own for its turn.

A caller is a token, a user or an address; none of them may take all the places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import ExitStack
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from rag.schema import Done, Event
from rag.web.api.problems import ProblemError
from rag.web.audit import Who
from rag.web.conversation import Waiting

ROOM = 64  # questions that wait or are answered at once; beyond it 503
SHARE = 16  # of them, those of one caller; beyond it 429
STREAM = "text/event-stream"
AGAIN = {"Retry-After": "5"}
_FULL = "Byline answers others; ask again in 5 seconds."
_ENOUGH = f"{SHARE} questions from here are under way; ask again when one is answered."
_LEFT = "Nobody waits for this answer any more."

Result = TypeVar("Result")
Events = Generator[Event | Waiting, None, None]


class Places:
    """Places for questions, and the threads that they wait in."""

    def __init__(self) -> None:
        """All places are free."""
        self.threads = CapacityLimiter(ROOM)
        self._taken = Counter[str]()

    def take(self, who: Who, events: Events | None = None) -> ExitStack:
        """Take a place, which is given back when what is returned closes; so do `events`.

        Raises:
            ProblemError: there is none (503), or this caller has his share (429).

        """
        name = who.user or who.client  # a token is one caller, wherever it is used
        if self._taken[name] >= SHARE:
            raise ProblemError(429, _ENOUGH, AGAIN)
        if self._taken.total() >= ROOM:
            raise ProblemError(503, _FULL, AGAIN)
        self._taken[name] += 1
        held = ExitStack()
        held.callback(self._give_back, name)
        if events is not None:
            held.callback(events.close)
        return held

    async def done(self, who: Who, work: Callable[[], Result]) -> Result:
        """Do it in a thread, in a place of its own. Raises ProblemError as `take` does."""
        with self.take(who):
            return await to_thread.run_sync(work, limiter=self.threads)

    async def step(self, events: Events) -> Event | Waiting | None:
        """Wait in a thread for the next event of an answer; None: it has come to its end."""
        return await to_thread.run_sync(next, events, None, limiter=self.threads)

    async def last(self, events: Events, request: Request) -> Done:
        """Go through the events of an answer to the last.

        Raises:
            ProblemError: whoever asked has hung up. Nobody reads it; the place is free again.

        """
        done = None
        while (event := await self.step(events)) is not None:
            done = event
            if await request.is_disconnected():
                raise ProblemError(408, _LEFT)
        assert isinstance(done, Done)  # always the last event
        return done

    def _give_back(self, name: str) -> None:
        self._taken[name] -= 1
        if not self._taken[name]:
            del self._taken[name]


class Streamed(StreamingResponse):
    """An answer as it grows. Its place is given back however that ends, even before it began."""

    def __init__(self, held: ExitStack, lines: AsyncIterator[bytes]) -> None:
        """Send `lines`, server-sent events; then close `held`."""
        super().__init__(lines, media_type=STREAM)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them until the last, or until whoever asked hangs up."""
        with self._held:
            await super().__call__(scope, receive, send)
