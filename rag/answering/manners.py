"""What a sentence of a model's reply is: something said of the world, a courtesy, or a refusal.

Told by its words where these are plain, else by likeness to the examples in `replies.toml`, which
no one embedding model need know the language of: what has a citation, a figure or a name is held
to be a statement first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from rag.models.embedding import Embedder, Vectors
from rag.models.prompts import REFUSAL
from rag.schema import Hit
from rag.text.words import STOP, fold, plain_marks, plain_words, stem

_FILE = Path(__file__).with_name("replies.toml")
_KINDS = ("absence", "courtesy", "claim")  # of examples
_LISTS = (
    "sources",
    "negations",
    "telling",
    "passages",
    "contrasts",
    "plain",
    "courteous",
    "address",
)  # of words
# Cosine to the likest example, which must also be liker than the likest of any other kind.
_ALIKE = 0.5
_ADDRESSED, _NAMING = 0.4, 0.7  # the same for courtesies; for one with a name or a German noun
_TOPIC = "this"  # stands in place of the question's words
_BEFORE, _BEHIND = 6, 2  # words from a denial to what it denies: "none of them says", "say nothing"
_NAMED_EARLY = 9  # words before the passages that a cited sentence says are silent
_LONGEST = 45  # words of a refusal, of a courtesy
_FEWEST = 3  # words of a refusal
_OF_PASSAGES = 0.5  # share of a reply's words that passages have: it says something of them
_ENGLISH = 0.3  # share of function words from which a sentence is English

_QUOTATION = re.compile(r"[“\"„«][^”\"»]{0,400}[”\"»]")
_QUOTED = re.compile(r"[“”„«»\"]")


def is_absence(sentence: str, embedder: Embedder | None, question: str = "") -> bool:
    """Whether an uncited sentence says what the articles do not say. Raises ModelError."""
    if not sentence.strip() or len(sentence.split()) > _LONGEST:
        return False
    own = _unquoted(sentence)
    if _is_lacking(own):
        return not is_specific(_goes_on(own), question)
    if is_specific(sentence, question):
        return False
    return _is_like("absence", _without_topic(own, question), embedder, _ALIKE)


def _unquoted(sentence: str) -> str:
    """`sentence` without the words of others; one that is all in quotation marks as it is."""
    own = _QUOTATION.sub(" ", sentence)
    return own if any(map(str.isalnum, own)) else sentence


def _goes_on(sentence: str) -> str:
    """What comes behind what the texts do not say: "…, but the port closed"; empty for nothing."""
    turn = _words("contrasts").search(sentence)
    return sentence[turn.end() :] if turn and _is_lacking(sentence[: turn.start()]) else ""


def is_silence(sentence: str) -> bool:
    """Whether a sentence says in plain words that the passages do not say something."""
    named = _words("passages").search(sentence)
    return bool(
        named
        and len(sentence[: named.start()].split()) <= _NAMED_EARLY
        and _is_lacking(_unquoted(sentence))
        and not _goes_on(sentence)
    )


def is_courtesy(sentence: str, embedder: Embedder | None) -> bool:
    """Whether an uncited sentence only speaks to who reads the answer. Raises ModelError."""
    short = 0 < len(sentence.split()) <= _LONGEST
    if not short or _QUOTED.search(sentence) or _is_lacking(sentence):
        return False
    text = plain_marks(sentence)
    if not _words("address").search(text) or any(map(str.isdigit, text)):
        return False
    return bool(_words("courteous").search(text) or _is_example("courtesy", text)) or (
        _is_like("courtesy", sentence, embedder, _least(text))
    )


def is_foreign_refusal(text: str, hits: Sequence[Hit], question: str) -> bool:
    """Whether a short reply without citations, in a language of its own, seems to decline.

    Nothing in it is of the passages, and it has no figure and no name that the question has not:
    so a refusal is told in a language that no example is in.
    """
    words = plain_words(text)
    if not _FEWEST <= len(words) <= _LONGEST or is_english(text) or is_specific(text, question):
        return False
    fresh = [word for word in words if word not in STOP and word not in plain_words(question)]
    shown = {stem(word) for hit in hits for word in plain_words(hit.passage.indexed_text)}
    return sum(stem(word) in shown for word in fresh) < _OF_PASSAGES * len(fresh)


def is_english(text: str) -> bool:
    """Whether enough of its words are English function words."""
    words = plain_words(text)
    return sum(word in STOP for word in words) >= _ENGLISH * len(words)


def is_bare(text: str) -> bool:
    """Whether a refusal says no more than Byline's own: one English sentence."""
    return fold(text).strip(".") == fold(REFUSAL).strip(".") or (
        is_english(text) and len(re.findall(r"[.!?]+(?=\s|\W*$)", text)) <= 1
    )


