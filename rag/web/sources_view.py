"""What is asked of the table of sources: which articles, in which order, which page of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

from rag.articles.paths import upload
from rag.indexing.library import Asked, kind_of
from rag.resources import Resources
from vectorstore.source_list import AstrayFiles, Column, Sought, State, Table

PAGE = 50  # rows of one page of the table
OUTLETS = 1_000  # to choose from; the others are found by typing
UNKNOWN = "(unknown)"
ADDED, OWN = "Added here", "From the folder"
ORIGINS = (OWN, ADDED)


@dataclass(frozen=True, slots=True)
class View:
    """What is asked of the table; `page` counts from 0. Empty: no limit."""

    wanted: str = ""
    outlets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # kinds of article, and `ORIGINS`
    state: State = ""
    month: str = ""  # "2024-03", or "2024": as a bar of the coverage stands for
    sort: Column = "date"
    down: bool = True  # greatest, newest or last first
    page: int = 0


COLUMNS: dict[Column, str] = {
    "headline": "Headline",
    "outlet": "Outlet",
    "author": "Author",
    "date": "Date",
    "kind": "Kind",
    "copies": "Copies",
    "state": "File",
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
_FROM_THE_TOP = ("date", "copies", "state")  # the great ones are looked for first


def asked(view: View, table: Table) -> Asked:
    """The view as the list is asked for it."""
    kinds = [kind for kind in view.kinds if kind not in ORIGINS]
    labels = tuple(label for label in table.labels() if kind_of(label) in kinds)
    origins = {kind for kind in view.kinds if kind in ORIGINS}
    sought = Sought(
        words=tuple(view.wanted.casefold().split()),
        outlets=tuple(None if name == UNKNOWN else name for name in view.outlets),
        labels=labels if labels or not kinds else (NO_LABEL,),
        under=upload("") if len(origins) == 1 else "",
        not_under=OWN in origins,
        day=view.month,
        state=view.state,
    )
    return Asked(sought, view.sort, view.down, view.page, PAGE)


NO_LABEL = "\n"  # that no article has


def sorted_by(view: View, column: str) -> View:
    """The view after a click on the head of a column: another order, or the other way round."""
    known = column_of(column)
    if known is None:
        return view
    down = not view.down if known == view.sort else known in _FROM_THE_TOP
    return replace(view, sort=known, down=down, page=0)


def in_order(view: View, order: str) -> View:
    """The view in one of `ORDERS`; any other changes nothing."""
    name, _, direction = order.partition(":")
    known = column_of(name)
    if order not in ORDERS or known is None:
        return view
    return replace(view, sort=known, down=direction == "down", page=0)


def column_of(name: str) -> Column | None:
    """The column of that name."""
    return next((column for column in COLUMNS if column == name), None)


def state_of(name: str | None) -> State:
    """The state of that name; any other is no limit."""
    return next((state for state in get_args(State) if state == name), "")


def outlets_of(table: Table) -> list[str]:
    """The most frequent outlets by name, and `UNKNOWN` if an article has none."""
    return [*table.outlets(OUTLETS), *([UNKNOWN] if table.lacks_outlets() else [])]


def kinds_of(table: Table) -> list[str]:
    """Every kind of article, and where articles are from if that is more than one place."""
    kinds = sorted({kind_of(label) for label in table.labels()})
    both = all(table.has_file(upload(""), so=so) for so in (True, False))
    return [*kinds, *(ORIGINS if both else ())]


def table_of(resources: Resources) -> Table:
    """The table of sources, where it does not matter how it stands with the files."""
    return resources.index.table(AstrayFiles())
