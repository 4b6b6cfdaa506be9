"""The doors of programs, tried without a token, with a wrong one, and with one that may do less."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rag.web.api import tokens
from tests.attacks.attacking import QUESTION, Reply, Server, running
from tests.attacks.doors import sign_in
from vectorstore.beside import InFolder

PASSWORD = "correct horse"
MCP = {"Accept": "application/json, text/event-stream"}
TOOL = {"name": "read_article", "arguments": {"article": "none"}}
CALLED = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": TOOL}
TEXT = {"text": "The dredger Halvard lies in dock."}
FORM = {"Content-Type": "multipart/form-data; boundary=edge"}
FILE = (
    b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nx\r\n--edge--'
)

READING: list[tuple[str, str, Any]] = [
    ("POST", "/api/v1/ask", {"question": QUESTION}),
    ("POST", "/api/v1/ask", {"question": QUESTION, "stream": True}),
    ("POST", "/api/v1/find", {"question": QUESTION}),
    ("POST", "/api/v1/compare", {"question": QUESTION}),
    ("GET", "/api/v1/articles", None),
    ("GET", "/api/v1/articles/none", None),
    ("GET", "/v1/models", None),
    ("GET", "/v1/models/byline", None),
    ("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": QUESTION}]}),
    ("POST", "/v1/responses", {"input": QUESTION}),
    ("POST", "/mcp", CALLED),
    ("GET", "/a/none", None),
    ("GET", "/a/none.json", None),
]
ADDING: list[tuple[str, str, Any]] = [
    ("POST", "/api/v1/ingest", FILE),
    ("POST", "/api/v1/ingest/text", TEXT),
    ("GET", "/api/v1/jobs/none", None),
]
ALSO: list[tuple[str, str, Any]] = [
    ("GET", "/api/v1/openapi.json", None), ("GET", "/api/v1/docs", None), ("GET", "/mcp", None),
    ("DELETE", "/mcp", None), ("GET", "/api/v1", None), ("GET", "/api/v1/", None),
    ("GET", "/v1", None), ("GET", "/a/", None), ("GET", "/a/x/y", None), ("PUT", "/mcp", b""),
    ("OPTIONS", "/api/v1/ask", None), ("HEAD", "/a/none", None), ("GET", "/mcp/x", None),
    ("TRACE", "/api/v1/ask", None), ("GET", "/api/v1/healthz", None),
    ("GET", "/api/v1/readyz", None), ("GET", "/api/v1/no-such-call", None),
]  # fmt: skip


@dataclass(frozen=True)
class Doors:
    """A server that wants names, and two programs' tokens: one reads, one adds."""

    server: Server
    reads: str
    adds: str

    def call(self, method: str, path: str, body: Any = None, token: str = "", **more: str) -> Reply:
        given = {**MCP, **(FORM if isinstance(body, bytes) else {}), **more}
        if token:
            given["Authorization"] = f"Bearer {token}"
        return self.server.ask(method, path, body, headers=given, timeout=120)


def made(server: Server, name: str, *scopes: str) -> str:
    return tokens.made(InFolder(server.index), name, scopes, datetime.now(UTC).date())


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("programs")
    with running(folder, auth=f"anna:{PASSWORD}", calls=100_000) as server:
        yield Doors(server, made(server, "reads", "read"), made(server, "adds", "add"))


def is_problem(reply: Reply, status: int) -> bool:
    """Refused as programs read it: RFC 9457."""
    right = reply.headers["content-type"] == "application/problem+json"
    return right and reply.status == reply.json["status"] == status and bool(reply.json["detail"])


# --- who has none, or a wrong one


def wrong(right: str) -> list[str]:
    """Tokens that are none, some of them very near to one."""
    other = "A" if right[-1] != "A" else "B"
    return [
        "x", "null", "reads", tokens.PREFIX, right[:-1], right[:-1] + other, right + "A",
        right.upper(), right.removeprefix(tokens.PREFIX), tokens.hashed(right), "x" * 20_000,
        f"{right},{right}", "é" * 40,
    ]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body"), [*READING, *ADDING, *ALSO])
