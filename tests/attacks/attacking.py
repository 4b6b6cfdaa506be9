"""A real server to attack, and a caller that is no browser."""

from __future__ import annotations

import http.client
import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.forked import Forked

ARTICLE = """Tolley lighthouse repainted

The Pelican Gazette, 2 February 2024

The blue paint of the Tolley lighthouse cost 412 crowns, the keeper Orla Brentwick said on Friday.
"""
QUESTION = "What did the blue paint of the Tolley lighthouse cost?"


@dataclass
class Reply:
    """A response, read to its end."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Server:
    """A running server, and where it keeps things."""

    port: int
    index: Path
    process: Forked
    log: Path
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        cookie: str | None = None,
        timeout: float = 60,
    ) -> Reply:
        """Send one request; a body that is no bytes goes as JSON."""
        given = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            body, given["Content-Type"] = json.dumps(body).encode(), "application/json"
        if cookie:
            given["Cookie"] = cookie
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, given)
            reply = connection.getresponse()
            text = reply.read().decode(errors="replace")
            return Reply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, text)
        finally:
            connection.close()

    def visit(self) -> str:
        """Open the page as a browser does: the cookie that it gives."""
        given = self.ask("GET", "/").headers["set-cookie"]
        return given.partition(";")[0]

    def config(self) -> Any:
        return self.ask("GET", "/config").json

    def event(self, name: str) -> int:
        """The number of a private event."""
        return next(d["id"] for d in self.config()["dependencies"] if d["api_name"] == name)

    def upload(self, cookie: str, name: str, content: bytes) -> Reply:
        edge = "edge-of-a-part"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
        )
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.ask("POST", "/gradio_api/upload", body, headers=kind, cookie=cookie)

    def call(self, name: str, token: str = "", **body: Any) -> Reply:
        """Call the interface for programs: `body` to /api/v1/`name`."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.ask("POST", f"/api/v1/{name}", body, headers=headers, timeout=120)

    def act(self, cookie: str, number: int, data: list[Any], event: Any = None) -> list[Any]:
        """Send one of the page's own events: the messages that came of it."""
        session = f"s{number}x{len(data)}"
        body = {"data": data, "event_data": event, "fn_index": number, "session_hash": session}
        joined = self.ask("POST", "/gradio_api/queue/join", body, cookie=cookie)
        assert joined.status == 200, joined.text
        path = f"/gradio_api/queue/data?session_hash={session}"
        read = self.ask("GET", path, cookie=cookie, timeout=120).text
        return [json.loads(line[6:]) for line in read.splitlines() if line.startswith("data: ")]


@contextmanager
def running(folder: Path, *, module: str = "rag", **settings: object) -> Iterator[Server]:
    """Serve one small article from `folder`, with settings by their names."""
    articles = folder / "articles"
    if not articles.exists():
        articles.mkdir(parents=True)
        (articles / "tolley.txt").write_text(ARTICLE, encoding="utf-8")
    outside = {name: os.environ[name] for name in os.environ if not name.startswith("BYLINE_")}
    own = {f"BYLINE_{name.upper()}": str(value) for name, value in settings.items()}
    log = folder / "log.txt"
    arguments = ["serve", "articles", "--port", "0", "--index", "index"]
    with Forked(module, arguments, cwd=folder, environ={**outside, **own}, log=log) as process:
        line = ""
        while "Byline is ready: " not in line:
            line = process.stdout.readline()
            assert line, log.read_text(encoding="utf-8")
        port = int(line.rsplit(":", 1)[1].strip().rstrip("/"))
        try:
            yield Server(port, folder / "index", process, log)
        finally:
            process.send_signal(signal.SIGINT)
