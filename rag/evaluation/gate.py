"""A gate file of floors, ceilings and allowed drops -> what of a report does not pass.

::

    baseline = "scores.json"     # from where this file lies; or --compare
    [floors]                     # at least
    right = 0.8
    "hit@5" = 0.95
    [ceilings]                   # at most
    failed = 0
    "seconds.total.p95" = 5.0
    [drops]                      # against the baseline, at most so much less
    right = 0.02
    [types.comment.floors]       # the same for one type of question
    right = 0.5

"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.evaluation.metrics import FIGURES

Report = Mapping[str, Any]
_KINDS = ("floors", "ceilings", "drops")
_TIME = "seconds."  # and a step and p50 or p95
_ALMOST = 1e-9  # a float that is a limit passes it


@dataclass(frozen=True, slots=True)
class Limit:
    """One line of a gate. `type` is empty for all questions."""

    kind: str
    figure: str
    value: float
    type: str = ""

    @property
    def name(self) -> str:
        """What the line is called in messages."""
        return f"{self.figure} of {self.type}" if self.type else self.figure


@dataclass(frozen=True, slots=True)
class Gate:
    """The limits, and the report that drops are counted from (None: as --compare says)."""

    limits: tuple[Limit, ...]
    baseline: Path | None = None


def load_gate(file: Path) -> Gate:
    """Read a gate file.

    Raises:
        SettingsError: it cannot be read, or names something unknown, or a value is no number.

    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from error
    baseline, types = values.pop("baseline", None), values.pop("types", {})
    limits = list(_limits(file, values, ""))
    for kind, own in types.items():
        limits += _limits(file, own, kind)
    if not limits:
        raise SettingsError(f"{file} sets no limit: add [floors], [ceilings] or [drops].")
    return Gate(tuple(limits), None if baseline is None else file.parent / baseline)


def _limits(file: Path, tables: Mapping[str, Any], kind: str) -> Iterator[Limit]:
    for table, lines in tables.items():
        if table not in _KINDS or not isinstance(lines, Mapping):
            raise SettingsError(
                f"{file}: there is no {table!r}; tables are {', '.join(_KINDS)} and types."
            )
        for figure, value in lines.items():
            _check(file, figure, value)
            yield Limit(table, figure, float(value), kind)


def _check(file: Path, figure: str, value: Any) -> None:
    if figure not in FIGURES and not figure.startswith(_TIME):
        near = get_close_matches(figure, FIGURES, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(FIGURES)}."
        raise SettingsError(f"{file}: there is no figure {figure!r}. {hint}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(f"{file}: {figure} is {value!r}; write a number.")


def breaches(gate: Gate, report: Report, baseline: Report | None) -> list[str]:
    """A line for each limit that does not hold; a figure that is not there holds none.

    Raises:
        SettingsError: there are allowed drops, and nothing to count them from.

    """
    if baseline is None and any(limit.kind == "drops" for limit in gate.limits):
        raise SettingsError("The gate allows drops: give --compare FILE, or baseline in the gate.")
    found = (_breach(limit, report, baseline) for limit in gate.limits)
    return [line for line in found if line]


def _breach(limit: Limit, report: Report, baseline: Report | None) -> str:
    value = figure(report, limit)
    if value is None:
        return f"{limit.name}: not measured, so {limit.kind} {limit.value:g} cannot hold"
    if limit.kind == "floors" and value < limit.value - _ALMOST:
        return f"{limit.name} is {value:.4g}, the floor is {limit.value:g}"
    if limit.kind == "ceilings" and value > limit.value + _ALMOST:
        return f"{limit.name} is {value:.4g}, the ceiling is {limit.value:g}"
    if limit.kind == "drops":
        return _dropped(limit, value, baseline or {})
    return ""


def _dropped(limit: Limit, value: float, baseline: Report) -> str:
    before = figure(baseline, limit)
    if before is None:
        return f"{limit.name}: the baseline has no such figure"
    known = FIGURES.get(limit.figure)
    loss = value - before if known is None or known.down else before - value
    if loss <= limit.value + _ALMOST:
        return ""
    return f"{limit.name} went from {before:.4g} to {value:.4g}; {limit.value:g} is allowed"


def figure(report: Report, limit: Limit) -> float | None:
    """The value that a limit is about; None if the report has none."""
    if limit.figure.startswith(_TIME):
        _, step, at = (*limit.figure.split("."), "", "")[:3]
        value = report.get("times", {}).get("seconds", {}).get(step, {}).get(at)
    else:
        part = report["by_type"].get(limit.type, {}) if limit.type else report["summary"]
        value = part.get("figures", {}).get(limit.figure, {}).get("value")
    return None if value is None else float(value)
