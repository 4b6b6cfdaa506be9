"""MCP over HTTP, put together when it is first called: to import it takes the start a second."""

from __future__ import annotations

import logging
from asyncio import Event
from typing import TYPE_CHECKING

from anyio import sleep_forever, to_thread
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.resources import Resources
from rag.web import room
from rag.web.api import problems
from rag.web.replies import refusal

if TYPE_CHECKING:
    from mcp.server import MCPServer

logger = logging.getLogger(__name__)
_BROKEN = "MCP cannot be served: the server's log says why."


class Served:
    """An ASGI application; it answers while `run` does."""

    def __init__(self, resources: Resources) -> None:
        """Nothing is imported yet."""
        self._resources = resources
        self._wanted, self._ready = Event(), Event()
        self._app: ASGIApp = refusal(_BROKEN, 500)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; the first wait until it is there."""
        self._wanted.set()
        await self._ready.wait()
        await self._app(scope, receive, send)

    async def run(self) -> None:
        """Wait until it is wanted, then hold it open until cancelled."""
        await self._wanted.wait()
        try:
            made = await to_thread.run_sync(self._made)
        except Exception:  # another version of the package may fail in any way: the page goes on
            logger.exception("MCP cannot be served.")
            self._ready.set()
            return
        async with made.session_manager.run():
            self._ready.set()
            await sleep_forever()

    def _made(self) -> MCPServer:
        from mcp.server.transport_security import TransportSecuritySettings

        from rag.integrations.mcp_server import mcp_server

        made = mcp_server(self._resources, answered=room.answered, words=problems.words)
        trusting = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        app = made.streamable_http_app(stateless_http=True, transport_security=trusting)
        self._app = app.router  # without the middleware of an application of its own
        return made
