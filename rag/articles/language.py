"""Which language a text is in, where nothing says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

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
    code, _ = _identifier().classify(text[:_SAMPLE])
    return str(code)


def chances(text: str) -> Mapping[str, float]:
    """How likely (0..1) a text, however short, is in each language, the likeliest first."""
    return dict(_identifier().rank(text[:_SAMPLE]))


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
