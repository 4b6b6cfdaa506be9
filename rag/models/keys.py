"""Providers' keys: whose they are, and that they are shown nowhere."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Key:
    """A provider's key that one user gave; it goes to the provider and nowhere else.

    Empty: the environment's. It is in no text that this class or an error is printed as.
    """

    value: str = field(default="", repr=False)


ENVIRONMENT = Key()

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
