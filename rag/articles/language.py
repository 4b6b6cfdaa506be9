"""Which language an article is in, where its file does not say."""

from __future__ import annotations

import re

_CODE = re.compile(r"([a-z]{2})(?:[-_]\w+)*", re.IGNORECASE)
_ENOUGH = 200  # characters; from less no language can be told with confidence
_SAMPLE = 4000


def language_code(tag: str | None) -> str | None:
    """Return "en" for a tag such as "en", "en-GB" or "EN_us"; None for anything else."""
    match = _CODE.fullmatch((tag or "").strip())
    return match[1].lower() if match else None


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language of `text`; None for a short one."""
    if len(text) < _ENOUGH:
        return None
    import py3langid  # type: ignore[import-untyped]

    code, _ = py3langid.classify(text[:_SAMPLE])
    return str(code)
