"""The door, tried by somebody without a key. Each attack comes from an address of its own."""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.web import users
from tests.attacks.attacking import Server, running
from tests.attacks.doors import HTML, Reply, knock, sign_in
from tests.forked import Forked

PASSWORD = "correct horse"
OPEN = {"/healthz", "/readyz", "/login", "/logout"}

numbers = itertools.count(1)

needs_addresses = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8 on loopback"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("door")
    for name in ("anna", "bob"):
        users.add(folder / "users.txt", name, PASSWORD)
    with running(folder, users="users.txt", calls=100_000) as one:
        yield one


def users_of(server: Server) -> Path:
    return server.log.with_name("users.txt")


@pytest.fixture(scope="module")
def session(server: Server) -> str:
    """Anna's, as a Cookie header has it."""
    return sign_in(server.port, "anna", PASSWORD).cookie


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    """What the application answers to, as it says itself, and what is known to be worth trying."""
    folder = tmp_path_factory.mktemp("routes")
    with Forked(
        "tests.attacks.list_routes", [folder], cwd=folder, environ=os.environ, log=folder / "log"
    ) as told:
        known = {(method, path) for method, path in json.load(told.stdout)}
    assert len(known) > 80
    programs = {
        ("POST", "/api/v1/ask"),
        ("POST", "/v1/responses"),
        ("GET", "/mcp"),
        ("GET", "/a/x"),
    }
    assert {("POST", "/gradio_api/queue/join"), ("GET", "/theme.css"), *programs} <= known
    for path in """
        / /config /config/ /openapi.json /gradio_api/openapi.json /gradio_api/app_id /docs
        /gradio_api/info /theme.css /static/x /assets/x /favicon.ico /robots.txt /manifest.json
        /gradio_api/file=/etc/passwd /file=/etc/passwd /file/etc/passwd /gradio_api/queue/data
        /gradio_api/heartbeat/x /gradio_api/startup-events /gradio_api/upload_progress?upload_id=x
        /state /ahead /gradio_api/user /gradio_api/token /gradio_api/login_check /monitoring
        /no-such-route
    """.split():
        known.add(("GET", path))
    for path in """
        /cancel /reset /gradio_api/cancel /gradio_api/reset /gradio_api/upload /upload /queue/join
        /gradio_api/call/ask /gradio_api/run/ask /api/predict /gradio_api/queue/join /login/
        /gradio_api/component_server /
    """.split():
        known.add(("POST", path))
    return sorted(item for item in known if item[1] not in OPEN)


def is_shut(reply: Reply) -> bool:
    """Refused with the door's own words, and with nothing else."""
    if reply.status == 303:
        return reply.headers["Location"].startswith("/login") and reply.body == ""
    said = reply.body == "" or "You are not signed in." in json.loads(reply.body)["detail"]
    return reply.status == 401 and said and not reply.cookie


def left_open(
    port: int, paths: Iterable[tuple[str, str]], headers: dict[str, str]
) -> list[tuple[str, str, int]]:
    found = []
    for method, path in paths:
        reply = knock(port, path, method, headers, b"{}" if method == "POST" else None)
        if not is_shut(reply):
            found.append((method, path, reply.status))
    return found


def test_nothing_is_open_without_a_session(
    server: Server, everything: list[tuple[str, str]]
) -> None:
    assert left_open(server.port, everything, {"Content-Type": "application/json"}) == []


def test_a_browser_is_sent_to_the_login_page(
    server: Server, everything: list[tuple[str, str]]
) -> None:
    assert left_open(server.port, everything, HTML) == []
    reply = knock(server.port, "/gradio_api/info?a=b&c=%2F", headers=HTML)
    assert reply.status == 303
    assert reply.headers["Location"] == "/login?next=%2Fgradio_api%2Finfo%3Fa%3Db%26c%3D%252F"
    assert knock(server.port, "/", headers=HTML).headers["Location"] == "/login"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE"])
def test_no_method_gets_round_it(server: Server, method: str) -> None:
    for path in ("/", "/config", "/gradio_api/info"):
        assert is_shut(knock(server.port, path, method))


@pytest.mark.parametrize(
    "path",
    [
        "//config",
        "/./config",
        "/healthz/../config",
        "/healthz/%2e%2e/config",
        "/healthz%2f..%2fconfig",
        "/healthz/",
        "/healthz;/config",
        "/healthz%00",
        "/HEALTHZ",
        "/login/../config",
        "/login/",
        "/LOGIN",
        "/readyz/x",
        "/config?/healthz",
        "/config#/healthz",
        "http://127.0.0.1/config",
        "/gradio_api/file=../../../../etc/passwd",
    ],
)
def test_no_spelling_gets_round_it(server: Server, path: str) -> None:
    assert is_shut(knock(server.port, path))


