"""How many questions programs ask at once: each waits in a thread of its own for its turn.

A caller is a token, a user or an address; none of them may take all the places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

from anyio import CapacityLimiter

from rag.schema import Done, Event
from rag.web.api.problems import ProblemError
from rag.web.audit import Who
from rag.web.conversation import Waiting

ROOM = 32  # questions that wait or are answered at once; beyond it 503
SHARE = 16  # of them, those of one caller; beyond it 429
AGAIN = {"Retry-After": "5"}
_FULL = "Byline answers others; ask again in 5 seconds."
_ENOUGH = f"{SHARE} questions from here are under way; ask again when one is answered."


class Places:
    """Places for questions, and the threads that they wait in."""

    def __init__(self) -> None:
        """All places are free."""
        self.threads = CapacityLimiter(ROOM)
        self._taken = Counter[Who]()

    def take(self, who: Who) -> ExitStack:
        """Take a place, which is given back when what is returned closes.

        Raises:
            ProblemError: there is none (503), or this caller has his share (429).

        """
        if self._taken[who] >= SHARE:
            raise ProblemError(429, _ENOUGH, AGAIN)
        if self._taken.total() >= ROOM:
            raise ProblemError(503, _FULL, AGAIN)
        self._taken[who] += 1
        held = ExitStack()
        held.callback(self._give_back, who)
        return held

    def _give_back(self, who: Who) -> None:
        self._taken[who] -= 1
        if not self._taken[who]:
            del self._taken[who]


def last(events: Iterator[Event | Waiting]) -> Done:
    """Go through the events of an answer to the last."""
    *_, done = events
    assert isinstance(done, Done)  # always the last event
    return done
