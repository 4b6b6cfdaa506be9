"""How the words of a Rich Text document are written at one place in it: what a group inherits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rag.articles.drafts import Block
from rag.articles.formats.office.flow import Flow


@dataclass(slots=True)
class Story:
    """The running text, a note or a box: its paragraphs, and the table that is open."""

    flow: Flow = field(default_factory=Flow)
    cell: Flow = field(default_factory=Flow)
    cells: list[Flow] = field(default_factory=list)
    rows: list[list[Flow]] = field(default_factory=list)
    size: int = 24  # half points, of the words on the line

    def close(self) -> list[Block]:
        """End all that is open; the blocks."""
        self.end_table()
        self.flow.end()
        return self.flow.blocks

    def end_table(self) -> None:
        """Put the table that is open into the text."""
        if self.cells:
            self.end_row()
        if self.rows:
            self.flow.end()
            self.flow.rows(self.rows)
            self.rows = []
        if self.cell.is_begun:  # words that no cell ended
            self.cell.end()
            self.flow.end()
            self.flow.blocks += self.cell.blocks
            self.cell = Flow()

    def end_row(self) -> None:
        """End a row of cells."""
        self.rows.append(self.cells)
        self.cells = []


@dataclass(slots=True)
class State:
    """What a group inherits, and what ends with it."""

    place: str = "text"  # or the destination that it is in
    story: Story = field(default_factory=Story)
    around: str = "text"  # the place around a text that is given twice
    fresh: bool = True  # nothing but the bracket yet
    starred: bool = False
    font: int | None = None
    fallback: int = 1  # characters after each \u
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    superscript: bool | None = None
    up: int = 0
    size: int = 24
    colour: int = 0
    shaded: bool = False
    style: int = 0
    in_table: bool = False


def _plain(state: State, *_: object) -> None:
    state.hidden = state.deleted = state.struck = state.shaded = False
    state.superscript, state.up, state.size, state.colour, state.font = None, 0, 24, 0, None


def _paragraph(state: State, *_: object) -> None:
    state.in_table, state.style = False, 0


def _sets(name: str, value: Callable[[bool, int | None], object]) -> Callable[..., None]:
    return lambda state, on, number: setattr(state, name, value(on, number))


# What a control word changes: of the state, whether it is switched on, its number.
FORMATS: dict[str, Callable[[State, bool, int | None], None]] = {
    "plain": _plain,
    "pard": _paragraph,
    "v": _sets("hidden", lambda on, _: on),
    "webhidden": _sets("hidden", lambda on, _: on),
    "deleted": _sets("deleted", lambda on, _: on),
    "mvf": _sets("deleted", lambda on, _: on),
    "strike": _sets("struck", lambda on, _: on),
    "striked": _sets("struck", lambda on, _: on),
    "super": _sets("superscript", lambda on, _: on or None),
    "sup": _sets("superscript", lambda on, _: on or None),
    "sub": _sets("superscript", lambda on, _: False if on else None),
    "nosupersub": _sets("superscript", lambda *_: None),
    "up": _sets("up", lambda _, number: 6 if number is None else number),
    "dn": _sets("up", lambda *_: 0),
    "fs": _sets("size", lambda _, number: number or 24),
    "cf": _sets("colour", lambda _, number: number or 0),
    "highlight": _sets("shaded", lambda on, _: on),
    "cb": _sets("shaded", lambda on, _: on),
    "chcbpat": _sets("shaded", lambda on, _: on),
    "cbpat": _sets("shaded", lambda on, _: on),
    "f": _sets("font", lambda _, number: number or 0),
    "s": _sets("style", lambda _, number: number or 0),
    "uc": _sets("fallback", lambda _, number: max(0, 1 if number is None else number)),
    "intbl": _sets("in_table", lambda on, _: on),
    "trowd": _sets("in_table", lambda *_: True),
}
