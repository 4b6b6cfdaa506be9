"""Which language a text is in, where nothing says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rag.text.words import STOP

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

_CODE = re.compile(r"([a-z]{2})(?:[-_]\w+)*", re.IGNORECASE)
_ENOUGH = 200  # characters; from less no language can be told with confidence
_SAMPLE = 4000
_FEWEST, _LETTERS = 4, 12  # words of which a language can be told; letters, without spaces
_SURE = 0.6  # chance from which it is believed
_OF_LATIN = 0.85  # and of the few below, each held against the others alone
_NEAR = ("en", "de", "es", "fr", "it", "nl", "pt")  # of other languages py3langid knows dialects
_WORD = re.compile(r"[^\W\d_]+")
# One word in twelve of these, or one in three of the commonest, and it is English.
_ENGLISH = frozenset("the and that from they with its said which were has this their".split())
_SHARE, _COMMON = 1 / 12, 1 / 3


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


@lru_cache(maxsize=1000)
def written_in(text: str) -> str | None:
    """ISO 639-1 code of the language that a text, even a short one, is surely in; else None.

    The list of languages is loaded only for what is not plainly English.
    """
    words = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    if len(words) >= _FEWEST and _is_english(words):
        return "en"
    if len(words) < _FEWEST and len("".join(words)) < _LETTERS:
        return None
    likely = chances(text)
    code = max(likely, key=lambda language: likely[language])
    near = {language: likely.get(language, 0.0) for language in _NEAR}
    best = max(near, key=lambda language: near[language])
    if near[best] >= max(_SURE / 2, _OF_LATIN * sum(near.values())):
        return best
    return code if likely[code] >= _SURE else None


def _is_english(words: list[str]) -> bool:
    own = sum(word in _ENGLISH for word in words)
    return own >= _SHARE * len(words) or sum(word in STOP for word in words) >= _COMMON * len(words)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
