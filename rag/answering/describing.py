"""Whether a sentence says who or what somebody or something is, and whether it enumerates."""

from __future__ import annotations

import re

from rag.text.words import LIGHT, STOP

_BEFORE = re.compile(r"(?P<word>[A-Za-z][\w’'-]*),?\s+(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+)?$")
_IS = (
    r"(?:,?\s*\(?\d{1,3}\)?)?(?:\s*[,(–—-]\s*|\s+(?:is|was|are|were|has been|had been|"
    r"became|becomes|works as|worked as|serves as|served as)\s+)"
    r"(?:an?|the|who|which|one of|its|his|her|their|our|chief|head|"
    r"[a-z][\w’'-]+(?:\s+[\w’'-]+){0,3}\s+(?:of|for|at|in|with))\b"
)
_ITEM = r"[\w’'.$€£%-]+(?:\s+[\w’'.$€£%-]+){0,4}"
_LIST = re.compile(rf"(?:{_ITEM}[,;]\s+)+{_ITEM}[,;]?\s+(?:and|or)\s+{_ITEM}")


def describes(words: str, subject: str) -> bool:
    """Whether `words` say what `subject` is: "Jane Roe, a lawyer", "the judge, Jane Roe"."""
    parts = subject.split()
    name = rf"(?:{re.escape(parts[0])}\s+)?(?:\S+\s+)?{re.escape(parts[-1])}"
    for match in re.finditer(rf"\b{name}\b(?:['’]s)?", words, re.IGNORECASE):
        if re.match(_IS, words[match.end() :]):
            return True
        before = _BEFORE.search(words[: match.start()])
        if before and before["word"][0].islower() and before["word"] not in STOP | LIGHT:
            return True
    return False


def enumerates(words: str) -> bool:
    """Whether `words` name three things or more in a row: "Brazil, India and Japan"."""
    return bool(_LIST.search(words))