def test_a_server_can_be_watched_without_a_session(server: Server) -> None:
    assert knock(server.port, "/healthz").status == 200


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/queue/join", "/healthz/x", "/login"])
def test_a_websocket_is_refused(server: Server, path: str) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    reply = knock(server.port, path, headers=upgrade)
    assert reply.status == 401
    assert "not signed in" in reply.body


def test_the_key_opens_the_page(server: Server, session: str) -> None:
    reply = knock(server.port, "/config", headers={"Cookie": session})
    assert reply.status == 200
    assert json.loads(reply.body)["username"] == "anna"
    again = knock(server.port, "/login?next=/config", headers={"Cookie": session, **HTML})
    assert (again.status, again.headers["Location"]) == (303, "/config")


@needs_addresses
@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna", "wrong"),
        ("anna", ""),
        ("", ""),
        ("", PASSWORD),
        ("Anna", PASSWORD),
        ("anna", PASSWORD + " "),
        ("anna\x00", PASSWORD),
        ("anna' OR '1'='1", "x"),
        ("anna", "x" * 10_000),
        ("nobody", PASSWORD),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), PASSWORD),
    ],
)
def test_what_is_not_right_opens_nothing(server: Server, name: str, password: str) -> None:
    client = f"127.0.1.{next(numbers)}"
    reply = sign_in(server.port, name, password, client=client)
    assert (reply.status, reply.cookie) == (401, "")
    assert json.loads(reply.body)["detail"] == "The name or the password is not right."


@pytest.mark.parametrize("value", ["", "x", "null", "0" * 43, "a" * 7000, '"', "../../etc/passwd"])
def test_a_forged_cookie_opens_nothing(server: Server, session: str, value: str) -> None:
    name = session.partition("=")[0]
    for cookie in (f"{name}={value}", f"{name}={value}; {name}={value}", f"access-token={value}"):
        assert is_shut(knock(server.port, "/config", headers={"Cookie": cookie}))
    altered = session[:-1] + ("A" if session[-1] != "A" else "B")
    assert is_shut(knock(server.port, "/config", headers={"Cookie": altered}))


def test_after_signing_out_the_key_is_worthless(server: Server) -> None:
    cookie = sign_in(server.port, "anna", PASSWORD).cookie
    assert knock(server.port, "/logout", headers={"Cookie": cookie}).status == 405  # a link's way
    assert knock(server.port, "/config", headers={"Cookie": cookie}).status == 200
    out = knock(server.port, "/logout", "POST", {"Cookie": cookie, **HTML})
    assert (out.status, out.headers["Location"]) == (303, "/login")
    assert is_shut(knock(server.port, "/config", headers={"Cookie": cookie}))


def test_a_session_is_always_a_new_one(server: Server) -> None:
    first = sign_in(server.port, "anna", PASSWORD).cookie
    second = sign_in(server.port, "bob", PASSWORD, headers={"Cookie": first}).cookie
    assert second != first
    assert is_shut(knock(server.port, "/config", headers={"Cookie": first}))
    planted = f"{first.partition('=')[0]}=planted"
    third = sign_in(server.port, "bob", PASSWORD, headers={"Cookie": planted}).cookie
    assert third != planted


def test_the_cookie_is_out_of_reach(server: Server) -> None:
    reply = sign_in(server.port, "anna", PASSWORD)
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {
        part.strip() for part in reply.headers["Set-Cookie"].split(";")
    }
    assert str(server.port) in reply.cookie.partition("=")[0]
    assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("after", "goes"),
    [
        ("/config?a=b", "/config?a=b"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
    ],
)
def test_signing_in_leads_to_this_server_alone(server: Server, after: str, goes: str) -> None:
    reply = sign_in(server.port, "anna", PASSWORD, headers=HTML, after=after)
    assert (reply.status, reply.headers["Location"]) == (303, goes)


@needs_addresses
def test_the_page_escapes_what_was_typed(server: Server) -> None:
    odd = '"><script>alert(1)</script>'
    reply = sign_in(server.port, odd, "x", headers=HTML, after=f"/{odd}", client="127.0.2.1")
    assert reply.status == 401
    assert "<script" not in reply.body
    assert "&lt;script&gt;" in reply.body
    assert 'role="alert">The name or the password is not right.' in reply.body
    assert "default-src 'self'" in reply.headers["Content-Security-Policy"]


