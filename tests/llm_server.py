"""An OpenAI-compatible server on loopback, whose model's name says how it behaves."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class LLMServer:
    """`reply` is what the model "good" streams, in pieces; `requests` what it was asked."""

    url: str
    reply: list[str] = field(default_factory=lambda: ["It is so ", "[", "1]."])
    requests: list[dict[str, Any]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)


@contextmanager
def llm_server() -> Iterator[LLMServer]:
    state = LLMServer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(size))
            state.requests.append(request)
            match request["model"]:
                case "locked":
                    self._error(401, "invalid_api_key", "Incorrect API key provided")
                case "missing":
                    self._error(404, "model_not_found", "The model `missing` does not exist")
                case "busy":
                    self._error(429, "rate_limit_exceeded", "Rate limit reached")
                case "silent":
                    state.release.wait(30)
                    self.close_connection = True
                case "cut":
                    self._stream(state.reply[:1], finish=False)
                case _:
                    self._stream(state.reply, finish=True)

        def _error(self, status: int, code: str, message: str) -> None:
            body = json.dumps({"error": {"message": message, "code": code}}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self, pieces: list[str], *, finish: bool) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            for piece in pieces:
                self._event({"delta": {"content": piece}, "finish_reason": None})
            if finish:
                self._event({"delta": {}, "finish_reason": "stop"})
                self.wfile.write(b"data: [DONE]\n\n")
            self.close_connection = True

        def _event(self, choice: dict[str, Any]) -> None:
            chunk = {
                "id": "c",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "m",
                "choices": [{"index": 0, **choice}],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.release.set()
        server.shutdown()
        thread.join()
        server.server_close()
