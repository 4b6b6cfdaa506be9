"""Figures -> SVG to stand in a page. Colours are the page's classes; every mark has a title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_WIDTH = 520
_LINE = 26  # height of a bar with its room
_LABEL = 184  # room for names to the left
_VALUE = 92  # room for figures to the right
_SQUARE = 300  # of the curve
_MARGIN = 44
_BINS = 20


def bars(parts: Mapping[str, Mapping[str, Any]], figure: str) -> str:
    """A bar for each type of question, with its interval as a line through its end."""
    rows = [
        _bar(at, name, part["questions"], part["figures"][figure])
        for at, (name, part) in enumerate(parts.items())
    ]
    return _svg(_WIDTH, _LINE * len(rows) + 4, "".join(rows), f"{figure} by type of question")


def _bar(at: int, name: str, count: int, figure: Mapping[str, Any]) -> str:
    y, room = at * _LINE + 4, _WIDTH - _LABEL - _VALUE
    value = figure["value"] or 0.0
    said = f"{name}: {value:.2f} of {count}"
    whisker = ""
    if figure["low"] is not None:
        low, high = (_LABEL + room * figure[end] for end in ("low", "high"))
        said += f", 95 % interval {figure['low']:.2f} to {figure['high']:.2f}"
        whisker = (
            f"<path class='whisker' d='M{low:.1f} {y + 9}H{high:.1f}"
            f"M{low:.1f} {y + 5}v8M{high:.1f} {y + 5}v8'/>"
        )
    return (
        f"<g><title>{escape(said)}</title>"
        f"<text x='{_LABEL - 10}' y='{y + 13}' text-anchor='end'>{escape(name)}</text>"
        f"<rect class='track' x='{_LABEL}' y='{y}' width='{room}' height='18'/>"
        f"<rect class='bar' x='{_LABEL}' y='{y}' width='{room * value:.1f}' height='18'/>{whisker}"
        f"<text class='value' x='{_LABEL + room + 10}' y='{y + 13}'>{value:.2f}"
        f"<tspan class='soft'> of {count}</tspan></text></g>"
    )


def counts(found: Mapping[str, int]) -> str:
    """A bar for each reason that occurs, the longest first."""
    listed = sorted(((n, name) for name, n in found.items() if n), reverse=True)
    if not listed:
        return ""
    most, room = listed[0][0], _WIDTH - _LABEL - _VALUE
    rows = [
        f"<g><title>{escape(name)}: {n}</title>"
        f"<text x='{_LABEL - 10}' y='{at * _LINE + 17}' text-anchor='end'>{escape(name)}</text>"
        f"<rect class='bar bad' x='{_LABEL}' y='{at * _LINE + 4}' width='{room * n / most:.1f}' "
        f"height='18'/><text class='value' x='{_LABEL + room * n / most + 10:.1f}' "
        f"y='{at * _LINE + 17}'>{n}</text></g>"
        for at, (n, name) in enumerate(listed)
    ]
    return _svg(_WIDTH, _LINE * len(rows) + 4, "".join(rows), "why questions went wrong")


def abstention(curve: Mapping[str, Any], threshold: float) -> str:
    """What each threshold would answer and decline; a dot marks the one in use."""
    points = curve["points"]
    if not points:
        return ""
    line = " ".join(f"{_x(p['answered']):.1f},{_y(p['declined']):.1f}" for p in points)
    here = max((p for p in points if p["threshold"] <= threshold), key=_threshold)
    at = next((p for p in points if p["threshold"] >= threshold), here)
    dots = "".join(
        f"<circle class='point' cx='{_x(p['answered']):.1f}' cy='{_y(p['declined']):.1f}' r='4'>"
        f"<title>threshold {p['threshold']:.2f}: {p['answered']:.2f} answered, "
        f"{p['declined']:.2f} declined</title></circle>"
        for p in points
    )
    marked = (
        f"<circle class='here' cx='{_x(at['answered']):.1f}' cy='{_y(at['declined']):.1f}' r='6'>"
        f"<title>in use, {threshold:g}: {at['answered']:.2f} answered, {at['declined']:.2f} "
        f"declined</title></circle>"
    )
    body = (
        f"{_axes('answered, of those with an answer', 'declined, of those without')}"
        f"<polyline class='curve' points='{line}'/>{dots}{marked}"
    )
    side = _SQUARE + 2 * _MARGIN
    return _svg(side, side, body, "abstention curve", "square")


def _threshold(point: Mapping[str, float]) -> float:
    return point["threshold"]


def _x(share: float) -> float:
    return _MARGIN + 10 + share * _SQUARE


def _y(share: float) -> float:
    return 14 + (1 - share) * _SQUARE


def _axes(below: str, beside: str) -> str:
    ticks = "".join(
        f"<path class='grid' d='M{_x(t):.1f} {_y(0)}V{_y(1)}M{_x(0)} {_y(t):.1f}H{_x(1)}'/>"
        f"<text class='soft' x='{_x(t):.1f}' y='{_y(0) + 18:.1f}' text-anchor='middle'>{t:g}</text>"
        f"<text class='soft' x='{_x(0) - 8}' y='{_y(t) + 4:.1f}' text-anchor='end'>{t:g}</text>"
        for t in (0, 0.25, 0.5, 0.75, 1)
    )
    middle = _y(0.5)
    return (
        f"{ticks}<text x='{_x(0.5)}' y='{_y(0) + 40:.1f}' text-anchor='middle'>{escape(below)}"
        f"</text><text transform='translate(12 {middle}) rotate(-90)' text-anchor='middle'>"
        f"{escape(beside)}</text>"
    )


def chances(yes: Sequence[float], no: Sequence[float], threshold: float) -> str:
    """How the chances lie: questions with an answer above the line, those without below."""
    if not yes and not no:
        return ""
    above, below = _histogram(yes), _histogram(no)
    most = max([*above, *below, 1])
    width, half, left = (_WIDTH - 40) / _BINS, 96, 20
    marks = []
    for at in range(_BINS):
        x, low = left + at * width, at / _BINS
        for heights, kind, up in ((above, "bar", True), (below, "bar bad", False)):
            height = heights[at] / most * (half - 18)
            y = half - height if up else half
            words = f"{heights[at]} with a chance of {low:.2f} to {low + 1 / _BINS:.2f}"
            if heights[at]:
                marks.append(
                    f"<rect class='{kind}' x='{x + 1:.1f}' y='{y:.1f}' width='{width - 2:.1f}' "
                    f"height='{height:.1f}'><title>{words}</title></rect>"
                )
    mark = left + threshold * (_WIDTH - 40)
    marks.append(f"<path class='axis' d='M{left} {half}H{_WIDTH - 20}'/>")
    marks.append(f"<path class='limit' d='M{mark:.1f} 14V{2 * half - 14}'/>")
    marks.append(f"<text x='{left}' y='12'>have an answer ({len(yes)})</text>")
    marks.append(f"<text x='{left}' y='{2 * half + 2}'>have none ({len(no)})</text>")
    end = "start" if threshold < 0.6 else "end"
    shift = 6 if threshold < 0.6 else -6
    marks.append(
        f"<text class='soft' x='{mark + shift:.1f}' y='{2 * half - 16}' text-anchor='{end}'>"
        f"threshold {threshold:g}</text>"
    )
    ticks = "".join(
        f"<text class='soft' x='{left + t * (_WIDTH - 40):.1f}' y='{2 * half + 20}' "
        f"text-anchor='middle'>{t:g}</text>"
        for t in (0, 0.25, 0.5, 0.75, 1)
    )
    body = "".join(marks) + ticks
    return _svg(_WIDTH, 2 * half + 26, body, "chances that the articles answer")


def _histogram(values: Sequence[float]) -> list[int]:
    heights = [0] * _BINS
    for value in values:
        heights[min(int(value * _BINS), _BINS - 1)] += 1
    return heights


def latency(seconds: Mapping[str, Mapping[str, float]], each: Mapping[str, Any]) -> str:
    """A row of dots a step, one a question; lines at the median and the 95th percentile."""
    if not seconds:
        return ""
    longest = max((item[step] for item in each.values() for step in item), default=0.0) or 1.0
    room = _WIDTH - _LABEL - _VALUE
    rows = []
    for at, (step, item) in enumerate(seconds.items()):
        y = at * 40 + 22
        dots = "".join(
            f"<circle class='dot' cx='{_LABEL + room * one[step] / longest:.1f}' cy='{y}' r='3'/>"
            for one in each.values()
            if step in one
        )
        lines = "".join(
            f"<path class='whisker' d='M{_LABEL + room * item[q] / longest:.1f} {y - 10}v20'/>"
            for q in ("p50", "p95")
        )
        rows.append(
            f"<g><title>{escape(step)}: median {item['p50']:.3f} s, 95 % below {item['p95']:.3f} s"
            f"</title><text x='{_LABEL - 10}' y='{y + 4}' text-anchor='end'>{escape(step)}</text>"
            f"<rect class='track thin' x='{_LABEL}' y='{y}' width='{room}' height='1'/>"
            f"{dots}{lines}<text class='value' x='{_LABEL + room + 10}' y='{y + 4}'>"
            f"{item['p50']:.2f} s</text></g>"
        )
    scale = (
        f"<text class='soft' x='{_LABEL}' y='{len(rows) * 40 + 14}'>0</text>"
        f"<text class='soft' x='{_LABEL + room}' y='{len(rows) * 40 + 14}' text-anchor='end'>"
        f"{longest:.2f} s</text>"
    )
    body = "".join(rows) + scale
    return _svg(_WIDTH, len(rows) * 40 + 20, body, "seconds of each step")


def _svg(width: float, height: float, body: str, name: str, kind: str = "") -> str:
    label = f"role='img' aria-label='{escape(name)}' style='max-width:{width:g}px'"
    return f"<svg class='{kind}' viewBox='0 0 {width:g} {height:g}' {label}>{body}</svg>"
