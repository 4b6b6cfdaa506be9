"""Web sites on loopback, of which a test says what each address sends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rag.indexing.fetching import Address


@dataclass
class Sent:
    """An answer: its body, what the header says of it, and what it is asked again with."""

    body: bytes | str
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass
class Site:
    """`pages` by path with query; `asked` are the paths in order; what is in `held` waits."""

    address: str = ""
    pages: dict[str, Sent] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    held: dict[str, threading.Event] = field(default_factory=dict)
    arrived: threading.Event = field(default_factory=threading.Event)  # a request that is held

    def answer(self, path: str, given: Any) -> Sent:
        self.asked.append(path)
        if path in self.held:
            self.arrived.set()
            self.held[path].wait(60)
        found = self.pages.get(path) or Sent("gone", status=404)
        etag = found.headers.get("ETag")
        return Sent("", status=304) if etag and given["If-None-Match"] == etag else found


@contextmanager
def site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = served.answer(self.path, self.headers)
            self.send_response(sent.status)
            for name, value in {"Content-Type": sent.kind, **sent.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent.data)))
            self.end_headers()
            self.wfile.write(sent.data)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        served.address = f"http://127.0.0.1:{server.server_port}"
        yield served
        for event in served.held.values():
            event.set()
        server.shutdown()
        thread.join()


def loopback(address: Address) -> bool:
    return address.is_loopback
