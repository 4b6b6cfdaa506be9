"""An OpenAI-compatible server on loopback, whose model's name says how it behaves."""

import json
import re
import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from typing import Any

Delta = dict[str, Any]
_PASSAGE = re.compile(r'<passage number="(\d+)">\n(.*?)text:\n(.*?)\n</passage>', re.DOTALL)
_POINTER = re.compile(r"\[=([^\]]+)\]")
_MOST_PASSAGES = 2  # the model "narrow" reads no more


@dataclass
class LLMServer:
    """`reply` is what the model "good" streams, in pieces; `requests` what it was asked.

    The model "condensing" gives it where a question is to be rewritten, and answers honestly;
    "judging" where claims are to be judged, and else invents, in German "judging_german";
    "pointing" with the number of the passage that has the words in place of "[=words]"; "pausing"
    does not end an honest answer to a question before `release`.
    """

    url: str
    reply: list[str] = field(default_factory=lambda: ["It is so ", "[", "1]."])
    requests: list[dict[str, Any]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    key: str = ""  # if set, requests without it are refused
    keys: list[str] = field(default_factory=list)  # that came with the requests
    asked: SimpleQueue[str] = field(default_factory=SimpleQueue)  # models, as requests come
    gone: SimpleQueue[str] = field(default_factory=SimpleQueue)  # models whose askers left early
    retry_after: str = "86400"  # seconds that the model "later" asks to wait


def passages(request: dict[str, Any]) -> list[tuple[int, str]]:
    """Number and text of the passages that a request shows."""
    return [
        (int(number), text)
        for message in request["messages"]
        for number, _, text in _PASSAGE.findall(str(message["content"]))
    ]


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s", " ".join(text.split()))[0].rstrip(".")


def honest(request: dict[str, Any]) -> str:
    """The first sentence of the first two passages, each with its number."""
    shown = passages(request)[:2]
    return " ".join(f"{_first_sentence(text)} [{number}]." for number, text in shown)


def pointing(request: dict[str, Any], reply: str) -> str:
    """`reply` with the numbers of the passages that it points at; 0 where none has the words."""
    shown = [(number, " ".join(text.split())) for number, text in passages(request)]

    def found(match: re.Match[str]) -> str:
        return f"[{next((number for number, text in shown if match[1] in text), 0)}]"

    return _POINTER.sub(found, reply)


def inventing(request: dict[str, Any]) -> str:
    """Sentences of the passages with figures that are nowhere."""
    return f"{honest(request)} It was 98,765 in all [1]. Some 4,321 of them left again [2]."


def german(request: dict[str, Any]) -> str:
    """A figure of the first passage and one that is nowhere, in German."""
    return (
        "Am Pass fielen in sechs Stunden 42 Zentimeter Schnee, und er wurde gesperrt [1]. Dort "
        "standen nach Angaben der Polizei 98.765 Autos [1]."
    )


def miscited(request: dict[str, Any]) -> str:
    """True sentences, each with the number of another passage."""
    shown = passages(request)
    numbers = [number for number, _ in shown[1:]] + [1]
    pairs = zip(shown, numbers, strict=True)
    return " ".join(f"{_first_sentence(text)} [{number}]." for (_, text), number in pairs)


def broken(request: dict[str, Any]) -> str:
    """Markers of every kind, whole, half and wrong, in bold, lists, tables and code."""
    (_, text), *_ = passages(request)
    words = _first_sentence(text)
    return (
        f"**{words} [1].**\n\n- {words} 【1】\n- [^1] {words}\n\n| {words} | [passage 1] |\n"
        f"|---|---|\n\n`{words}[77]` [1 {words} [1-] 【 [] [[1]] [1"
    )


def formatted(request: dict[str, Any]) -> str:
    """Headings, a list, a table and courtesies around true sentences, and a false one."""
    given = passages(request)[:3] or [(1, "Yes.")]  # whoever tries the model shows it none
    shown = [(number, _first_sentence(text)) for number, text in given]
    items = "\n".join(f"{n}. **{'ABC'[n - 1]}:** {text} [{n}]" for n, text in shown)
    rows = "\n".join(f"| {'ABC'[n - 1]} | {text} [{n}] | not stated |" for n, text in shown)
    number, text = shown[0]
    return (
        f"Sure! Here is what the articles say:\n\n## In short\n\n**{text}** [Source {number}]. It "
        f"was *98,765* in all 【{number}†source】.\n\n## Step by step\n\n{items}\n\n"
        f"| Event | What happened | Cost |\n|---|---|---|\n{rows}\n\n> {text} [{number}]\n\n"
        f"The articles do not say who paid.\n\nSources:\n[1] The first\n\nI hope this helps!"
    )


_SAYS: dict[str, Callable[[dict[str, Any]], str]] = {
    "honest": honest,
    "narrow": honest,
    "slow": honest,
    "long": honest,
    "pausing": lambda request: honest(request).replace("]. ", "].\n\n") + "\n\n",
    "rushed": honest,
    "inventing": inventing,
    "miscited": miscited,
    "broken": broken,
    "formatted": formatted,
    "empty": lambda _: "",
    "blank": lambda _: " \n\n ",
    "signs": lambda _: "***\n---\n",
}


_CALL = {"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
_TOO_LONG = 20.0  # seconds after which even an endless reply ends: nobody cut it
# What a model repeats without end, and the seconds between; None: it says nothing at all.
_ENDLESS: dict[str, tuple[Delta | None, float]] = {
    "dripping": ({"content": "The pass was closed, "}, 0.02),
    "pondering": ({"content": "<think> hm, "}, 0.02),
    "reasoning_on": ({"reasoning_content": "Hm, "}, 0.02),
    "calling_on": ({"tool_calls": [_CALL]}, 0.02),
    "keeping_alive": (None, 0.02),
    "silent": (None, _TOO_LONG),
    "trickling": ({"content": "They came by barge [1]. Nobody says why [2].\n\n"}, 0.1),
    "flooding": ({"content": "The pass was closed [1].\n" * 400}, 0.0),
    "flooding_thoughts": ({"content": "<think>" + "Was it closed? " * 700}, 0.0),
    "flooding_calls": ({"tool_calls": [{**_CALL, "function": {"arguments": "x" * 9999}}]}, 0.0),
}


def _deltas(request: dict[str, Any], reply: Sequence[str]) -> list[Delta]:
    """What the model streams, one delta a chunk."""
    name, said = request["model"], honest(request)
    again = len(request["messages"]) > 2
    if name == "reasoning":
        return [
            {"reasoning_content": "The user wants 98,765."},
            *_content(f"<think>\nPerhaps 98,765 [7]?\n</think>\n\n{said}", 3),
        ]
    if name == "unopened":
        return _content(f"Perhaps it was 98,765 [7].\n</think>{said}", 5)
    if name == "endless":
        return _content("<think>Perhaps it was 98,765 [7], but then again", 4)
    if name == "caller":
        call = {"name": "search", "arguments": '{"q": "98,765"}'}
        tool = {"index": 0, "id": "c1", "type": "function", "function": call}
        return [
            {"tool_calls": [tool]},
            *_content(f'<tool_call>\n{{"name": "search"}}\n</tool_call>\n{said}', 4),
        ]
    if name == "calling":
        tool = {"index": 0, "id": "c1", "type": "function", "function": {"name": "f"}}
        return [{"content": None, "tool_calls": [tool]}]
    if name == "mending":
        return _content(said if again else inventing(request).removeprefix(said), 6)
    if name == "worsening":
        return _content("It was 98,765 [1]." if again else inventing(request), 6)
    if name == "giving_up":
        return [] if again else _content(inventing(request).removeprefix(said), 6)
    if name.startswith("judging") and "<claim " not in request["messages"][-1]["content"]:
        return _content(german(request) if name == "judging_german" else inventing(request), 7)
    if name == "condensing" and "Last question: " not in request["messages"][-1]["content"]:
        return _content(said, 7)
    if name == "pointing":
        return _content(pointing(request, "".join(reply)), 7)
    if name in _SAYS:
        return _content(_SAYS[name](request), 1 if name == "slow" else 7)
    return [{"content": piece} for piece in reply]


def _content(text: str, size: int) -> list[Delta]:
    return [{"content": text[at : at + size]} for at in range(0, len(text), size)]


def _failure(request: dict[str, Any], key: str, given: str) -> tuple[int, str, str] | None:
    """Status, code and message of the request's refusal, if it is refused."""
    many = len(passages(request)) > _MOST_PASSAGES
    refusals = {
        "locked": (401, "invalid_api_key", f"Incorrect API key provided: {given}"),
        "missing": (404, "model_not_found", "The model `missing` does not exist"),
        "busy": (429, "rate_limit_exceeded", "Rate limit reached"),
        "broken_down": (500, "server_error", "The server had an error"),
        "tiny": (400, "context_length_exceeded", "maximum context length is 8 tokens"),
    }
    if key and given != key:
        return refusals["locked"]
    if request["model"] == "narrow" and many:
        return 400, "invalid_request_error", "This model's maximum context length is 99 tokens"
    return refusals.get(request["model"])


@contextmanager
def llm_server() -> Iterator[LLMServer]:
    state = LLMServer("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            models = [{"id": name, "object": "model"} for name in ("good", "locked", *_SAYS)]
            if self.path != "/v1/models":
                self._error(404, "not_found", "no such path")
            elif state.key and self._given() != state.key:
                self._error(401, "invalid_api_key", f"Incorrect API key: {self._given()}")
            else:
                self._json(200, {"object": "list", "data": models})

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            request = json.loads(self.rfile.read(size))
            if self.path != "/v1/chat/completions":
                self._error(404, "not_found", "no such path")
                return
            state.requests.append(request)
            state.keys.append(self._given())
            state.asked.put(request["model"])
            failure = _failure(request, state.key, self._given())
            if failure:
                self._error(*failure)
            elif request["model"] == "later":
                self._error(429, "rate_limit_exceeded", "Rate limit", state.retry_after)
            elif request["model"] in _ENDLESS:
                self._endless(request["model"])
            elif request["model"] == "cut":
                self._stream([{"content": state.reply[0]}], "")
            elif request["model"] == "cut_later":
                self._stream(_deltas({**request, "model": "honest"}, ())[:-1], "")
            else:
                finish = "length" if request["model"] == "long" else "stop"
                pauses = request["model"] == "pausing" and bool(passages(request))
                self._stream(_deltas(request, state.reply), finish, pauses=pauses)

        def _given(self) -> str:
            return str(self.headers["Authorization"] or "").removeprefix("Bearer ")

        def _error(self, status: int, code: str, message: str, later: str = "") -> None:
            self._json(status, {"error": {"message": message, "code": code}}, later)

        def _json(self, status: int, content: object, later: str = "") -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if later:
                self.send_header("Retry-After", later)
            else:
                self.send_header("retry-after-ms", "1")  # clients that try again need not wait
            self.end_headers()
            self.wfile.write(body)

        def _begin(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True

        def _endless(self, name: str) -> None:
            """Repeat one thing until whoever asked has left, which is noted."""
            delta, pause = _ENDLESS[name]
            until = time.monotonic() + _TOO_LONG
            if name == "silent":
                self.close_connection = True
            else:
                self._begin()
            with suppress(ConnectionError):
                while time.monotonic() < until and not state.release.is_set():
                    if delta:
                        self._event({"delta": delta, "finish_reason": None})
                    elif name == "keeping_alive":
                        self.wfile.write(b": still here\n\n")
                    if self._left(min(pause, 0.1)):
                        break
                else:
                    return
            state.gone.put(name)

        def _left(self, within: float) -> bool:
            """Whether who asked closes the connection within so many seconds."""
            ready, _, _ = select.select([self.connection], [], [], within)
            return bool(ready) and not self.connection.recv(1, socket.MSG_PEEK)

        def _stream(self, deltas: Sequence[Delta], finish: str, *, pauses: bool = False) -> None:
            self._begin()
            with suppress(ConnectionError):  # who asked may leave before the end
                for delta in deltas:
                    self._event({"delta": delta, "finish_reason": None})
                if pauses:
                    state.release.wait(_TOO_LONG)
                if finish:
                    self._event({"delta": {}, "finish_reason": finish})
                    self.wfile.write(b"data: [DONE]\n\n")

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

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            if not isinstance(sys.exception(), ConnectionError):  # who asked has left
                super().handle_error(*_)

    server = Server(("127.0.0.1", 0), Handler)
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
