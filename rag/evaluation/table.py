"""A report as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rag.evaluation.changes import Changes
from rag.evaluation.metrics import FIGURES

Report = Mapping[str, Any]
_BY_TYPE = ("right", "hit@1", "hit@5", "contains", "right_file", "citation_precision", "supported")
_SHOWN = 200  # characters of an answer
_CHANCE = 0.05  # a change with a larger p may be one


def text(report: Report) -> str:
    """By type, every figure with its interval, times, and what went wrong."""
    return "\n\n".join(filter(None, (overview(report), _wrong(report))))


def overview(report: Report) -> str:
    """The same without the questions."""
    blocks = (_by_type, _verdict, _figures, _times, _tokens, _judge)
    return "\n\n".join(filter(None, (block(report) for block in blocks)))


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns side by side, the first to the left, the others to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def changed(found: Changes) -> str:
    """What `found` says, as text."""
    return "\n".join(_changed(found))


def cell(value: float | None) -> str:
    """A figure as it is printed; a dash if there is none."""
    return "–" if value is None else f"{value:.2f}"


def _by_type(report: Report) -> str:
    rows = [["type", "questions", *_BY_TYPE]]
    parts = [*report["by_type"].items(), ("all", report["summary"])]
    for name, part in parts:
        figures = [cell(part["figures"][column]["value"]) for column in _BY_TYPE]
        rows.append([name, str(part["questions"]), *figures])
    return aligned(rows)


def _verdict(report: Report) -> str:
    whole = report["summary"]
    return (
        f"answered right {whole['answered_right']} of {whole['answerable']}, "
        f"declined right {whole['abstained_right']} of {whole['must_abstain']}, "
        f"failed {whole['failed']}"
    )


def _figures(report: Report) -> str:
    rows = [["figure", "value", "95 % interval", "questions", ""]]
    for name, item in report["summary"]["figures"].items():
        if item["value"] is not None:
            between = "–" if item["low"] is None else f"{item['low']:.2f}–{item['high']:.2f}"
            rows.append([name, cell(item["value"]), between, str(item["n"]), FIGURES[name].says])
    widest = max(len(row[-1]) for row in rows)
    return aligned([[*row[:-1], row[-1].ljust(widest)] for row in rows])


def _times(report: Report) -> str:
    taken = report["times"]["seconds"]
    if not taken:
        return ""
    rows = [["seconds", *taken]]
    rows += [[at, *(f"{item[at]:.3f}" for item in taken.values())] for at in ("p50", "p95")]
    return aligned(rows)


def _tokens(report: Report) -> str:
    told = report["tokens"]
    if not told:
        return ""
    cost = f", cost {told['cost']:g}" if "cost" in told else ""
    return f"tokens: {told['input']:,} read, {told['output']:,} written{cost}"


def _judge(report: Report) -> str:
    found = report["judge"]
    if not found:
        return ""
    kappa = "–" if found["kappa"] is None else f"{found['kappa']:.2f}"
    lines = [
        f"judge: agrees with the rules on {cell(found['agree'])} of {found['judged']} "
        f"(Cohen's kappa {kappa}), no verdict on {found['no_verdict']}"
    ]
    for key, words in (
        ("only_judge_says_right", "right for the judge alone"),
        ("only_rules_say_right", "right for the rules alone"),
    ):
        if found[key]:
            lines.append(f"  {words}: {', '.join(found[key])}")
    return "\n".join(lines)


def _wrong(report: Report) -> str:
    """The questions that are wrong, by reason."""
    lines = []
    for reason, count in report["reasons"].items():
        if not count:
            continue
        lines.append(f"{reason} ({count})")
        for row in report["questions"]:
            if row["why"] and row["why"]["reason"] == reason:
                lines.append(f"  {row['id']}  {row['expected']['question']}")
                lines += [f"    {line}" for line in _because(row)]
    return "\n".join(lines)


def _because(row: Mapping[str, Any]) -> Iterator[str]:
    yield row["why"]["details"]
    said = " ".join(row["got"]["answer"].split())
    if said and not row["got"]["abstained"]:
        yield f"→ {said[:_SHOWN]}{'…' if len(said) > _SHOWN else ''}"


def _changed(found: Changes) -> Iterator[str]:
    better = [item for item in found.turned if item.better]
    worse = [item for item in found.turned if item.better is False]
    other = [item for item in found.turned if item.better is None]
    counts = f"{len(better)} better, {len(worse)} worse, {len(other)} wrong for another reason"
    yield f"compared: {counts}"
    for sign, items in (("+", better), ("-", worse), ("~", other)):
        for item in items:
            yield f"{sign} {item.id}  {item.question}  ({item.before} → {item.now})"
    for words, ids in (("gone", found.only_before), ("new", found.only_now)):
        if ids:
            yield f"{words}: {', '.join(ids)}"
    if not found.same_settings:
        yield "The two were made with other settings, articles or versions."
    rows = [["figure", "before", "now", "change", "p", ""]]
    for it in found.moved:
        if it.change:
            sure = it.test if it.p < _CHANCE else f"{it.test}; may be chance"
            row = [it.figure, cell(it.before), cell(it.now), f"{it.change:+.3f}"]
            rows.append([*row, f"{it.p:.3g}", sure])
    if len(rows) > 1:
        widest = max(len(row[-1]) for row in rows)
        yield ""
        yield aligned([[*row[:-1], row[-1].ljust(widest)] for row in rows])
    else:
        yield "No figure changed."
