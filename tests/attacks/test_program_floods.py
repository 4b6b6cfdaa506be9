"""What programs send: too much of it, too slowly, by odd names, and without waiting for replies."""

from __future__ import annotations

import json
import re
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from rag.indexing.uploads import Pasted, as_file
from rag.web.api.adding import AT_ONCE
from rag.web.api.places import SHARE
from tests.attacks.attacking import QUESTION, Reply, Server, running
from tests.attacks.test_files import HOSTILE_PATHS
from tests.llm_server import llm_server

WAIT = 60.0  # seconds; only a failure waits so long
JSON = {"Content-Type": "application/json"}
POSTS = [
    "/api/v1/ask", "/api/v1/find", "/api/v1/compare", "/api/v1/ingest", "/api/v1/ingest/text",
    "/v1/chat/completions", "/v1/responses", "/mcp",
]  # fmt: skip


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds at last."""
    until = time.monotonic() + WAIT
    while not holds():
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.05)
    return True


def head(path: str, **headers: object) -> bytes:
    named = {"Host": "localhost", "Content_Type": "application/json", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
    return "\r\n".join([f"POST {path} HTTP/1.1", *lines, "", ""]).encode()


def asking(server: Server, *, stream: bool, room: int = 0) -> socket.socket:
    """Ask, and read nothing; with `room` no more bytes than that fit on our side."""
    connection = socket.socket()
    if room:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    connection.settimeout(WAIT)
    connection.connect(("127.0.0.1", server.port))
    body = json.dumps({"question": QUESTION, "stream": stream}).encode()
    connection.sendall(head("/api/v1/ask", Content_Length=len(body)) + body)
    return connection


def is_let_in(server: Server) -> bool:
    return server.call("find", question=QUESTION, k=1).status == 200


# --- too much


@pytest.mark.parametrize("path", POSTS)
def test_what_is_announced_as_too_large_is_refused_at_once(server: Server, path: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=WAIT) as raw:
        raw.sendall(head(path, Content_Length=99_000_000_000, Accept="*/*"))
        assert b" 413 " in raw.recv(200)


@pytest.mark.parametrize("path", POSTS)
def test_a_body_without_an_end_is_refused_while_it_comes(server: Server, path: str) -> None:
    kind = (
        "multipart/form-data; boundary=edge" if path.endswith("/ingest") else JSON["Content-Type"]
    )
    part = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    with socket.create_connection(("127.0.0.1", server.port), timeout=WAIT) as raw:
        accept = "application/json, text/event-stream"
        raw.sendall(head(path, Transfer_Encoding="chunked", Content_Type=kind, Accept=accept))
        raw.sendall(b"%x\r\n%b\r\n" % (len(part), part))
        chunk = b"%x\r\n%b\r\n" % (1 << 16, b"[" * (1 << 16))
        with suppress(ConnectionError):
            for _ in range(1000):  # 65 MB, of which 12 are the most that is taken
                if select.select([raw], [], [], 0)[0]:
                    break
                raw.sendall(chunk)
        assert b" 413 " in raw.recv(200)
    assert is_let_in(server)


def test_a_call_with_many_faults_names_few(server: Server) -> None:
    faulty = {"question": QUESTION, **{f"{number}" * 20: 1 for number in range(50_000)}}
    reply = server.ask("POST", "/api/v1/ask", faulty)
    assert reply.status == 422
    assert len(reply.text) < 2000
    assert "and 49995 more" in reply.json["detail"]
    assert len(server.ask("POST", "/api/v1/ask", {"x" * 1_000_000: 1}).text) < 2000


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/ask", {"question": "x" * 2001}),
        ("/api/v1/ask", {"question": "x", "history": [{"question": "x", "answer": "x"}] * 51}),
        ("/api/v1/find", {"question": "x", "k": 10**30}),
        ("/api/v1/ingest/text", {"text": "x" * 2_000_001}),
        ("/api/v1/ingest/text", {"text": "x", "headline": "x" * 301}),
        ("/v1/responses", {"input": "x" * 100_001}),
        ("/v1/responses", {"input": [{"content": "x"}] * 401}),
        ("/v1/chat/completions", {"messages": [{"content": "x" * 100_001}]}),
        ("/v1/chat/completions", {"messages": [{"content": "x"}] * 401}),
    ],
)
def test_what_is_too_long_is_said_to_be(server: Server, path: str, body: Any) -> None:
    reply = server.ask("POST", path, body)
    assert reply.status == 422
    assert "at most" in reply.text or "less than or equal" in reply.text
    assert "xxx" not in reply.text
    assert " at 0x" not in reply.text


# --- odd ids

IDS = [
    "..", "../config", "%2e%2e", "..%2fmanifest.db", "..%5cmanifest.db", "%2fetc%2fpasswd", "a%00b",
    "%00", "%0a", "%ff", "%ed%a0%80", "x" * 50_000, "'%20OR%201=1--", "%25", "tolley.txt", "*",
    "%3f", "704b17344fa16de5%00", "{id}", "$%7bx%7d",
]  # fmt: skip


@pytest.mark.parametrize("odd", IDS, ids=range(len(IDS)))
def test_an_id_is_looked_up_and_nothing_else(server: Server, odd: str) -> None:
    for path in ("/a/{}", "/a/{}.json", "/api/v1/articles/{}", "/api/v1/jobs/{}", "/v1/models/{}"):
        reply = server.ask("GET", path.format(odd))
        assert reply.status == 404
        for word in ("root:", "Traceback", "SQLite", "Error", str(server.index.parent)):
            assert word not in reply.text
    hit = server.ask("GET", f"/a/{odd}?start=1&end=100000000")
    assert hit.status == 404
    tool = {"name": "read_article", "arguments": {"article": odd, "start": 10**18}}
    called = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool}
    accept = {"Accept": "application/json, text/event-stream"}
    assert "no article of this id" in server.ask("POST", "/mcp", called, headers=accept).text


def test_offsets_outside_of_an_article_show_it_unmarked(server: Server) -> None:
    listed = server.ask("GET", "/api/v1/articles").json["articles"]
    path = next(f"/a/{item['id']}" for item in listed if item["file"] == "tolley.txt")
    for odd in (
        "start=9&end=2",
        "start=0&end=0",
        "start=99999999&end=100000000",
        "start=5",
        "end=5",
    ):
        reply = server.ask("GET", f"{path}?{odd}")
        assert reply.status == 200
        assert "412 crowns" in reply.text
    for odd in ("start=-1&end=5", "start=x", f"start={10**30}"):
        assert server.ask("GET", f"{path}?{odd}").status == 422


# --- files


def form(name: str, data: bytes) -> bytes:
    safe = name.replace('"', "%22").encode("utf-8", "surrogatepass")
    lines = b'--edge\r\nContent-Disposition: form-data; name="files"; filename="%b"\r\n\r\n%b\r\n'
    return lines % (safe, data)


def added(server: Server, *parts: bytes) -> Reply:
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    return server.ask("POST", "/api/v1/ingest", b"".join([*parts, b"--edge--\r\n"]), headers=kind)


def done(server: Server, ordered: Reply) -> Any:
    assert ordered.status == 202, ordered.text
    job = ordered.json
    while job["status"] in ("waiting", "running"):
        job = server.ask("GET", f"/api/v1/jobs/{job['id']}?wait=60", timeout=120).json
    return job


def spooled(server: Server) -> set[Path]:
    """What lies in the server's folder for what is being sent; other tests' uploads among it."""
    folder = next(server.index.glob("tmp/serving-*"))
    return {file for file in folder.rglob("*") if file.is_file() and file.name != "lock"}


def escaped(server: Server) -> set[Path]:
    """Files that are named so in the server's folder, and beside it."""
    own = server.index.parent
    return {*own.rglob("*escaped*"), *own.parent.glob("*escaped*")}


