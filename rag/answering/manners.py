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
from rag.text.words import STOP, fold, plain_words, stem

_FILE = Path(__file__).with_name("replies.toml")
_KINDS = ("absence", "courtesy", "claim")
_ALIKE = 0.55  # cosine to the likest example, which must also be liker than the likest claim
_LONGEST = 45  # words of a refusal, of a courtesy
_FEWEST = 3  # words of a refusal
_OF_PASSAGES = 0.5  # share of a reply's words that passages have: it says something of them
_ENGLISH = 0.3  # share of function words from which a sentence is English

_SOURCES = (
    r"articles?|passages?|sources?|texts?|documents?|excerpts?|context|artikeln?|texte?n?|textstellen?|quellen?|auszüge\w*|unterlagen"
    r"|documents|extraits?|textes?|artículos?|textos?|pasajes?|fuentes?|articoli|testi|fonti|brani"
    r"|artikelen|bronnen|teksten|artigos|fontes"
)
_NOT = (
    r"not|n['’]t|no|none|nothing|neither|nor|never|cannot|without|unable|insufficient|lacks?"
    r"|silent|nicht|kein\w*|nichts|ohne|weder|ne|n['’]\w+|pas|aucune?|rien|no|ningun[ao]?|nada"
    r"|non|nessun[ao]?|nulla|niente|niet|geen|niets|não|nenhum[a]?"
)
_TELLS = (
    r"answer\w*|contain\w*|mention\w*|say\w?|stat\w+|provid\w+|includ\w+|specif\w+|discuss\w*"
    r"|address\w*|cover\w*|giv\w+|tell\w?|report\w*|indicat\w+|describ\w+|explain\w*|detail\w*"
    r"|offer\w*|support\w*|find|found|know\w?|determin\w+|disclos\w+|identif\w+|name[sd]?|clear"
    r"|information|silent|enough|sufficient"
    r"|beantwort\w+|enthalt\w+|erwähn\w+|sag\w+|steh\w+|geh\w+|finde\w*|gibt|hervor|nenn\w+|mach\w+"
    r"|répond\w+|contien\w+|mentionn\w+|indiqu\w+|précis\w+|disent|dit|trouv\w+"
    r"|respond\w+|contien\w+|mencion\w+|dicen?|indic\w+|especific\w+|encontr\w+"
    r"|rispond\w+|contengono|menzion\w+|dicono|indicano|trov\w+"
    r"|beantwoord\w+|bevat\w*|vermeld\w*|zegg\w+|staat|contêm|mencionam|dizem"
)
_LACKING = re.compile(
    rf"""(?=.*\b(?:{_SOURCES})\b)(?=.*(?:\b|(?<=\w))(?:{_NOT})\b)(?=.*\b(?:{_TELLS})\b)
    | \b(?:there\s(?:is|are|was|were)\s(?:no|not)\b|^\W*(?:no|insufficient)\b).{0, 40}
        \b(?:information|mention|details?|answer|indication|data)\b
    | \bI\s?(?:['’]m|am|was|do|did|can|could|have)?\s?(?:not|n['’]t|cannot|unable)\b.{0, 60}
        \b(?:answer\w*|find|determine|information|say|tell|know|confirm)\b
    | \b(?:it|this|that)\s(?:is|remains|was)\s(?:unclear|unknown|not\s(?:clear|known|stated
        |mentioned|specified|given|said|reported|disclosed))\b
    | ^\W*(?:not|none|no\s\w+)\s(?:is\s|are\s|was\s|were\s)?(?:stated|mentioned|specified|given
        |available|provided|reported|named|disclosed|known|applicable|found)\W*$
    | ^\W*(?:unknown|unclear|unspecified|undisclosed|n/a|nicht\s(?:genannt|erwähnt|angegeben)
        |keine\sangaben?|non\s(?:précisé|mentionné|indiqué)e?|no\s(?:se\s)?(?:menciona|indica
        |especifica)(?:do)?|non\s(?:indicato|menzionato|specificato)|niet\svermeld)\W*$""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_FIRST_PERSON = re.compile(
    r"\b(?:I|I['’]\w+|my|me|you|your|let|feel\sfree|sure|certainly|of\scourse|here|below|please"
    r"|thank\w*|happy|glad|hope|great|based|following|ich|mir|Ihnen|Sie|dir|gern\w*|hier|je|j['’]\w+"
    r"|vous|voici|espero|dud\w+|aquí|claro|spero|ecco|ti|ik|hoop|hier|aqui|hésitez|bien\ssûr"
    r"|natürlich|selbstverständlich|basierend|melden)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“”„«»\"]")


def is_absence(sentence: str, embedder: Embedder | None) -> bool:
    """Whether an uncited sentence says what the articles do not say. Raises ModelError."""
    if not sentence.strip() or len(sentence.split()) > _LONGEST:
        return False
    if _LACKING.search(_unquoted(sentence)):
        return True
    return not is_specific(sentence) and _like("absence", sentence, embedder)


def is_courtesy(sentence: str, embedder: Embedder | None) -> bool:
    """Whether an uncited sentence only speaks to who reads the answer. Raises ModelError."""
    short = 0 < len(sentence.split()) <= _LONGEST
    if not short or _QUOTED.search(sentence) or is_specific(sentence):
        return False
    if not _FIRST_PERSON.search(sentence) or _LACKING.search(sentence):
        return False
    return _like("courtesy", sentence, embedder)


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


def _unquoted(text: str) -> str:
    return re.sub(r"[“\"„«][^”\"»]*[”\"»]", " ", text)


def is_specific(text: str, question: str = "") -> bool:
    """Whether a text has a figure or a name that the question has not."""
    asked = set(plain_words(question))
    named = re.findall(r"(?<=[\w,;] )[A-ZÄÖÜÉ]\w+|\d+", text)
    return any(fold(word) not in asked | {"i", "sie", "ihnen", "ihr"} for word in named)


def _like(kind: str, sentence: str, embedder: Embedder | None) -> bool:
    """Whether it is like the examples of a kind, and liker than like any statement."""
    text = " ".join(sentence.split())
    examples, kinds = _examples()
    if fold(text) in (fold(item) for item, of in zip(examples, kinds, strict=True) if of == kind):
        return True
    if embedder is None:
        return False
    likeness = _vectors(embedder) @ embedder.documents([text])[0]
    best = {k: max(likeness[[of == k for of in kinds]]) for k in (kind, "claim")}
    return bool(best[kind] >= _ALIKE and best[kind] > best["claim"])


@lru_cache(maxsize=1)
def _examples() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The examples and the kind of each. Raises ValueError for a kind unknown or gone."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    if odd := tables.keys() ^ set(_KINDS):
        raise ValueError(f"{_FILE.name}: {', '.join(sorted(odd))} unknown or gone.")
    pairs = [(line, kind) for kind in _KINDS for line in tables[kind].strip().splitlines()]
    return tuple(line for line, _ in pairs), tuple(kind for _, kind in pairs)


@lru_cache(maxsize=2)
def _vectors(embedder: Embedder) -> Vectors:
    return embedder.documents(_examples()[0])
