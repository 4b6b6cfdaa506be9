"""Do the passages found answer the question? Decided here and nowhere else, before any writing.

The chance that they do is a logistic function of what was found. Its numbers were fitted, and the
threshold was chosen, by `python -m benchmarks.abstention.calibrate`; see benchmarks/abstention.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.answering.evidence import Evidence
from rag.answering.needs import weigh
from rag.answering.refusal import Lack
from rag.retrieval.query import Query
from rag.schema import Hit
from rag.text.names import countries
from rag.text.words import plain_words, stem

_PREFIX = 5  # letters: "Russian" finds "Russia", "Libyan" finds "Libya"
_SHORTEST = 4  # letters: shorter words are initials and acronyms
_READ = 8  # hits in which what the question needs is sought
_LEAST, _MOST = 0.001, 0.999  # the reranker's chances, so that their log-odds are finite


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether to answer; the chance (0..1) that the passages do, None where nothing was weighed.

    `lacking`: what speaks against it. `parts`: of a question with several, the decision on each.
    """

    answers: bool
    chance: float | None = None
    lacking: tuple[Lack, ...] = ()
    parts: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Features:
    """What the chance is reckoned from."""

    log_odds: float  # of the best sentences, by the reranker
    coverage: float  # see rag.retrieval.search.Found
    nearest: float  # likewise
    articles: float  # log10 of how many were searched: among more, more look right by chance
    met: float  # 1: something that the question needs is there, see rag.answering.needs
    missing: float  # how many things that it needs are not
    strangers: float  # names of the question that no article found has


# Weights in the order of Features, then the constant.
SIMPLE = (0.962, 1.887, 3.275, -0.862, 0.535, -5.0, -4.0, 0.105)
# A composite question is answered by several passages together, of which none answers it.
COMPOSITE = (0.0, 30.922, 0.0, 0.0, 0.0, 0.0, -2.052, -4.561)


def decide(query: Query, evidence: Evidence, threshold: float) -> Decision:
    """Answer what is settled, decline what is known to be lacking; weigh everything else.

    A question with several parts is answered if one of them is.
    """
    if evidence.parts:
        return _of_parts(query, evidence, threshold)
    if evidence.lack:
        return Decision(False, lacking=(evidence.lack,))
    if evidence.settled:
        return Decision(True)
    features, lacking = described(query, evidence)
    likely = chance(features, COMPOSITE if query.composite else SIMPLE)
    return Decision(bool(evidence.extracts) and likely >= threshold, likely, lacking)


def _of_parts(query: Query, evidence: Evidence, threshold: float) -> Decision:
    each = tuple(
        decide(part, of_part, threshold)
        for part, of_part in zip(query.parts, evidence.parts, strict=True)
    )
    chances = [item.chance for item in each if item.chance is not None]
    return Decision(
        any(item.answers for item in each),
        max(chances, default=None),
        tuple(dict.fromkeys(lack for item in each for lack in item.lacking)),
        each,
    )


def described(query: Query, evidence: Evidence) -> tuple[Features, tuple[Lack, ...]]:
    """The features, and what is lacking."""
    found = evidence.found
    strangers = missing_names(query.names, found.hits)
    needed = weigh(query, found.hits[:_READ])
    untrue = evidence.denial is not None
    features = Features(
        log_odds=_log_odds(max((item.chance for item in evidence.extracts), default=_LEAST)),
        coverage=found.coverage,
        nearest=found.nearest,
        articles=math.log10(max(query.scope.searched, 1)),
        met=float(bool(needed.met)),
        missing=float(len(needed.missing) + untrue),
        strangers=float(len(strangers)),
    )
    unmet = [need.lack for need in needed.missing]
    unmet += [Lack("premise")] * untrue
    if evidence.sentences and not evidence.extracts:  # none of them may be shown
        unmet.append(Lack("orders"))
    unheard = [Lack("name", name) for name in strangers if name in found.unknown]
    return features, (*unheard, *unmet)


def chance(features: Features, weights: Sequence[float]) -> float:
    """Logistic function of the weighted features and the constant behind the weights."""
    values = [getattr(features, name) for name in Features.__slots__]
    total = sum(w * v for w, v in zip(weights, values, strict=False)) + weights[-1]
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _log_odds(probability: float) -> float:
    inside = max(_LEAST, min(_MOST, probability))
    return math.log(inside / (1 - inside))


def missing_names(names: Sequence[str], hits: Sequence[Hit]) -> list[str]:
    """The names of a question that none of the articles found contains.

    A question about somebody whom the articles never name cannot be answered by them, however
    well its other words fit.
    """
    articles = {hit.article.id: hit for hit in hits}.values()
    sought = {name: last for name in names if (last := _telling(name))}
    for hit in articles:  # best first: the first few hold most names, the others are not read
        if not sought:
            break
        held = _held(f"{hit.passage.header}\n{hit.article.text}")
        sought = {name: last for name, last in sought.items() if not held.has(last)}
    return [name for name in names if name in sought]


def _telling(name: str) -> str:
    """The surname decides: the last word long enough to tell anything; empty if none is."""
    return next((word for word in reversed(plain_words(name)) if len(word) >= _SHORTEST), "")


@dataclass(frozen=True, slots=True)
class _Held:
    """The words of an article, and how they begin."""

    words: frozenset[str]
    beginnings: frozenset[str]

    def has(self, word: str) -> bool:
        """Whether it has a word that begins so, or a country by another of its names."""
        if word[:_PREFIX] in self.beginnings:
            return True
        place = countries([stem(word)])
        return bool(place and place & countries(map(stem, self.words)))


@lru_cache(maxsize=128)
def _held(text: str) -> _Held:
    words = frozenset(plain_words(text))
    return _Held(words, frozenset(word[:_PREFIX] for word in words))
