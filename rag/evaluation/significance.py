"""How sure a figure is, and whether two differ: by scipy.

A figure is a sum over questions divided by another, given as pairs (`Part`), one a question.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from types import ModuleType

import numpy as np

Part = tuple[float, float]  # what counts, of how much

_ROUNDS = 4000  # resamples; the interval's ends move by less than .01 with more
_RESAMPLES = 9999  # of the permutation test: p is exact to about .005 at .05
_LEVEL = 0.95
_DIGITS = 4


def interval(parts: Sequence[Part], seed: int = 0) -> tuple[float | None, float | None]:
    """95 % interval of sum / sum: bootstrap over questions, percentiles.

    Where all questions have the same the bootstrap has no width: then Wilson's interval of a
    share, (None, None) if it is none (0 or 1).
    """
    ratios = {a / b for a, b in parts}
    if len(ratios) == 1:
        share = ratios.pop()
        if share not in (0.0, 1.0):
            return None, None
        count = len(parts)
        sure = (
            _stats().binomtest(round(share * count), count).proportion_ci(_LEVEL, method="wilson")
        )
        return _round(sure.low), _round(sure.high)
    pairs = np.asarray(parts, float)
    result = (
        _stats()
        .bootstrap(
            (pairs[:, 0], pairs[:, 1]),
            lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
            paired=True,
            vectorized=True,
            n_resamples=_ROUNDS,
            confidence_level=_LEVEL,
            method="percentile",
            rng=np.random.default_rng(seed),
        )
        .confidence_interval
    )
    return _round(result.low), _round(result.high)


def significance(before: Sequence[Part], now: Sequence[Part], seed: int = 0) -> tuple[float, str]:
    """Two-sided p that the figure is the same, and the test; the questions are paired.

    Shares of questions: McNemar's exact test. The rest: a permutation test that swaps before and
    now of each question at random.
    """
    a = np.array([x / y for x, y in before], float)
    b = np.array([x / y for x, y in now], float)
    if {*a.tolist(), *b.tolist()} <= {0.0, 1.0}:
        won, lost = int((b > a).sum()), int((b < a).sum())
        p = _stats().binomtest(won, won + lost).pvalue if won + lost else 1.0
        return _shown(p), "McNemar"
    if (a == b).all():
        return 1.0, "permutation"
    result = _stats().permutation_test(
        (b, a),
        lambda x, y, axis: (x - y).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        rng=np.random.default_rng(seed),
    )
    return _shown(result.pvalue), "permutation"


@functools.cache
def _stats() -> ModuleType:
    """scipy.stats, imported when needed: half a second."""
    import scipy.stats  # type: ignore[import-untyped]

    module: ModuleType = scipy.stats
    return module


def _round(value: float) -> float:
    return round(float(value), _DIGITS)


def _shown(p: float) -> float:
    return float(f"{float(p):.3g}")
