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
        "soon now later doing done get getting go going come coming take taking make "
        "making put let like s t d ll re ve"
    ).split()
)
_PLAIN = {form: forms[0] for forms in lexicon.groups("irregular", "forms") for form in forms[1:]}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*")
_POSSESSIVE = re.compile(r"'s?(?!\w)")  # folded
_SHAPES = str.maketrans(
    dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("‐‑‒–—―−", "-")
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a figure of a text, `text[start:end]`."""

    text: str
    plain: str  # folded
    stem: str  # what it is compared by
    content: bool  # carries meaning of its own: no figure and none of the commonest words
    weighty: bool  # without it a sentence says something else
    start: int
    end: int


def words(text: str) -> tuple[Word, ...]:
    """Every word and figure of `text`, in order."""
    return tuple(Word(word, *_forms(word), start, end) for word, start, end in tokens(text))


@lru_cache(maxsize=50_000)
def _forms(word: str) -> tuple[str, str, bool, bool]:
    plain = fold(word)
    content = plain not in STOP and not word[0].isdigit()
    return plain, stem(plain), content, content and plain not in LIGHT


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Every word and figure of `text` as printed, with its start and end."""
    return ((found[0], *found.span()) for found in _WORD.finditer(text))


def printed_words(text: str) -> list[str]:
    """Every word and figure of `text` as printed."""
    return _WORD.findall(text)


def plain_words(text: str) -> list[str]:
    """Every word and figure of `text`, folded, possessive endings left off."""
    return _WORD.findall(_POSSESSIVE.sub("", fold(text)))


def fold(text: str) -> str:
    """Case, white space, dashes and the shapes of quotation marks made equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain_marks(plain).split())


def plain_marks(text: str) -> str:
    """Quotation marks and dashes in one shape each; every offset stays."""
    return text.translate(_SHAPES)


def letters(text: str) -> str:
    """The letters and digits of `text` alone, without case: "E-mail:" and "email" give the same."""
    return "".join(filter(str.isalnum, text.casefold()))


def dashed(text: str, most: int = 8) -> str:
    """The first words of `text` for a file's name: "Who-closed-the-dock"; empty if it has none."""
    return "-".join(re.findall(r"\w+", text)[:most])


def without_possessive(word: str) -> str:
    """The word or name without the apostrophe, or the apostrophe and s, at its end."""
    return re.sub(r"['’]s?$", "", word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A folded word without its ending: "voted", "votes" and "vote" give the same.

    It need not be a word itself: "company" and "companies" give "compani".
    """
    word = without_possessive(word)
    # One a call: it holds the word that it works on, and other threads ask as well.
    stemmed: str = EnglishStemmer().stemWord(_PLAIN.get(word, word))
    return stemmed


def beginning(stem: str) -> str:
    """A pattern for how every word of this stem begins: snowball writes "compani" for "company"."""
    return re.sub("i$", "[iy]", re.escape(stem))


def stems(text: str) -> Iterator[str]:
    """The stems of the content words, so that "voted" finds "vote"."""
    forms = map(_forms, printed_words(text))
    return (stemmed for _, stemmed, content, _ in forms if content)


def last_stem(name: str) -> frozenset[str]:
    """The stem that stands for a person: of the last word of the name; empty if it has none."""
    return frozenset(list(stems(name))[-1:])


def word_share(sentence: str, known: frozenset[str]) -> float:
    """Share (0..1) of the content words of `sentence` that are among `known`; 1 if it has none."""
    own = list(stems(sentence))
    return sum(word in known for word in own) / len(own) if own else 1.0
