"""HTTP around the page: where it may listen, which headers it sends, when it is ready.

Knows no gradio: `app.py` gives it the page as an ASGI application.
"""

from __future__ import annotations

import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import SettingsError
from rag.settings import Settings, is_loopback
from rag.web.api.callers import PATHS
from rag.web.login import is_needed

READY_WITHIN = 60.0  # seconds
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # never by way of a proxy
HEADERS = {
    # 'unsafe-eval' is what gradio's js_on_load needs; nothing may come from, or go to, elsewhere.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'; font-src 'self' data:; "
        "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    ),
    # Not "no-referrer": a form's own POST would then come with "Origin: null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


# Events reach who waits as they come: nginx, for one, would hold them back until there are many.
_AS_IT_COMES = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}


class SecurityHeaders:
    """Adds `HEADERS` to each response, streams included, which no proxy is to hold back."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; touch only the start of a response."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if headers.get("content-type", "").startswith("text/event-stream"):
                    headers.update(_AS_IT_COMES)
                elif PATHS.fullmatch(scope["path"]):  # articles and answers are not for caches
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


def listen(settings: Settings) -> socket.socket:
    """Open the socket that the settings ask for, if they may have it.

    Raises:
        SettingsError: others could reach it and no password is set, or the port is taken.

    """
    host, port = settings.host, settings.port
    if not is_needed(settings) and not is_loopback(host):
        raise SettingsError(
            f"host {host} lets others in: set auth to user:password or users to a file (byline "
            "user add), or host to 127.0.0.1."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {host} port {port} ({error.strerror}): choose another with --port."
        ) from error


def address(settings: Settings, listener: socket.socket) -> str:
    """Return the URL that a browser on this machine opens."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"


def when_ready(url: str, on_ready: Callable[[str], None]) -> None:
    """Call `on_ready(url)` from a thread once both /healthz and the page answer."""
    threading.Thread(target=_announce, args=(url, on_ready), daemon=True).start()


def _announce(url: str, on_ready: Callable[[str], None]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if _answers(f"{url}/healthz") and _answers(f"{url}/"):
            return on_ready(url)
        time.sleep(0.05)
    return None


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError as error:
        return error.code == 401  # the page is there, behind its password
    except OSError:
        return False
