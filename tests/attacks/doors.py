"""Plain HTTP to knock at a door with, from whichever address."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

HTML = {"Accept": "text/html,application/xhtml+xml"}


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
