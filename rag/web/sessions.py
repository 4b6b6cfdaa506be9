"""Who is signed in: random tokens, of which only the hashes are kept.

In memory: a restart of the server ends all sessions.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

LASTS = 12 * 3600.0  # seconds without a request
MOST = 100  # sessions of one user: programs sign in anew each time they run


@dataclass(frozen=True, slots=True)
class Session:
    """Whose it is; `mark` is his stored hash when he signed in: another one ends the session."""

    user: str
    mark: str
    ends: float  # by the clock of `Sessions`


class Sessions:
    """All sessions, the one that was used last at the end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count seconds by `clock`."""
        self._clock = clock
        self._held: OrderedDict[bytes, Session] = OrderedDict()

    def open(self, user: str, mark: str) -> str:
        """Begin a session and return its token; the user's least used one goes if he has many."""
        self._drop_ended()
        his = [key for key, session in self._held.items() if session.user == user]
        for key in his[: len(his) - MOST + 1]:
            del self._held[key]
        token = secrets.token_urlsafe(32)
        self._held[_key(token)] = Session(user, mark, self._clock() + LASTS)
        return token

    def find(self, token: str, *, used: bool = True) -> Session | None:
        """Return the session of a token and, if it is `used`, let it last from now on."""
        self._drop_ended()
        session = self._held.get(_key(token))
        if session is not None and used:
            self._held[_key(token)] = replace(session, ends=self._clock() + LASTS)
            self._held.move_to_end(_key(token))
        return session

    def close(self, token: str) -> Session | None:
        """End a session; returns it if there was one."""
        return self._held.pop(_key(token), None)

    def _drop_ended(self) -> None:
        """All last equally long after their last use, so that the first ends first."""
        while self._held and next(iter(self._held.values())).ends <= self._clock():
            self._held.popitem(last=False)


def _key(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
