"""Outcomes -> the report as JSON. docs/evaluation.md lists its keys; `VERSION` counts their form.

Times stand under the one key `times`: without it two runs of the default backend are alike, byte
for byte.
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import QuestionsError
from rag.evaluation import diagnosing
from rag.evaluation.fixed_questions import Question
from rag.evaluation.metrics import curve, summary, values
from rag.evaluation.outcomes import Outcome

FORMAT, VERSION = "byline-evaluation", 1
Report = dict[str, Any]
_PAIR = re.compile(r"\[\n\s*(-?[\d.]+),\n\s*(-?[\d.]+)\n\s*\]")  # no text holds a line break
_SCORES = ("format", "version", "made_with", "summary", "by_type", "abstention", "reasons")


def report(
    outcomes: Sequence[Outcome],
    made_with: Mapping[str, Any],
    *,
    seed: int = 0,
    price: tuple[float, float] | None = None,
) -> Report:
    """Everything about a run. `price`: of a million tokens read and written, in any currency."""
    found = values(outcomes)
    reasons = [diagnosing.why(item) for item in outcomes]
    types = list(dict.fromkeys(item.asked.type for item in outcomes))
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "made_with": {"byline": version("byline"), "seed": seed, **made_with},
        "summary": {**_counts(outcomes), "figures": summary(found, seed)},
        "by_type": {kind: _of_type(kind, outcomes, found, seed) for kind in types},
        "abstention": curve(outcomes),
        "reasons": _reasons(reasons),
        "tokens": tokens(outcomes, price),
        "judge": agreement(outcomes),
        "questions": [
            {
                "id": item.asked.id,
                "right": item.right,
                "why": None if reason is None else asdict(reason),
                "values": {name: list(part) for name, part in each.items() if part[1]},
                "expected": expected(item.asked),
                "got": asdict(item.got),
            }
            for item, each, reason in zip(outcomes, found, reasons, strict=True)
        ],
        "times": times(outcomes),
    }
    made: Report = json.loads(json.dumps(whole))  # as it is read from its file: lists, no tuples
    return made


def scores(full: Report) -> Report:
    """The report without any words of articles and without times: to compare with, to commit."""
    questions = [
        {
            "id": row["id"],
            "type": row["expected"]["type"],
            "question": row["expected"]["question"],
            "right": row["right"],
            "why": row["why"] and {"reason": row["why"]["reason"]},
            "values": row["values"],
        }
        for row in full["questions"]
    ]
    return {**{key: full[key] for key in _SCORES}, "questions": questions}


def load_report(file: Path) -> Report:
    """A report, or its scores, as written before.

    Raises:
        QuestionsError: the file cannot be read, is no report, or of a version not known here.

    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise QuestionsError(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise QuestionsError(f"{file} is no report: it is not JSON.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise QuestionsError(f"{file} is no report; make one: byline eval … --out FOLDER")
    if found.get("version") != VERSION:
        raise QuestionsError(
            f"{file} is a report of version {found.get('version')}; this byline reads {VERSION}: "
            "make it again."
        )
    return found


def as_json(value: Report) -> str:
    """The text of a report's file, a pair of numbers to a line."""
    return _PAIR.sub(r"[\1, \2]", json.dumps(value, ensure_ascii=False, indent=1)) + "\n"


def expected(item: Question) -> dict[str, Any]:
    """What the file of questions says; what it leaves empty is left out."""
    filters = {k: str(v) for k, v in asdict(item.filters).items() if v not in (None, ())}
    said = {k: v for k, v in asdict(item).items() if v not in ((), "", False) and k != "filters"}
    found = {**said, **({"filters": filters} if filters else {})}
    return {key: found[key] for key in found if key != "id"}


def times(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Seconds by step: median, 95th percentile, and of every question."""
    steps = list(dict.fromkeys(step for item in outcomes for step in item.seconds))
    return {
        "made": datetime.now(UTC).replace(microsecond=0).isoformat(),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "seconds": {step: _percentiles(outcomes, step) for step in steps},
        "questions": {item.asked.id: dict(item.seconds) for item in outcomes},
    }


def tokens(
    outcomes: Sequence[Outcome], price: tuple[float, float] | None
) -> dict[str, float] | None:
    """Tokens that language models read and wrote, and their cost; None if no provider told."""
    told = [item.got.tokens for item in outcomes if item.got.tokens]
    if not told:
        return None
    found: dict[str, float] = {
        "questions": len(told),
        "input": sum(item["input"] for item in told),
        "output": sum(item["output"] for item in told),
    }
    if price is not None:
        cost = found["input"] * price[0] + found["output"] * price[1]
        found["cost"] = round(cost / 1_000_000, 6)
    return found


def agreement(outcomes: Sequence[Outcome]) -> dict[str, Any] | None:
    """How often a judge and the rule-based verdicts agree; Cohen's kappa sets chance apart.

    None if no judge was asked. `kappa` is None where one of them always says the same.
    """
    asked = [item for item in outcomes if item.got.judge]
    if not asked:
        return None
    both = [(item.right, item.got.judge == "right") for item in asked if item.got.judge != "none"]
    table = Counter(both)
    agree = (table[True, True] + table[False, False]) / len(both) if both else None
    return {
        "judged": len(both),
        "no_verdict": len(asked) - len(both),
        "agree": None if agree is None else round(agree, 4),
        "kappa": _kappa(table),
        "only_rules_say_right": [i.asked.id for i in asked if i.right and i.got.judge == "wrong"],
        "only_judge_says_right": [
            i.asked.id for i in asked if not i.right and i.got.judge == "right"
        ],
    }


def _kappa(table: Mapping[tuple[bool, bool], int]) -> float | None:
    total = sum(table.values())
    if not total:
        return None
    agree = (table.get((True, True), 0) + table.get((False, False), 0)) / total
    rules = sum(n for (first, _), n in table.items() if first) / total
    judge = sum(n for (_, second), n in table.items() if second) / total
    chance = rules * judge + (1 - rules) * (1 - judge)
    return None if chance == 1 else round((agree - chance) / (1 - chance), 4)


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    answerable = [item for item in outcomes if not item.asked.must_abstain]
    others = [item for item in outcomes if item.asked.must_abstain]
    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        "answered_right": sum(item.right for item in answerable),
        "must_abstain": len(others),
        "abstained_right": sum(item.right for item in others),
        "failed": sum(item.got.error is not None for item in outcomes),
    }


def _of_type(
    kind: str, outcomes: Sequence[Outcome], found: Sequence[Any], seed: int
) -> dict[str, Any]:
    own = [at for at, item in enumerate(outcomes) if item.asked.type == kind]
    return {
        **_counts([outcomes[at] for at in own]),
        "figures": summary([found[at] for at in own], seed),
    }


def _reasons(found: Sequence[diagnosing.Why | None]) -> dict[str, int]:
    counted = Counter(item.reason for item in found if item is not None)
    return {reason: counted[reason] for reason in diagnosing.REASONS}


def _percentiles(outcomes: Sequence[Outcome], step: str) -> dict[str, float]:
    taken = [item.seconds[step] for item in outcomes if step in item.seconds]
    at: Callable[[float], float] = lambda q: round(float(np.percentile(taken, q)), 4)  # noqa: E731
    return {"p50": at(50), "p95": at(95)}
