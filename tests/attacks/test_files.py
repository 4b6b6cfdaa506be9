"""Nothing that arrives over HTTP names a path of this machine, or makes the server fetch."""

from __future__ import annotations

import json
import os
import re
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.attacking import QUESTION, Server

SECRET = "the combination is 4-8-15"
JOIN = "/gradio_api/queue/join"


@contextmanager
def listening() -> Iterator[tuple[str, list[object]]]:
    """An address of this machine, and who has come to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            try:
                while True:
                    connection, address = listener.accept()
                    came.append(address)
                    connection.close()
            except OSError:  # closed: the test is over
                return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/a.txt", came


def file_data(path: str) -> dict[str, Any]:
    return {"path": path, "url": path, "meta": {"_type": "gradio.FileData"}}


def hostile(secret: Path, pipe: Path, url: str) -> list[Any]:
    """Values that gradio opens, copies, waits at or fetches."""
    return [
        file_data(str(secret)),
        [file_data(str(secret))],
        {"since": file_data(str(secret))},
        {"outlets": [file_data(str(secret))]},
        file_data(str(pipe)),
        file_data(url),
        [file_data("/proc/self/environ")],
    ]


def test_no_argument_of_any_event_is_a_file_or_an_address(server: Server, tmp_path: Path) -> None:
    secret, pipe = tmp_path / "secret.txt", tmp_path / "pipe"
    secret.write_text(SECRET, encoding="utf-8")
    os.mkfifo(pipe)
    cookie = server.visit()
    events = server.config()["dependencies"]
    assert {"add", "paste", "ask", "fetch"} <= {event["api_name"] for event in events}
    with listening() as (url, came):
        values = hostile(secret, pipe, url)
        for event in events:
            number, takes = event["id"], len(event["inputs"])
            for at in range(takes):
                for value in values:
                    data = [None] * takes
                    data[at] = value
                    _refused(server, number, data, cookie)
            for value in values[:2]:
                body = _body(number, [None] * takes, {"value": value, "path": value})
                assert server.ask("POST", JOIN, body, cookie=cookie).status == 400
        for name in ("answer", "find", "compare", "add", "paste", "ask", "fetch"):
            for value in values:
                reply = server.ask("POST", f"/gradio_api/call/{name}", {"data": [value, value]})
                assert reply.status == 404
                _clean(reply.text)
        _call_with_each(server, values)
    assert came == []
    kept = [*server.index.rglob("*"), *Path(tempfile.gettempdir(), "gradio").rglob("secret.txt")]
    assert not [path for path in kept if path.name in ("secret.txt", "environ", "a.txt")]
    assert server.ask("GET", "/readyz").status == 200
    assert server.call("ask", question=QUESTION).json["status"] == "answered"


def _call_with_each(server: Server, values: list[Any]) -> None:
    """Programs send JSON too: no field of theirs takes a file or an address either."""
    fields = ("question", "filters", "history", "k", "files", "text", "headline", "model", "input")
    paths = ("/api/v1/ask", "/api/v1/find", "/api/v1/compare", "/api/v1/ingest/text")
    for path in (*paths, "/api/v1/ingest", "/v1/responses", "/v1/chat/completions"):
        for field in fields:
            for value in values:
                reply = server.ask("POST", path, {"question": QUESTION, field: value})
                assert reply.status == 422, (path, field, value, reply.text)
                _clean(reply.text)


def _body(number: int, data: list[Any], event: Any = None) -> dict[str, Any]:
    return {"data": data, "event_data": event, "fn_index": number, "session_hash": "attack"}


def _refused(server: Server, number: int, data: list[Any], cookie: str) -> None:
    reply = server.ask("POST", JOIN, _body(number, data), cookie=cookie)
    assert reply.status == 400, (number, data, reply.text)
    _clean(reply.text)


def _clean(text: str) -> None:
    """Nothing of what was sent, and none of Python's words, is said back."""
    for word in ("secret", "_type", "environ", "Traceback", "NoneType", "dict", "Error", "/tmp"):
        assert word not in text


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/openapi.json",
        "/openapi.json",
        "/monitoring",
        "/gradio_api/runs",
        "/gradio_api/dev/reload",
        "/static/../../../../etc/passwd",
        "/assets/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/gradio_api/stream/a/1/2/playlist.m3u8",
        "/gradio_api/deep_link?session_hash=a",
        "/gradio_api/vibe-code",
    ],
)
def test_what_the_page_does_not_need_is_not_there(server: Server, path: str) -> None:
    reply = server.ask("GET", path)
    assert reply.status == 404
    assert "root:" not in reply.text


@pytest.mark.parametrize(
    "path",
    [
        "run/ask", "api/ask", "component_server", "process_recording", "call/ask", "call/v2/ask",
        "call/answer", "call/find",
    ],
)  # fmt: skip
def test_gradios_own_interface_for_programs_is_not_there(server: Server, path: str) -> None:
    body = {"data": [QUESTION, None], "component_id": 1, "fn_name": "x", "session_hash": "a"}
    assert server.ask("POST", f"/gradio_api/{path}", body).status == 404
    assert server.ask("GET", "/gradio_api/info").json["named_endpoints"] == {}


def test_the_pages_own_events_belong_to_a_browser_that_shows_it(server: Server) -> None:
    number = server.event("paste")
    reply = server.ask("POST", JOIN, _body(number, ["A text", "", "", "", ""]))
    assert reply.status == 403
    assert server.ask("POST", "/gradio_api/call/paste", {"data": ["x"] * 5}).status == 404
    assert server.upload("", "a.txt", b"x").status == 403


