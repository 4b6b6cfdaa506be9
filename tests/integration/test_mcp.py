"""Byline for assistants: the SDK's own client, over stdio and over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="pip install 'byline[mcp]'")

import httpx  # noqa: E402
from mcp import Client, StdioServerParameters, stdio_client  # noqa: E402
from mcp.client.streamable_http import streamable_http_client  # noqa: E402

from rag.web.api.tokens import made  # noqa: E402
from tests.forked import ROOT  # noqa: E402
from tests.integration.programs import INITIALIZE, QUESTION, call, served  # noqa: E402
from tests.unit.web.on_its_own import run
from vectorstore.beside import InFolder

TOOLS = ["ask", "compare", "find", "list_articles", "read_article"]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("mcp")
    with served(folder, BYLINE_AUTH="anna:correct horse") as address:
        yield address, folder / "index"


@asynccontextmanager
async def over_http(address: str, token: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(headers=headers, timeout=120) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
    ):
        yield client


@asynccontextmanager
async def over_stdio(index: Path) -> AsyncIterator[Client]:
    command = StdioServerParameters(
        command=sys.executable,
        args=["-m", "rag", "mcp", "--index", str(index)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    async with Client(stdio_client(command)) as client:
        yield client


async def does_all(client: Client, base: str) -> None:
    """Call everything; links begin with `base`."""
    assert sorted(tool.name for tool in (await client.list_tools()).tools) == TOOLS
    found = await _called(client, "find", question=QUESTION, k=3)
    assert len(found["hits"]) == 3
    for hit in found["hits"]:
        read = await _called(client, "read_article", article=hit["article"])
        assert read["text"][hit["start"] : hit["end"]] == hit["text"]
        assert hit["url"] == f"{base}/a/{hit['article']}?start={hit['start']}&end={hit['end']}"
    answer = await _called(client, "ask", question=QUESTION)
    assert answer["status"] == "answered"
    for item in answer["citations"]:
        here = {"article": item["article"], "start": item["start"]}
        read = await _called(client, "read_article", **here, length=item["end"] - item["start"])
        assert read["text"] == item["quote"]
    assert (await _called(client, "compare", question="8,500 people marched."))["rows"]
    limits = {"since": "2024-03-20", "authors": ["Penhallick"]}
    listed = await _called(client, "list_articles", filters=limits)
    assert {item["author"] for item in listed["articles"]} == {"Joris Penhallick"}
    article = listed["articles"][0]["id"]
    (whole,) = (await client.read_resource(f"byline://articles/{article}")).contents
    assert "Penhallick" in whole.text  # type: ignore[union-attr]
    prompt = await client.get_prompt("answer_with_citations", {"question": "Who pays?"})
    assert "Who pays?" in prompt.messages[0].content.text  # type: ignore[union-attr]
    wrong = await client.call_tool("find", {"question": "Who?", "filters": {"since": "soon"}})
    assert wrong.is_error
    assert "since" in wrong.content[0].text  # type: ignore[union-attr]


async def _called(client: Client, name: str, **arguments: Any) -> Any:
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    return result.structured_content


def test_over_http_with_a_token(closed: tuple[str, Path]) -> None:
    address, index = closed
    token = made(InFolder(index), "assistant", ["read"], date(2024, 3, 4))

    async def talk() -> None:
        async with over_http(address, token) as client:
            await does_all(client, address)

    run(talk())


def test_over_stdio(closed: tuple[str, Path]) -> None:
    async def talk() -> None:
        async with over_stdio(closed[1]) as client:
            await does_all(client, "http://127.0.0.1:7860")

    run(talk())


def test_over_http_the_doors_are_those_of_the_page(closed: tuple[str, Path]) -> None:
    address, index = closed
    accept = "application/json, text/event-stream"
    assert call(address, "/mcp", INITIALIZE, Accept=accept).status == 401
    token = made(InFolder(index), "host", ["read"], date(2024, 3, 4))
    assert call(address, "/mcp", INITIALIZE, token=token, Accept=accept).status == 200
    assert (
        call(address, "/mcp", INITIALIZE, token=token, Accept=accept, Host="evil.example").status
        == 421
    )
    only_adds = made(InFolder(index), "adder", ["add"], date(2024, 3, 4))
    assert call(address, "/mcp", INITIALIZE, token=only_adds, Accept=accept).status == 403


def test_stdout_holds_messages_alone(closed: tuple[str, Path]) -> None:
    asked = {
        "jsonrpc": "2.0",
        "id": 2,
        "method": "tools/call",
        "params": {"name": "find", "arguments": {"question": QUESTION, "k": 1}},
    }
    ready = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    lines = "".join(f"{json.dumps(item)}\n" for item in (INITIALIZE, ready, asked))
    command = [sys.executable, "-m", "rag", "mcp", "--index", str(closed[1])]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(lines)
        server.stdin.flush()
        said = [json.loads(server.stdout.readline()) for _ in range(2)]
        server.stdin.close()
        rest = server.stdout.read()
    assert [item["id"] for item in said] == [1, 2]
    assert all(item["jsonrpc"] == "2.0" for item in said)
    assert rest == ""