def test_the_name_of_a_file_leads_nowhere(server: Server) -> None:
    before, lying = escaped(server), spooled(server)
    names = [*HOSTILE_PATHS, "../../tokens.json", "../manifest.db", "C:\\x\\..\\escaped.txt"]
    for at, name in enumerate(names):
        text = b"Quay %d shut\n\nThe quay was shut on Friday, said Ada Fenwick." % at
        reply = added(server, form(name, text))
        assert reply.status in (202, 400, 422), (name, reply.text)
        if reply.status == 202:
            job = done(server, reply)
            assert job["status"] == "done", (name, job)
            assert str(server.index) not in json.dumps(job)
    uploads = server.index / "uploads"
    kept = {path for path in uploads.rglob("*") if path.is_file()}
    for path in kept:
        assert re.fullmatch(r"\w[\w.-]*", path.name), path
        assert path.resolve().is_relative_to(uploads.resolve())
    assert escaped(server) - kept <= before
    assert not [*Path("/etc/cron.d").glob("escaped*")]
    assert is_let_in(server)
    assert spooled(server) <= lying


def test_a_file_that_is_too_large_costs_itself_alone(server: Server) -> None:
    lying = spooled(server)
    small = b"Weir shut\n\nThe weir was shut on Friday, said Ada Fenwick."
    job = done(server, added(server, form("large.txt", b"x" * 1_000_001), form("weir.txt", small)))
    (failed,) = job["report"]["failed"]
    assert (failed["file"], "larger than 1 MB" in failed["reason"]) == ("large.txt", True)
    assert job["report"]["added"] == 1
    assert added(server, *[form(f"{at}.txt", b"x") for at in range(AT_ONCE + 1)]).status == 422
    assert (
        added(server, b'--edge\r\nContent-Disposition: form-data; name="files"\r\n\r\nx\r\n').status
        == 422
    )
    assert spooled(server) <= lying


