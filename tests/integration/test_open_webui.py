"""What open-webui reads of a model's answers, and that ours can be read so.

It was connected once, version 0.12.4, by hand: its server listed the model, streamed answers, and
kept one source a citation, in the order of their numbers. What it looks at, which these tests hold:

- `routers/openai.py`, `get_all_models`: `/v1/models` has `data`, a list of objects with `id`.
- `utils/middleware.py`, `streaming_chat_response_handler`: of each chunk `choices[0]`: text in
  `delta.content`; sources in `delta.annotations[]`, those with `type` "url_citation" and an object
  `url_citation` with `url` and `title`; `finish_reason`. A chunk without choices is an error if it
  has `error`. Of responses: `response.output_item.done` with an `item` of `type` "message", whose
  `content[].annotations[]` have `url` and `title`.
- `src/lib/components/chat/Messages/Citations.svelte`: sources with the same address are one, and
  [n] in the text opens the n-th.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.programs import QUESTION, call, served

CONTRAST = "How many people marched?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("webui")) as found:
        yield found


def chunks(body: bytes) -> list[Any]:
    """The JSON of a stream's lines; the last line says that it is over."""
    lines = [line for line in body.decode().splitlines() if line.startswith("data: ")]
    *data, last = [line.removeprefix("data: ") for line in lines]
    assert last == "[DONE]"
    return [json.loads(line) for line in data]


def hold(text: str, sources: list[Any]) -> None:
    """Each number of the text opens the source of that number, which has a name and a link."""
    assert len({item["url"] for item in sources}) == len(sources)
    assert all(item["title"] and item["url"].startswith("http") for item in sources)
    answer = text.partition("\n\nSources\n")[0]
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", answer)}
    assert numbers == set(range(1, len(sources) + 1))
    footnotes = re.findall(r"^\[(\d+)\] .*\n(\S+)$", text, re.MULTILINE)
    assert footnotes == [(str(n), item["url"]) for n, item in enumerate(sources, 1)]


def test_the_model_is_in_its_list(address: str) -> None:
    listed = call(address, "/v1/models").json
    assert [item["id"] for item in listed["data"]] == ["byline"]


@pytest.mark.parametrize("question", [QUESTION, CONTRAST])
def test_a_chat_gives_text_and_sources(address: str, question: str) -> None:
    asked = {
        "model": "byline",
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": question},
        ],
    }
    text, sources, finished = "", list[Any](), ""
    for chunk in chunks(call(address, "/v1/chat/completions", asked).body):
        choice = chunk["choices"][0]
        text += choice["delta"].get("content") or ""
        for item in choice["delta"].get("annotations") or ():
            assert item["type"] == "url_citation"
            sources.append(item["url_citation"])
        finished = choice["finish_reason"] or finished
    assert finished == "stop"
    assert sources
    hold(text, sources)


def test_a_response_gives_text_and_sources(address: str) -> None:
    asked = {"model": "byline", "stream": True, "input": QUESTION}
    lines = call(address, "/v1/responses", asked).body.decode().splitlines()
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line[:6] == "data: "]
    done = [item["item"] for item in events if item["type"] == "response.output_item.done"]
    assert [item["type"] for item in done] == ["message"]
    part = done[0]["content"][0]
    assert part["annotations"]
    hold(part["text"], part["annotations"])
