"""Byline as a model: the real client of OpenAI's protocol against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.integration.programs import QUESTION, call, served
from vectorstore.beside import InFolder

OFF_TOPIC = "Who won the chess world championship in Reykjavik?"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("models")) as found:
        yield found


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}/v1", api_key="any", max_retries=0) as opened:
        yield opened


def said(*contents: str) -> list[Any]:
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(contents)]


def points_at_its_number(address: str, text: str, item: Any) -> bool:
    """Whether an annotation stands at a number of the text, and its link opens an article."""
    mark = text[item.start_index : item.end_index]
    is_number = mark[:1] + mark[-1:] == "[]" and mark[1:-1].isdecimal()
    path = item.url.removeprefix(address)
    return is_number and call(address, path).status == 200


def test_there_is_one_model(client: openai.OpenAI) -> None:
    assert [item.id for item in client.models.list()] == ["byline"]
    assert client.models.retrieve("byline").id == "byline"


def test_each_citation_is_one_annotation_at_its_number(client: openai.OpenAI, address: str) -> None:
    got = client.chat.completions.create(model="byline", messages=said(QUESTION))
    message = got.choices[0].message
    assert message.content is not None
    assert message.annotations is not None
    cited = [item.url_citation for item in message.annotations]
    assert len({item.url for item in cited}) == len(cited) > 1
    assert all(points_at_its_number(address, message.content, item) for item in cited)
    assert all(item.url in message.content for item in cited)  # footnotes, for other clients


def test_a_stream_is_the_same_text_with_the_same_annotations(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="byline", messages=said(QUESTION)).choices[0]
    stream = client.chat.completions.create(model="byline", messages=said(QUESTION), stream=True)
    chunks = [chunk.choices[0] for chunk in stream]
    assert "".join(chunk.delta.content or "" for chunk in chunks) == whole.message.content
    assert chunks[-1].finish_reason == "stop"
    assert whole.message.annotations is not None
    sent = chunks[-1].delta.model_dump()["annotations"]
    assert sent == [item.model_dump(exclude_none=True) for item in whole.message.annotations]


def test_what_was_said_before_is_known(client: openai.OpenAI) -> None:
    first = client.chat.completions.create(
        model="byline", messages=said("Who is Odile Hartsgrave?")
    )
    turns = said(
        "Who is Odile Hartsgrave?", first.choices[0].message.content or "", "How old is she?"
    )
    got = client.chat.completions.create(model="byline", messages=turns)
    assert "68" in (got.choices[0].message.content or "")


def test_a_refusal_has_no_citations(client: openai.OpenAI) -> None:
    got = client.chat.completions.create(model="byline", messages=said(OFF_TOPIC))
    message = got.choices[0].message
    assert message.annotations == []
    assert "Sources" not in (message.content or "")


def test_responses_carry_text_and_annotations(client: openai.OpenAI, address: str) -> None:
    got = client.responses.create(model="byline", input=QUESTION)
    part = got.output[0].content[0]  # type: ignore[union-attr, index]
    assert part.text == got.output_text  # type: ignore[union-attr]
    cited = part.annotations  # type: ignore[union-attr]
    assert cited
    assert all(points_at_its_number(address, got.output_text, item) for item in cited)


def test_a_response_comes_as_events(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="byline", input=said(QUESTION))
    kinds = []
    with client.responses.stream(model="byline", input=QUESTION) as stream:
        for event in stream:
            kinds.append(event.type)
        final = stream.get_final_response()
    assert final.output_text == whole.output_text
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert kinds.count("response.output_text.annotation.added") == len(
        final.output[0].content[0].annotations  # type: ignore[union-attr, index]
    )


def test_what_is_no_question_is_an_error_of_the_protocol(client: openai.OpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="no question"):
        client.chat.completions.create(
            model="byline", messages=[{"role": "assistant", "content": "Hello"}]
        )


def test_where_users_are_set_the_key_is_a_token(tmp_path: Path) -> None:
    from datetime import date

    from rag.web.api.tokens import made

    with served(tmp_path, BYLINE_AUTH="anna:correct horse") as address:
        key = made(InFolder(tmp_path / "index"), "chat", ["read"], date(2024, 3, 4))
        with openai.OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0) as known:
            assert len(list(known.models.list())) == 1
        with (
            openai.OpenAI(base_url=f"{address}/v1", api_key="wrong", max_retries=0) as unknown,
            pytest.raises(openai.AuthenticationError),
        ):
            unknown.models.list()
