"""The filters above the question box: what they are, and how many articles pass them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from rag.schema import Scope
from rag.web.html.elements import counted, escaped, trouble


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter that is set: the number of its field, its value there, and what to call it."""

    field: int
    value: str
    label: str


def chips(found: Sequence[Chip]) -> str:
    """Return each filter as a button that takes it away; empty for none."""
    if not found:
        return ""
    items = "".join(
        f"<li><button type='button' class='filter' data-field='{item.field}' "
        f"data-value='{escape(item.value)}' aria-label='Remove the filter {escaped(item.label)}'>"
        f"{escaped(item.label)} <span aria-hidden='true'>×</span></button></li>"
        for item in found
    )
    return f"<ul class='filters' aria-label='Filters'>{items}</ul>"


def limits(found: Scope) -> str:
    """Return how many articles pass the filters, or why none does."""
    if found.filters and not found.searched:
        return trouble(found.trouble)
    many = counted(found.articles, "article")
    passing = f"{found.searched:,} of {many} pass." if found.filters else f"All {many} pass."
    if not found.articles:
        passing = "No articles yet."
    return f"<p class='note'>{passing} {escaped(found.trouble)}</p>"
