"""Two reports of the same questions: what changed, question by question, and what is chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evaluation.metrics import FIGURES
from rag.evaluation.significance import Part, significance

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Turned:
    """A question whose verdict, or the reason for it, is another now."""

    id: str
    question: str
    before: str  # "right", or why not
    now: str

    @property
    def better(self) -> bool | None:
        """Whether it is right now and was not; None if it is wrong for another reason."""
        if "right" not in (self.before, self.now):
            return None
        return self.now == "right"


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure before and now, over the `n` questions that both count; `p` two-sided."""

    figure: str
    before: float
    now: float
    n: int
    p: float
    test: str  # "McNemar" or "permutation"

    @property
    def change(self) -> float:
        """How much it rose."""
        return round(self.now - self.before, _DIGITS)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different. `only_before`, `only_now`: ids of questions that one report lacks."""

    turned: tuple[Turned, ...]
    moved: tuple[Moved, ...]
    only_before: tuple[str, ...]
    only_now: tuple[str, ...]
    same_settings: bool


def changes(before: Mapping[str, Any], now: Mapping[str, Any], seed: int = 0) -> Changes:
    """Compare two reports, or scores. A question is the same if id and wording are."""
    old, new = _rows(before), _rows(now)
    both = [key for key in new if key in old]
    pairs = [(old[key], new[key]) for key in both]
    moved = (_moved(name, pairs, seed) for name in FIGURES)
    return Changes(
        turned=tuple(
            Turned(key[0], key[1], _verdict(a), _verdict(b))
            for key, (a, b) in zip(both, pairs, strict=True)
            if _verdict(a) != _verdict(b)
        ),
        moved=tuple(item for item in moved if item is not None),
        only_before=tuple(key[0] for key in old if key not in new),
        only_now=tuple(key[0] for key in new if key not in old),
        same_settings=before.get("made_with") == now.get("made_with"),
    )


def _rows(report: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(row["id"], question_of(row)): row for row in report["questions"]}


def question_of(row: Mapping[str, Any]) -> str:
    """The wording, of a row of a report or of scores."""
    return str(row["expected"]["question"] if "expected" in row else row["question"])


def _verdict(row: Mapping[str, Any]) -> str:
    return "right" if row["right"] else str(row["why"]["reason"])


def _moved(
    name: str, pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], seed: int
) -> Moved | None:
    """None where no question has the figure in both."""
    parts = [
        (a["values"][name], b["values"][name])
        for a, b in pairs
        if name in a["values"] and name in b["values"]
    ]
    if not parts:
        return None
    first, second = [a for a, _ in parts], [b for _, b in parts]
    p, test = significance(first, second, seed)
    return Moved(name, _ratio(first), _ratio(second), len(parts), p, test)


def _ratio(parts: Sequence[Part]) -> float:
    return round(sum(a for a, _ in parts) / sum(b for _, b in parts), _DIGITS)
