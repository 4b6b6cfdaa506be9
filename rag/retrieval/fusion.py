"""What dense and lexical search found -> one ranking. Pure functions over scores by passage id."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

# The article's own BM25, and the mean cosine of its three nearest passages, count this much beside
# the passage's: measured, see benchmarks/LOG.md.
ARTICLE_WEIGHT = 0.4
NEAR_WEIGHT = 0.3
NEAREST = 3
# What only the dense search found is taken to have no word in common with the question; what only
# the lexical search found, this much of the cosine of the last that the dense search found.
UNSEEN = 0.8
# A word of the question that a passage already chosen has counts this much for the next one.
COVERED = 0.6
# Words count twice, so that the ranking of long questions is by their words before their meaning.
WORDS_WEIGHT = 2.0


def fused(
    dense: Mapping[str, float],
    lexical: Mapping[str, float],
    whole: Mapping[str, float],
    article_of: Mapping[str, str],
) -> dict[str, float]:
    """Score every passage that either search found, by itself and by its article.

    cosine + BM25 + .4 x the article's BM25 + .3 x the mean of its three best cosines. `dense` has
    cosines, `lexical` and `whole` (by article) BM25 scores, which are divided by the best of
    theirs, so that each counts 0..1. A sum of scores keeps how much better one is than the next,
    which a sum of ranks (Cormack et al. 2009) forgets; it measured better.
    """
    floor = UNSEEN * min(dense.values(), default=0.0)
    near = _nearness(dense, article_of, floor)
    best, best_whole = max(lexical.values(), default=1.0), max(whole.values(), default=1.0)
    return {
        item: dense.get(item, floor)
        + lexical.get(item, 0.0) / best
        + ARTICLE_WEIGHT * whole.get(article_of[item], 0.0) / best_whole
        + NEAR_WEIGHT * near.get(article_of[item], floor)
        for item in dict.fromkeys([*dense, *lexical])
        if item in article_of
    }


def _nearness(
    dense: Mapping[str, float], article_of: Mapping[str, str], floor: float
) -> dict[str, float]:
    """By article the mean of its NEAREST best cosines, `floor` for each that is missing."""
    cosines: dict[str, list[float]] = {}
    for item, cosine in dense.items():
        if item in article_of:
            cosines.setdefault(article_of[item], []).append(cosine)
    return {
        article: sum(sorted([*own, *[floor] * NEAREST], reverse=True)[:NEAREST]) / NEAREST
        for article, own in cosines.items()
    }


def ranked(scores: Mapping[str, float]) -> list[str]:
    """Ids by score, best first; equal ones by id."""
    return sorted(scores, key=lambda item: (-scores[item], item))


def covering(
    order: Sequence[str],
    rarity: Mapping[str, float],
    words: Mapping[str, Collection[str]],
    bonus: Mapping[str, float],
) -> list[str]:
    """Order `order` anew, so that its first passages hold as many words of the question together.

    A question that compares reports is answered by several passages, each with its share of the
    question's words: once a passage is chosen, the words that it holds count less for the next.
    `rarity` has the weight of each word of the question, `words` those that a passage holds, and
    `bonus` what else speaks for it.
    """
    total = sum(rarity.values()) or 1.0
    left = {word: WORDS_WEIGHT * weight / total for word, weight in rarity.items()}
    waiting, chosen = list(order), list[str]()
    while waiting:
        best = max(
            waiting,
            key=lambda item: bonus[item] + sum(left[w] for w in words[item] if w in left),
        )
        waiting.remove(best)
        chosen.append(best)
        left.update({w: COVERED * left[w] for w in words[best] if w in left})
    return chosen


def similarity_score(cosine: float) -> float:
    """A cosine as a score in 0..1, so that the threshold means about the same unreranked.

    With all-MiniLM-L6-v2 few answers lie below a cosine of .35, which gives .14.
    """
    return 1 / (1 + math.exp(-12 * (cosine - 0.5)))
