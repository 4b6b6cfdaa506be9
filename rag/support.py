"""Is a sentence borne out by the passages it cites? No language model is asked.

Its figures, quoted words and names must stand in the cited text, and most of its other words.
A figure is compared by value: "200", "two hundred" and "200.0" are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.schema import Hit, Support

NO_CITATION = "no citation"

_UNITS = {
    word: value
    for value, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen"
        ).split()
    )
}
_TENS = dict(
    zip(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
        range(20, 100, 10),
        strict=True,
    )
)
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9}
_DIGITS = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_TOKEN = re.compile(rf"{_DIGITS.pattern}|[^\W\d_]+(?:['’][^\W\d_]+)?")
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")
_NAME = re.compile(r"(?<![.!?:“\"\w]\s)(?<!^)\b[A-ZÀ-ÖØ-Þ][\w’'-]+")
_STOP = frozenset(
    (
        "a an the of in on at to for and or but is are was were be been being by with from as "
        "that this these those it its his her their he she they who whom which what when where "
        "why how did does do has have had not no nor so than then there here i we you our your "
        "also said says will would can could may might about into over after before more most"
    ).split()
)
_FEW_WORDS, _MANY_WORDS = 0.35, 0.6  # shares of a sentence's words that stand in the passages


def check(sentence: str, hits: Sequence[Hit]) -> tuple[Support, tuple[str, ...]]:
    """Hold `sentence` (markers removed) against the passages it cites.

    Returns the verdict and, unless it is "supported", the reasons in plain words.
    """
    if not hits:
        return "unsupported", (NO_CITATION,)
    evidence = Evidence.of(hit.passage.indexed_text for hit in hits)
    wrong = [*_wrong_quotes(sentence, evidence), *_wrong_figures(sentence, evidence)]
    names = list(_wrong_names(sentence, evidence))
    share = word_share(sentence, evidence.words)
    if wrong or share < _FEW_WORDS:
        return "unsupported", (*wrong, *names) or ("its words are not in the cited passage",)
    if names or share < _MANY_WORDS:
        return "partial", tuple(names) or ("only some of its words are in the cited passage",)
    return "supported", ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The cited texts, prepared for comparing."""

    folded: str
    figures: frozenset[float]
    words: frozenset[str]

    @classmethod
    def of(cls, sources: Iterable[str]) -> Evidence:
        """Fold the texts once."""
        joined = "\n".join(sources)
        folded = fold(joined)
        return cls(folded, frozenset(figures(joined)), frozenset(stems(joined)))


def fold(text: str) -> str:
    """Case, white space, dashes and the shapes of quotation marks made equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[“”„‟«»]", '"', re.sub(r"[‘’‚‛]", "'", plain))
    return " ".join(re.sub(r"[‐-―−]", "-", plain).split())


def stems(text: str) -> Iterator[str]:
    """Content words, without their commonest endings, so that "voted" finds "vote"."""
    for match in _TOKEN.finditer(fold(text)):
        word = match.group()
        if word not in _STOP and not word[0].isdigit():
            yield _stem(word)


def _stem(word: str) -> str:
    word = re.sub(r"'s?$", "", word)
    for ending in ("ingly", "edly", "ing", "ies", "ed", "es", "ly", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def word_share(sentence: str, words: frozenset[str]) -> float:
    """Share (0..1) of the content words of `sentence` that are among `words`; 1 if it has none."""
    own = list(stems(sentence))
    return sum(word in words for word in own) / len(own) if own else 1.0


def figures(text: str) -> Iterator[float]:
    """The values of the numbers in `text`, in digits or words, scales ("7 million") applied."""
    value: float | None = None
    for token in _TOKEN.findall(text.casefold().replace("-", " ")):
        if token[0].isdigit():
            if value is not None:
                yield value
            value = float(token.replace(",", ""))
        elif token in _SCALES and value is not None:
            value *= _SCALES[token]
        elif token in _TENS or token in _UNITS:
            small = _TENS.get(token, _UNITS.get(token, 0))
            joins = value is not None and value >= 20 and value % 10 == 0 and small < 10
            if value is not None and not joins:
                yield value
            value = (value or 0) + small if joins else float(small)
        else:
            if value is not None:
                yield value
            value = None
    if value is not None:
        yield value


def _wrong_figures(sentence: str, evidence: Evidence) -> Iterator[str]:
    for value in dict.fromkeys(figures(sentence)):
        if value not in evidence.figures and value != 1:  # "one" is mostly a pronoun
            yield f"the figure {value:,.15g} is not in the cited passage"


def _wrong_quotes(sentence: str, evidence: Evidence) -> Iterator[str]:
    for words in _QUOTED.findall(sentence):
        if fold(words).strip(" .,;:!?") not in evidence.folded:
            yield f"the words “{words}” are not in the cited passage"


def _wrong_names(sentence: str, evidence: Evidence) -> Iterator[str]:
    for match in _NAME.finditer(sentence):
        name = match.group()
        if not set(stems(name)) <= evidence.words:
            yield f"the name {name} is not in the cited passage"
