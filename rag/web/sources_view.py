"""Which of the sources a table shows, and in which order: functions over `rag.indexing.library`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rag.indexing.library import Source
from rag.schema import printed_day

PAGE = 50  # rows of one page of the table
UNKNOWN = "(unknown)"
ADDED, OWN = "Added here", "From the folder"
ORIGINS = (OWN, ADDED)


@dataclass(frozen=True, slots=True)
class View:
    """What is asked of the table; `page` counts from 0. Empty: no limit."""

    wanted: str = ""
    outlets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # kinds of article, and `ORIGINS`
    state: str = ""
    month: str = ""  # "2024-03", or "2024": as a bar of the coverage stands for
    sort: str = "date"
    down: bool = True  # greatest, newest or last first
    page: int = 0


Key = Callable[[Source], Any]
COLUMNS: dict[str, tuple[str, Key]] = {
    "headline": ("Headline", lambda item: item.name.casefold()),
    "outlet": ("Outlet", lambda item: (item.outlet or "").casefold()),
    "author": ("Author", lambda item: (item.author or "").casefold()),
    "date": ("Date", lambda item: item.published or date.min),
    "kind": ("Kind", lambda item: item.kind),
    "copies": ("Copies", lambda item: item.copies),
    "state": ("File", lambda item: item.state),
}
ORDERS = {  # of the menu that a phone has in place of the heads
    "date:down": "Newest first",
    "date:up": "Oldest first",
    "headline:up": "Headline, A to Z",
    "outlet:up": "Outlet, A to Z",
    "author:up": "Author, A to Z",
    "kind:up": "Kind",
    "copies:down": "Most copies first",
    "state:down": "Changed or missing files first",
}
_KNOWN: dict[str, Key] = {
    "outlet": lambda item: item.outlet,
    "author": lambda item: item.author,
    "date": lambda item: item.published,
}
_FROM_THE_TOP = ("date", "copies", "state")  # the great ones are looked for first


def chosen(view: View, sources: Sequence[Source]) -> list[Source]:
    """The sources that pass, in order; those that lack what they are sorted by come last."""
    words = view.wanted.casefold().split()
    passing = [item for item in sources if _passes(item, view, words)]
    ordered = sorted(passing, key=lambda item: (item.name.casefold(), item.path))
    ordered.sort(key=COLUMNS[view.sort][1], reverse=view.down)
    known = _KNOWN.get(view.sort)
    if known is None:
        return ordered
    return [*filter(known, ordered), *(item for item in ordered if not known(item))]


def pages(count: int) -> int:
    """How many pages `count` rows fill, at least one."""
    return max(1, -(-count // PAGE))


def on_page(view: View, rows: Sequence[Source]) -> tuple[View, Sequence[Source]]:
    """The rows of the view's page, and the view with a page that there is."""
    page = min(max(view.page, 0), pages(len(rows)) - 1)
    return replace(view, page=page), rows[page * PAGE : (page + 1) * PAGE]


def sorted_by(view: View, column: str) -> View:
    """The view after a click on the head of a column: another order, or the other way round."""
    if column not in COLUMNS:
        return view
    down = not view.down if column == view.sort else column in _FROM_THE_TOP
    return replace(view, sort=column, down=down, page=0)


def in_order(view: View, order: str) -> View:
    """The view in one of `ORDERS`; any other changes nothing."""
    if order not in ORDERS:
        return view
    column, _, direction = order.partition(":")
    return replace(view, sort=column, down=direction == "down", page=0)


def outlets_of(sources: Sequence[Source]) -> list[str]:
    """Every outlet by name, and `UNKNOWN` if an article has none."""
    known = sorted({item.outlet for item in sources if item.outlet}, key=str.casefold)
    return [*known, *([UNKNOWN] if any(item.outlet is None for item in sources) else [])]


def kinds_of(sources: Sequence[Source]) -> list[str]:
    """Every kind of article, and where articles are from if that is more than one place."""
    kinds = sorted({item.kind for item in sources})
    return [*kinds, *(ORIGINS if len({item.added for item in sources}) > 1 else ())]


def _passes(item: Source, view: View, words: Sequence[str]) -> bool:
    kinds = [kind for kind in view.kinds if kind not in ORIGINS]
    origins = [kind for kind in view.kinds if kind in ORIGINS]
    return (
        (not view.outlets or (item.outlet or UNKNOWN) in view.outlets)
        and (not kinds or item.kind in kinds)
        and (not origins or (ADDED if item.added else OWN) in origins)
        and (not view.state or item.state == view.state)
        and (not view.month or str(item.published or "").startswith(f"{view.month}-"))
        and all(word in _searchable(item) for word in words)
    )


def _searchable(item: Source) -> str:
    day = item.published
    known = (item.title, item.outlet, item.author, item.kind, printed_day(day), str(day or ""))
    return " ".join(filter(None, (*known, item.path, *item.files))).casefold()
