"""Whether a text has a word in some form: itself, one of its family, or one of the same sense."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rag.text import lexicon
from rag.text.words import Word, stem

_KIN = 5  # letters at the beginning that words of one family share
_COMPOUND = 4  # letters from which a word is looked for at the end of another: "smartphones"


@dataclass(frozen=True, slots=True)
class Known:
    """What the evidence offers to find a word in."""

    stems: frozenset[str]
    beginnings: frozenset[str]
    senses: frozenset[int]

    @classmethod
    def of(cls, stems: frozenset[str]) -> Known:
        """Prepare the stems of the evidence."""
        return cls(
            stems,
            frozenset(word[:_KIN] for word in stems if len(word) >= _KIN),
            frozenset(line for word in stems for line in senses(word)),
        )

    def has(self, word: Word) -> bool:
        """Whether the evidence has the word, one of its family or one alike."""
        if word.stem in self.stems or self.senses & senses(word.stem):
            return True
        if word.stem[:_KIN] in self.beginnings and len(word.stem) >= _KIN:
            return True
        return any(
            len(other) >= _COMPOUND
            and len(word.stem) >= _COMPOUND
            and (word.stem.endswith(other) or other.endswith(word.stem))
            for other in self.stems
        )


def senses(word: str) -> frozenset[int]:
    """The lines of the list of synonyms in which a stem stands; two words of a line are alike."""
    return _lines().get(word, frozenset())


@cache
def _lines() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lexicon.groups("synonyms", "alike")):
        for word in line:
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}
