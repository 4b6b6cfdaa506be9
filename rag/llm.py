"""A langchain chat model behind one small function; its errors become ours."""

from __future__ import annotations

import importlib.util
import math
import os
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

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
from rag.prompting import Message
from rag.schema import EXTRACTIVE
from rag.settings import Settings
from rag.spoken import spoken

_RETRIES = 2
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


@dataclass(frozen=True, slots=True)
class Key:
    """A provider's key that one user gave; it goes to the provider and nowhere else.

    Empty: the environment's. It is in no text that this class or an error is printed as.
    """

    value: str = field(default="", repr=False)


ENVIRONMENT = Key()


class Reply:
    """A reply as it streams: iterate for its text.

    `ended` says why the model stopped, in the provider's word; empty while it still writes.
    """

    def __init__(
        self, chunks: Iterator[Any], name: str, timeout: float, key: Key = ENVIRONMENT
    ) -> None:
        """`chunks` are langchain's, `name` and `timeout` for errors, `key` kept out of them."""
        self.ended = ""
        self._name, self._timeout, self._key = name, timeout, key
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

    def _read(self, chunks: Iterator[Any]) -> Generator[str, None, None]:
        try:
            for chunk in chunks:
                self.ended = self.ended or _ended(chunk.response_metadata)
                if chunk.text:
                    yield str(chunk.text)
        except Exception as error:
            ours = _translated(error, self._name, self._timeout, self._key)
            raise ours from _shown(error, self._key)
        if not self.ended:
            raise LLMCutOff(
                f"{self._name} stopped in the middle of its answer: the connection was closed. "
                "Ask again."
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
    ) -> None:
        """`name` is provider:model, `chat` a langchain chat model, `timeout` in seconds.

        `context` is how many tokens the messages and the reply may have together. `key` is kept
        out of errors.
        """
        self._key = key
        self.name = name
        self.context = context
        self._chat = chat
        self._timeout = timeout

    def stream(self, messages: Sequence[Message]) -> Reply:
        """The reply, piece by piece, thoughts in its text included.

        Iterating raises LLMError, one of its kinds: LLMCutOff if the stream ends before the model
        has finished.
        """
        return Reply(iter(self._chunks(messages)), self.name, self._timeout, self._key)

    def reply(self, messages: Sequence[Message]) -> str:
        """The whole reply without thoughts. Raises LLMError as `stream` does."""
        return spoken("".join(self.stream(messages)))

    def _chunks(self, messages: Sequence[Message]) -> Iterator[Any]:
        yield from self._chat.stream(list(messages))


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
    return LanguageModel(settings.llm, chat, settings.llm_timeout, _context(settings, chat), key)


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

    options = _options(settings, provider)
    if key.value:
        options["api_key"] = key.value
    try:
        return init_chat_model(model, model_provider=provider.name, **options)
    except ImportError as error:
        raise SettingsError(
            f"llm {settings.llm}: the provider's package is missing or broken: "
            f"pip install {provider.module.replace('_', '-')} ({_first_line(error)})."
        ) from error
    except ValueError as error:
        said = _first_line(error, key)
        raise SettingsError(f"llm {settings.llm}: {said}") from _shown(error, key)
    except Exception as error:
        ours = _translated(error, settings.llm, settings.llm_timeout, key)
        raise ours from _shown(error, key)


def _options(settings: Settings, provider: Provider) -> dict[str, Any]:
    timeout = settings.llm_timeout
    options: dict[str, Any] = {"timeout": timeout, "max_retries": _RETRIES}
    if provider.name == "ollama":  # it cuts what is longer than num_ctx without a word
        context = settings.llm_context or _CONTEXT
        options = {"client_kwargs": {"timeout": timeout}, "num_ctx": context}
    elif provider.name == "mistralai":
        options["timeout"] = math.ceil(timeout)
    elif provider.name == "openai":
        # Servers of the same protocol refuse the option that has tokens counted.
        options["stream_usage"] = not (settings.llm_base_url or _other_server())
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


