"""A langchain chat model behind one small function; its errors become ours."""

from __future__ import annotations

import importlib.util
import math
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

from rag.errors import LLMAuthenticationError, LLMCutOff, LLMError, SettingsError
from rag.models.keys import ENVIRONMENT, Key
from rag.models.llm_errors import first_line, pause, shown, translated
from rag.models.prompts import Message
from rag.models.streaming import Allowance, Aside, is_reading, streamed
from rag.models.thinking import spoken
from rag.schema import EXTRACTIVE
from rag.settings import Settings

_DEADLINE = Settings().llm_deadline
_PIECE = 1000  # characters of a reply handed on at once
_LONGEST_CALL = 500  # characters of a call of a tool
_NO_KEY = "none"  # local servers want the header but do not read it
_CONTEXT = 8192  # tokens, where neither the settings nor langchain's profile of the model say


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a model is asked for. `extra` and `keys` are empty if Byline knows none."""

    name: str  # as langchain calls it
    module: str
    extra: str = ""  # pip install 'byline[extra]'
    keys: tuple[str, ...] = ()  # environment variables, any of which holds the key


PROVIDERS = {
    "openai": Provider("openai", "langchain_openai", "openai", ("OPENAI_API_KEY",)),
    "anthropic": Provider("anthropic", "langchain_anthropic", "anthropic", ("ANTHROPIC_API_KEY",)),
    "google": Provider(
        "google_genai", "langchain_google_genai", "google", ("GOOGLE_API_KEY", "GEMINI_API_KEY")
    ),
    "mistral": Provider("mistralai", "langchain_mistralai", "mistral", ("MISTRAL_API_KEY",)),
    "ollama": Provider("ollama", "langchain_ollama", "ollama"),
}
_BY_NAME = PROVIDERS | {item.name: item for item in PROVIDERS.values()}


class Reply:
    """A reply as it streams: iterate for its text.

    An empty piece means that nothing came for a moment. `ended` says why the model stopped, in the
    provider's word; empty while it still writes.
    """

    def __init__(self, chunks: Generator[Any, None, None], model: LanguageModel) -> None:
        """`chunks` are langchain's, or None for a moment's silence; `model` names their errors."""
        self.ended = ""
        self._model = model
        self._pieces = self._read(chunks)

    def __iter__(self) -> Iterator[str]:
        """Itself."""
        return self

    def __next__(self) -> str:
        """The next piece. Raises LLMError."""
        return next(self._pieces)

    def close(self) -> None:
        """Read no more: the connection is closed."""
        self._pieces.close()

    @property
    def too_long(self) -> bool:
        """Whether the model stopped at its limit of length instead of at its end."""
        return self.ended.casefold() in ("length", "max_tokens", "incomplete", "model_length")

    def _read(self, chunks: Generator[Any, None, None]) -> Generator[str, None, None]:
        with closing(chunks), self._model.explaining():
            for chunk in chunks:
                if chunk is None:
                    yield ""
                    continue
                self.ended = self.ended or _ended(chunk.response_metadata)
                text = str(chunk.text)
                yield from (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
        if not self.ended:
            raise LLMCutOff(
                f"{self._model.name} stopped in the middle of its answer: the connection was "
                "closed. Ask again."
            )


class LanguageModel:
    """Holds a chat model open. Made by `open_model`."""

    def __init__(
        self,
        name: str,
        chat: Any,
        timeout: float,
        context: int = _CONTEXT,
        key: Key = ENVIRONMENT,
        *,
        deadline: float = _DEADLINE,
    ) -> None:
        """`name` is provider:model, `chat` a langchain chat model, `timeout` in seconds.

        `context` is how many tokens the messages and the reply may have together. `key` is kept
        out of errors. `deadline` is how many seconds a reply may take, or all replies to one
        question: see `for_question`.
        """
        self._key = key
        self.name = name
        self.context = context
        self._chat = chat
        self._timeout = timeout
        self._deadline = deadline
        self._allowance: Allowance | None = None
        self._aside: Aside = nullcontext

    def for_question(self) -> LanguageModel:
        """The same model, all of whose replies have the deadline together."""
        model = copy(self)
        model._allowance = Allowance.of(self._deadline)
        return model

    def waiting_in(self, aside: Aside) -> LanguageModel:
        """The same model; whoever reads its replies waits for them inside `aside()`."""
        model = copy(self)
        model._aside = aside
        return model

    def stream(self, messages: Sequence[Message]) -> Reply:
        """The reply, piece by piece, thoughts in its text included.

        Iterating raises LLMError, one of its kinds: LLMCutOff if the stream ends before the model
        has finished, or is much too long; LLMTimeout if the deadline passes first.
        """
        allowance = self._allowance or Allowance.of(self._deadline)
        asked = list(messages)
        chunks = streamed(
            self.name, lambda: self._chat.astream(asked), allowance, pause, self._aside
        )
        return Reply(chunks, self)

    def reply(self, messages: Sequence[Message]) -> str:
        """The whole reply without thoughts. Raises LLMError as `stream` does."""
        return spoken("".join(self.stream(messages)))

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Turn langchain's errors, the provider's and the connection's into ours."""
        try:
            yield
        except LLMError:
            raise
        except Exception as error:
            ours = translated(error, self.name, self._timeout, self._key)
            raise ours from shown(error, self._key)


@contextmanager
def counting_tokens(model: LanguageModel | None) -> Iterator[Callable[[], dict[str, int]]]:
    """Yield what tells the tokens that models read and wrote in this block: `input`, `output`.

    Empty where no model was asked, or its provider does not tell.
    """
    if model is None:
        yield dict
        return
    from langchain_core.callbacks import get_usage_metadata_callback

    with get_usage_metadata_callback() as counted:

        def total() -> dict[str, int]:
            used = list(counted.usage_metadata.values())
            read = sum(item["input_tokens"] for item in used)
            written = sum(item["output_tokens"] for item in used)
            return {"input": read, "output": written} if used else {}

        yield total


