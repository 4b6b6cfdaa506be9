"""A report as one HTML file that loads nothing: figures, plots, and a row for each question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rag.evaluation.changes import Changes
from rag.evaluation.matching import pattern
from rag.evaluation.metrics import FIGURES
from rag.evaluation.table import cell
from rag.export import templating
from rag.text.words import fold

Report = Mapping[str, Any]
Pieces = list[tuple[str, bool]]  # a text, each piece with whether it is a wanted word
_BINS = 20  # of the chances


def as_html(report: Report, changes: Changes | None = None, breaches: Sequence[str] = ()) -> str:
    """The page. `changes`, `breaches`: what `--compare` and `--gate` found."""
    rows = [(row, _marked_of(row)) for row in report["questions"]]
    style, script = (templating.as_it_is("rag.evaluation", f"report.{x}") for x in ("css", "js"))
    given = (report, changes, breaches, _drawn(report), rows, style, script)
    return templating.printed(_TEMPLATES, "report.html", "page", *given)


def _drawn(report: Report) -> dict[str, Any]:
    """What the plots show that the report does not say as it stands."""
    threshold = float(report["made_with"].get("settings", {}).get("threshold", 0.0))
    chances: dict[bool, list[float]] = {True: [], False: []}
    for row in report["questions"]:
        if row["got"]["chance"] is not None:
            chances[bool(row["expected"].get("must_abstain"))].append(row["got"]["chance"])
    taken = [one[step] for one in report["times"]["questions"].values() for step in one]
    return {
        "reasons": sorted(((n, name) for name, n in report["reasons"].items() if n), reverse=True),
        "above": _histogram(chances[False]),
        "below": _histogram(chances[True]),
        "threshold": threshold,
        "here": _in_use(report["abstention"]["points"], threshold),
        "longest": max(taken, default=0.0) or 1.0,
    }


def _histogram(values: Sequence[float]) -> list[int]:
    heights = [0] * _BINS
    for value in values:
        heights[min(int(value * _BINS), _BINS - 1)] += 1
    return heights


def _in_use(points: Sequence[Mapping[str, float]], threshold: float) -> Mapping[str, float] | None:
    """The point of the abstention curve that stands for the threshold in use."""
    above = (point for point in points if point["threshold"] >= threshold)
    return next(above, max(points, key=lambda point: point["threshold"], default=None))


# --- a question


def _marked_of(row: Mapping[str, Any]) -> tuple[Pieces, list[Pieces]]:
    """The answer and each of its sentences."""
    expected, got = row["expected"], row["got"]
    groups = expected.get("must_contain") or [expected.get("answers", [])]
    words = [word for group in groups for word in group]
    return _marked(got["answer"], words), [_marked(s["text"], words) for s in got["sentences"]]


def _marked(text: str, words: Sequence[str]) -> Pieces:
    wanted = [pattern(word) for word in words if fold(word)]
    if not wanted:
        return [(text, False)]
    found = re.compile(f"({'|'.join(sorted(wanted, key=len, reverse=True))})", re.IGNORECASE)
    return [(piece, at % 2 == 1) for at, piece in enumerate(found.split(text))]


def _facts(got: Mapping[str, Any], seconds: Mapping[str, float]) -> Iterator[str]:
    if got["chance"] is not None:
        yield f"chance {got['chance']:.2f}"
    if got["semantic"] is not None:
        yield f"cross-encoder {got['semantic']:.2f}"
    if seconds:
        yield f"{seconds.get('total', 0.0):.2f} s"
    if got["tokens"]:
        yield f"{got['tokens']['input']:,} tokens read, {got['tokens']['output']:,} written"


_SAID: Mapping[str, Callable[[Any], str]] = {
    "answers": " / ".join,
    "must_contain": lambda groups: "; ".join(" or ".join(f"“{w}”" for w in g) for g in groups),
    "need": "{} of must_contain".format,
    "must_not_contain": lambda words: ", ".join(f"“{word}”" for word in words),
    "sources": ", ".join,
    "evidence": lambda items: " … ".join(f"“{words}”" for words in items),
    "speaker": " or ".join,
    "speaker_is_not_author": lambda _: "somebody else than the author speaks",
    "must_abstain": lambda _: "the articles do not answer this",
    "follows": str,
    "filters": lambda values: ", ".join(f"{k} {v}" for k, v in values.items()),
}


def _expected(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the file of questions says, in words."""
    return ((key, show(said[key])) for key, show in _SAID.items() if said.get(key))


def _between(item: Mapping[str, Any]) -> str:
    return "–" if item["low"] is None else f"{item['low']:.2f}–{item['high']:.2f}"


_TEMPLATES = templating.opened(
    "rag.evaluation",
    between=_between,
    cell=cell,
    expected=_expected,
    facts=_facts,
    grouped=lambda number: f"{number:,}",
    means=lambda name: FIGURES[name].says,
    plain=lambda name: name.replace("_", " "),
)
