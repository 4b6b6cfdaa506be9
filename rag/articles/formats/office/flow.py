"""Running text of office documents: runs of words to blocks, by one rule for all of them.

A reader says what comes next (words, raised words, the end of a paragraph, a note, a row of a
table); what is hidden, deleted or struck out it never hands on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import Block
from rag.articles.raised import raised
from rag.schema import Kind

_SHORT_ROW = 400  # characters; a longer row of a table is a page's layout

_WHITE = 0xFA  # of 255, in each colour: nobody tells it from paper


@dataclass(slots=True)
class Flow:
    """The blocks so far, and the paragraph that is being written."""

    blocks: list[Block] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _raised: list[str] = field(default_factory=list)  # what is raised and not yet decided upon
    _after: list[Block] = field(default_factory=list)  # what follows the paragraph

    @property
    def is_begun(self) -> bool:
        """Whether anything is in it."""
        return bool(self.blocks or self._text or self._raised or self._after)

    def add(self, text: str, *, up: bool = False) -> None:
        """Go on with the paragraph; `up`: raised above the line."""
        if up:
            self._raised.append(text)
        elif text:
            self._settle()
            self._text.append(text)

    def follow(self, blocks: list[Block], kind: Kind | None = None) -> None:
        """Put notes (`kind` "caption") or boxes after the paragraph that is being written."""
        self._after += [Block(b.text, kind or b.kind, b.author) for b in blocks]

    def end(self, kind: Kind = "body") -> None:
        """End the paragraph; what follows it comes after it."""
        self._settle()
        text = clean_text("".join(self._text))
        self.blocks += [Block(part, kind) for part in text.split("\n\n") if part]
        self.blocks += self._after
        self._text, self._after = [], []

    def cut(self) -> Flow:
        """Take the paragraph that is being written out of here, as a flow of its own."""
        self._settle()
        taken = Flow(_text=self._text, _after=self._after)
        self._text, self._after = [], []
        return taken

    def rows(self, rows: list[list[Flow]]) -> None:
        """Add a table: its short rows as lines of one block, cells of the others by themselves."""
        lines: list[str] = []
        texts = [[cell.line for cell in row] for row in rows]
        used = {at for row in texts for at, text in enumerate(row) if text}
        for row, cells in zip(rows, texts, strict=True):
            if len(row) > 1 and sum(map(len, cells)) <= _SHORT_ROW:
                lines.append(joined_cells([cells[at] for at in sorted(used) if at < len(cells)]))
                self._after += [block for cell in row for block in cell._notes()]
            else:
                self._end_table(lines)
                self.blocks += [block for cell in row for block in cell.blocks]
        self._end_table(lines)

    @property
    def line(self) -> str:
        """What has been written, but for notes, as one line."""
        return one_line(" ".join(self._own())).removesuffix(" |")

    def _own(self) -> list[str]:
        return [block.text for block in self.blocks if block.kind != "caption"]

    def _notes(self) -> list[Block]:
        return [block for block in self.blocks if block.kind == "caption"]

    def _end_table(self, lines: list[str]) -> None:
        text = "\n".join(filter(None, lines))
        self.blocks += [Block(text)] if text else []
        self.blocks += self._after
        lines.clear()
        self._after = []

    def _settle(self) -> None:
        """Decide what to write for what was raised; the blank that ends it stays."""
        if not self._raised:
            return
        text, before = "".join(self._raised), "".join(self._text[-8:])
        self._raised = []
        self._text.append(raised(before, text) or text[len(text.rstrip()) :])


def joined_cells(cells: Sequence[str]) -> str:
    """A row as a line; an empty cell stays between others, so that each keeps its column."""
    last = max((at for at, text in enumerate(cells) if text), default=-1)
    return one_line(" | ".join(cells[: last + 1]))


def is_white(colour: str) -> bool:
    """Whether a colour as "ffffff" or "#ffffff" cannot be seen on paper."""
    digits = colour.removeprefix("#").lower()
    if len(digits) != 6 or any(digit not in "0123456789abcdef" for digit in digits):
        return False
    return all(int(digits[at : at + 2], 16) >= _WHITE for at in (0, 2, 4))