def test_nothing_is_told_without_a_token(doors: Doors, method: str, path: str, body: Any) -> None:
    forged = {"Cookie": f"token={doors.reads}", "X-Api-Key": doors.reads, "X-Forwarded-User": "a"}
    basic = {"Authorization": f"Basic {doors.reads}"}
    for headers in ({}, forged, basic, {"Authorization": doors.reads}):
        reply = doors.call(method, path, body, **headers)
        assert reply.headers["www-authenticate"] == "Bearer"
        assert (reply.status, method) == (401, "HEAD") or is_problem(reply, 401)
    asked = doors.call(method, f"{path}?token={doors.reads}&access_token={doors.reads}", body)
    assert asked.status == 401


def test_every_call_that_is_described_is_shut(doors: Doors) -> None:
    described = doors.call("GET", "/api/v1/openapi.json", token=doors.reads).json["paths"]
    tried = {
        path.partition("?")[0].replace("none", "{id}") for _, path, _ in (*READING, *ADDING, *ALSO)
    }
    assert {f"/api/v1{path}" for path in described} <= tried


def test_a_wrong_token_is_told_the_same_whatever_it_is(doors: Doors) -> None:
    told = set()
    for token in wrong(doors.reads):
        raw = token.encode("utf-8").decode("latin-1")
        for method, path in (("GET", "/api/v1/articles"), ("GET", "/v1/models"), ("GET", "/a/x")):
            reply = doors.call(method, path, token=raw)
            kept = {name: value for name, value in reply.headers.items() if name != "date"}
            told.add((reply.status, reply.text, str(kept)))
    assert len(told) == 1
    (((status, text, _)),) = told
    assert status == 401
    assert "byline token add NAME" in text


def test_many_guesses_cost_the_holder_of_a_token_nothing(tmp_path: Path) -> None:
    with running(tmp_path, auth=f"anna:{PASSWORD}", calls=1) as server:
        doors = Doors(server, made(server, "reads", "read"), "")
        for number in range(300):
            guess = hashlib.sha256(b"%d" % number).hexdigest()
            assert doors.call("GET", "/api/v1/articles", token=f"byline_{guess}").status == 401
        assert doors.call("GET", "/api/v1/articles", token=doors.reads).status == 200
        assert sign_in(server.port, "anna", PASSWORD).status == 200


def test_a_removed_token_is_out_at_once_and_everywhere(doors: Doors) -> None:
    short = made(doors.server, "short", "read", "add")
    for method, path, _ in (item for item in (*READING, *ADDING) if item[0] == "GET"):
        assert doors.call(method, path, token=short).status in (200, 404)
    tokens.removed(InFolder(doors.server.index), "short")
    for method, path, body in (*READING, *ADDING, *ALSO):
        assert doors.call(method, path, body, token=short).status == 401
    again = made(doors.server, "short", "read")
    assert doors.call("GET", "/api/v1/articles", token=short).status == 401
    assert doors.call("GET", "/api/v1/articles", token=again).status == 200
    log = doors.server.log.read_text()
    assert not [token for token in (short, again, doors.reads, doors.adds) if token in log]


# --- who may do less


@pytest.mark.parametrize(("method", "path", "body"), ADDING)
def test_who_may_read_adds_nothing(doors: Doors, method: str, path: str, body: Any) -> None:
    before = sorted(doors.server.index.rglob("uploads/*"))
    reply = doors.call(method, path, body, doors.reads)
    assert is_problem(reply, 403)
    assert "--scope add" in reply.json["detail"]
    assert sorted(doors.server.index.rglob("uploads/*")) == before


