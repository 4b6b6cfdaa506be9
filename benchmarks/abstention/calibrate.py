"""When to decline: fits the chance that the articles answer, and chooses the threshold.

    python -m benchmarks.abstention.calibrate ../shared --work WORK

`../shared` holds `bench/news2025`, `bench/multihop`, `eval/articles.dev.jsonl` and `articles`; the
sample questions are the project's own. Two logistic functions are fitted
(`rag.answering.decide`): for simple questions on news, with and without the articles that answer;
for composite questions on the even half of `multihop`, and judged on the odd half. The fixed
questions choose only the threshold, which is the middle of those that decline every
question without an answer and at most one with. Prints the weights to copy, and the curve: at each
threshold, which share is declined of the questions with an answer and of those without.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.abstention import collect
from benchmarks.abstention.collect import Case
from rag.answering.decide import COMPOSITE, SIMPLE, Features, chance
from rag.settings import load_settings

_RESULT = Path(__file__).parent / "results" / "abstention.json"
_NAMES = tuple(Features.__slots__)
_THRESHOLDS = tuple(np.round(np.arange(0.05, 1.0, 0.05), 2).tolist())
# Of these the news questions have too few to learn from: they are set by hand.
_BY_HAND = {"missing": -5.0, "strangers": -4.0}
_SIMPLE = ("log_odds", "coverage", "nearest", "articles", "met")
_COMPOSITE = ("coverage", "strangers")
_STRENGTHS = {_SIMPLE: 3.0, _COMPOSITE: 100.0}  # inverse of the L2 penalty


def weights(cases: Sequence[Case], names: tuple[str, ...]) -> tuple[float, ...]:
    """Logistic regression on the features `names`, the others by hand or 0; the constant last."""
    from sklearn.linear_model import LogisticRegression

    table = np.array([[getattr(case.features, name) for name in names] for case in cases])
    labels = np.array([case.answerable for case in cases])
    model = LogisticRegression(C=_STRENGTHS[names], class_weight="balanced").fit(table, labels)
    by_hand = _BY_HAND if names == _SIMPLE else {}
    fitted = dict(zip(names, model.coef_[0].tolist(), strict=True))
    values = [round(fitted.get(name, by_hand.get(name, 0.0)), 3) for name in _NAMES]
    return (*values, round(float(model.intercept_[0]), 3))


def curve(cases: Sequence[Case], given: Sequence[float]) -> list[dict[str, float]]:
    """At each threshold the shares declined of the questions with and without an answer."""
    chances = np.array([chance(case.features, given) for case in cases])
    there = np.array([case.answerable for case in cases])
    return [
        {
            "threshold": at,
            "declined without an answer": _share(chances[~there] < at),
            "declined with an answer": _share(chances[there] < at),
        }
        for at in _THRESHOLDS
    ]


def auc(cases: Sequence[Case], given: Sequence[float]) -> float:
    """Chance that a question with an answer gets a higher value than one without (Mann-Whitney)."""
    from sklearn.metrics import roc_auc_score

    labels = [case.answerable for case in cases]
    return round(float(roc_auc_score(labels, [chance(c.features, given) for c in cases])), 3)


def fits(cases: Sequence[Case]) -> list[float]:
    """Where every fixed question without an answer is declined, and at most one with."""
    chances = {c.id: chance(c.features, COMPOSITE if c.composite else SIMPLE) for c in cases}
    found = []
    for at in np.round(np.arange(0.01, 1.0, 0.01), 2).tolist():
        declined = {key: value < at for key, value in chances.items()}
        wrongly = sum(declined[c.id] for c in cases if c.answerable)
        if wrongly <= 1 and all(declined[c.id] for c in cases if not c.answerable):
            found.append(at)
    return found


def _share(values: NDArray[np.bool_]) -> float:
    return round(float(values.mean()), 3) if len(values) else 0.0


def judged(cases: Mapping[str, Sequence[Case]]) -> dict[str, Any]:
    """Shares declined by source and type of question, at the product's threshold."""
    at = load_settings({}).threshold
    rows = {}
    for name, some in cases.items():
        chances = [chance(c.features, COMPOSITE if c.composite else SIMPLE) for c in some]
        groups = sorted({(c.type, c.answerable) for c in some})
        rows[name] = {
            f"{kind}, {'with' if there else 'without'} an answer": {
                "questions": sum((c.type, c.answerable) == (kind, there) for c in some),
                "declined": _share(
                    np.array(
                        [p < at for c, p in zip(some, chances, strict=True)
                         if (c.type, c.answerable) == (kind, there)]
                    )
                ),
            }
            for kind, there in groups
        }  # fmt: skip
    return {"threshold": at, "declined": rows}


def main() -> None:
    """Collect, fit, judge, print, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--work", type=Path, default=Path(".byline/benchmarks"))
    parser.add_argument("--news", type=int, default=100, help="questions on news")
    parser.add_argument("--reuse", action="store_true", help="the cases kept in WORK")
    parser.add_argument("--out", type=Path, default=_RESULT)
    given = parser.parse_args()
    kept = given.work / "abstention-cases.jsonl"
    if not given.reuse:
        collect.save(collect.everything(given.shared, given.work, given.news), kept)
    cases = collect.load(kept)
    halves = [case for at, case in enumerate(cases["multihop"]) if at % 2 == 0]
    odd = [case for at, case in enumerate(cases["multihop"]) if at % 2]
    plain = [case for case in cases["news"] if not case.composite]
    simple = weights(plain, _SIMPLE)
    composite = weights(halves, _COMPOSITE)
    fixed = [*cases["sample questions"], *cases["five articles"]]
    report = {
        "fitted": {"features": _NAMES, "simple": simple, "composite": composite},
        "in the product": {"simple": SIMPLE, "composite": COMPOSITE},
        "auc": {
            "news": auc(plain, SIMPLE),
            "multihop, even half": auc(halves, COMPOSITE),
            "multihop, odd half": auc(odd, COMPOSITE),
            "fixed questions": auc(fixed, SIMPLE),
        },
        "thresholds that fit the fixed questions": fits(fixed),
        "at the product's threshold": judged({**cases, "multihop, odd half": odd}),
        "curve": {
            "news": curve(plain, SIMPLE),
            "multihop, odd half": curve(odd, COMPOSITE),
            "fixed questions": curve(fixed, SIMPLE),
        },
    }
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in report.items() if k != "curve"}, indent=1))


if __name__ == "__main__":
    main()
