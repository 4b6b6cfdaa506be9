"""What kind of answer a question asks for, which decides what it is written from and by whom.

    question -> its words, what it is about masked -> the likest of the example questions -> Intent

The examples stand in `intents.toml`. Whatever stands in none of them, and every name, figure and
quotation, is masked: "Summarise the piece on Port Ilvane" is read as "summarise the piece on X",
whatever the articles are about. A question that has no turn of words of its own to any other intent
asks for a fact, and nothing is computed for it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from rag.models.embedding import Embedder, Vectors
from rag.models.weights import BUNDLED
from rag.text.names import names

Intent = Literal["fact", "summary", "timeline", "comparison", "overview", "catalogue", "talk"]
INTENTS: tuple[Intent, ...] = get_args(Intent)
UNSEARCHED: frozenset[Intent] = frozenset(("overview", "talk"))  # no passage answers these

EXAMPLES = Path(__file__).with_name("intents.toml")
VECTORS = Path(__file__).with_name("intents.npy")  # of the examples, by the bundled model
MARGIN = 0.08  # cosine by which another intent must be liker than a fact, which most questions ask
_NEAREST = 2  # examples of an intent whose mean likeness counts
_LONGEST = 30  # words; a longer question says several things, each of which is a fact
_TURN = 3  # words of a turn of words
_MASK = "X"
_NEUTRAL = "something"  # what the embedding model is shown for what is masked
_FUZZY, _FUZZY_LEAST = 0.88, 7  # a mistyped word is so like one of the examples', and so long

_WORD = re.compile(r"tl;?dr|[^\W\d_]+(?:['’][^\W\d_]+)?|\d[\d.,:/]*", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"][^”\"]+[”\"]|(?<!\w)['‘][^'’]{4,}['’](?!\w)")
_POINTER = re.compile(r"\b(?:it|this|that)\b", re.IGNORECASE)
_CONTRACTED = {"what": "is", "who": "is", "where": "is", "how": "is", "that": "is", "it": "is"}
_FILLERS = frozenset("the a an please so well just kindly".split())
# "Hi, who won?" asks who won; "hi, how are you" greets.
_GREETING = re.compile(
    r"^\s*(?:hello|hi|hey|good (?:morning|evening|afternoon|day)|thanks|thank you|"
    r"ok(?:ay)?|great|sorry)(?: there| again| byline| (?:very|so) much| a lot)?"
    r"\s*[,.!;:–-]+\s*(?=\S+\s+\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Examples:
    """The examples, masked, with the intent of each.

    `words` are not masked in a question; `turns`: turns of words that no example of a fact has.
    """

    texts: tuple[str, ...]
    intents: tuple[Intent, ...]
    words: frozenset[str]
    turns: frozenset[tuple[str, ...]]


def recognised(question: str, embedder: Embedder) -> Intent:
    """The intent of a question that stands alone. Raises ModelError.

    Takes one encoding of a short text, and for most questions for facts not even that.
    """
    words = _GREETING.sub("", question) or question
    if len(words.split()) > _LONGEST:
        return "fact"
    read = masked(words)
    examples = _examples()
    if read in examples.texts:
        return examples.intents[examples.texts.index(read)]
    if not _turns(read) & examples.turns:
        return "fact"
    return _likest(read, embedder)


def stands_alone(question: str, embedder: Embedder) -> bool:
    """Whether it is about nothing that was asked before: "thanks", "what are the articles about".

    Raises ModelError.
    """
    intent = recognised(question, embedder)
    return intent == "talk" or (intent == "overview" and not _POINTER.search(question))


def masked(question: str) -> str:
    """The words that say what kind of answer is asked for: "summarise article on X"."""
    text = _QUOTED.sub(f" {_MASK} ", question)
    for name in sorted(map(_without_opener, names(text)), key=len, reverse=True):
        if name:
            text = text.replace(name, f" {_MASK} ")
    kept: list[str] = []
    for word in _plain(text):
        if word != _MASK or kept[-1:] != [_MASK]:
            kept.append(word)
    return " ".join(kept)


def vectors_of_examples(embedder: Embedder) -> Vectors:
    """A unit vector for each example, by `embedder`."""
    return embedder.documents([_shown(text) for text in _examples().texts])


@lru_cache(maxsize=256)
def _likest(read: str, embedder: Embedder) -> Intent:
    """The intent whose examples are likest, a fact where none is by the margin."""
    likeness = _vectors(embedder) @ embedder.query(_shown(read))
    of = np.array(_examples().intents)
    mean = {i: float(np.sort(likeness[of == i])[-_NEAREST:].mean()) for i in INTENTS}
    best = max(INTENTS, key=lambda intent: mean[intent])
    if best == "talk" and _MASK in read.split():
        return "fact"  # talk is about nothing
    return best if mean[best] >= mean["fact"] + MARGIN else "fact"


@lru_cache(maxsize=2)
def _vectors(embedder: Embedder) -> Vectors:
    if embedder.name == BUNDLED:
        shipped: Vectors = np.load(VECTORS, allow_pickle=False).astype(np.float32)
        return shipped
    return vectors_of_examples(embedder)


def _shown(read: str) -> str:
    return " ".join(_NEUTRAL if word == _MASK else word for word in read.split())


def _plain(text: str) -> Iterator[str]:
    """Words in small letters, those that stand in no example masked; fillers are left out."""
    known = _examples().words
    for match in _WORD.finditer(text):
        word = match[0].casefold().replace("’", "'").replace(";", "")
        stem, _, ending = word.partition("'")
        if match[0] == _MASK:
            yield _MASK
        elif word in _FILLERS:
            continue
        elif word in known:
            yield word
        elif ending == "s" and stem in known:
            yield from filter(None, (stem, _CONTRACTED.get(stem)))
        else:
            yield _mended(word)


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    """The word of an example that is mistyped here; else the mask."""
    if len(word) < _FUZZY_LEAST:
        return _MASK
    likely = [
        item
        for item in _examples().words
        if item[0] == word[0] and len(item) >= _FUZZY_LEAST and abs(len(item) - len(word)) <= 2
    ]
    swapped = (item for item in likely if sorted(item) == sorted(word))
    return next(
        iter((*swapped, *difflib.get_close_matches(word, likely, n=1, cutoff=_FUZZY))), _MASK
    )


def _without_opener(name: str) -> str:
    """The name without words that a capital only opens a sentence with: "Compare Jane Roe"."""
    words = name.split()
    while words and words[0].casefold() in _examples().words:
        words = words[1:]
    return " ".join(words)


def _turns(read: str) -> set[tuple[str, ...]]:
    words = ("^", *read.split(), "$")
    return {
        words[at : at + size] for size in range(1, _TURN + 1) for at in range(len(words) - size + 1)
    }


@cache
def _examples() -> _Examples:
    """Raises ValueError where the file has an unknown intent, or a line in two of them."""
    tables = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    if odd := tables.keys() ^ set(INTENTS):
        raise ValueError(f"{EXAMPLES.name}: {', '.join(sorted(odd))} unknown or gone.")
    texts: dict[str, Intent] = {}
    for intent in INTENTS:
        for line in tables[intent].strip().splitlines():
            read = " ".join(w for w in _example_words(line) if w not in _FILLERS)
            if texts.setdefault(read, intent) != intent:
                raise ValueError(f"{EXAMPLES.name}: {line!r} stands for two intents.")
    words = frozenset(word for text in texts for word in text.split()) - {_MASK}
    turns: dict[bool, set[tuple[str, ...]]] = {True: set(), False: set()}
    for text, intent in texts.items():
        turns[intent == "fact"] |= _turns(text)
    return _Examples(
        tuple(texts), tuple(texts.values()), words, frozenset(turns[False] - turns[True])
    )


def _example_words(line: str) -> list[str]:
    found = [m[0] if m[0] == _MASK else m[0].casefold() for m in _WORD.finditer(line)]
    text = " ".join(word.replace("’", "'").replace(";", "") for word in found)
    return re.sub(rf"{_MASK}(?: {_MASK})+", _MASK, text.replace("'s", " is")).split()
