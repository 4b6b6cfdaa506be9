"""A langchain chat model behind one small function; its errors become ours."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

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
from rag.prompting import Message
from rag.settings import Settings

EXTRACTIVE = "extractive"  # the value of the setting `llm` that means "no language model"
_RETRIES = 2
_NO_KEY = "none"  # local servers want the header but do not read it


class LanguageModel:
    """Holds a chat model open. Made by `open_model`."""

    def __init__(self, name: str, chat: Any, timeout: float) -> None:
        """`name` is provider:model, `chat` a langchain chat model, `timeout` in seconds."""
        self.name = name
        self._chat = chat
        self._timeout = timeout

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The reply, piece by piece.

        Raises:
            LLMError: one of its kinds; LLMCutOff if the stream ends before the model finished.

        """
        finished = False
        try:
            for chunk in self._chat.stream(list(messages)):
                finished = finished or _has_finished(chunk.response_metadata)
                if chunk.text:
                    yield str(chunk.text)
        except Exception as error:
            raise _translated(error, self.name, self._timeout) from error
        if not finished:
            raise LLMCutOff(
                f"{self.name} stopped in the middle of its answer: the connection was closed. "
                "Ask again."
            )

    def reply(self, messages: Sequence[Message]) -> str:
        """The whole reply. Raises LLMError as `stream` does."""
        return "".join(self.stream(messages)).strip()


def open_model(settings: Settings) -> LanguageModel | None:
    """The model that `settings.llm` names; None for the extractive writer. Sends nothing yet.

    Raises:
        SettingsError: the name is not provider:model, or its provider is unknown or not installed.
        LLMAuthenticationError: the provider wants a key and none is set.

    """
    if settings.llm == EXTRACTIVE:
        return None
    provider, colon, model = settings.llm.partition(":")
    if not (provider and colon and model):
        raise SettingsError(
            f"llm is {settings.llm!r}; it must be {EXTRACTIVE!r} or provider:model, "
            "for example openai:gpt-4o-mini or ollama:llama3.2."
        )
    return LanguageModel(settings.llm, _chat_model(settings, provider), settings.llm_timeout)


def _chat_model(settings: Settings, provider: str) -> Any:
    from langchain.chat_models import init_chat_model

    try:
        return init_chat_model(settings.llm, **_options(settings, provider))
    except ImportError as error:
        raise SettingsError(
            f"llm {settings.llm}: the provider's package is missing: "
            f"pip install 'byline[{provider}]' or langchain-{provider}."
        ) from error
    except ValueError as error:
        raise SettingsError(f"llm {settings.llm}: {_first_line(error)}") from error
    except Exception as error:
        raise _translated(error, settings.llm, settings.llm_timeout) from error


def _options(settings: Settings, provider: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if provider != "ollama":
        options |= {"timeout": settings.llm_timeout, "max_retries": _RETRIES}
    if provider == "openai":
        options["stream_usage"] = True
    if settings.llm_base_url:
        options["base_url"] = settings.llm_base_url
        if provider == "openai" and not os.environ.get("OPENAI_API_KEY"):
            options["api_key"] = _NO_KEY
    return options


def _has_finished(metadata: dict[str, Any]) -> bool:
    """Providers name it differently; a stream that was cut carries none of them."""
    return any(metadata.get(key) for key in ("finish_reason", "stop_reason", "done_reason"))


def _translated(error: Exception, name: str, timeout: float) -> LLMError:
    """Our error for langchain's, the provider's or the connection's."""
    from langchain_core import exceptions as lc

    reason, kind = _first_line(error), type(error).__name__
    if isinstance(error, lc.ModelAuthenticationError | lc.ModelPermissionDeniedError):
        return LLMAuthenticationError(
            f"{name} refused the key. Check the provider's key in the environment ({reason})."
        )
    if isinstance(error, lc.ModelNotFoundError):
        return LLMNotFound(f"{name}: no such model. Check BYLINE_LLM ({reason}).")
    if isinstance(error, lc.ModelRateLimitError):
        return LLMRateLimited(f"{name} asks for fewer requests. Wait and ask again ({reason}).")
    if isinstance(error, lc.ModelTimeoutError) or "Timeout" in kind:
        return LLMTimeout(
            f"{name} was silent for {timeout:g} seconds. Ask again, or raise BYLINE_LLM_TIMEOUT."
        )
    if isinstance(error, lc.ModelConnectionError) or "Connect" in kind:
        return LLMUnreachable(
            f"{name} cannot be reached. Check BYLINE_LLM_BASE_URL and the connection ({reason})."
        )
    if kind == "RemoteProtocolError":
        return LLMCutOff(f"{name} stopped in the middle of its answer ({reason}). Ask again.")
    if "api_key" in reason or "API key" in reason:
        return LLMAuthenticationError(f"{name} wants a key and none is set ({reason}).")
    return LLMError(f"{name} failed: {kind}: {reason}")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