def is_specific(text: str, question: str = "") -> bool:
    """Whether a text has a figure or a name that the question has not."""
    asked = set(plain_words(question))
    named = re.findall(r"(?<=[\w,;] )[A-ZÄÖÜÉ]\w+|\d+", text)
    return any(fold(word) not in asked | {"i", "sie", "ihnen", "ihr"} for word in named)


def _without_topic(sentence: str, question: str) -> str:
    """`sentence` without what it says the articles are silent on, as far as the question has it."""
    asked = {stem(word) for word in plain_words(question) if word not in STOP}
    return re.sub(r"\w+", lambda m: _TOPIC if stem(fold(m[0])) in asked else m[0], sentence)


def _is_example(kind: str, sentence: str) -> bool:
    pairs = zip(*_examples(), strict=True)
    return fold(sentence) in {fold(text) for text, of in pairs if of == kind}


def _least(courtesy: str) -> float:
    """How like an example a courtesy must be. In English, one that names somebody is none."""
    if not is_specific(courtesy):
        return _ADDRESSED
    return 2.0 if is_english(courtesy) else _NAMING


def _is_like(kind: str, sentence: str, embedder: Embedder | None, least: float) -> bool:
    """Whether it is like the examples of a kind, and liker than like those of the others."""
    if _is_example(kind, sentence):
        return True
    if embedder is None:
        return False
    likeness = _vectors(embedder) @ embedder.documents([sentence])[0]
    kinds = _examples()[1]
    best = {k: max(likeness[[of == k for of in kinds]]) for k in _KINDS}
    return bool(best[kind] >= least and best[kind] == max(best.values()))


def _is_lacking(sentence: str) -> bool:
    """Whether its words alone say that texts do not say something, or that it is not stated.

    "The articles say that he did not resign" does not: in English, what is denied stands near.
    """
    text = plain_marks(sentence)
    if _words("plain").search(text):
        return True
    if not (_words("sources").search(text) or _words("passages").search(text)):
        return False
    told = [(len(text[: m.start()].split()), m.start()) for m in _words("telling").finditer(text)]
    denied = [
        (len(text[: m.start()].split()), m.start()) for m in _words("negations").finditer(text)
    ]
    free = not is_english(text)
    if free and denied and _words("passages").search(text):
        return True
    return any(
        a != b and (free or 0 <= at - of <= _BEFORE or 0 < of - at <= _BEHIND)
        for of, a in denied
        for at, b in told
    )


@lru_cache(maxsize=1)
def _data() -> dict[str, str]:
    """The lists of the file. Raises ValueError for one unknown or gone."""
    tables: dict[str, str] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    if odd := tables.keys() ^ {*_KINDS, *_LISTS}:
        raise ValueError(f"{_FILE.name}: {', '.join(sorted(odd))} unknown or gone.")
    return tables


@lru_cache(maxsize=len(_LISTS))
def _words(name: str) -> re.Pattern[str]:
    """A pattern for the words or turns of words of a list; "mention*" has any ending."""
    items = [item.split() for item in _data()[name].replace("’", "'").split("|")]
    turns = (r"\s+".join(map(re.escape, item)).replace(r"\*", r"\w*") for item in items)
    return re.compile(rf"(?:(?<!\w)|(?=n't))(?:{'|'.join(turns)})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _examples() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The examples and the kind of each."""
    data = _data()
    pairs = [(line, kind) for kind in _KINDS for line in data[kind].strip().splitlines()]
    return tuple(line for line, _ in pairs), tuple(kind for _, kind in pairs)


@lru_cache(maxsize=2)
def _vectors(embedder: Embedder) -> Vectors:
    return embedder.documents(_examples()[0])
