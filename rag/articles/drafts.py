"""What a reader hands on before an article is put together: blocks of text, and metadata."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date

from rag.schema import Kind, Place

_SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]]*$")


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known about an article; None is unknown."""

    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: date | None = None
    url: str | None = None
    label: str | None = None
    updated: date | None = None
    language: str | None = None
    dated: str | None = None

    def or_else(self, other: Meta) -> Meta:
        """Fill in from `other` what is not known here."""
        names = [item.name for item in fields(self)]
        return Meta(**{name: getattr(self, name) or getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True)
class Block:
    """One cleaned paragraph, or one reader comment of several.

    `author` of a body block: whose words it is, if not the article's author's. `starts` are
    offsets in `text` at which a page of the file begins; `place` is where the block stands.
    """

    text: str
    kind: Kind = "body"
    author: str | None = None
    starts: tuple[int, ...] = ()
    place: Place | None = None  # its `start` is not known yet

    @property
    def lines(self) -> list[str]:
        """The lines as printed."""
        return self.text.split("\n")

    @property
    def words(self) -> int:
        """How many words, roughly."""
        return len(self.text.split())

    @property
    def is_prose(self) -> bool:
        """Whether it reads as running text rather than as a heading or a page's furniture."""
        return any(map(is_prose, self.lines))


def is_prose(line: str) -> bool:
    """Whether a line is at least one whole sentence, or long."""
    words = len(line.split())
    return words >= 25 or (words >= 8 and _SENTENCE_END.search(line) is not None)


def keep_lines(blocks: list[Block], keep: Callable[[int, str], bool]) -> list[Block]:
    """Blocks without the lines that `keep(block number, line)` refuses.

    Page starts in what is dropped move to what follows it, so that no page is lost.
    """
    kept: list[Block] = []
    carried: tuple[int, ...] = ()
    for number, block in enumerate(blocks):
        stays = [keep(number, line) for line in block.lines]
        text, starts = _thin(block, stays)
        starts = (*carried, *starts)
        carried = () if text else starts
        if text:
            kept.append(replace(block, text=text, starts=starts))
    if kept and carried:
        last = kept[-1]
        ends = (len(last.text) for _ in carried)
        kept[-1] = replace(last, starts=(*last.starts, *ends))
    return kept


def _thin(block: Block, stays: list[bool]) -> tuple[str, tuple[int, ...]]:
    """Return the lines that stay, and where the page starts are among them."""
    text = "\n".join(line for line, stay in zip(block.lines, stays, strict=True) if stay)
    starts, old, new = [], 0, 0
    waiting = list(block.starts)
    for line, stay in zip(block.lines, stays, strict=True):
        while waiting and waiting[0] <= old + len(line):
            start = waiting.pop(0)
            starts.append(min(len(text), new + (start - old if stay else 0)))
        old += len(line) + 1
        new += len(line) + 1 if stay else 0
    return text, tuple(starts)
