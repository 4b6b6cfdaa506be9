"""Too much at once: what is refused, and that nothing dies of it."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from pathlib import Path

import pytest

from rag.web.room import AT_ONCE
from tests.attacks.attacking import QUESTION, Server, running
from tests.attacks.few_sessions import SESSIONS
from tests.attacks.visiting import Tab
from tests.llm_server import llm_server

JOIN = "/gradio_api/queue/join"
CHEAP = SESSIONS + 20  # more than are remembered


def test_waiting_answers_and_cheap_calls_do_not_end_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with llm_server() as llm:
        named = {"llm": "openai:silent", "llm_base_url": llm.url}
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        few = "tests.attacks.few_sessions"
        with running(tmp_path, module=few, calls=100_000, **named) as server:
            cookie, cheap = server.visit(), server.event("counts")
            tab = Tab(server)
            for number in range(AT_ONCE + 4):  # so many wait
                assert tab.sent("ask", QUESTION, session=f"asks{number}").status == 200
            seen = _many(server.port, cookie, cheap)
            assert seen.keys() <= {200, 503}
            assert seen[200] > SESSIONS
            assert server.ask("GET", "/healthz").status == 200
            assert server.ask("GET", "/readyz").status == 200
            llm.release.set()
            assert server.call("find", question=QUESTION).json["hits"]


def _many(port: int, cookie: str, number: int) -> Counter[int]:
    """Send one event of the page from `CHEAP` sessions, and read no answer."""
    seen: Counter[int] = Counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json", "Cookie": cookie}
    for session in range(CHEAP):
        body = {"data": [], "fn_index": number, "session_hash": f"flood{session}"}
        connection.request("POST", JOIN, json.dumps(body), headers)
        reply = connection.getresponse()
        reply.read()
        seen[reply.status] += 1
    connection.close()
    return seen


def test_who_calls_too_often_is_told_when_to_come_again(tmp_path: Path) -> None:
    with running(tmp_path, calls=5) as server:
        replies = [server.ask("GET", "/config") for _ in range(120)]
        seen = Counter(reply.status for reply in replies)
        assert seen.keys() == {200, 429}
        refused = next(reply for reply in replies if reply.status == 429)
        assert int(refused.headers["retry-after"]) >= 1
        assert "Too many calls" in refused.json["detail"]
        assert server.ask("GET", "/healthz").status == 200
        assert server.ask("GET", "/assets/none.js").status != 429


def test_beyond_the_queues_room_who_asks_is_told_how_many_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with llm_server() as llm:
        named = {"llm": "openai:silent", "llm_base_url": llm.url}
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        with running(tmp_path, calls=100_000, **named) as server:
            tab = Tab(server)
            tab.send("ask", QUESTION)
            replies = []
            while len(replies) < 99 and (not replies or replies[-1].status == 200):
                replies.append(tab.sent("ask", QUESTION, session=f"other{len(replies)}"))
            assert replies[-1].status == 503
            assert int(replies[-1].headers["retry-after"]) > 0
            assert "people are ahead of you" in replies[-1].json["detail"]
            llm.release.set()


def test_the_calls_of_programs_leave_nothing_behind(server: Server) -> None:
    status = Path(f"/proc/{server.process.pid}/status")
    if not status.is_file():
        pytest.skip("needs Linux's /proc")

    def resident() -> int:
        (line,) = [row for row in status.read_text().splitlines() if row.startswith("VmRSS")]
        return int(line.split()[1]) // 1024  # MB

    def ask_often(times: int) -> None:
        for _ in range(times):
            assert server.call("find", question="paint", k=1).status == 200
            assert server.call("find", question=" ").status == 422

    ask_often(50)
    before = resident()
    ask_often(125)
    assert resident() - before < 15
