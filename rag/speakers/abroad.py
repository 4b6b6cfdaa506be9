"""Who says what stands between quotation marks, in articles in other languages than English.

Only the plainest forms, word by word from the lists of each language: "« … », a déclaré l’ingénieur
Marc Tissot", "„…“, sagte Nils Roth", "Ana Ruiz dijo: «…»", "selon Marc Tissot".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from rag.speakers.discourse import Said
from rag.text import lexicon
from rag.text.sentences import Span

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’-]*"
_NAME = rf"(?P<name>{_CAPITAL}(?:\s+(?:d[eiu]|del|van|von|da|dos|y)\b)*(?:\s+{_CAPITAL}){{1,3}})"
_NEAR = 90  # characters beside a quotation
_TITLES = lexicon.words("titles", "honorifics") | lexicon.words("titles", "styles")
_LEAST = 3  # words of one that is more than a term


def reported(
    found: Sequence[Said], text: str, quoted: Sequence[Span], language: str | None
) -> list[Said]:
    """`found`, and the quotations whose speaker another language's article names beside them."""
    told = list(found)
    for start, end in quoted if language in lexicon.LANGUAGES else ():
        inside = [item for item in told if item.start < end and item.end > start]
        if any(item.speaker for item in inside) or len(text[start:end].split()) < _LEAST:
            continue
        if name := _name(text, start, end, str(language)):
            told = [item for item in told if item not in inside]
            told.append(Said(start, end, name, ((start, end),)))
    return sorted(told, key=lambda item: item.start)


def _name(text: str, start: int, end: int, language: str) -> str | None:
    """The person named right behind a quotation, else right before it, in its own line."""
    behind, before = _forms(language)
    after = text[end : end + _NEAR].split("\n")[0]
    ahead = text[max(0, start - _NEAR) : start].split("\n")[-1]
    match = behind.match(after) or before.search(ahead)
    if not match:
        return None
    words = match["name"].split()
    is_titled = language == "de" and len(words) > 2  # "Bürgermeister Nils Roth"
    return " ".join(words[-2:] if is_titled else words)


@cache
def _forms(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    says = "|".join(sorted(lexicon.words(language, "saying"), key=len, reverse=True))
    verb = rf"(?:\w{{1,4}}\s+)?(?:(?i:{says}))\b"  # "a déclaré", "ha detto"
    by = "|".join(lexicon.words(language, "naming") - _TITLES) or "$"
    role = r"(?:\w{1,4}\s+|\w['’])?(?:[\w-]+\s+)?"  # "l’ingénieur", "der Bürgermeister"
    return (
        re.compile(rf"\s*[,»”“\"'.]*\s*(?:{verb}|(?i:{by}))\s+{role}{_NAME}"),
        re.compile(rf"{_NAME}\s+{verb}(?:\s+\w{{1,4}})?\s*[:,]?\s*[«“„\"]?\s*$"),
    )
