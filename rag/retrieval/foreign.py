"""Whether a question is in a language that the articles are not in."""

from __future__ import annotations

import re

from rag.text import lexicon
from rag.text.language import chances
from vectorstore.holdings import Catalogue

_SURELY_NOT = 0.005  # chance that it is in a language of the articles, below which it is in none
_LIKELY = 0.25  # chance of the likeliest language, from which it is told
_UNKNOWN = 0.1  # share of articles of unknown language, above which nothing is known of them all
_FEWEST = 3  # words of which a language can be told
_LOWER = 2  # of them without a capital: names alone are in no language
_PARTICLES = lexicon.words("titles", "particles")
_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"[“\"«][^”\"»]+[”\"»]")
_NO_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
# One of these, and it is English: nothing need be loaded to know it.
_ENGLISH = frozenset(
    "the what who which how did does why when where many much there with about".split()
)


def foreign(question: str, known: Catalogue) -> str:
    """ISO 639-1 code of the question's language where that is surely none of the articles'.

    Empty where it is one of them, or nothing is sure: a short question, names, an index whose
    languages are not known.
    """
    text = _QUOTED.sub(" ", question)
    words = _WORD.findall(text)
    lower = [word for word in words if word == word.lower() and word not in _PARTICLES]
    runs = len(_NO_SPACES.findall(text)) >= 2 * _FEWEST  # written without spaces
    if not runs and (len(words) < _FEWEST or len(lower) < _LOWER):
        return ""
    held = languages(known)
    if not held or ("en" in held and any(word.lower() in _ENGLISH for word in words)):
        return ""
    likely = chances(text)
    code = max(likely, key=lambda language: likely[language])
    sure = likely[code] >= _LIKELY and sum(likely.get(it, 0.0) for it in held) <= _SURELY_NOT
    return code if sure else ""


def languages(known: Catalogue) -> tuple[str, ...]:
    """The languages of the articles, the most frequent first; none where too many are unknown."""
    counts = known.languages()
    if counts.get("", 0) > _UNKNOWN * sum(counts.values()):
        return ()
    return tuple(language for language in counts if language)