@needs_addresses
def test_guessing_gets_slower_and_the_user_still_comes_in(server: Server) -> None:
    replies = [sign_in(server.port, "bob", f"guess {n}", client="127.0.3.1") for n in range(9)]
    assert [reply.status for reply in replies[:4]] == [401] * 4
    late = replies[-1]
    assert late.status == 429
    assert int(late.headers["Retry-After"]) >= 1
    # Not even the right password is looked at before that, from there.
    assert sign_in(server.port, "bob", PASSWORD, client="127.0.3.1").status == 429
    page = sign_in(server.port, "bob", "guess", client="127.0.3.1", headers=HTML)
    assert page.status == 429
    assert re.search(r'role="alert">Too many wrong tries. Try again in \d+ second', page.body)
    assert sign_in(server.port, "bob", PASSWORD, client="127.0.3.2").status == 200


@needs_addresses
def test_many_guesses_at_once_leave_the_server_answering(server: Server) -> None:
    def guess(number: int) -> int:
        return sign_in(server.port, "nobody", "x", client=f"127.0.4.{number + 1}").status

    with ThreadPoolExecutor(40) as pool:
        guesses = [pool.submit(guess, number) for number in range(40)]
        assert knock(server.port, "/healthz").status == 200
        statuses = {each.result() for each in guesses}
    assert statuses <= {401, 503}


@needs_addresses
@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"username=anna&password=" + b"x" * 100_000, 413),
        ("application/x-www-form-urlencoded", b"a=1&" * 20, 400),
        ("application/x-www-form-urlencoded", "username=é".encode("latin-1"), 400),
        ("application/x-www-form-urlencoded", b"", 401),
        ("application/json", b'{"username": "anna", "password": "correct horse"}', 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
    ],
)
def test_a_form_of_another_kind_is_refused(
    server: Server, kind: str, body: bytes, status: int
) -> None:
    reply = knock(server.port, "/login", "POST", {"Content-Type": kind}, body, client="127.0.5.1")
    assert (reply.status, reply.cookie) == (status, "")


def test_a_removed_user_is_out_at_once(server: Server) -> None:
    users.add(users_of(server), "carl", PASSWORD)
    cookie = sign_in(server.port, "carl", PASSWORD).cookie
    assert knock(server.port, "/config", headers={"Cookie": cookie}).status == 200
    users.add(users_of(server), "carl", "another", replace=True)
    assert is_shut(knock(server.port, "/config", headers={"Cookie": cookie}))
    cookie = sign_in(server.port, "carl", "another").cookie
    assert knock(server.port, "/config", headers={"Cookie": cookie}).status == 200
    users.remove(users_of(server), "carl")
    assert is_shut(knock(server.port, "/config", headers={"Cookie": cookie}))


def test_a_broken_file_of_users_lets_nobody_in(server: Server, session: str) -> None:
    kept = users_of(server).read_text()
    try:
        users_of(server).write_text("broken\n")
        reply = knock(server.port, "/config", headers={"Cookie": session})
        assert reply.status == 503
        assert "users.txt" not in reply.body
        assert sign_in(server.port, "anna", PASSWORD).status == 503
        assert "users.txt, line 1: no argon2 hash" in server.log.read_text()
    finally:
        users_of(server).write_text(kept)
    assert knock(server.port, "/config", headers={"Cookie": session}).status == 200


@needs_addresses
def test_the_record_names_who_and_from_where(server: Server) -> None:
    secret, client = "typed into the wrong field", "127.0.6.1"
    sign_in(server.port, "anna", "no", client=client)
    cookie = sign_in(server.port, "anna", PASSWORD, client=client).cookie
    knock(server.port, "/logout", "POST", {"Cookie": cookie}, client=client)
    sign_in(server.port, f'{secret}\n{{"user": "root"}}', secret, client=client)
    text = (server.index / "audit.jsonl").read_text()
    found = [
        (entry["user"], entry["action"], entry["done"])
        for entry in map(json.loads, text.splitlines())
        if entry["client"] == client
    ]
    assert found == [
        ("anna", "sign in", False),
        ("anna", "sign in", True),
        ("anna", "sign out", True),
        ("", "sign in", False),
    ]
    assert secret not in text
    assert PASSWORD not in text


def test_gradios_own_client_finds_nothing_to_call(server: Server, session: str) -> None:
    """Programs come in by tokens, to an interface of their own."""
    told = knock(server.port, "/gradio_api/info", headers={"Cookie": session})
    assert json.loads(told.body) == {"named_endpoints": {}, "unnamed_endpoints": {}}
    headers = {"Cookie": session, "Content-Type": "application/json"}
    for name in ("ask", "answer", "find", "compare"):
        path, body = f"/gradio_api/call/{name}", b'{"data": []}'
        assert knock(server.port, path, "POST", headers, body).status == 404
