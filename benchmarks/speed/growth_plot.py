"""What `benchmarks.speed.growth` measured, drawn: each figure over the number of passages.

    python -m benchmarks.speed.growth_plot benchmarks/results/growth.json --out FILE.svg

Both axes are logarithmic; a slope of 0 is flat, of 1 grows as the index does.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Figure = tuple[str, Callable[[Row], float]]

FIGURES: Sequence[Figure] = (
    ("answer, median (ms)", lambda row: row["answer"]["wall"]["p50"]),
    ("answer, 95th percentile (ms)", lambda row: row["answer"]["wall"]["p95"]),
    ("search, 95th percentile (ms)", lambda row: row["search"]["wall"]["p95"]),
    ("Chroma, 95th percentile (ms)", lambda row: row["search"]["vectors"]["p95"]),
    ("words, 95th percentile (ms)", lambda row: row["search"]["words"]["p95"]),
    ("start to the first answer (s)", lambda row: row["answer: seconds to the first"]),
    ("memory (MB)", lambda row: row["answer: megabytes"]),
    ("passages stored a second", lambda row: row["written"]["passages_a_second"]),
)
_WIDE, _HIGH, _ACROSS = 300, 190, 2
_LEFT, _RIGHT, _TOP, _BOTTOM = 20, 60, 44, 24


def main() -> None:
    """Draw and print the slopes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("result", type=Path)
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    rows = json.loads(given.result.read_text(encoding="utf-8"))
    for name, points in figures(rows):
        print(f"{name}: {', '.join(f'{slope:+.2f}' for slope in slopes(points))}")
    if given.out:
        given.out.write_text(drawn(rows), encoding="utf-8")


def figures(rows: Mapping[str, Row]) -> list[tuple[str, list[tuple[int, float]]]]:
    """Each figure with its values by the number of passages."""
    ordered = sorted(rows.values(), key=lambda row: row["written"]["passages"])
    return [
        (name, [(row["written"]["passages"], float(value(row))) for row in ordered])
        for name, value in FIGURES
    ]


def slopes(points: Sequence[tuple[int, float]]) -> list[float]:
    """From each size to the next, the exponent with which the figure grows."""
    pairs = zip(points, points[1:], strict=False)
    return [math.log(b / a) / math.log(m / n) for (n, a), (m, b) in pairs]


def drawn(rows: Mapping[str, Row]) -> str:
    """An SVG with a panel for each figure."""
    panels = [_panel(at, name, points) for at, (name, points) in enumerate(figures(rows))]
    size = f"viewBox='0 0 {_ACROSS * _WIDE} {-(-len(panels) // _ACROSS) * _HIGH}'"
    style = "style='background:#fff;font:12px system-ui,sans-serif'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size} {style}>{''.join(panels)}</svg>\n"


def _panel(at: int, name: str, points: Sequence[tuple[int, float]]) -> str:
    left, top = at % _ACROSS * _WIDE, at // _ACROSS * _HIGH
    right, bottom = _WIDE - _RIGHT, _HIGH - _BOTTOM
    first, last = (math.log(points[end][0]) for end in (0, -1))
    scale = (right - _LEFT) / ((last - first) or 1)  # one step is as long on both axes
    middle = (max(math.log(y) for _, y in points) + min(math.log(y) for _, y in points)) / 2
    spots = [
        (
            left + _LEFT + (math.log(x) - first) * scale,
            top + (_TOP + bottom) / 2 - (math.log(y) - middle) * scale,
        )
        for x, y in points
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    told = ", ".join(f"{slope:+.2f}" for slope in slopes(points))
    marks = "".join(
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='3' fill='#1f5fa8'/>"
        f"<text x='{x + 5:.1f}' y='{y - 5:.1f}'>{value:.4g}</text>"
        f"<text x='{x:.1f}' y='{top + _HIGH - 6}' text-anchor='middle' fill='#666'>"
        f"{_short(passages)}</text>"
        for (x, y), (passages, value) in zip(spots, points, strict=True)
    )
    return (
        f"<text x='{left + 8}' y='{top + 16}'>{name}</text>"
        f"<text x='{left + 8}' y='{top + 31}' fill='#666'>slope {told}</text>"
        f"<polyline points='{line}' fill='none' stroke='#1f5fa8' stroke-width='1.5'/>{marks}"
    )


def _short(passages: int) -> str:
    if passages < 950_000:
        return f"{passages / 1_000:.0f}k"
    return f"{passages / 1_000_000:.2g}M"


if __name__ == "__main__":
    main()
