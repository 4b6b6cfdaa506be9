"""Whom a message quotes: "Nora sagte: „…“", in a text too short to tell its language."""

from __future__ import annotations

import re
from functools import cache

from rag.text import lexicon

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’-]*"
_NEAR = 90  # characters before a quotation
_PRONOUNS = frozenset(
    "er sie es man ich wir ihr il elle on ils elles je nous él ella ellos yo ele ela eu lui lei"
    " loro io hij zij ze ik we wij he she they i it you".split()
)


def named_before(text: str, start: int) -> str | None:
    """The name that opens the sentence before a quotation, in any language."""
    match = _opening().search(text[max(0, start - _NEAR) : start].split("\n")[-1])
    return match["name"] if match and match["name"].casefold() not in _PRONOUNS else None


@cache
def _opening() -> re.Pattern[str]:
    known = {word for it in lexicon.LANGUAGES for word in lexicon.words(it, "saying")}
    says = "|".join(sorted(known, key=len, reverse=True))
    name = rf"(?P<name>{_CAPITAL}(?:\s{_CAPITAL}){{0,2}})"
    return re.compile(rf"(?:^|[.!?:]\s){name}\s+(?:\w{{1,4}}\s+)?(?:{says})\s*[:,]\s*[«“„\"]?\s*$")