def test_ingests_beyond_the_line_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    with running(tmp_path, calls=100_000) as server:

        def send(at: int) -> Reply:
            text = b"Lock %d shut\n\nThe lock was shut on Friday, said Ada Fenwick." % at
            return added(server, form(f"lock-{at}.txt", text))

        with ThreadPoolExecutor(20) as pool:
            replies = [*pool.map(send, range(50))]
        refused = [reply for reply in replies if reply.status == 503]
        assert refused
        assert int(refused[0].headers["retry-after"]) > 0
        jobs = [done(server, reply) for reply in replies if reply.status != 503]
        assert {job["status"] for job in jobs} == {"done"}
        assert spooled(server) == set()


def test_an_article_that_was_sent_is_inert_at_its_link(server: Server) -> None:
    odd = "</mark></script><script>alert(1)</script><img src=x onerror=alert(2)>"
    given = Pasted(f"{odd}\n\nThe sluice was shut.\n\n{odd}", odd, odd, odd, "2024-05-03")
    text = {name: getattr(given, name) for name in ("text", "headline", "outlet", "author")}
    ordered = server.ask("POST", "/api/v1/ingest/text", text)
    assert done(server, ordered)["report"]["added"] == 1
    assert as_file(given)[0]
    listed = server.ask("GET", "/api/v1/articles?limit=500").json["articles"]
    article = next(item for item in listed if "alert(1)" in (item["title"] or ""))
    page = server.ask("GET", f"/a/{article['id']}?start=2&end=60")
    assert page.status == 200
    assert "alert(1)" in page.text
    assert not re.search(r"<(?:script|img)[\s>]", page.text)
    assert "default-src 'self'" in page.headers["content-security-policy"]


# --- slowly, and without waiting


def test_bodies_that_never_arrive_hold_no_place(server: Server) -> None:
    with ExitStack() as held:
        for path in ("/api/v1/ask", "/v1/responses", "/api/v1/ingest", "/mcp"):
            for _ in range(SHARE):
                raw = socket.create_connection(("127.0.0.1", server.port), timeout=WAIT)
                held.enter_context(raw)
                raw.sendall(head(path, Content_Length=1000) + b'{"question"')
        assert server.call("ask", question=QUESTION).json["status"] == "answered"
        assert server.ask("GET", "/healthz").status == 200


