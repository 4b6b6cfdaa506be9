"""What langchain, a provider or the connection says went wrong -> our errors, or asking again."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
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
)
from rag.models.keys import ENVIRONMENT, Key, redacted

_RETRIES = 2
_LONGEST_PAUSE = 10.0  # seconds that a provider may have us wait before asking again
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


def shown(error: Exception, key: Key) -> Exception | None:
    """What a traceback may show as the cause: a provider's own words may hold the key it got."""
    return None if key.value else error


def translated(error: Exception, name: str, timeout: float, key: Key = ENVIRONMENT) -> LLMError:
    """Our error for langchain's, the provider's or the connection's."""
    reason, ours = first_line(error, key), _kind(error)
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


def pause(error: Exception, attempt: int) -> float | None:
    """Seconds until a request that failed may be sent again; None: it is not."""
    status = next((code for code in _codes(error) if isinstance(code, int)), 0)
    passing = status in (409, 429) or status >= 500 or _kind(error) is LLMUnreachable
    if not passing or attempt >= _RETRIES:
        return None
    wait = _asked_to_wait(error)
    if wait is None:
        return 0.5 * 2.0**attempt
    return wait if wait <= _LONGEST_PAUSE else None


def _asked_to_wait(error: Exception) -> float | None:
    """Seconds that the response asks for; None if it does not say."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        said = str(headers.get(name) or "").strip()
        if re.fullmatch(r"\d{1,12}(?:\.\d{1,6})?", said):
            return float(said) / unit
        if said:
            return max(0.0, _until(said))
    return None


def _until(date: str) -> float:
    """Seconds until a date of HTTP; endless if it is none."""
    try:
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return math.inf


def _codes(error: Exception) -> Iterator[Any]:
    """Where the providers' errors keep the status of the response."""
    yield getattr(error, "status_code", None)
    yield getattr(error, "code", None)
    yield getattr(getattr(error, "response", None), "status_code", None)


def first_line(error: Exception, key: Key = ENVIRONMENT) -> str:
    """The start of what `error` says, without keys."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return redacted(lines[0], key)[:300]
