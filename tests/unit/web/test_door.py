"""The door behind a proxy, and what its clock does, without a server around it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from rag.errors import SettingsError
from rag.settings import Settings
from rag.web import events, login, page, users
from rag.web.api import adding, places
from rag.web.login import Door, is_needed, user_of
from rag.web.proxy import Forwarded
from rag.web.sessions import LASTS
from tests.unit.web.on_its_own import run

FORM = b"username=anna&password=secret"
PROXY = "10.0.0.1"


def told(request: Request) -> JSONResponse:
    return JSONResponse({"user": user_of(request)})


def send(
    app: Any,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    client: str = PROXY,
    is_whole: bool = True,
    is_gone: bool = False,
    **headers: str,
) -> tuple[int, dict[str, str], Any]:
    """Return status, headers and body of one request."""
    given = {"content-type": "application/x-www-form-urlencoded", **headers}
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(n.replace("_", "-").encode(), v.encode()) for n, v in given.items()],
        "client": (client, 1),
        "server": ("10.0.0.2", 7860),
    }
    sent: list[Any] = []

    arriving = [{"type": "http.request", "body": body, "more_body": is_gone or not is_whole}]

    async def receive() -> Any:
        if not arriving and not is_gone:
            await asyncio.Event().wait()
        return arriving.pop() if arriving else {"type": "http.disconnect"}

    async def keep(message: Any) -> None:
        sent.append(message)

    run(app(scope, receive, keep))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    text = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], found, json.loads(text) if text else None


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Any]:
    def build(**given: str) -> Any:
        settings = Settings(index=tmp_path, **given)  # type: ignore[arg-type]
        app = Starlette(routes=[Route("/", told), Route("/healthz", told)])
        door = login.door(settings)
        if door is not None:
            app.add_middleware(door)
        app.add_middleware(Forwarded, settings=settings)
        return app

    return build


def test_nobody_has_to_sign_in_where_nothing_is_set(build: Callable[..., Any]) -> None:
    assert send(build(), "GET", "/")[2] == {"user": None}
    assert not is_needed(Settings())


def test_behind_a_proxy_by_https_the_cookie_is_for_https(
    build: Callable[..., Any], tmp_path: Path
) -> None:
    app = build(auth="anna:secret", proxy=PROXY)
    secure = {"x_forwarded_proto": "https", "x_forwarded_for": "203.0.113.9"}
    status, headers, _ = send(app, "POST", "/login", FORM, **secure)
    assert status == 200
    cookie = headers["set-cookie"]
    assert cookie.startswith("__Host-byline-7860=")
    assert "; Secure" in cookie
    (line,) = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert json.loads(line)["client"] == "203.0.113.9"
    pair = cookie.partition(";")[0]
    assert send(app, "GET", "/", cookie=pair, **secure)[2] == {"user": "anna"}
    # From anybody else the same headers make no https of it, and no other client.
    status, headers, _ = send(app, "POST", "/login", FORM, client="203.0.113.66", **secure)
    assert headers["set-cookie"].startswith("byline-7860=")
    assert "Secure" not in headers["set-cookie"]


def test_a_proxy_that_signs_in_is_needed_for_everything(build: Callable[..., Any]) -> None:
    app = build(proxy=PROXY, proxy_user_header="X-Forwarded-User")
    assert send(app, "GET", "/", x_forwarded_user="anna")[2] == {"user": "anna"}
    assert send(app, "GET", "/")[0] == 401
    assert send(app, "GET", "/", x_forwarded_user="anna", client="10.0.0.3")[0] == 401
    assert send(app, "POST", "/login", FORM)[0] == 401
    assert send(app, "GET", "/healthz", client="10.0.0.3")[0] == 200


def test_a_file_that_is_not_there_is_said_at_the_start(build: Callable[..., Any]) -> None:
    with pytest.raises(SettingsError, match="byline user add NAME"):
        build(users="/nonexistent/users.txt")


def test_the_door_keeps_its_own_time(tmp_path: Path) -> None:
    now, known = [0.0], {"anna": users._hashed("secret")}
    app = Starlette(routes=[Route("/", told)])
    door = Door(app, users=lambda: known, folder=tmp_path, clock=lambda: now[0])
    for _ in range(4):
        send(door, "POST", "/login", b"username=anna&password=wrong")
    status, headers, _ = send(door, "POST", "/login", FORM)
    assert (status, headers["retry-after"]) == (429, "1")
    now[0] += 1
    status, headers, _ = send(door, "POST", "/login", FORM)
    assert status == 200
    pair = headers["set-cookie"].partition(";")[0]
    assert send(door, "GET", "/", cookie=pair)[0] == 200
    now[0] += LASTS
    assert send(door, "GET", "/", cookie=pair)[0] == 401


def test_few_passwords_are_checked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are hashed and some wait; more are told to come again, and are not counted as wrong."""
    monkeypatch.setattr(login, "_WAITING", 4)
    known = {"anna": users._hashed("secret")}
    door = Door(Starlette(), users=lambda: known, folder=tmp_path)
    under_way, most = 0, 0

    async def guess(number: int) -> int:
        statuses: list[int] = []

        async def keep(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def receive() -> Any:
            return {"type": "http.request", "body": FORM, "more_body": False}

        scope = {
            "type": "http",
            "method": "POST",
            "scheme": "http",
            "path": "/login",
            "query_string": b"",
            "headers": [(b"content-type", b"application/x-www-form-urlencoded")],
            "client": (f"10.0.0.{number}", 1),
            "server": ("10.0.0.2", 7860),
        }
        await door(scope, receive, keep)
        return statuses[0]

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(guess(number) for number in range(10)))

    real = asyncio.to_thread

    async def threaded(work: Any, *given: Any) -> Any:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await real(work, *given)
        finally:
            under_way -= 1

    monkeypatch.setattr(asyncio, "to_thread", threaded)
    statuses = run(all_at_once())
    assert sorted(set(statuses)) == [200, 503]
    assert statuses.count(200) == 4
    assert most == 2


def test_a_form_that_does_not_arrive_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "_FORM_WITHIN", 0.01)
    known = {"anna": users._hashed("secret")}
    door = Door(Starlette(), users=lambda: known, folder=tmp_path)
    assert send(door, "POST", "/login", FORM, is_whole=False)[0] == 408
    assert send(door, "POST", "/login", FORM[:5], is_gone=True)[0] == 400


def test_who_waits_as_told_finds_the_connection_open() -> None:
    waits = (events.AGAIN, int(places.AGAIN["Retry-After"]), int(adding.AGAIN["Retry-After"]))
    assert max(waits) < page.IDLE
