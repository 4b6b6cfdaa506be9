"""Whose key pays for the model that a visitor chooses on the page.

An operator alone at his machine uses every key that he has set. Where others may be at the page,
the server's keys are for `llm` and `models`; any other model is for the visitor's own key.
"""

from __future__ import annotations

import os

from rag.errors import LLMAuthenticationError, SettingsError
from rag.models.keys import Key
from rag.models.llm import PROVIDERS, named
from rag.schema import EXTRACTIVE
from rag.settings import Settings, is_loopback

# What a provider's library takes from the environment beside a key that it is given: a visitor's
# question would be sent on the server's credentials, or to where they lead.
_AMBIENT = {
    "openai": ("OPENAI_CUSTOM_HEADERS", "LANGSMITH_GATEWAY"),
    "anthropic": ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_CUSTOM_HEADERS", "LANGSMITH_GATEWAY"),
    "google_genai": ("GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"),
    "mistralai": (),
}


def is_shared(settings: Settings) -> bool:
    """Whether others than the operator may be at the page: with users, or beyond this machine."""
    users = settings.auth or settings.users or settings.proxy_user_header
    return bool(users) or not is_loopback(settings.host)


def offered(settings: Settings) -> list[str]:
    """The models that anybody may choose on the server's keys."""
    return list(dict.fromkeys([EXTRACTIVE, settings.llm, *settings.models]))


def require_allowed(llm: str, key: Key, settings: Settings) -> None:
    """Raise unless a visitor with `key` may use `llm`; `settings` are the server's.

    Raises:
        LLMAuthenticationError: a key of the visitor's own is needed.
        SettingsError: it cannot be used here even with one, or is no provider:model.

    """
    if not is_shared(settings) or llm in offered(settings):
        return
    provider, _ = named(llm)
    if provider.name not in _AMBIENT:
        raise SettingsError(
            f"{llm} is not offered here: choose one of the list, or a model of "
            f"{', '.join(_with_own_key())} with a key of your own."
        )
    if any(os.environ.get(name) for name in _AMBIENT[provider.name]):
        raise SettingsError(
            f"{llm} is not offered here, and a key of your own cannot be used for its provider on "
            "this server. Choose one of the list."
        )
    if not key.value:
        raise LLMAuthenticationError(
            f"{llm} is not among the models that this server pays for. Paste a key of your own, "
            "or choose one of the list."
        )


def _with_own_key() -> list[str]:
    return [name for name, item in PROVIDERS.items() if item.name in _AMBIENT]
