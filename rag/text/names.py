"""Proper names in a question or a sentence, by their capitals."""

from __future__ import annotations

import re

from rag.text import lexicon
from rag.text.words import without_possessive

_WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zß-öø-ÿ][\w’'-]*"
PARTICLE = f"(?:{'|'.join(sorted(lexicon.words('titles', 'particles')))})"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:{PARTICLE}\s+)?{_WORD})*")
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
