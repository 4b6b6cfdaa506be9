"""What the readers of databases share: their lines, their names, dates and outlets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, Meta
from rag.articles.personal_names import is_name, is_single_name, tidy_name
from rag.text.dates import parse_date, two_ways

DATABASE = re.compile(  # a line by which the file of a database of the press is known
    r"\d+ of \d+ DOCUMENTS?|End of Document|(?:Document|Dokument) [A-Z][A-Z0-9]+\d{8}e\w{5,}"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of a file: what is known of it, and its paragraphs."""

    known: Meta
    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, blocks: Sequence[Block], known: Meta) -> Piece:
        """Paragraphs and what is known of their article."""
        return cls(known, tuple(blocks))


_WRAPPED = 55  # characters; a field's value that goes on in the next line is at least as long


def own_lines(blocks: Sequence[Block], is_own: Callable[[str], bool]) -> list[Block]:
    """Blocks, those split into lines that hold a field or a mark of the database.

    A line below a field's belongs to its value.
    """
    lines: list[Block] = []
    for block in blocks:
        if len(block.lines) == 1 or not any(map(is_own, block.lines)):
            lines.append(block)
            continue
        offset, joins = 0, False
        for line in block.lines:
            starts = tuple(at - offset for at in block.starts if offset <= at <= offset + len(line))
            if joins and not is_own(line) and len(lines[-1].text) >= _WRAPPED:
                last = lines.pop()
                lines.append(replace(last, text=f"{last.text} {line}", starts=last.starts + starts))
            else:
                lines.append(replace(block, text=line, starts=starts))
                joins = is_own(line) and ":" in line
            offset += len(line) + 1
    return lines


def stretches(lines: Sequence[Block], mark: re.Pattern[str], *, ends: bool) -> list[list[Block]]:
    """The stretches that a mark begins or ends; what no article has is left out."""
    found: list[list[Block]] = [[]]
    for block in lines:
        if mark.fullmatch(one_line(block.text)):
            found.append([])
        else:
            found[-1].append(block)
    return found[:-1] if ends else found[1:]


def is_day(text: str) -> bool:
    """Whether a line is a date and little more."""
    return len(text.split()) <= 12 and bool(parse_date(text) or two_ways(text))


def dated(text: str) -> Meta:
    """The day in a field."""
    return Meta(published=parse_date(text), dated=two_ways(text))


COPYRIGHT = re.compile(r"(?:(?:©|\(c\)|copyright)\s.{0,300}|.{0,200}all rights reserved\.?)", re.I)
_ADDRESS = re.compile(r"\S+@\S+|\([^()]*\)")
BY = re.compile(r"^(?:by|von|par|por|door|di|av|af)\s+", re.IGNORECASE)

_OF_NO_NAME = re.compile(
    r"\s+(?:in|reports?|for|at)\b.*$|\s+(?:[A-Z][a-z]+\s)?(?:correspondent|editor|reporter|staff|"
    r"writer|columnist)\b.*$"
)


def names_in(value: str) -> str | None:
    """The persons that a field for the author names: "By A and B", "Roe, Jane; Doe, John"."""
    value = BY.sub("", one_line(_ADDRESS.sub(" ", value)), count=1).strip(" .;,")
    swapped = [_in_order(piece.strip()) for piece in value.split(";")]
    if all(swapped):
        return ", ".join(filter(None, swapped))
    pieces = re.split(r"\s*[;,/]\s*|\s+(?:and|und|et|y|en|&)\s+", value)
    pieces = [_OF_NO_NAME.sub("", piece) for piece in pieces if "contribut" not in piece]
    names = [tidy_name(piece) for piece in pieces if is_name(tidy_name(piece))]
    if not names and is_single_name(value):
        names = [value]
    return ", ".join(dict.fromkeys(names)) or None


def _in_order(name: str) -> str | None:
    """The name in "Roe, Jane", its parts in order; None for "Jane Roe, Staff Writer"."""
    last, comma, first = (part.strip() for part in name.partition(","))
    whole = f"{first} {last}"
    return tidy_name(whole) if comma and " " not in last and is_name(whole) else None


def outlet_named(text: str) -> str | None:
    """The outlet in a field, with a blank before what stands in brackets."""
    text = re.sub(r"(?<=\w)\(", " (", one_line(text)).rstrip(". ")
    return text if 0 < len(text.split()) <= 12 else None


@dataclass(slots=True)
class Fields:
    """What the fields of an article say, and its paragraphs."""

    values: dict[str, str] = field(default_factory=dict)
    head: list[str] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)

    def get(self, *names: str) -> str:
        """The first of these fields that says something."""
        return next((self.values[name] for name in names if self.values.get(name)), "")


def separated(blocks: Sequence[Block], mark: re.Pattern[str]) -> Iterator[list[Block]]:
    """The stretches between paragraphs that are a mark."""
    stretch: list[Block] = []
    for block in blocks:
        if mark.fullmatch(one_line(block.text)):
            yield stretch
            stretch = []
        else:
            stretch.append(block)
    yield stretch