def test_who_does_not_read_holds_no_place_for_long(server: Server) -> None:
    with ExitStack() as held:
        for _ in range(SHARE):
            held.enter_context(asking(server, stream=True, room=1024))
        assert eventually(lambda: is_let_in(server))
        assert server.ask("GET", "/healthz").status == 200


@contextmanager
def silent(folder: Path) -> Iterator[Server]:
    """A server whose language model takes questions and never says anything."""
    with pytest.MonkeyPatch.context() as patch, llm_server() as llm:
        patch.setenv("OPENAI_API_KEY", "none")
        named = {"llm": "openai:silent", "llm_base_url": llm.url, "llm_deadline": 600}
        with running(folder, calls=100_000, llm_timeout=600, **named) as server:
            try:
                yield server
            finally:
                llm.release.set()


@pytest.mark.parametrize("stream", [True, False])
def test_whoever_hangs_up_gives_the_place_back(tmp_path: Path, stream: bool) -> None:
    with silent(tmp_path) as server:
        with ExitStack() as held:
            for _ in range(SHARE + 2):  # one may find the place taken by who looks for one below
                held.enter_context(asking(server, stream=stream))
            assert eventually(lambda: not is_let_in(server))
            reply = server.call("find", question=QUESTION)
            assert (reply.status, int(reply.headers["retry-after"]) > 0) == (429, True)
        assert eventually(lambda: is_let_in(server))


def test_who_hangs_up_before_the_answer_begins_takes_no_place(tmp_path: Path) -> None:
    with silent(tmp_path) as server:
        for number in range(4 * SHARE):
            one = asking(server, stream=number % 2 == 0)
            if number % 3:  # and some of them without a farewell
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()
        assert eventually(lambda: is_let_in(server))
        with ExitStack() as held:
            for _ in range(SHARE - 1):
                held.enter_context(asking(server, stream=True))
            assert eventually(lambda: is_let_in(server))  # every place but these is free


def test_waits_for_jobs_that_nobody_reads_keep_nobody_waiting(server: Server) -> None:
    ordered = server.ask("POST", "/api/v1/ingest/text", {"text": "The lock keeper was seen."})
    path = f"/api/v1/jobs/{ordered.json['id']}?wait=60"
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", server.port), timeout=WAIT) as raw:
            raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert done(server, ordered)["status"] == "done"


# --- what failures say


def test_no_failure_names_a_folder_of_the_machine(tmp_path: Path) -> None:
    with running(tmp_path, calls=100_000) as server:
        (found,) = server.ask("GET", "/api/v1/articles").json["articles"]
        server.index.rename(server.index.with_name("elsewhere"))
        accept = {"Accept": "application/json, text/event-stream"}
        tool = {"name": "find", "arguments": {"question": QUESTION}}
        calls: list[tuple[str, str, Any]] = [
            ("POST", "/api/v1/ask", {"question": QUESTION}),
            ("POST", "/api/v1/find", {"question": QUESTION}),
            ("POST", "/api/v1/compare", {"question": QUESTION}),
            ("GET", "/api/v1/articles", None),
            ("GET", f"/api/v1/articles/{found['id']}", None),
            ("GET", f"/a/{found['id']}", None),
            ("POST", "/v1/responses", {"input": QUESTION}),
            ("POST", "/v1/responses", {"input": QUESTION, "stream": True}),
            ("POST", "/v1/chat/completions", {"messages": [{"content": QUESTION}]}),
            ("POST", "/v1/chat/completions", {"messages": [{"content": QUESTION}], "stream": True}),
            ("POST", "/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool}),
            ("POST", "/api/v1/ingest/text", {"text": "The lock was shut."}),
        ]
        for method, path, body in calls:
            reply = server.ask(method, path, body, headers=accept)
            told = reply.text
            if path.endswith("/text"):
                told = json.dumps(done(server, reply)) if reply.status == 202 else told
            for word in (str(tmp_path), "Traceback", "File ", "Errno", ".py"):
                assert word not in told, (path, told)
        stream = server.call("ask", question=QUESTION, stream=True).text
        assert "event: problem" in stream
        assert "is gone: it was deleted or moved" in stream
        assert str(tmp_path) not in stream
