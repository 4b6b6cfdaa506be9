"""An answer's words against the words wanted: contained, alike, where in a text they stand."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

from rag.models.reranking import Reranker
from rag.text.sentences import Span
from rag.text.words import fold, plain_marks

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’–—…")
_MARKER = re.compile(r"\s*\[\d+\]")


def contains(text: str, wanted: Iterable[Sequence[str]]) -> bool:
    """Whether of each list one alternative stands in `text`."""
    return not missing(text, wanted)


def missing(text: str, wanted: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The lists of which no alternative stands in `text`."""
    folded = fold(text)
    return [words for words in wanted if not any(_holds(folded, word) for word in words)]


def _holds(folded: str, word: str) -> bool:
    return re.search(pattern(fold(word)), folded) is not None


def pattern(words: str) -> str:
    """A regular expression for `words`, any white space between them.

    A figure is not found inside a longer one: "130" is not in "1,130" or "1304".
    """
    before = r"(?<!\d)(?<!\d[.,])" if words[:1].isdigit() else ""
    after = r"(?!\d)(?![.,]\d)" if words[-1:].isdigit() else ""
    return before + r"\s+".join(map(re.escape, words.split())) + after


def located(text: str, words: str) -> Span | None:
    """Where `words` stand in `text`, kinds of white space and quotation marks apart."""
    pieces = [re.escape(piece) for piece in plain_marks(words).split()]
    match = re.search(r"\s+".join(pieces), plain_marks(text)) if pieces else None
    return match.span() if match else None


def shared(first: Span, second: Span) -> float:
    """How much of the shorter of two stretches the other has, 0..1."""
    both = min(first[1], second[1]) - max(first[0], second[0])
    shorter = min(first[1] - first[0], second[1] - second[0])
    return max(0, both) / shorter if shorter > 0 else 0.0


def without_markers(answer: str) -> str:
    """The text of an answer without its [n]."""
    return _MARKER.sub("", answer)


def exact(answer: str, golds: Iterable[str]) -> bool:
    """Whether the answer is one of `golds`, as SQuAD compares: see `_plain`."""
    return any(_plain(answer) == _plain(gold) for gold in golds)


def token_f1(answer: str, golds: Iterable[str]) -> float:
    """Harmonic mean of precision and recall of words, of the best gold answer, 0..1.

    As SQuAD defines it (Rajpurkar et al., 2016): case, punctuation and "a", "an", "the" apart.
    """
    return max((_f1(_plain(answer).split(), _plain(gold).split()) for gold in golds), default=0.0)


def _f1(ours: Sequence[str], theirs: Sequence[str]) -> float:
    common = sum((Counter(ours) & Counter(theirs)).values())
    if not common:
        return 0.0
    precision, recall = common / len(ours), common / len(theirs)
    return 2 * precision * recall / (precision + recall)


def _plain(text: str) -> str:
    return " ".join(_ARTICLES.sub(" ", text.casefold().translate(_PUNCTUATION)).split())


def semantic(
    wanted: Sequence[Sequence[str]], sentences: Sequence[str], reranker: Reranker, need: int = 0
) -> float:
    """The cross-encoder's chance (0..1) that the sentences hold what is wanted.

    Each wanted thing by itself, by its best alternative and its best sentence; the least of the
    best `need` of them counts (0: of all). It is a model's opinion, not a verdict: of 46 answers
    to the sample questions one that holds the words has a higher chance than one that does not
    nine times out of ten.
    """
    if not sentences:
        return 0.0
    chances = [
        max(reranker.probability(float(reranker.logits(word, sentences).max())) for word in words)
        for words in wanted
    ]
    best = sorted(chances, reverse=True)[: need or None]
    return min(best, default=0.0)
