"""The door: where users are set, nothing passes without a session but signing in itself.

A middleware in front of every route, so that a new one is shut by default.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import BylineError
from rag.settings import Settings
from rag.web import audit
from rag.web.hosts import PROBES
from rag.web.html.elements import printed
from rag.web.replies import NOT_KEPT, refusal, reply, said, wants_page
from rag.web.sessions import Sessions
from rag.web.throttle import Throttle, in_words
from rag.web.users import Users, composed, is_right, known, who_may

LOGIN, LOGOUT = "/login", "/logout"
STATE = "/state"  # see `rag.web.health`
WRONG = "The name or the password is not right."
_LARGEST_FORM = 16_384  # bytes
_FORM_WITHIN = 10.0  # seconds that a form may take to arrive
_HASHING = 2  # passwords checked at once: each takes 64 MiB and a tenth of a second of a core
_WAITING = 20  # that may wait for it; more are told to come again

logger = logging.getLogger(__name__)


def door(settings: Settings) -> Callable[[ASGIApp], ASGIApp] | None:
    """Return what puts the door that the settings ask for before an application; None for none.

    Raises:
        SettingsError: the file of users cannot be used.

    """
    users = who_may(settings)
    if users is not None:
        return partial(Door, users=users, folder=settings.index)
    return ProxyDoor if settings.proxy_user_header else None


def is_needed(settings: Settings) -> bool:
    """Say whether the settings let nobody in without a name."""
    return bool(settings.auth or settings.users or settings.proxy_user_header)


def user_of(connection: HTTPConnection) -> str | None:
    """Return who is signed in; None where nobody has to."""
    user: str | None = getattr(connection.state, "user", None)
    return user


class ProxyDoor:
    """Lets those in whom the proxy names (see `rag.web.proxy`), and nobody else."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the proxy sends for a user."""
        user = scope.get("state", {}).get("proxy_user")
        if scope["type"] == "lifespan" or scope["path"] in PROBES:
            await self.app(scope, receive, send)
        elif user is None:
            words = "Come by way of the proxy, and sign in there."
            await reply(refusal(words), scope, receive, send)
        else:
            await self.app(_signed_in(scope, user), receive, send)


