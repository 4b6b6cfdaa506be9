"""Proper names in a question or a sentence, by their capitals."""

from __future__ import annotations

import re

_WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zß-öø-ÿ][\w’'-]*"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:al|de|der|van|von|bin)\s+)?{_WORD})*")
_NO_NAME = frozenset(
    (
        "who whom whose what when where why how which did do does is are was were has have had "
        "can could will would should tell give list name and but or the a an in on at for of to "
        "by from according if after before since until during according as mr mrs ms dr summarise "
        "summarize explain describe compare show find please write hello hi thanks any each every"
    ).split()
)


def names(text: str) -> list[str]:
    """Names in order, words that only open a sentence left out: ["Josh Earnest", "White House"].

    Acronyms (UN, ISIS) are not among them: texts spell them out as they please.
    """
    found = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        while words and words[0].casefold() in _NO_NAME:
            words = words[1:]
        if words:
            found.append(re.sub(r"['’]s?$", "", " ".join(words)))
    return found
