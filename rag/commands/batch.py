"""The file of `--batch`: questions in any form that docs/evaluation.md knows, asked one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rag.evaluation.question_rows import Malformed, checked, filters_of, question_of, read_rows
from rag.schema import Filters
from rag.text.typed import storable

_LINES = ".jsonl"  # what a file is read as whose name ends in nothing known
_OPTIONAL = ("filters", "follows", "history")  # a slip in one of these would change the answer
_A_SLIP = 0.85  # likeness (0..1): "filter" is one, "story" is another program's own key


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `id` as the file has it, else "line N".

    `history`: the ids, as text, of the earlier questions that it follows up on, in their order.
    """

    id: Any
    question: str
    history: tuple[str, ...] = ()
    filters: Filters = Filters()


def load(file: Path) -> list[Asked]:
    """Read the questions of a file; keys that only `byline eval` needs are left alone.

    Raises:
        QuestionsError: the file cannot be read, or lines are bad: each by its number and reason.

    """
    before: dict[str, tuple[str, ...]] = {}  # what the question of this id follows up on

    def asked(values: Mapping[str, Any], where: str) -> Asked:
        _no_slips(values)
        found = Asked(
            id=_id(values, where),
            question=storable(question_of(values)),
            history=_history(values, before),
            filters=filters_of(values.get("filters") or {}),
        )
        before[str(found.id)] = found.history
        return found

    # What is no UTF-8 in a line costs that line its characters, not the others their answers.
    return checked(file, read_rows(file, other=_LINES, errors="replace"), asked)


def _no_slips(values: Mapping[str, Any]) -> None:
    for key in values:
        near = get_close_matches(str(key), _OPTIONAL, n=1, cutoff=_A_SLIP)
        if near and key not in _OPTIONAL:
            raise Malformed(f"unknown key {key!r}; did you mean {near[0]!r}?")


def _id(values: Mapping[str, Any], where: str) -> Any:
    value = values.get("id")
    if not isinstance(value, str | int | float | None):
        raise Malformed("the id is neither text nor a number.")
    return where if value is None else value


def _history(values: Mapping[str, Any], before: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """`history`: those ids; `follows`: that id, and what it follows up on itself."""
    named, last = values.get("history") or [], values.get("follows")
    if not isinstance(named, list):
        raise Malformed("history is not a list of ids.")
    if named and last:
        raise Malformed("history and follows both say what was asked before: keep one.")
    for key, name in [("history", name) for name in named] + ([("follows", last)] if last else []):
        if str(name) not in before:
            raise Malformed(f"{key} names {name!r}, which no earlier line has.")
    return (*before[str(last)], str(last)) if last else tuple(map(str, named))