def open_model(settings: Settings, key: Key = ENVIRONMENT) -> LanguageModel | None:
    """The model that `settings.llm` names; None for the extractive writer. Sends nothing yet.

    `key` is used in place of the environment's, if it is not empty.

    Raises:
        SettingsError: the name is not provider:model, or its provider is unknown or not installed.
        LLMAuthenticationError: the provider wants a key and none is set.

    """
    if settings.llm == EXTRACTIVE:
        return None
    provider, model = named(settings.llm)
    require_package(provider)
    if not key.value:
        require_key(provider, settings)
    chat = _chat_model(settings, provider, model, key)
    return LanguageModel(
        settings.llm,
        chat,
        settings.llm_timeout,
        _context(settings, chat),
        key,
        deadline=settings.llm_deadline,
    )


def named(llm: str) -> tuple[Provider, str]:
    """The provider and the model of "provider:model". Raises SettingsError if it is not that."""
    provider, colon, model = llm.partition(":")
    if not (provider and colon and model):
        raise SettingsError(
            f"llm is {llm!r}; it must be {EXTRACTIVE!r} or provider:model, "
            "for example openai:gpt-4o-mini or ollama:llama3.2."
        )
    return _BY_NAME.get(provider, Provider(provider, f"langchain_{provider}")), model


def require_package(provider: Provider) -> None:
    """Raise SettingsError, with the line that installs it, if the provider's package is missing."""
    if provider.extra and importlib.util.find_spec(provider.module) is None:
        raise SettingsError(
            f"llm: {provider.extra} needs a package that is not installed: "
            f"pip install 'byline[{provider.extra}]'."
        )


def key_of(provider: Provider) -> str:
    """The provider's key in the environment; empty if there is none. Never to be shown."""
    return next(filter(None, map(os.environ.get, provider.keys)), "")


def require_key(provider: Provider, settings: Settings) -> None:
    """Raise LLMAuthenticationError if the provider wants a key and none is set.

    A server of one's own (`llm_base_url`) decides by itself whether it wants one.
    """
    if provider.keys and not settings.llm_base_url and not key_of(provider):
        raise LLMAuthenticationError(
            f"{settings.llm} wants a key and none is set: set {provider.keys[0]} in the "
            "environment."
        )


def _context(settings: Settings, chat: Any) -> int:
    known = (getattr(chat, "profile", None) or {}).get("max_input_tokens")
    return settings.llm_context or known or _CONTEXT


def _chat_model(settings: Settings, provider: Provider, model: str, key: Key) -> Any:
    from langchain.chat_models import init_chat_model

    _leave_long_calls_unread()
    options = _options(settings, provider)
    if key.value:
        options["api_key"] = key.value
    try:
        return init_chat_model(model, model_provider=provider.name, **options)
    except ImportError as error:
        raise SettingsError(
            f"llm {settings.llm}: the provider's package is missing or broken: "
            f"pip install {provider.module.replace('_', '-')} ({first_line(error)})."
        ) from error
    except ValueError as error:
        said = first_line(error, key)
        raise SettingsError(f"llm {settings.llm}: {said}") from shown(error, key)
    except Exception as error:
        ours = translated(error, settings.llm, settings.llm_timeout, key)
        raise ours from shown(error, key)


@cache
def _leave_long_calls_unread() -> None:
    """Keep langchain from reading long calls of tools, which nobody asks a model for.

    It reads half a JSON by dropping one letter after another: minutes for 100,000 letters, on the
    thread that reads every model's replies.
    """
    from langchain_core.messages import ai

    read = getattr(ai, "parse_partial_json", None)
    if read is None:  # a later langchain may read them otherwise
        return

    def read_if_short(text: str, **options: Any) -> Any:
        if len(text) > _LONGEST_CALL and is_reading():
            raise ValueError("too long")
        return read(text, **options)

    ai.parse_partial_json = read_if_short  # type: ignore[attr-defined, assignment]


def _options(settings: Settings, provider: Provider) -> dict[str, Any]:
    timeout = settings.llm_timeout
    # Asking again is our own business: `streamed` does it within the deadline.
    options: dict[str, Any] = {"timeout": timeout, "max_retries": 0}
    if provider.name == "ollama":  # it cuts what is longer than num_ctx without a word
        context = settings.llm_context or _CONTEXT
        options = {"client_kwargs": {"timeout": timeout}, "num_ctx": context}
    elif provider.name == "mistralai":
        options |= {"timeout": math.ceil(timeout), "max_retries": 1}  # of attempts
    elif provider.name == "google_genai":
        options["max_retries"] = 1  # of attempts; 0 means five
    elif provider.name == "openai":
        # Servers of the same protocol refuse the option that has tokens counted.
        options["stream_usage"] = not (settings.llm_base_url or _other_server())
        options["stream_chunk_timeout"] = None  # a deadline is enough
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
        if provider.keys and not key_of(provider):
            options["api_key"] = _NO_KEY
    return options


def _other_server() -> bool:
    """Whether the environment sends OpenAI's client to a server of somebody else's."""
    return any(os.environ.get(name) for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE"))


def _ended(metadata: dict[str, Any]) -> str:
    """Providers name it differently; a stream that was cut carries none of them."""
    for key in ("finish_reason", "stop_reason", "done_reason"):
        if metadata.get(key):
            return str(metadata[key])
    # OpenAI's other protocol, which langchain takes for some models.
    return str(metadata["status"]) if metadata.get("status") in ("completed", "incomplete") else ""
