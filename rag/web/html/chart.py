"""Bars by month, each a button, with the same figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.indexing.library import Bar
from rag.web.html.elements import printed

_LEAST = 0.03  # of the height that the highest bar has
_COUNTED = 30  # bars, at most, that have their figure above them
_NAMED = 18  # months, at most, that each have their name below
_LISTED = 24  # months in the drawing's description


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A bar: its column from 1, and its height as a share (0..1) of the highest one's."""

    label: str
    key: str
    articles: int
    pressed: bool
    column: int
    share: float


def coverage(bars: Sequence[Bar], undated: int, chosen: str = "") -> str:
    """Return a bar for each month (or year), each a button; `chosen` is pressed ("2024-03").

    Empty if no article has a date.
    """
    if not bars:
        return ""
    peak = max(bars, key=lambda bar: bar.articles)
    some = [bar for bar in bars if bar.articles]
    return printed(
        "chart",
        "coverage",
        "year" if _is_year(bars[0]) else "month",
        peak,
        undated,
        some[:_LISTED],
        len(some[_LISTED:]),
        len(bars),
        len(bars) <= (_COUNTED if peak.articles < 1000 else _NAMED),
        [_drawn(bar, n, peak, chosen) for n, bar in enumerate(bars, start=1) if bar.articles],
        _labels(bars),
    )


def _drawn(bar: Bar, column: int, peak: Bar, chosen: str) -> _Drawn:
    key = bar.label if _is_year(bar) else f"{bar.start:%Y-%m}"
    share = max(_LEAST, bar.articles / peak.articles)
    return _Drawn(bar.label, key, bar.articles, key == chosen, column, share)


def _is_year(bar: Bar) -> bool:
    return len(bar.label) == 4


def _labels(bars: Sequence[Bar]) -> list[tuple[int, str, str]]:
    """Below which column which month and year stand: each month where there is room."""
    years = _is_year(bars[0])
    starts = [n for n, bar in enumerate(bars) if years or n == 0 or bar.start.month == 1]
    if not years and len(bars) <= _NAMED:
        return [
            (n + 1, f"{bar.start:%b}", str(bar.start.year) if n in starts else "")
            for n, bar in enumerate(bars)
        ]
    # A year takes 30 px, a bar at least 24: every other year, and none beside the first month's.
    chosen = starts[::2] if years else [n for n in starts if n != 1]
    return [(n + 1, "", str(bars[n].start.year)) for n in chosen]