_OVERFLOW = re.compile(
    r"(?:maximum|exceeds?|available|too (?:long|large|many tokens)\b.*)\s.*context|"
    r"context (?:length|size|window)\b.*(?:exceed|maximum|too)|prompt is too long|"
    r"too many (?:input )?tokens|input token count.*exceeds",
    re.IGNORECASE,
)


_SAYS: dict[type[LLMError], str] = {
    LLMContextOverflow: "{name} cannot read so much at once. Set BYLINE_LLM_CONTEXT to its window "
    "in tokens, or fewer BYLINE_PASSAGES ({reason}).",
    LLMAuthenticationError: "{name} refused the key. Check the provider's key in the environment "
    "({reason}).",
    LLMNotFound: "{name}: no such model. Check BYLINE_LLM, and BYLINE_LLM_BASE_URL if it is set "
    "({reason}).",
    LLMRateLimited: "{name} asks for fewer requests. Wait and ask again ({reason}).",
    LLMTimeout: "{name} was silent for {timeout:g} seconds. Ask again, or raise "
    "BYLINE_LLM_TIMEOUT.",
    LLMUnreachable: "{name} cannot be reached. Check BYLINE_LLM_BASE_URL and the connection "
    "({reason}).",
    LLMCutOff: "{name} stopped in the middle of its answer ({reason}). Ask again.",
    LLMError: "{name} failed: {kind}: {reason}",
}


def _shown(error: Exception, key: Key) -> Exception | None:
    """What a traceback may show as the cause: a provider's own words may hold the key it got."""
    return None if key.value else error


def _translated(error: Exception, name: str, timeout: float, key: Key = ENVIRONMENT) -> LLMError:
    """Our error for langchain's, the provider's or the connection's."""
    reason, ours = _first_line(error, key), _kind(error)
    kind = type(error).__name__
    if key.value and ours is LLMAuthenticationError:  # its words may hold a part of the key
        return ours(f"{name} refused the key of this tab. Paste another one, or forget it.")
    return ours(_SAYS[ours].format(name=name, timeout=timeout, reason=reason, kind=kind))


def _kind(error: Exception) -> type[LLMError]:
    """By langchain's class where there is one; else by status, or by the connection's class."""
    from langchain_core import exceptions as lc

    status = next((code for code in _codes(error) if isinstance(code, int)), 0)
    kind, said = type(error).__name__, str(error)
    keyed = isinstance(error, lc.ModelAuthenticationError | lc.ModelPermissionDeniedError)
    checks = (
        (LLMContextOverflow, isinstance(error, lc.ContextOverflowError) or _OVERFLOW.search(said)),
        (LLMAuthenticationError, keyed or status in (401, 403) or "api_key" in said),
        (LLMNotFound, isinstance(error, lc.ModelNotFoundError) or status == 404),
        (LLMRateLimited, isinstance(error, lc.ModelRateLimitError) or status == 429),
        (LLMTimeout, isinstance(error, lc.ModelTimeoutError) or "Timeout" in kind),
        (LLMUnreachable, isinstance(error, lc.ModelConnectionError) or "Connect" in kind),
        (LLMCutOff, kind in ("RemoteProtocolError", "ReadError")),
    )
    return next((ours for ours, holds in checks if holds), LLMError)


def _codes(error: Exception) -> Iterator[Any]:
    """Where the providers' errors keep the status of the response."""
    yield getattr(error, "status_code", None)
    yield getattr(error, "code", None)
    yield getattr(getattr(error, "response", None), "status_code", None)


def _first_line(error: Exception, key: Key = ENVIRONMENT) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return redacted(lines[0], key)[:300]


_SHORTEST_KEY = 4  # characters; "none" and the like are no secrets
_SECRET = re.compile(r"(?<=://)[^/\s@]+(?=@)|\b(?:sk-|gsk_|AIza)[\w*-]{4,}")


def redacted(text: str, key: Key = ENVIRONMENT) -> str:
    """`text` without `key`, keys of the environment or by their look, or a URL's user:password."""
    if key.value:
        text = text.replace(key.value, "…")
    for name, value in os.environ.items():
        if name.endswith(("_API_KEY", "_TOKEN", "_SECRET")) and len(value) > _SHORTEST_KEY:
            text = text.replace(value, "…")
    return _SECRET.sub("…", text)
