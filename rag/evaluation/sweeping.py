"""A small grid of settings -> one report each, and a table of the figures side by side."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.settings import Settings, load_settings

SHOWN = (
    "right", "hit@1", "hit@5", "contains", "right_file", "citation_precision", "supported",
    "abstention_recall",
)  # fmt: skip
# An index is made with these: another value needs an index of its own.
OF_THE_INDEX = ("embedding", "passage_words", "overlap_sentences")
_MOST = 64  # combinations; more is no small grid
Cell = Mapping[str, Any]


def grid(lines: Sequence[str]) -> list[dict[str, str]]:
    """Every combination of lines such as "threshold=0.1,0.2,0.3".

    Raises:
        SettingsError: a line is not like that, a setting comes twice, or it makes too many.

    """
    axes: dict[str, list[str]] = {}
    for line in lines:
        name, equals, values = line.partition("=")
        listed = [value.strip() for value in values.split(",") if value.strip()]
        if not (name.strip() and equals and listed):
            raise SettingsError(f"--set {line}: write setting=value,value, as threshold=0.1,0.2.")
        if name.strip() in axes:
            raise SettingsError(f"--set {line}: {name.strip()} is set twice.")
        axes[name.strip()] = listed
    if not axes:
        raise SettingsError("A sweep needs --set setting=value,value at least once.")
    found = [dict(zip(axes, each, strict=True)) for each in itertools.product(*axes.values())]
    if len(found) > _MOST:
        raise SettingsError(f"The grid has {len(found)} combinations; at most {_MOST} are run.")
    return found


def with_values(settings: Settings, values: Mapping[str, str]) -> Settings:
    """`settings` with those of one combination. Raises SettingsError as `load_settings` does."""
    parsed = load_settings(values, environ={}, file=Path("/nonexistent"))
    return replace(settings, **{name: getattr(parsed, name) for name in values})


def index_of(settings: Settings, folder: Path) -> Path:
    """A folder below `folder` that is the same for settings that can share an index."""
    made = "-".join(str(getattr(settings, name)).replace("/", "_") for name in OF_THE_INDEX)
    return folder / made


def sweep(
    combinations: Sequence[Mapping[str, str]], ask: Callable[[Mapping[str, str]], Cell]
) -> Iterator[dict[str, Any]]:
    """For each combination its `set` and what of its report a table shows."""
    for values in combinations:
        full = ask(values)
        yield {
            "set": dict(values),
            "summary": full["summary"],
            "reasons": full["reasons"],
            "seconds": full["times"]["seconds"].get("total", {}).get("p50"),
        }


def rows(found: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """The table, its head first; a star stands at the best of each column."""
    names = list(found[0]["set"])
    columns = [[_value(item, figure) for item in found] for figure in SHOWN]
    best = [max((v for v in column if v is not None), default=None) for column in columns]
    lines = [[*names, *SHOWN, "failed", "s a question"]]
    for at, item in enumerate(found):
        cells = [_cell(column[at], top) for column, top in zip(columns, best, strict=True)]
        taken = item["seconds"]
        end = [str(item["summary"]["failed"]), "–" if taken is None else f"{taken:.2f}"]
        lines.append([*item["set"].values(), *cells, *end])
    return lines


def _value(item: Mapping[str, Any], figure: str) -> float | None:
    value = item["summary"]["figures"][figure]["value"]
    return None if value is None else float(value)


def _cell(value: float | None, top: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}{'*' if value == top else ' '}"
