"""The page's HTTP API: what the command line prints as JSON, over a real server."""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.forked import ROOT, Forked


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("work")
    arguments = ["serve", ROOT / "examples" / "articles", "--port", "0"]
    log = folder / "log.txt"
    with Forked("rag", arguments, cwd=folder, environ=os.environ, log=log) as server:
        line = ""
        while not line.startswith("Byline is ready: "):
            line = server.stdout.readline()
            assert line, log.read_text()
        yield line.removeprefix("Byline is ready: ").strip()
        server.send_signal(signal.SIGINT)


def call(address: str, name: str, *values: Any) -> tuple[str, Any]:
    """The last event of a call and its data."""
    url = f"{address.rstrip('/')}/gradio_api/call/{name}"
    body = json.dumps({"data": values}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as reply:
        event = json.load(reply)["event_id"]
    with urllib.request.urlopen(f"{url}/{event}", timeout=120) as reply:
        lines = [line.decode().strip() for line in reply if line.strip()]
    kind, data = lines[-2].removeprefix("event: "), lines[-1].removeprefix("data: ")
    return kind, json.loads(data)


def test_a_question_gets_the_answers_json(address: str) -> None:
    kind, (got,) = call(address, "answer", "When did the dockers walk out?", None)
    assert kind == "complete"
    assert got["status"] == "answered"
    assert got["citations"][0]["file"].startswith("2024-03-")
    assert got["searched"]["articles"] == got["searched"]["of"] == 18


def test_filters_limit_an_answer(address: str) -> None:
    limits = {"outlets": ["Slackwater Weekly"], "until": "March 2024"}
    _, (got,) = call(address, "answer", "How many people marched to Lantern Square?", limits)
    assert {hit["file"] for hit in got["hits"]} <= {
        "2024-03-10-slackwater-weekly-lantern-square.md",
        "2024-03-20-slackwater-weekly-interview-yelena-dorsk.docx",
    }
    assert got["searched"]["articles"] == 2


def test_search_lists_k_passages_with_their_ranks(address: str) -> None:
    _, (got,) = call(address, "find", "strike ballot", 3, None)
    assert len(got["hits"]) == 3
    assert got["hits"][0]["rerank_score"] is not None


def test_a_comparison_lists_who_says_what(address: str) -> None:
    statement = "8,500 people marched in Lantern Square on Saturday."
    kind, (got,) = call(address, "compare", statement, None)
    assert kind == "complete"
    assert {row["bearing"] for row in got["rows"]} >= {"supports", "contradicts"}
    only = {"outlets": ["Slackwater Weekly"]}
    _, (got,) = call(address, "compare", statement, only)
    assert {row["outlet"] for row in got["rows"]} == {"Slackwater Weekly"}


@pytest.mark.parametrize(
    ("question", "limits"), [("  ", None), ("Who?", {"since": "31/31/2015"}), ("Who?", {"x": 1})]
)
def test_an_impossible_call_is_refused(address: str, question: str, limits: Any) -> None:
    kind, _ = call(address, "answer", question, limits)
    assert kind == "error"
