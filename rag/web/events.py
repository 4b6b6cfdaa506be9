"""The last door, before gradio: its routes that the page needs, with arguments that a page sends.

All else that gradio serves (files by their path, addresses to fetch, runs, recordings …) is not
there. A browser that opens the page gets a cookie; only with it does it upload files, known from
then on by tokens, and send the page's own events. Nothing that arrives names a path, and no path
leaves.
"""

from __future__ import annotations

import json
import re
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.web.api.callers import PATHS
from rag.web.arguments import CallError, Endpoint, checked, told
from rag.web.replies import refusal, said

COOKIE = "byline-visit"
VISITS = 2000  # browsers remembered at once
UPLOADS = 3000  # files that one browser may have uploaded and not added yet
AGAIN = 5  # seconds after which a refused question may be asked again
_API = "/gradio_api"
_READ = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/(?:assets|static|svelte)(?:/[\w@-][\w.@-]*)+|/healthz|/readyz|/ahead|/state"
    rf"|{_API}/(?:info/?|theme\.css|startup-events|app_id/?|queue/data|upload_progress)"
    rf"|{_API}/heartbeat/\w{{1,64}}"
)
_HEARTBEAT = re.compile(rf"{_API}/heartbeat/(\w{{1,64}})")
_SESSION = re.compile(r"[\w-]{1,64}")
_FIRST = "Open the page first: this belongs to a browser that shows it."
_UNREADABLE = "The call is no JSON object with the values of an event."
_FAILED = "The call could not be taken."
_BUSY = "{} ahead of you, and there is no room for more. Ask again in {} seconds."
_STOPPED = "Byline cannot take questions at the moment. Ask again in {} seconds."


@dataclass(slots=True)
class _Visit:
    """What one browser has sent."""

    uploads: OrderedDict[str, str] = field(default_factory=OrderedDict)  # token -> path
    events: deque[str] = field(default_factory=lambda: deque(maxlen=8))  # the newest that it sent


@dataclass(frozen=True, slots=True)
class Waiting:
    """How it stands with gradio's queue: who waits in all, and before an event."""

    size: Callable[[], int]
    ahead: Callable[[str], int]  # of an event's id: people before it; 0 when it has begun
    opened: Callable[[str], None]  # of a session: its page is open, whatever was heard before