class Door:
    """Signs users in and out, and lets no others in."""

    def __init__(
        self,
        app: ASGIApp,
        users: Callable[[], Users],
        folder: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Wrap `app`; what happens at the door is recorded in `folder`."""
        self.app = app
        self._users = users
        self._folder = folder
        self._sessions = Sessions(clock)
        self._throttle = Throttle(clock)
        self._hashing = asyncio.Semaphore(_HASHING)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what a signed-in user sends."""
        if scope["type"] == "lifespan" or scope["path"] in PROBES:
            return await self.app(scope, receive, send)
        try:
            user = await self._user(scope)
            if scope["type"] == "http" and scope["path"] in (LOGIN, LOGOUT):
                answer = await self._own(Request(scope, receive), user)
            elif user is not None:
                return await self.app(_signed_in(scope, user), receive, send)
            else:
                answer = _sent_away(scope)
        except BylineError as error:
            logger.error("%s", error)
            answer = refusal("Nobody can be let in now. The server's log says why.", 503)
        return await reply(answer, scope, receive, send)

    async def _user(self, scope: Scope) -> str | None:
        """Return whose session the request has, if the user is still one, with that password."""
        token = HTTPConnection(scope).cookies.get(_cookie(scope), "")
        # An open page asks by itself whether anything has changed: that is no use made of it.
        session = self._sessions.find(token, used=scope["path"] != STATE) if token else None
        if session is None:
            return None
        if (await self._now()).get(session.user) != session.mark:
            self._sessions.close(token)
            return None
        return session.user

    async def _now(self) -> Users:
        return await run_in_threadpool(self._users)  # it may ask a database

    async def _own(self, request: Request, user: str | None) -> Response:
        """Answer the door's own routes."""
        if request.url.path == LOGOUT and request.method == "POST":
            return self._logout(request, user)
        if request.url.path == LOGIN and request.method == "POST":
            return await self._login(request)
        if request.url.path == LOGIN and request.method in ("GET", "HEAD"):
            after = local_path(request.query_params.get("next", ""))
            return RedirectResponse(after, 303, NOT_KEPT) if user else _page(after)
        allowed = "POST" if request.url.path == LOGOUT else "GET, HEAD, POST"
        return refusal("This is not done here.", 405, {"Allow": allowed})

    async def _login(self, request: Request) -> Response:
        try:
            form = await asyncio.wait_for(_form(request), _FORM_WITHIN)
        except TimeoutError:
            return refusal("The form did not arrive in time.", 408)
        except _BadForm as error:
            return refusal(*error.args)
        # Longer than any name: what is remembered of it stays small.
        name, after = composed(form["username"].strip())[:100], local_path(form["next"])
        client = request.client.host if request.client else ""
        seconds = self._throttle.seconds_left(name, client)
        if seconds:
            words = f"Too many wrong tries. Try again in {in_words(seconds)}."
            return _refused(request, words, 429, after, name, {"Retry-After": str(seconds)})
        users = await self._now()
        attempt = self._throttle.wrong(name, client)
        if self._waiting >= _WAITING:
            self._throttle.unchecked(attempt)
            words = "Many are signing in just now. Try again in a moment."
            return _refused(request, words, 503, after, name, {"Retry-After": "2"})
        right = await self._checked(users, name, form["password"])
        # Not the name of nobody: it may be a password in the wrong field.
        who = audit.Who(known(users, name), client)
        audit.record(self._folder, who, "sign in", done=right)
        if not right:
            return _refused(request, WRONG, 401, after, name)
        self._throttle.right(attempt)
        return self._welcome(request, who.user, users[who.user], after)

    async def _checked(self, users: Users, name: str, password: str) -> bool:
        self._waiting += 1
        try:
            async with self._hashing:
                return await asyncio.to_thread(is_right, users, name, password)
        finally:
            self._waiting -= 1

    def _welcome(self, request: Request, user: str, mark: str, after: str) -> Response:
        """Begin a new session, whatever token came with the request: it may be somebody else's."""
        self._sessions.close(request.cookies.get(_cookie(request.scope), ""))
        answer: Response = said({"success": True})
        if wants_page(request.scope):
            answer = RedirectResponse(after, 303, NOT_KEPT)
        # Lax, not Strict: a link in a mail to an answer opens it for who is signed in. No GET
        # changes anything.
        answer.set_cookie(
            _cookie(request.scope),
            self._sessions.open(user, mark),
            path="/",
            secure=_is_secure(request.scope),
            httponly=True,
            samesite="lax",
        )
        return answer

    def _logout(self, request: Request, user: str | None) -> Response:
        cookie = _cookie(request.scope)
        self._sessions.close(request.cookies.get(cookie, ""))
        if user is not None:
            client = request.client.host if request.client else ""
            audit.record(self._folder, audit.Who(user, client), "sign out")
        answer: Response = said({"success": True})
        if wants_page(request.scope):
            answer = RedirectResponse(LOGIN, 303, NOT_KEPT)
        answer.delete_cookie(cookie, secure=_is_secure(request.scope), httponly=True)
        return answer


def local_path(after: str) -> str:
    """Return where to go after signing in: `after` if it is a path of this server, else "/".

    Browsers read a backslash as a slash, and leave out tabs and ends of lines between slashes.
    """
    odd = any(character <= " " or character in "\\\x7f" for character in after)
    if odd or len(after) > 2000 or not after.startswith("/") or after.startswith("//"):
        return "/"
    try:
        parts = urlsplit(after)
    except ValueError:
        return "/"
    inside = parts.scheme == parts.netloc == "" and parts.path not in (LOGIN, LOGOUT)
    return after if inside else "/"


class _BadForm(Exception):
    """Words and the status to refuse the form with."""


async def _form(request: Request) -> dict[str, str]:
    """Read the fields of a login; those that are missing are empty. Raises _BadForm."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise _BadForm("Send a form: application/x-www-form-urlencoded.", 415)
    try:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_FORM:
                raise _BadForm("The form is too large.", 413)
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=10)
    except (ValueError, ClientDisconnect) as error:
        raise _BadForm("The form cannot be read.", 400) from error
    return {name: fields.get(name, [""])[0] for name in ("username", "password", "next")}


def _sent_away(scope: Scope) -> Response:
    """Send a browser to the login page, and tell all others that they need a session."""
    if wants_page(scope) and scope["method"] in ("GET", "HEAD"):
        query = scope["query_string"].decode("latin-1")
        path = quote(scope["path"], safe="/", errors="replace")
        after = local_path(f"{path}?{query}" if query else path)
        where = f"{LOGIN}?{urlencode({'next': after})}" if after != "/" else LOGIN
        return RedirectResponse(where, 303, NOT_KEPT)
    # The open page shows these words too, when its session has ended.
    words = f"You are not signed in. Load the page again, or send name and password to {LOGIN}."
    return refusal(words)


def _page(
    after: str,
    problem: str = "",
    name: str = "",
    status: int = 200,
    headers: Mapping[str, str] = NOT_KEPT,
) -> Response:
    page = printed("login", "login", after, problem, name)
    return HTMLResponse(page, status, {**NOT_KEPT, **headers})


def _refused(
    request: Request,
    words: str,
    status: int,
    after: str,
    name: str,
    headers: Mapping[str, str] = NOT_KEPT,
) -> Response:
    if wants_page(request.scope):
        return _page(after, words, name, status, headers)
    return refusal(words, status, headers)


def _signed_in(scope: Scope, user: str) -> Scope:
    return {**scope, "state": {**scope.get("state", {}), "user": user}}


def _is_secure(scope: Scope) -> bool:
    return scope["scheme"] in ("https", "wss")


def _cookie(scope: Scope) -> str:
    """Return the cookie's name. With the port: a host's cookies go to all of its servers."""
    port = (scope.get("server") or ("", 0))[1]
    # By https no other host of the domain can set one of this name.
    return f"{'__Host-' if _is_secure(scope) else ''}byline-{port}"
