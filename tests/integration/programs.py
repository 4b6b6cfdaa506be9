"""A Byline for programs to call: a copy of the sample articles, served by a process of its own."""

from __future__ import annotations

import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import samples
from tests.forked import Forked

QUESTION = "How many contract workers were brought to Gannet Dock by barge?"

# The first message of MCP.
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"},
    },
}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def call(
    address: str, path: str, body: Any = None, *, token: str = "", method: str = "", **headers: str
) -> Reply:
    """GET, or POST of `body` as JSON; a failure is a reply too."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    if data is not None:
        named.setdefault("Content-Type", "application/json")
    if token:
        named["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(f"{address}{path}", data, named, method=method or None)
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            return Reply(reply.status, dict(reply.headers), reply.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, dict(error.headers), error.read())


@contextmanager
def served(folder: Path, given: Path = samples.SAMPLES, **environ: str) -> Iterator[str]:
    """Serve a copy of the articles `given` with the index in `folder`/index; give the address."""
    articles = samples.read(folder, given)
    arguments = ["serve", articles, "--index", folder / "index", "--port", "0"]
    log = folder / "log.txt"
    with Forked("rag", arguments, cwd=folder, environ={**os.environ, **environ}, log=log) as server:
        try:
            line = ""
            while not line.startswith("Byline is ready: "):
                line = server.stdout.readline()
                assert line, log.read_text()
            yield line.removeprefix("Byline is ready: ").strip()
        finally:  # also where a test fails, or the end would be waited for in vain
            server.send_signal(signal.SIGINT)