def test_an_upload_is_known_by_a_token_and_to_its_browser_alone(server: Server) -> None:
    own, other, number = server.visit(), server.visit(), server.event("add")
    uploaded = server.upload(own, "quay.txt", b"Quay shut\n\nThe quay was shut on 3 May 2024.\n")
    (token,) = uploaded.json
    assert str(server.index) not in uploaded.text
    assert "/tmp" not in uploaded.text
    stolen = server.ask("POST", JOIN, _body(number, [[file_data(token)], None]), cookie=other)
    assert stolen.status == 400
    messages = server.act(own, number, [[file_data(token)], None])
    assert messages[-2]["success"]
    assert "quay.txt" in str(messages)
    assert str(server.index) not in str(messages)


HOSTILE_PATHS = [
    "../../escaped.txt", "../escaped.txt", "/etc/cron.d/escaped.txt", "a/../../../escaped.txt",
    "..\\..\\escaped.txt", "C:\\Windows\\escaped.txt", "~/escaped.txt", "a//b/./../escaped.txt",
    "\x00/escaped.txt", "a\nb\r/escaped\x1b[2J.txt", "\u202eescaped.txt", "\ud800/escaped.txt",
    "%2e%2e/%2e%2e/escaped.txt", "deep/" * 400 + "escaped.txt", "x" * 5000 + ".txt", "...", "",
    ".git/escaped.txt", "a/.ssh/escaped.txt", "con/<script>alert(1)</script>.txt",
]  # fmt: skip


def test_the_path_of_an_upload_stays_in_its_folder(server: Server) -> None:
    cookie, number = server.visit(), server.event("add")
    names = [f"note-{at}.txt" for at in range(len(HOSTILE_PATHS))]
    before = {path for path in server.index.parent.parent.rglob("*") if path.name != "log.txt"}
    files = [
        file_data(server.upload(cookie, name, b"Quay %d shut\n\nThe quay was shut." % at).json[0])
        for at, name in enumerate(names)
    ]
    told = json.dumps({"paths": HOSTILE_PATHS, "large": ["../../large<i>.txt"]})
    messages = server.act(cookie, number, [files, told])
    assert messages[-2]["success"], messages
    added = server.index / "uploads"
    kept = {path for path in added.rglob("*") if path.is_file()}
    assert len(kept) >= 10  # what has parts that begin with a dot is left as hidden
    for path in kept:
        parts = path.relative_to(added).parts
        assert len(parts) <= 8
        assert all(re.fullmatch(r"[\w][\w.-]*", part) for part in parts), path
        assert path.resolve().is_relative_to(added.resolve())
    strangers = {
        path for path in server.index.parent.parent.rglob("*escaped*") if path not in kept
    } - before
    assert strangers == set()
    assert not [path for path in Path("/etc/cron.d").glob("escaped*")]
    assert "<script>" not in str(messages)
    assert "<i>" not in str(messages)


def test_only_what_was_added_and_failed_can_be_dismissed(server: Server) -> None:
    cookie, number = server.visit(), server.event("dismiss")
    manifest = server.index / "manifest.db"
    for path in ("uploads:../manifest.db", "tolley.txt", "/etc/passwd", "uploads:", "", None, 7):
        messages = server.act(cookie, number, [], {"kept": path})
        assert "No added file of this name failed." in str(messages)
    assert manifest.exists()
    assert (server.index.parent / "articles" / "tolley.txt").exists()


def test_an_open_page_is_told_marks_and_nothing_else(server: Server) -> None:
    first, again = (server.ask("GET", "/state") for _ in range(2))
    assert first.json == again.json
    assert set(first.json) == {"state", "server", "page"}
    assert first.headers["cache-control"] == "no-store"
    assert "tolley" not in first.text
    assert server.ask("POST", "/state").status == 404


def test_what_is_too_large_is_refused_while_it_arrives(server: Server) -> None:
    cookie = server.visit()
    assert server.upload(cookie, "large.txt", b"x" * 1_000_001).status == 413
    assert server.upload(cookie, "exact.txt", b"x" * 1_000_000).status == 200
    long = {"Content-Length": "99000000", "Content-Type": "multipart/form-data; boundary=x"}
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:
        lines = [f"{name}: {value}" for name, value in long.items()]
        head = "\r\n".join(["POST /gradio_api/upload HTTP/1.1", "Host: localhost", *lines])
        raw.sendall(f"{head}\r\nCookie: {cookie}\r\n\r\n--x".encode())
        assert b"413" in raw.recv(200)  # though hardly any of it has come
    folder = next(server.index.glob("tmp/serving-*"))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not [f for f in folder.rglob("*") if f.is_file() and f.stat().st_size > 1_000_000]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"[" * 100_000, b'{"data": {}}', b"\xff\xfe", b"null"]
)
def test_what_is_no_call_is_refused_in_plain_words(server: Server, body: bytes) -> None:
    kind = {"Content-Type": "application/json"}
    for path in (JOIN, "/gradio_api/cancel"):
        reply = server.ask("POST", path, body, headers=kind)
        assert reply.status == 400
        _clean(reply.text)
    for path in ("/api/v1/ask", "/api/v1/ingest/text", "/v1/responses", "/v1/chat/completions"):
        reply = server.ask("POST", path, body, headers=kind)
        assert reply.status in (400, 422)
        _clean(reply.text)


def test_errors_say_nothing_of_what_was_sent_and_nothing_of_python(server: Server) -> None:
    cookie, number = server.visit(), server.event("limits")
    takes = [["no such outlet"], [], [], "", "", "", [], ""]
    messages = server.act(cookie, number, takes)
    assert "no such outlet" not in str(messages)
    for filters in ({"no such filter": "x"}, {"since": "no such day"}):
        reply = server.call("ask", question=QUESTION, filters=filters)
        assert reply.status == 422
        assert "no such" in reply.json["detail"]  # a text may be named
        _clean(reply.json["detail"])
