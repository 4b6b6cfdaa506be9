"""A visitor's browser tab, as far as the server knows: its events, sent over a socket."""

from __future__ import annotations

import http.client
import json
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.attacks.attacking import Reply, Server
from tests.attacks.doors import sign_in


@dataclass
class Tab:
    """One tab of the page, with the values that its fields begin with."""

    server: Server
    session: str = field(default_factory=lambda: uuid.uuid4().hex[:11])
    user: str = ""  # name:password, where the page wants one
    said: list[str] = field(default_factory=list)  # all that the server sent to it

    @cached_property
    def cookie(self) -> str:
        if not self.user:
            return self.server.visit()
        name, _, password = self.user.partition(":")
        signed_in = sign_in(self.server.port, name, password).cookie
        page = self.server.ask("GET", "/", cookie=signed_in)
        return f"{signed_in}; {page.headers['set-cookie'].partition(';')[0]}"

    @cached_property
    def config(self) -> Any:
        return self.server.ask("GET", "/config", cookie=self.cookie).json

    def send(self, name: str, *values: Any, event: Any = None) -> None:
        """Begin the event of this name; `values` take the place of the first visible fields'."""
        reply = self.sent(name, *values, event=event)
        assert reply.status == 200, reply.text

    def sent(self, name: str, *values: Any, event: Any = None, session: str = "") -> Reply:
        """As `send`, and what was replied; another `session` is another tab of this browser."""
        number, inputs = next(
            (d["id"], d["inputs"]) for d in self.config["dependencies"] if d["api_name"] == name
        )
        parts = {part["id"]: part for part in self.config["components"]}
        given, data = list(values), []
        for part in (parts[number] for number in inputs):
            if part["type"] == "state":
                data.append(None)
            else:
                data.append(given.pop(0) if given else part["props"].get("value"))
        body = {
            "data": data, "event_data": event, "fn_index": number,
            "session_hash": session or self.session, "trigger_id": None,
        }  # fmt: skip
        return self.server.ask("POST", "/gradio_api/queue/join", body, cookie=self.cookie)

    def read(self) -> list[Any]:
        """What came of the events that were sent, once all of them have ended."""
        path = f"/gradio_api/queue/data?session_hash={self.session}"
        text = self.server.ask("GET", path, cookie=self.cookie, timeout=120).text
        self.said.append(text)
        messages = [json.loads(line[6:]) for line in text.splitlines() if line[:6] == "data: "]
        ended = [item for item in messages if item["msg"] == "process_completed"]
        assert ended, text
        assert all(item["success"] for item in ended), text
        return messages

    def leave(self) -> None:
        """Close the tab: begin to listen, and hang up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {"Host": f"127.0.0.1:{self.server.port}", "Cookie": self.cookie}
        path = f"/gradio_api/queue/data?session_hash={self.session}"
        connection.request("GET", path, headers=headers)
        connection.getresponse().readline()
        connection.close()

    def act(self, name: str, *values: Any, event: Any = None) -> str:
        """Do what the event of this name does: all that it sent, as text."""
        self.send(name, *values, event=event)
        return json.dumps(self.read(), ensure_ascii=False)
