"""How many questions programs ask at once: each waits in a thread of its own for its turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from anyio import CapacityLimiter

from rag.schema import Done, Event
from rag.web.api.problems import ProblemError
from rag.web.conversation import Waiting

ROOM = 32  # questions that wait or are answered at once; beyond it 503
AGAIN = {"Retry-After": "5"}
_FULL = "Byline answers others; ask again in 5 seconds."


class Places:
    """Places for questions, and the threads that they wait in."""

    def __init__(self) -> None:
        """All places are free."""
        self.threads = CapacityLimiter(ROOM)
        self._left = ROOM

    def take(self) -> ExitStack:
        """Take a place, which is given back when what is returned closes.

        Raises:
            ProblemError: there is none (503).

        """
        if not self._left:
            raise ProblemError(503, _FULL, AGAIN)
        self._left -= 1
        held = ExitStack()
        held.callback(self._give_back)
        return held

    def _give_back(self) -> None:
        self._left += 1


def last(events: Iterator[Event | Waiting]) -> Done:
    """Go through the events of an answer to the last."""
    *_, done = events
    assert isinstance(done, Done)  # always the last event
    return done
