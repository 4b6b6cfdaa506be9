"""Bars by month as an inline SVG, with the same figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.indexing.library import Bar
from rag.web.html.elements import printed

WIDTH, HEIGHT = 720, 96  # of the drawing, in its own units; the page stretches it
_BASE, _TOP = 20, 14  # room below for the years, above for the highest count
_WIDEST = 44
_GAP = 0.25  # of a bar's place
_LABELS = 8  # below the bars, at most
_LISTED = 24  # months in the drawing's description


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A bar in its place; `wide` is without the gap beside it."""

    label: str
    key: str
    articles: int
    pressed: bool
    x: float
    place: float
    wide: float
    height: float


def coverage(bars: Sequence[Bar], undated: int, chosen: str = "") -> str:
    """Return a bar for each month (or year), each a button; `chosen` is pressed ("2024-03").

    Empty if no article has a date.
    """
    if not bars:
        return ""
    peak = max(bars, key=lambda bar: bar.articles)
    place = min(_WIDEST, WIDTH / len(bars))
    some = [bar for bar in bars if bar.articles]
    return printed(
        "chart",
        "coverage",
        "year" if _is_year(bars[0]) else "month",
        peak,
        undated,
        some[:_LISTED],
        len(some[_LISTED:]),
        place * len(bars),
        HEIGHT,
        HEIGHT - _BASE,
        [_drawn(bar, n, place, peak, chosen) for n, bar in enumerate(bars) if bar.articles],
        [(n * place, word) for n, word in _labels(bars, place)],
    )


def _drawn(bar: Bar, number: int, place: float, peak: Bar, chosen: str) -> _Drawn:
    """As high as the room allows."""
    key = bar.label if _is_year(bar) else f"{bar.start:%Y-%m}"
    height = max(2.0, (HEIGHT - _BASE - _TOP) * bar.articles / peak.articles)
    wide = place * (1 - _GAP)
    pressed = key == chosen
    return _Drawn(bar.label, key, bar.articles, pressed, number * place, place, wide, height)


def _is_year(bar: Bar) -> bool:
    return len(bar.label) == 4


def _labels(bars: Sequence[Bar], place: float) -> list[tuple[int, str]]:
    """Months by their first letters where there is room, years at their first month."""
    years = _is_year(bars[0])
    if not years and len(bars) <= 18 and place >= 30:
        return [
            (n, f"{bar.start:%b}" + (f" {bar.start:%y}" if n == 0 or bar.start.month == 1 else ""))
            for n, bar in enumerate(bars)
        ]
    starts = [
        (n, str(bar.start.year))
        for n, bar in enumerate(bars)
        if years or n == 0 or bar.start.month == 1
    ]
    far = [item for item in starts if item[0] == 0 or item[0] * place >= 34]
    return far[:: max(1, -(-len(far) // _LABELS))]
