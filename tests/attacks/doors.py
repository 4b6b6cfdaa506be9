"""A Byline of its own behind a door, and plain HTTP to knock at it, from whichever address."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
HTML = {"Accept": "text/html,application/xhtml+xml"}


@contextmanager
def served(folder: Path, environ: Mapping[str, str], *arguments: str) -> Iterator[int]:
    """Run `byline serve ARGUMENTS` in `folder` and give its port; its log is log.txt there."""
    log = folder / "log.txt"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "rag", "serve", *arguments, "--port", "0"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as server,
    ):
        assert server.stdout is not None
        line = ""
        while not line.startswith("Byline is ready: "):
            line = server.stdout.readline()
            assert line, log.read_text()
        try:
            yield int(line.rpartition(":")[2])
        finally:
            server.send_signal(signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def cookie(self) -> str:
        """Its session, as a Cookie header has it; empty where it gives none."""
        return (self.headers["Set-Cookie"] or "").partition(";")[0]


def knock(
    port: int,
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    *,
    client: str = "127.0.0.1",
) -> Reply:
    """Send one request as it stands and read the whole reply; nothing is followed."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=60, source_address=(client, 0)
    )
    try:
        connection.request(method, path, body, dict(headers or {}))
        reply = connection.getresponse()
        return Reply(reply.status, reply.headers, reply.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def sign_in(
    port: int,
    name: str,
    password: str,
    *,
    client: str = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
    after: str = "",
) -> Reply:
    """Send the login form."""
    form = urlencode({"username": name, "password": password, "next": after}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return knock(port, "/login", "POST", {**kind, **(headers or {})}, form, client=client)