class Events:
    """Passes on what a page of ours sends; all else is not there (404) or refused (4xx)."""

    def __init__(
        self, app: ASGIApp, endpoints: Mapping[int, Endpoint], waiting: Waiting, upload_mb: int
    ) -> None:
        """Know the page's events by gradio's numbers; files have at most `upload_mb` MB."""
        self.app = app
        self.endpoints = endpoints
        self.waiting = waiting
        self.too_large = f"A file may have at most {upload_mb} MB."
        self._visits: OrderedDict[str, _Visit] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find the way that the method and the path ask for."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send) if scope["type"] == "lifespan" else None
        method, path = scope["method"], scope["path"]
        if PATHS.fullmatch(path):  # not gradio's
            return await self.app(scope, receive, send)
        if method in ("GET", "HEAD") and _READ.fullmatch(path):
            return await self._read(scope, receive, send)
        posts = {
            f"{_API}/queue/join": self._join,
            f"{_API}/upload": self._upload,
            f"{_API}/cancel": self._small,
            f"{_API}/reset": self._small,
        }
        act = posts.get(path.rstrip("/"))
        try:
            if method == "POST" and act:
                answer = await act(scope, receive)
            else:
                answer = refusal("There is nothing here.", 404)
        except CallError as error:
            answer = refusal(str(error), 400)
        return await answer(scope, receive, send)

    # --- reading

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/ahead":
            visit = self._visit(scope)
            ahead = max(map(self.waiting.ahead, visit.events), default=0) if visit else 0
            return await said({"ahead": ahead})(scope, receive, send)
        if beat := _HEARTBEAT.fullmatch(scope["path"]):
            self.waiting.opened(beat[1])
        if scope["path"] == "/" and not _cookie(scope):
            send = _introduced(send, scope)
        return await self.app(scope, receive, send)

    # --- calling

    async def _join(self, scope: Scope, receive: Receive) -> Response:
        given = await _object(receive)
        endpoint = self.endpoints.get(given.get("fn_index"))  # type: ignore[arg-type]
        session, trigger = given.get("session_hash"), given.get("trigger_id")
        if endpoint is None or not isinstance(session, str) or not _SESSION.fullmatch(session):
            raise CallError(_UNREADABLE)
        visit = self._visit(scope)
        if visit is None:
            return refusal(_FIRST, 403)
        body = {
            "data": checked(given.get("data"), endpoint, visit.uploads),
            "event_data": told(given.get("event_data")),
            "fn_index": given["fn_index"],
            "session_hash": session,
            "trigger_id": trigger if isinstance(trigger, int) else None,
        }
        return await self._queued(body, scope, visit)

    async def _queued(self, body: Any, scope: Scope, visit: _Visit) -> Response:
        status, answer = await self._passed(scope, json.dumps(body).encode())
        if status == 503:
            waiting = self.waiting.size()
            people = "1 person is" if waiting == 1 else f"{waiting} people are"
            sentence = _BUSY.format(people, AGAIN) if waiting else _STOPPED.format(AGAIN)
            return refusal(sentence, 503, {"Retry-After": str(AGAIN)})
        if status != 200:
            return refusal(_FAILED, status)
        event = json.loads(answer)
        visit.events.append(event["event_id"])
        return said(event)

    async def _small(self, scope: Scope, receive: Receive) -> Response:
        given = await _object(receive)
        names = ("session_hash", "fn_index", "event_id")
        body = {name: value for name in names if isinstance(value := given.get(name), str | int)}
        status, answer = await self._passed(scope, json.dumps(body).encode())
        if status != 200:
            return refusal(_FAILED, 400)
        return said(json.loads(answer))

    async def _passed(self, scope: Scope, body: bytes) -> tuple[int, bytes]:
        """Send `body` on in place of what came."""
        kept = [
            (name, value)
            for name, value in scope["headers"]
            if name not in (b"content-length", b"content-type", b"accept-encoding")
        ]
        own = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        changed = {**scope, "headers": [*kept, *own]}
        message: Message = {"type": "http.request", "body": body, "more_body": False}
        return await _answer(self.app, changed, _once(message))

    # --- uploading

    async def _upload(self, scope: Scope, receive: Receive) -> Response:
        visit = self._visit(scope)
        if visit is None:
            return refusal(_FIRST, 403)
        headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        status, answer = await _answer(self.app, {**scope, "headers": headers}, receive)
        if status == 413:
            return refusal(self.too_large, 413)
        if status != 200:
            return refusal("The upload could not be read.", 400)
        tokens = []
        for path in json.loads(answer):
            token = f"{secrets.token_urlsafe(18)}/{Path(path).name}"
            visit.uploads[token] = path
            tokens.append(token)
        while len(visit.uploads) > UPLOADS:
            visit.uploads.popitem(last=False)
        return said(tokens)

    def _visit(self, scope: Scope) -> _Visit | None:
        """The browser that this comes from; None if it has not opened the page."""
        cookie = _cookie(scope)
        if not cookie:
            return None
        name = f"{scope.get('state', {}).get('user', '')}:{cookie}"
        visit = self._visits.setdefault(name, _Visit())
        self._visits.move_to_end(name)
        if len(self._visits) > VISITS:
            self._visits.popitem(last=False)
        return visit


def _cookie(scope: Scope) -> str:
    try:
        given = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return given.value if given and re.fullmatch(r"[\w-]{32}", given.value) else ""


def _introduced(send: Send, scope: Scope) -> Send:
    """Give the browser its cookie with the page."""
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    cookie = f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; SameSite=Strict{secure}"

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return sending


async def _object(receive: Receive) -> dict[str, Any]:
    """Read a body that must be a JSON object. Raises CallError."""
    chunks = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise CallError(_UNREADABLE)
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    try:
        given = json.loads(b"".join(chunks))
    except (ValueError, RecursionError):
        raise CallError(_UNREADABLE) from None
    if not isinstance(given, dict):
        raise CallError(_UNREADABLE)
    return given


def _once(message: Message) -> Receive:
    left = [message]

    async def receive() -> Message:
        return left.pop() if left else {"type": "http.disconnect"}

    return receive


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, bytes]:
    """Let `app` answer, and keep the whole of it: status and body."""
    status, body = 500, b""

    async def keep(message: Message) -> None:
        nonlocal status, body
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body += message.get("body", b"")

    await app(scope, receive, keep)
    return status, body
