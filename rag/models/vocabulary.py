"""The words that a model's tokenizer knows whole: a list of common words that is at hand."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SHORTEST = 4  # letters of a word that others are forms of
_DOUBLED = re.compile(r"[aeiou]([bdglmnprt])\1$")  # "stopp" of "stopped"
_MARKS = "▁Ġ"  # how some tokenizers write that a word begins


# What a word may end in beside the form that is in the list.
_ENDINGS = (
    "s",
    "es",
    "d",
    "ed",
    "r",
    "er",
    "ers",
    "ing",
    "ly",
    "ily",
    "ness",
    "ment",
    "able",
    "ies",
    "ied",
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of letters, in small letters: each with its place, the commonest first."""

    places: Mapping[str, int]
    by_letter: Mapping[str, Sequence[str]]

    def knows(self, word: str) -> bool:
        """Whether the word, or one that it is a form of, is in the list."""
        if word in self.places:
            return True
        roots = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
        forms = [form for root in roots for form in (root, f"{root}e", f"{root}y")]
        forms += [root[:-1] for root in roots if _DOUBLED.search(root)]
        return any(len(form) >= _SHORTEST and form in self.places for form in forms)


@cache
def vocabulary_of(folder: Path) -> Vocabulary:
    """The words that the tokenizer in `folder` has; none where it keeps no list to be read."""
    try:
        model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
        known = model["vocab"]
        pieces = (
            sorted(known, key=known.__getitem__)
            if isinstance(known, dict)
            else [p for p, _ in known]
        )
    except (OSError, ValueError, KeyError, TypeError):
        pieces = []
    marked = any(piece[:1] in _MARKS for piece in pieces if piece)
    whole = (piece[marked:] for piece in pieces if not marked or (piece and piece[0] in _MARKS))
    words = dict.fromkeys(word.casefold() for word in whole if word.isalpha() and len(word) > 1)
    by_letter: dict[str, list[str]] = defaultdict(list)
    for word in words:
        by_letter[word[0]].append(word)
    return Vocabulary({word: place for place, word in enumerate(words)}, by_letter)
