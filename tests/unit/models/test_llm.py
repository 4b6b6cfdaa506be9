import gc
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk

from rag.errors import (
    LLMAuthenticationError,
    LLMContextOverflow,
    LLMCutOff,
    LLMError,
    LLMNotFound,
    LLMRateLimited,
    LLMTimeout,
    LLMUnreachable,
    SettingsError,
)
from rag.models.keys import redacted
from rag.models.llm import LanguageModel, open_model
from rag.settings import Settings, load_settings
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
    assert "stream_options" not in server.requests[-1]  # some servers refuse what they do not use


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("locked", LLMAuthenticationError, "refused the key"),
        ("missing", LLMNotFound, "no such model"),
        ("busy", LLMRateLimited, "fewer requests"),
        ("cut", LLMCutOff, "in the middle"),
        ("tiny", LLMContextOverflow, "BYLINE_LLM_CONTEXT"),
        ("broken_down", LLMError, "The server had an error"),
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


PROVIDERS = {
    "openai": "langchain_openai",
    "anthropic": "langchain_anthropic",
    "google": "langchain_google_genai",
    "mistral": "langchain_mistralai",
    "ollama": "langchain_ollama",
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # some clients leave closing to chance
@pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning")  # of google's client
@pytest.mark.parametrize(("provider", "package"), PROVIDERS.items())
@pytest.mark.parametrize(
    ("url", "error"), [("http://127.0.0.1:9", LLMUnreachable), ("", LLMNotFound)]
)
def test_every_provider_takes_the_same_settings_and_fails_in_the_same_words(
    server: LLMServer, provider: str, package: str, url: str, error: type[LLMError]
) -> None:
    pytest.importorskip(package, reason=f"needs the extra byline[{provider}]")
    elsewhere = url or server.url.removesuffix("/v1")
    opened = open_model(Settings(llm=f"{provider}:m", llm_base_url=elsewhere, llm_timeout=9.5))
    assert opened is not None
    with pytest.raises(error, match=f"^{provider}:m"):
        opened.reply(ASK)
    del opened
    gc.collect()


@pytest.mark.parametrize("provider", [item for item in PROVIDERS if item != "ollama"])
def test_every_provider_names_the_key_that_it_wants(provider: str) -> None:
    pytest.importorskip(PROVIDERS[provider], reason=f"needs the extra byline[{provider}]")
    with pytest.raises(LLMAuthenticationError, match=f"set {provider.upper()}_API_KEY"):
        open_model(Settings(llm=f"{provider}:m"))


def test_how_much_a_model_reads() -> None:
    url = "http://127.0.0.1:9/v1"
    known = open_model(Settings(llm="openai:gpt-4o-mini", llm_base_url=url))
    unknown = open_model(Settings(llm="openai:m", llm_base_url=url))
    told = open_model(Settings(llm="openai:gpt-4o-mini", llm_base_url=url, llm_context=2000))
    assert [m and m.context for m in (known, unknown, told)] == [128_000, 8192, 2000]


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens.",
        "the request exceeds the available context size, try increasing it",
        "prompt is too long: 250000 tokens > 200000 maximum",
        "Requested tokens (5000) exceed context window of 2048",
        "The input token count (9000) exceeds the maximum number of tokens allowed (8192).",
        "Too many tokens: 5000, at most 4096",
    ],
)
def test_servers_say_in_many_words_that_it_is_too_much(message: str) -> None:
    def failing(_: str) -> Any:
        raise RuntimeError(message)

    class Chat:
        astream = staticmethod(failing)

    with pytest.raises(LLMContextOverflow):
        LanguageModel("test:m", Chat(), 9).reply(ASK)


def test_blocks_of_reasoning_and_tool_calls_are_no_text() -> None:
    class Chat:
        async def astream(self, _: object) -> AsyncIterator[AIMessageChunk]:
            yield AIMessageChunk(content=[{"type": "thinking", "thinking": "Perhaps.", "index": 0}])
            yield AIMessageChunk(content=[{"type": "reasoning", "reasoning": "Or not."}])
            yield AIMessageChunk(
                content=[{"type": "tool_use", "name": "f", "input": {}, "id": "1"}]
            )
            yield AIMessageChunk(content=[{"type": "text", "text": "It is so [1].", "index": 1}])
            yield AIMessageChunk(content="", additional_kwargs={"reasoning_content": "Hm."})
            yield AIMessageChunk(content="", response_metadata={"stop_reason": "max_tokens"})

    reply = LanguageModel("test:m", Chat(), 9).stream(ASK)
    assert list(reply) == ["It is so [1]."]
    assert reply.too_long


def test_keys_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "abc-secret-def")
    text = redacted("key abc-secret-def at http://me:pass@host/v1, not sk-proj-12345****6789")
    assert text == "key … at http://…@host/v1, not …"


@pytest.mark.parametrize(
    ("name", "words"),
    [("gpt-4", "provider:model"), ("nowhere:m", "nowhere"), ("groq:m", "pip install")],
)
def test_unusable_names(name: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        open_model(Settings(llm=name))


def test_extractive_is_no_model() -> None:
    assert open_model(Settings()) is None


def test_an_address_is_an_address() -> None:
    with pytest.raises(SettingsError, match="http://host:port/v1"):
        load_settings({"llm_base_url": "localhost:8000"}, environ={})
