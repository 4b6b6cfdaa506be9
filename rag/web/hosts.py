"""The first door: requests made under the server's own names, by its own page or by no page.

The setting `origins` lists sites whose pages may call the paths of programs, with a token of their
own: the cookie of who signed in on our page is not theirs to use, and is taken out.

A browser on this machine is a way in for every site that it shows. A page of another site is told
by the headers that browsers set and scripts cannot (Origin, Sec-Fetch-Site); a name that another
site has bound to this machine's address, by the Host header.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.web.api.callers import PATHS
from rag.web.replies import refusal, reply

PROBES = ("/healthz", "/readyz")  # asked by whatever name or address a supervisor knows
# Headers that pages of listed sites may send, and read: MCP's clients need both of its own.
_ASKED = ["authorization", "content-type", "mcp-protocol-version", "mcp-session-id"]
_SHOWN = ["retry-after", "mcp-session-id"]
_ANY_ADDRESS = ("0.0.0.0", "::", "")
_OTHER_NAME = (
    "Byline does not answer under the name {}. Open it by the address that it printed at its"
    " start, or add the name to the setting hosts."
)
_OTHER_SITE = "A page of another site may not use Byline."


class KnownHosts:
    """Refuses other names with 421 and other sites' pages with 403, unless they are listed."""

    def __init__(self, app: ASGIApp, names: Collection[str], origins: Collection[str] = ()) -> None:
        """Let requests to loopback, to the address asked itself and to `names` through."""
        self.app = app
        self.origins = frozenset(origin.casefold() for origin in origins)
        self._across = CORSMiddleware(
            app,
            allow_origins=[*self.origins],
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=_ASKED,
            expose_headers=_SHOWN,
        )
        self.names = frozenset(name.casefold() for name in names if name not in _ANY_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the headers alone."""
        if scope["type"] == "lifespan" or scope.get("path") in PROBES:
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._known(_name(host), scope):
            answer = refusal(_OTHER_NAME.format(repr(_name(host)[:100])), 421)
            return await reply(answer, scope, receive, send)
        if self._is_listed(headers, scope):
            return await self._across(_without_cookies(scope), receive, send)
        if _foreign(headers, host, scope):
            return await reply(refusal(_OTHER_SITE, 403), scope, receive, send)
        return await self.app(scope, receive, _without_cors(send))

    def _is_listed(self, headers: Headers, scope: Scope) -> bool:
        origin = headers.get("origin", "").casefold()
        return (
            scope["type"] == "http"
            and origin in self.origins
            and PATHS.fullmatch(scope["path"]) is not None
        )

    def _known(self, name: str, scope: Scope) -> bool:
        if name in self.names or name == "localhost":
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        # An address, unlike a name, cannot be bound to this machine by somebody else.
        asked = (scope.get("server") or ("",))[0]
        return address.is_loopback or str(address) == asked


def _without_cookies(scope: Scope) -> Scope:
    return {**scope, "headers": [item for item in scope["headers"] if item[0] != b"cookie"]}


def _name(host: str) -> str:
    """The name of a Host header, without its port and brackets, in lower case; "" for nonsense."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _foreign(headers: Headers, host: str, scope: Scope) -> bool:
    """Was this sent by a page of another site? Following a link to a page of ours is not that."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None:
        return urlsplit(origin).netloc.casefold() != host.casefold()
    if site in (None, "same-origin", "none"):
        return False
    visits = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") in ("GET", "HEAD")
    return not visits or headers.get("sec-fetch-dest") not in (None, "document")


def _without_cors(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [key for key in headers if key.startswith("access-control-")]:
                del headers[name]
        await send(message)

    return sending
