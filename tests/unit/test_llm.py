from collections.abc import Iterator

import pytest

from rag.errors import (
    LLMAuthenticationError,
    LLMCutOff,
    LLMError,
    LLMNotFound,
    LLMRateLimited,
    LLMTimeout,
    LLMUnreachable,
    SettingsError,
)
from rag.llm import LanguageModel, open_model
from rag.settings import Settings
from tests.llm_server import LLMServer, llm_server

ASK = [("system", "Answer."), ("human", "Is it so?")]


@pytest.fixture(scope="module")
def server() -> Iterator[LLMServer]:
    with llm_server() as running:
        yield running


def model(server: LLMServer, name: str, timeout: float = 30) -> LanguageModel:
    settings = Settings(llm=f"openai:{name}", llm_base_url=server.url, llm_timeout=timeout)
    opened = open_model(settings)
    assert opened is not None
    return opened


def test_streams_piece_by_piece_and_sends_both_messages(server: LLMServer) -> None:
    assert list(model(server, "good").stream(ASK)) == server.reply
    assert [m["content"] for m in server.requests[-1]["messages"]] == ["Answer.", "Is it so?"]
    assert server.requests[-1]["stream"] is True


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("locked", LLMAuthenticationError, "refused the key"),
        ("missing", LLMNotFound, "no such model"),
        ("busy", LLMRateLimited, "fewer requests"),
        ("cut", LLMCutOff, "in the middle"),
    ],
)
def test_failures_say_what_happened(
    server: LLMServer, name: str, error: type[LLMError], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        model(server, name).reply(ASK)
    assert f"openai:{name}" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_silent_server_is_given_up(server: LLMServer) -> None:
    with pytest.raises(LLMTimeout, match="0.2 seconds"):
        model(server, "silent", timeout=0.2).reply(ASK)


def test_what_came_before_a_cut_was_passed_on(server: LLMServer) -> None:
    stream = model(server, "cut").stream(ASK)
    assert next(stream) == server.reply[0]
    with pytest.raises(LLMCutOff):
        next(stream)


def test_nobody_there() -> None:
    settings = Settings(llm="openai:good", llm_base_url="http://127.0.0.1:9/v1")
    opened = open_model(settings)
    assert opened is not None
    with pytest.raises(LLMUnreachable, match="BYLINE_LLM_BASE_URL"):
        opened.reply(ASK)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(LLMAuthenticationError, match="key"):
        open_model(Settings(llm="openai:gpt-4o-mini"))


@pytest.mark.parametrize(
    ("name", "words"),
    [("gpt-4", "provider:model"), ("nowhere:m", "nowhere"), ("groq:m", "pip install")],
)
def test_unusable_names(name: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        open_model(Settings(llm=name))


def test_extractive_is_no_model() -> None:
    assert open_model(Settings()) is None
