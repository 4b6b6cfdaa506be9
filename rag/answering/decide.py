"""Do the passages found answer the question? Decided by code, before anything is written.

The chance that they do is a logistic function of what was found. Its numbers were fitted, and the
threshold was chosen, by `python -m benchmarks.abstention.calibrate`; see benchmarks/abstention.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.extractive import Extract
from rag.answering.needs import weigh
from rag.retrieval.search import Found
from rag.schema import Hit
from rag.text.names import names
from rag.text.words import fold

_WORD = re.compile(r"[^\W\d_]+")
_PREFIX = 5  # letters: "Russian" finds "Russia", "Libyan" finds "Libya"
_SHORTEST = 4  # letters: shorter words are initials and acronyms
_READ = 8  # hits in which what the question needs is sought
_LEAST, _MOST = 0.001, 0.999  # the reranker's chances, so that their log-odds are finite


@dataclass(frozen=True, slots=True)
class Verdict:
    """The chance (0..1) that the passages answer, and what none of the articles found does.

    `lacking` goes on from "None of the articles found": "mentions Angela Merkel".
    """

    chance: float
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Features:
    """What the chance is reckoned from."""

    log_odds: float  # of the best sentences, by the reranker
    coverage: float  # see rag.retrieval.search.Found
    nearest: float  # likewise
    articles: float  # log10 of how many were searched: among more, more look right by chance
    met: float  # 1: something that the question needs is there, see rag.answering.needs
    missing: float  # how many things that it needs are not
    doubtful: float  # 1: something that it may need is not
    strangers: float  # names of the question that no article found has


# Weights in the order of Features, then the constant.
SIMPLE = (0.962, 1.887, 3.275, -0.862, 0.535, -5.0, -3.0, -4.0, 0.105)
# A composite question is answered by several passages together, of which none answers it.
COMPOSITE = (0.0, 30.922, 0.0, 0.0, 0.0, 0.0, 0.0, -2.052, -4.561)


def verdict(question: str, found: Found, extracts: Sequence[Extract], articles: int) -> Verdict:
    """Weigh what was `found` for `question` among so many `articles`, `extracts` the best of it."""
    features, lacking = described(question, found, extracts, articles)
    weights = COMPOSITE if found.composite else SIMPLE
    return Verdict(chance(features, weights), lacking)


def described(
    question: str, found: Found, extracts: Sequence[Extract], articles: int
) -> tuple[Features, tuple[str, ...]]:
    """The features, and what is lacking in words."""
    strangers = missing_names(question, found.hits)
    needed = weigh(question, found.hits[:_READ])
    best = max((item.chance for item in extracts), default=_LEAST)
    surely = [need.lacking for need in needed.missing if need.sure]
    features = Features(
        log_odds=_log_odds(best),
        coverage=found.coverage,
        nearest=found.nearest,
        articles=math.log10(max(articles, 1)),
        met=float(bool(needed.met)),
        missing=float(len(surely)),
        doubtful=float(len(surely) < len(needed.missing)),
        strangers=float(len(strangers)),
    )
    return features, (*(f"mentions {name}" for name in strangers), *surely)


def chance(features: Features, weights: Sequence[float]) -> float:
    """Logistic function of the weighted features and the constant behind the weights."""
    values = [getattr(features, name) for name in Features.__slots__]
    total = sum(w * v for w, v in zip(weights, values, strict=False)) + weights[-1]
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _log_odds(probability: float) -> float:
    inside = max(_LEAST, min(_MOST, probability))
    return math.log(inside / (1 - inside))


def missing_names(question: str, hits: Sequence[Hit]) -> list[str]:
    """Names in the question that none of the articles found contains.

    A question about somebody whom the articles never name cannot be answered by them, however
    well its other words fit.
    """
    known = {
        word[:_PREFIX]
        for hit in {hit.article.id: hit for hit in hits}.values()
        for word in _WORD.findall(fold(f"{hit.passage.header}\n{hit.article.text}"))
    }
    return [name for name in names(question) if not _known(name, known)]


def _known(name: str, known: set[str]) -> bool:
    """The surname decides: the last word long enough to tell anything."""
    words = [word for word in _WORD.findall(fold(name)) if len(word) >= _SHORTEST]
    return not words or words[-1][:_PREFIX] in known
