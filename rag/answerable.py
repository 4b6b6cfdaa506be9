"""Do the passages found answer the question? Decided by code, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.extractive import Extract
from rag.names import names
from rag.schema import Hit
from rag.support import fold

_WORD = re.compile(r"[^\W\d_]+")
_PREFIX = 5  # letters: "Russian" finds "Russia", "Libyan" finds "Libya"
_SHORTEST = 4  # letters: shorter words are initials and acronyms


def answerable(extracts: Sequence[Extract], threshold: float) -> bool:
    """Whether the best words found are likely enough (0..1) to answer."""
    return any(item.chance >= threshold for item in extracts)


def missing_names(question: str, hits: Sequence[Hit]) -> list[str]:
    """Names in the question that none of the articles found contains.

    A question about somebody whom the articles never name cannot be answered by them, however
    well its other words fit.
    """
    known = {
        word[:_PREFIX]
        for hit in {hit.article.id: hit for hit in hits}.values()
        for word in _WORD.findall(fold(f"{hit.passage.header}\n{hit.article.text}"))
    }
    return [name for name in names(question) if not _known(name, known)]


def _known(name: str, known: set[str]) -> bool:
    """The surname decides: the last word long enough to tell anything."""
    words = [word for word in _WORD.findall(fold(name)) if len(word) >= _SHORTEST]
    return not words or words[-1][:_PREFIX] in known