@pytest.mark.parametrize(("method", "path", "body"), READING)
def test_who_may_add_reads_nothing(doors: Doors, method: str, path: str, body: Any) -> None:
    reply = doors.call(method, path, body, doors.adds)
    assert reply.status == 403
    assert "--scope read" in reply.text
    assert "412" not in reply.text


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/info", "/state", "/theme.css", "/openapi.json"]
)
def test_a_token_opens_nothing_of_the_page(doors: Doors, path: str) -> None:
    for method in ("GET", "POST"):
        assert doors.call(method, path, token=doors.reads).status in (401, 405)


def test_who_ordered_a_job_alone_sees_it(doors: Doors) -> None:
    other = made(doors.server, "other", "add")
    job = doors.call("POST", "/api/v1/ingest/text", TEXT, doors.adds).json["id"]
    path = f"/api/v1/jobs/{job}?wait=60"
    assert is_problem(doors.call("GET", path, token=other), 404)
    assert doors.call("GET", path, token=doors.adds).json["status"] == "done"
    session = sign_in(doors.server.port, "anna", PASSWORD).cookie
    assert doors.call("GET", path, Cookie=session).status == 404
    record = (doors.server.index / "audit.jsonl").read_text()
    assert '"token:adds"' in record
    assert doors.adds not in record


# --- another name, another site


@pytest.mark.parametrize(("method", "path", "body"), [*READING, *ADDING])
def test_a_right_token_helps_no_other_name_and_no_other_site(
    doors: Doors, method: str, path: str, body: Any
) -> None:
    token = doors.adds if (method, path, body) in ADDING else doors.reads
    assert is_problem(doors.call(method, path, body, token, Host="evil.example"), 421)
    for origin in ("http://evil.example", "null", "http://localhost:3000"):
        reply = doors.call(method, path, body, token, Origin=origin)
        assert is_problem(reply, 403)
        assert not [name for name in reply.headers if name.startswith("access-control")]


# --- the file of tokens


def test_the_file_of_tokens_is_its_owners_alone_and_never_served(doors: Doors) -> None:
    file = doors.server.index / tokens.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    kept = file.read_text()
    assert doors.reads not in kept
    session = sign_in(doors.server.port, "anna", PASSWORD).cookie
    ways = [
        "/tokens.json", "/index/tokens.json", "/a/tokens.json", "/a/../index/tokens.json",
        "/a/..%2findex%2ftokens.json", "/api/v1/tokens.json", "/api/v1/articles/tokens.json",
        "/api/v1/articles/..%2f..%2findex%2ftokens.json", "/static/../index/tokens.json",
        "/assets/%2e%2e/%2e%2e/index/tokens.json", f"/gradio_api/file={file}", f"/file={file}",
        "/gradio_api/file=index/tokens.json", "/api/v1/articles?file=tokens.json",
    ]  # fmt: skip
    for path in ways:
        for headers in ({"Cookie": session}, {"Authorization": f"Bearer {doors.reads}"}):
            reply = doors.server.ask("GET", path, headers=headers)
            assert reply.status in (200, 401, 404)
            assert tokens.hashed(doors.reads) not in reply.text
            assert "scopes" not in reply.text


def test_a_broken_file_of_tokens_lets_nobody_in_and_says_nothing(doors: Doors) -> None:
    file = doors.server.index / tokens.FILE
    kept = file.read_text()
    try:
        for broken in ("", "{", "[]", "null", '{"x": 1}', '{"x": {"name": "a"}}'):
            file.write_text(broken)
            reply = doors.call("GET", "/api/v1/articles", token=doors.reads)
            assert is_problem(reply, 503)
            assert "tokens.json" not in reply.text
            assert str(doors.server.index) not in reply.text
        assert doors.call("GET", "/api/v1/articles").status == 401
        assert "tokens.json is no file of tokens" in doors.server.log.read_text()
    finally:
        file.write_text(kept)
    assert doors.call("GET", "/api/v1/articles", token=doors.reads).status == 200
