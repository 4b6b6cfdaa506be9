"""Proper names in a question or a sentence, by their capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.text import lexicon
from rag.text.words import stem, without_possessive

_WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zß-öø-ÿ][\w’'-]*"
PARTICLE = f"(?:{'|'.join(sorted(lexicon.words('titles', 'particles')))})"
_OF = (
    rf"(?i:{'|'.join(sorted(lexicon.words('titles', 'of')))})\s+of\s+(?:the\s+)?"  # "Port of Vale"
)
_NAME = re.compile(rf"(?:(?=[A-ZÀ-ÖØ-Þ]){_OF})?{_WORD}(?:\s+(?:{PARTICLE}\s+)?{_WORD})*")
_NO_NAME = lexicon.words("titles", "honorifics").union(
    *(lexicon.words("openers", key) for key in ("sentence", "question", "request"))
)
TITLES = frozenset[str]().union(
    *(lexicon.words("titles", key) for key in ("honorifics", "styles", "titles"))
)


def names(text: str, language: str | None = None) -> list[str]:
    """Names in order, words that only open a sentence left out: ["Josh Earnest", "White House"].

    Acronyms (UN, ISIS) are not among them: texts spell them out as they please. Nor, in German,
    a single word: every noun has a capital there.
    """
    found = []
    no_name = _NO_NAME
    if language in lexicon.LANGUAGES:
        no_name = _NO_NAME | lexicon.words(language, "openers")
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and words[0].casefold() in no_name:
            words = words[1:]
        if words and not (language == "de" and len(words) == 1):
            found.append(without_possessive(" ".join(words)))
    return found


def names_asked(question: str) -> list[str]:
    """The names of a question; the capital of its first word alone makes none: "Summary of"."""
    found = names(question)
    opening = re.match(r"\W*(\w+)(?!['’\w])", question)
    if found and opening and opening[1] == found[0] and found[0] not in found[1:]:
        return found[1:]
    return found


def names_one(own: frozenset[str], words: frozenset[str]) -> bool:
    """Whether the stems `words` have all of a name's, or its country's people or capital."""
    return own <= words or bool(countries(own) & countries(words))


def countries(words: Iterable[str]) -> frozenset[str]:
    """The countries that stems name, by their own name, their people's or their capital's."""
    return frozenset(_COUNTRY[word] for word in words if word in _COUNTRY)


_COUNTRY = {
    stem(word): forms[0]
    for key in ("same", "capitals")
    for forms in lexicon.groups("peoples", key)
    for word in forms
}
