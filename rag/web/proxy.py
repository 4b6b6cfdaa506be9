"""A proxy in front: what it says of its visitors is believed, and nobody else is."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from rag.settings import Settings, networks, user_name_fault

Headers = list[tuple[bytes, bytes]]
_SAID = (b"forwarded", b"x-forwarded-")  # what only a proxy has to say begins so


class Forwarded:
    """Makes the visitor of the proxy the client of the request, with his address and scheme.

    Stands in front of all that asks where a request is from. From anybody but the proxy, headers
    that only it may send are taken out. Whom it has signed in is in `scope["state"]["proxy_user"]`.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Wrap `app`."""
        self.app = app
        self._trusted = networks(settings.proxy)
        self._header = settings.proxy_user_header.lower().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, seen as it came to the proxy."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        given: Headers = list(scope["headers"])
        mine = (self._header,) if self._header else ()
        scope = {**scope, "state": {**scope.get("state", {})}}
        if self._is_proxy(_host(scope)):
            kept = [item for item in given if item[0] not in mine]
            scope["client"] = (self._visitor(given, _host(scope)), 0)
            scope["scheme"] = _scheme(given, scope["scheme"])
            scope["state"]["proxy_user"] = self._user(given)
        else:
            kept = [item for item in given if item[0] not in mine and not item[0].startswith(_SAID)]
        scope["headers"] = kept
        return await self.app(scope, receive, send)

    def _is_proxy(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return any((mapped or address) in network for network in self._trusted)

    def _visitor(self, headers: Headers, proxy: str) -> str:
        """Return the last address of the chain that is no proxy: what stands before it, he says."""
        chain = ",".join(_values(headers, b"x-forwarded-for")).split(",")
        for word in (part.strip() for part in reversed(chain)):
            if not _is_address(word):
                break
            if not self._is_proxy(word):
                return word
        return proxy

    def _user(self, headers: Headers) -> str | None:
        """Return whom the proxy names; None where it names nobody, or two: one may be forged."""
        if not self._header:
            return None
        named = list(_values(headers, self._header))
        return named[0] if len(named) == 1 and not user_name_fault(named[0]) else None


def _host(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _scheme(headers: Headers, before: str) -> str:
    """Return "https", or "wss" of a websocket, where the visitor reached the proxy by it."""
    said = ",".join(_values(headers, b"x-forwarded-proto")).split(",")[-1].strip().lower()
    secure = {"http": "https", "ws": "wss"}
    return secure.get(before, before) if said in ("https", "wss") else before


def _values(headers: Headers, name: bytes) -> Iterable[str]:
    return (value.decode("utf-8", "replace") for key, value in headers if key == name)


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True
