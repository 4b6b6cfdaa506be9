"""How long to wait after wrong logins, by who tried from where.

No stranger locks a user out: a wait is laid on an address that failed itself, never on the name.
What others failed at under a name only lengthens the wait of an address that fails at it too.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

HELD = 10_000  # names, addresses and pairs of both that are remembered, of each
FORGOTTEN = 3600.0  # seconds after the last wrong login


@dataclass(frozen=True, slots=True)
class Rule:
    """So many wrong logins cost no wait; then 1 second, twice as long each time, up to `most`."""

    free: int
    most: float  # seconds

    def wait(self, wrong: int) -> float:
        """Return the seconds to wait after the last of so many wrong logins."""
        over = min(wrong - self.free, 30)
        return 0.0 if over <= 0 else min(2.0 ** (over - 1), self.most)


PAIR = Rule(free=3, most=900)  # one name from one address
ADDRESS = Rule(free=10, most=60)  # any name from one address, which a whole office may share
NAME = Rule(free=20, most=30)  # one name from anywhere


@dataclass(slots=True)
class _Tried:
    wrong: int = 0
    until: float = 0.0
    last: float = 0.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login that counts as wrong until it is known to be right; with what it was counted in."""

    pair: tuple[str, str]
    counted: tuple[tuple[_Tried, float], ...]


class Throttle:
    """What was tried, in bounded memory: what was tried longest ago is forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Count seconds by `clock`."""
        self._clock = clock
        self._tried: dict[str, OrderedDict[Hashable, _Tried]] = {
            kind: OrderedDict() for kind in ("pair", "address", "name")
        }
        self._right: OrderedDict[Hashable, None] = OrderedDict()

    def seconds_left(self, name: str, client: str) -> int:
        """Return how long this login has to wait, in whole seconds; 0: it may be tried."""
        pair = (name, network(client))
        until = self._of("pair", pair).until
        if pair not in self._right:  # who signed in from here before waits for his own errors alone
            until = max(until, self._of("address", pair[1]).until)
        return max(0, math.ceil(until - self._clock()))

    def wrong(self, name: str, client: str) -> Attempt:
        """Count a login as wrong: before it is checked, or many at once would all be free."""
        pair, now = (name, network(client)), self._clock()
        by_name, by_pair = self._count("name", name), self._count("pair", pair)
        by_pair.until = now + PAIR.wait(by_pair.wrong)
        if by_pair.wrong > 1:  # a first slip costs nothing, whoever else is at the name
            by_pair.until = max(by_pair.until, now + NAME.wait(by_name.wrong))
        counted = [by_name, by_pair]
        if pair not in self._right:
            counted.append(self._count("address", pair[1]))
            counted[-1].until = now + ADDRESS.wait(counted[-1].wrong)
        return Attempt(pair, tuple((tried, tried.until) for tried in counted))

    def right(self, attempt: Attempt) -> None:
        """Take the count of a login back: it was right."""
        self.unchecked(attempt)
        self._tried["pair"].pop(attempt.pair, None)
        self._right[attempt.pair] = None
        self._right.move_to_end(attempt.pair)
        _bound(self._right)

    def unchecked(self, attempt: Attempt) -> None:
        """Take the count of a login back: nobody looked at the password."""
        for tried, until in attempt.counted:
            tried.wrong = max(0, tried.wrong - 1)
            if tried.until == until:  # else another login was wrong meanwhile
                tried.until = min(until, self._clock())

    def _of(self, kind: str, key: Hashable) -> _Tried:
        tried = self._tried[kind].get(key)
        if tried is None or tried.last + FORGOTTEN <= self._clock():
            return _Tried()
        return tried

    def _count(self, kind: str, key: Hashable) -> _Tried:
        tried = self._of(kind, key)
        tried.wrong, tried.last = tried.wrong + 1, self._clock()
        self._tried[kind][key] = tried
        self._tried[kind].move_to_end(key)
        _bound(self._tried[kind])
        return tried


def network(client: str) -> str:
    """Return what stands for one client: its IPv4 address, or the /64 that IPv6 gives everybody."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _bound(held: OrderedDict[Hashable, Any]) -> None:
    while len(held) > HELD:
        held.popitem(last=False)


def in_words(seconds: int) -> str:
    """Say a wait: "1 second", "40 seconds", "3 minutes"."""
    number, unit = (seconds, "second") if seconds < 90 else (-(-seconds // 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"
