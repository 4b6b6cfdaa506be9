"""Bars by month as an inline SVG, with the same figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rag.indexing.library import Bar
from rag.web.html.elements import counted

WIDTH, HEIGHT = 720, 96  # of the drawing, in its own units; the page stretches it
_BASE, _TOP = 20, 14  # room below for the years, above for the highest count
_WIDEST = 44
_GAP = 0.25  # of a bar's place
_LABELS = 8  # below the bars, at most


def coverage(bars: Sequence[Bar], undated: int, chosen: str = "") -> str:
    """Return a bar for each month (or year), each a button; `chosen` is pressed ("2024-03").

    Empty if no article has a date.
    """
    if not bars:
        return ""
    highest = max(bar.articles for bar in bars)
    place = min(_WIDEST, WIDTH / len(bars))
    drawn = "".join(_bar(bar, n, place, highest, chosen) for n, bar in enumerate(bars))
    width = place * len(bars)
    unit = "year" if len(bars[0].label) == 4 else "month"
    without = f" {counted(undated, 'article')} without a date." if undated else ""
    return (
        "<figure class='coverage'>"
        f"<figcaption class='label'>Articles by {unit}"
        f"<span class='credits'> · most: {highest:,}, {_peak(bars).label}.{without}</span>"
        "</figcaption>"
        f"<svg viewBox='0 0 {width:.1f} {HEIGHT}' role='group' aria-label='{_said(bars, unit)}'"
        f" width='{width:.0f}' height='{HEIGHT}'>"
        f"<line class='axis' x1='0' x2='{width:.1f}' y1='{HEIGHT - _BASE + 0.5}'"
        f" y2='{HEIGHT - _BASE + 0.5}'/>{drawn}{_labels(bars, place)}</svg></figure>"
    )


def key(bar: Bar) -> str:
    """Return what stands for a bar in a filter: "2024-03", or "2024" for a year."""
    return bar.label if len(bar.label) == 4 else f"{bar.start:%Y-%m}"


def _peak(bars: Sequence[Bar]) -> Bar:
    return max(bars, key=lambda bar: bar.articles)


def _said(bars: Sequence[Bar], unit: str) -> str:
    with_some = [bar for bar in bars if bar.articles]
    listed = "; ".join(f"{bar.label} {bar.articles}" for bar in with_some[:24])
    more = f"; and {len(with_some) - 24} more" if len(with_some) > 24 else ""
    return escape(f"Articles by {unit}: {listed}{more}.", quote=True)


def _bar(bar: Bar, number: int, place: float, highest: int, chosen: str) -> str:
    """A bar is as high as the room allows; the whole column can be pressed."""
    if not bar.articles:
        return ""
    room = HEIGHT - _BASE - _TOP
    height = max(2.0, room * bar.articles / highest)
    x, wide = number * place, place * (1 - _GAP)
    said = f"{escape(bar.label)}: {counted(bar.articles, 'article')}"
    pressed = "true" if key(bar) == chosen else "false"
    count = ""
    if place >= 18:
        middle, above = x + wide / 2, HEIGHT - _BASE - height - 3
        count = f"<text class='count' x='{middle:.1f}' y='{above:.1f}'>{bar.articles:,}</text>"
    return (
        f"<g class='bar' role='button' tabindex='0' aria-pressed='{pressed}' aria-label='{said}'"
        f" data-act='month' data-value='{key(bar)}'><title>{said}</title>"
        f"<rect class='place' x='{x:.1f}' y='0' width='{place:.1f}' height='{HEIGHT - _BASE}'/>"
        f"<rect class='amount' x='{x:.1f}' y='{HEIGHT - _BASE - height:.1f}' width='{wide:.1f}'"
        f" height='{height:.1f}'/>{count}</g>"
    )


def _labels(bars: Sequence[Bar], place: float) -> str:
    """Months by their first letters where there is room, years at their first month."""
    years = len(bars[0].label) == 4
    if not years and len(bars) <= 18 and place >= 30:
        words = [
            (n, f"{bar.start:%b}" + (f" {bar.start:%y}" if n == 0 or bar.start.month == 1 else ""))
            for n, bar in enumerate(bars)
        ]
    else:
        starts = [(n, str(bar.start.year)) for n, bar in enumerate(bars)
                  if years or n == 0 or bar.start.month == 1]  # fmt: skip
        far = [item for item in starts if item[0] == 0 or item[0] * place >= 34]
        words = far[:: max(1, -(-len(far) // _LABELS))]
    return "".join(
        f"<text class='when' x='{n * place:.1f}' y='{HEIGHT - 5}'>{escape(word)}</text>"
        for n, word in words
    )
