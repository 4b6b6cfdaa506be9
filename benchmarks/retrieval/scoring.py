"""How the retrieval benchmarks count: rankings of articles, answers in the text, intervals.

Ranking measures come from ir-measures (pip install ir-measures), which wraps trec_eval; the rest
is here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

BUDGET = 4000  # characters of returned text that are read for the answer
CUTOFFS = (1, 3, 5, 10)
# Our names for measures of ir-measures.
MEASURES = {
    **{f"hit@{k}": f"Success@{k}" for k in CUTOFFS},
    "mrr@10": "RR@10",
    "ndcg@10": "nDCG@10",
}
_ROUNDS = 10_000
_MARKS = re.compile(r"[\u0300-\u036f'’‘`]")  # accents once decomposed, and apostrophes
_BREAKS = re.compile(r"[\W_]+")

Values = dict[str, list[float]]  # measure -> one value a question, in the questions' order


def folded(text: str) -> str:
    """Lower-case letters and digits, words set apart by one space; accents and apostrophes gone."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _BREAKS.sub(" ", _MARKS.sub("", plain)).strip()


def holds(text: str, answers: Iterable[str]) -> bool:
    """Whether one of the answers stands in `text` as whole words: "25" is not in "1925"."""
    words = f" {folded(text)} "
    return any(answer and f" {answer} " in words for answer in map(folded, answers))


def read(texts: Sequence[str], characters: int = BUDGET) -> str:
    """The texts in rank order, one after the other, cut at `characters`."""
    return "\n".join(texts)[:characters]


def ranking(ids: Iterable[str], first_copy: Mapping[str, str]) -> list[str]:
    """Articles in the order of their first passage; copies of one text are one article."""
    return list(dict.fromkeys(first_copy[item] for item in ids))


def judge(
    rankings: Sequence[Sequence[str]],
    gold: Sequence[frozenset[str]],
    measures: Mapping[str, str] = MEASURES,
) -> Values:
    """Values of ir-measures' `measures`; `rankings[i]` and `gold[i]` belong to one question."""
    import ir_measures

    asked = [f"{at:06d}" for at in range(len(gold))]
    qrels = [
        ir_measures.Qrel(q, item, 1) for q, items in zip(asked, gold, strict=True) for item in items
    ]
    run = [
        ir_measures.ScoredDoc(q, item, -float(rank))
        for q, items in zip(asked, rankings, strict=True)
        for rank, item in enumerate(items)
    ]
    names = {ir_measures.parse_measure(theirs): ours for ours, theirs in measures.items()}
    got = {
        (names[value.measure], value.query_id): float(value.value)
        for value in ir_measures.iter_calc(list(names), qrels, run)
    }
    return {name: [got.get((name, q), 0.0) for q in asked] for name in measures}


def judge_texts(texts: Sequence[Sequence[str]], answers: Sequence[tuple[str, ...]]) -> Values:
    """Whether the answer is in the first k texts, and in the first 4,000 characters."""
    both = list(zip(texts, answers, strict=True))
    values = {
        f"answer@{k}": [float(holds("\n".join(items[:k]), wanted)) for items, wanted in both]
        for k in CUTOFFS
    }
    values["answer in 4,000"] = [float(holds(read(items), wanted)) for items, wanted in both]
    return values


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """95 % bootstrap interval of the mean: percentiles over questions drawn with replacement."""
    means = np.asarray(values)[_draws(len(values), seed)].mean(axis=1)
    return _middle(means)


def mcnemar(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Exact two-sided p of McNemar's test on paired hits (1) and misses (0)."""
    won = sum(a > b for a, b in zip(ours, theirs, strict=True))
    lost = sum(a < b for a, b in zip(ours, theirs, strict=True))
    return float(binomtest(won, won + lost).pvalue) if won + lost else 1.0


def misses(values: Sequence[float]) -> int:
    """How many questions are not hit."""
    return sum(value < 1 for value in values)


def against_best(
    metric: str, ours: Values, peers: Mapping[str, Values], seed: int = 0
) -> dict[str, Any]:
    """Our misses over those of the peer with the fewest, with the interval of the ratio.

    Where the peer misses nothing the ratio is infinite, unless we miss nothing either: then 1.
    """
    best = min(peers, key=lambda name: misses(peers[name][metric]))
    a, b = 1 - np.asarray(ours[metric]), 1 - np.asarray(peers[best][metric])
    drawn = _draws(len(a), seed)
    low, high = _middle(_ratios(a[drawn].sum(axis=1), b[drawn].sum(axis=1)))
    return {
        "metric": metric,
        "best peer": best,
        "misses": int(a.sum()),
        "best peer's misses": int(b.sum()),
        "ratio": round(float(_ratios(a.sum(keepdims=True), b.sum(keepdims=True))[0]), 4),
        "interval": [low, high],
        "p": float(f"{mcnemar(ours[metric], peers[best][metric]):.3g}"),
    }


def _draws(count: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, count, (_ROUNDS, count))


def _ratios(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    ratios = np.where(ours > 0, np.inf, 1.0)
    return np.divide(ours, theirs, out=ratios, where=theirs > 0)


def _middle(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(values, [2.5, 97.5], method="nearest")
    return round(float(low), 4), round(float(high), 4)
