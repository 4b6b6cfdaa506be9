"""Words made comparable: case, shapes of quotation marks, endings and irregular forms.

Pure functions, shared by everything that asks whether two texts say the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer  # type: ignore[import-untyped]

from rag.text import lexicon

STOP = frozenset(
    (
        "a an the of in on at to for and or but is are was were be been being by with from as "
        "that this these those it its his her their he she they who whom which what when where "
        "why how did does do has have had not no nor so than then there here i we you our your "
        "also said says will would can could may might about into over after before more most"
    ).split()
)
# Words that join or grade others, or say little: a retelling may add or drop them.
LIGHT = frozenset(
    (
        "due owing despite among amongst amid alongside along yet off out such any should must "
        "non within throughout toward towards upon via per across around besides beyond during "
        "except regarding concerning including excluding according thus hence therefore whereas "
        "while although though however because since until unless whether both either neither "
        "each every all some few several many much less least other another same own only just "
        "even still already ever once again very too quite rather well up down back away under "
        "between through against if one ones them him us me himself herself itself themselves "
        "soon now later also do doing done get getting go going come coming take taking make "
        "making put let like s t d ll re ve"
    ).split()
)
_PLAIN = {form: forms[0] for forms in lexicon.groups("irregular", "forms") for form in forms[1:]}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, `text[start:end]`, and what it is compared by."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def content(self) -> bool:
        """Whether it carries meaning of its own: no figure and none of the commonest words."""
        return self.text.casefold() not in STOP and not self.text[0].isdigit()

    @property
    def weighty(self) -> bool:
        """Whether a sentence says something else without it."""
        return self.content and fold(self.text) not in LIGHT


def words(text: str) -> tuple[Word, ...]:
    """Every word and figure of `text`, in order."""
    return tuple(
        Word(found[0], stem(fold(found[0])), found.start(), found.end())
        for found in _WORD.finditer(text)
    )


def fold(text: str) -> str:
    """Case, white space, dashes and the shapes of quotation marks made equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[“”„‟«»]", '"', re.sub(r"[‘’‚‛]", "'", plain))
    return " ".join(re.sub(r"[‐-―−]", "-", plain).split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A folded word without its ending: "voted", "votes" and "vote" give the same.

    It need not be a word itself: "company" and "companies" give "compani".
    """
    word = re.sub(r"'s?$", "", word)
    # One a call: it holds the word that it works on, and other threads ask as well.
    stemmed: str = EnglishStemmer().stemWord(_PLAIN.get(word, word))
    return stemmed


def stems(text: str) -> Iterator[str]:
    """The stems of the content words, so that "voted" finds "vote"."""
    return (word.stem for word in words(text) if word.content)


def word_share(sentence: str, known: frozenset[str]) -> float:
    """Share (0..1) of the content words of `sentence` that are among `known`; 1 if it has none."""
    own = list(stems(sentence))
    return sum(word in known for word in own) / len(own) if own else 1.0
