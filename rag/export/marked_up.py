"""An answer's lists, tables and headings written as Markdown again, its sentences with verdicts.

How words are escaped, a citation is written and a verdict is said is up to who asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rag.answering.layout import Node, Tag
from rag.answering.paragraphs import Run, Segment
from rag.schema import Sentence

Pair = tuple[Node, Sentence | None]
_STYLES = {"strong": "**", "em": "*", "s": "~~"}
_RANKS = {"h3": "### ", "h4": "#### ", "h5": "##### "}


@dataclass(frozen=True, slots=True)
class Manner:
    """How words, the number of a citation, and a sentence's verdict are written."""

    words: Callable[[str], str]
    cite: Callable[[int], str]
    verdict: Callable[[Sentence], str]


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    line: str = ""
    lists: list[int] = field(default_factory=list)  # the next number of each open list; 0: bullets
    cells: list[str] = field(default_factory=list)
    quotes: int = 0
    in_table: bool = False


def markdown(pairs: Sequence[Pair], manner: Manner) -> str:
    """The answer as Markdown."""
    page = _Page()
    for node, sentence in pairs:
        if isinstance(node, Segment):
            page.line += _said(node, sentence, manner)
        else:
            _tag(page, node)
    return "\n".join(_spaced(page.lines)).strip()


def _said(node: Segment, sentence: Sentence | None, manner: Manner) -> str:
    text = "".join(_run(run, manner) for run in node.runs)
    weak = manner.verdict(sentence) if sentence else ""
    bare = text.rstrip()
    return f"{bare} {weak}{text[len(bare) :]}" if weak else text


def _run(run: Run, manner: Manner) -> str:
    if run.number:
        return manner.cite(run.number)
    words = manner.words(run.text)
    marks = "".join(_STYLES.get(style, "") for style in run.styles)
    inner = words.strip()
    if not marks or not inner:
        return words
    return words.replace(inner, f"{marks}{inner}{marks[::-1]}", 1)


def _tag(page: _Page, tag: Tag) -> None:
    match tag.name:
        case "ul" | "ol":
            _flush(page)
            if tag.opens:
                page.lists.append((tag.start or 1) if tag.name == "ol" else 0)
            else:
                page.lists.pop()
                page.lines += [""] if not page.lists else []
        case "li":
            _flush(page)
            page.line = _bullet(page.lists) if tag.opens else ""
        case "td" | "th" if not tag.opens:
            page.cells.append(page.line.strip())
            page.line = ""
        case "tr" if not tag.opens:
            page.lines.append(f"| {' | '.join(page.cells)} |")
        case "tr":
            page.cells = []
        case "thead" if not tag.opens:
            page.lines.append(f"|{'---|' * len(page.cells)}")
        case "blockquote":
            page.quotes += 1 if tag.opens else -1
        case "hr":
            page.lines += ["", "---", ""]
        case "p" | "h3" | "h4" | "h5" | "table" if tag.opens:
            page.lines += [] if page.line or page.lists else [""]
            page.line += _RANKS.get(tag.name, "")
        case "p" | "h3" | "h4" | "h5" | "table":
            _flush(page)
            page.lines += [] if page.lists else [""]


def _bullet(lists: list[int]) -> str:
    number = lists[-1]
    lists[-1] += 1 if number else 0
    return "   " * (len(lists) - 1) + (f"{number}. " if number else "- ")


def _flush(page: _Page) -> None:
    if page.line.strip():
        quote = "> " * page.quotes
        page.lines += [quote + line for line in re.split(r"\n", page.line.rstrip())]
    page.line = ""


def _spaced(lines: Sequence[str]) -> Iterator[str]:
    """One blank line at a time."""
    for before, line in zip(["", *lines], lines, strict=False):
        if before or line:
            yield line
