"""An answer's Markdown taken apart: its lists, tables and headings, and the sentences in them.

    text with [n] markers -> Tags and Segments in reading order

A segment is a sentence, or what stands like one: a heading, a cell, a label. Whoever checks an
answer and whoever shows it take the text apart here, and so agree on its sentences. HTML, links and
images are no marks of this Markdown: they stay the characters that they are written with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.answering.paragraphs import Run, Segment, cell, sentences
from rag.schema import Sentence
from rag.text.language import written_in

_MARKDOWN = MarkdownIt("zero", {"maxNesting": 20}).enable(
    ["heading", "list", "table", "hr", "blockquote", "emphasis", "backticks", "strikethrough"]
    + ["escape", "newline", "balance_pairs", "fragments_join"]
)
_MARKER = re.compile(r"\[(\d{1,3})\]|\[\d{1,3}: no such passage\]")
_INLINE = {"strong": "strong", "em": "em", "s": "s"}
_TAGS = {
    **{f"h{level}": f"h{min(max(level, 2) + 1, 5)}" for level in range(1, 7)},  # below the question
    **{tag: tag for tag in ("p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")},
    "blockquote": "blockquote",
}
_JOINED = ": "  # between the head of a table's row and a cell


@dataclass(frozen=True, slots=True)
class Tag:
    """An element begins (`opens`) or ends; `start`: the first number of an ordered list."""

    name: str
    opens: bool = True
    start: int = 0


Node = Tag | Segment


@dataclass(slots=True)
class _Walk:
    """Where the walk over the tokens is."""

    language: str | None = None
    nodes: list[Node] = field(default_factory=list)
    block: int = 0
    heading: bool = False
    head: bool = False  # of a table
    row: list[list[Run]] | None = None
    inherited: tuple[int, ...] = ()  # numbers that a heading or a head cites
    outer: list[tuple[int, ...]] = field(default_factory=list)  # the same around open lists


def laid_out(text: str) -> list[Node]:
    """The elements and sentences of an answer's `text`, in reading order, by its own language."""
    walk = _Walk(written_in(text))
    for token in _MARKDOWN.parse(text):
        _step(walk, token)
    return _credited(walk.nodes)


def segments(nodes: Iterable[Node]) -> list[Segment]:
    """The sentences, labels included."""
    return [node for node in nodes if isinstance(node, Segment)]


def paired(
    nodes: Sequence[Node], sentences: Sequence[Sentence]
) -> list[tuple[Node, Sentence | None]]:
    """`nodes`, each with the sentence that it is; empty where a sentence is not among them."""
    waiting = list(sentences)
    pairs: list[tuple[Node, Sentence | None]] = []
    for node in nodes:
        is_next = isinstance(node, Segment) and bool(waiting) and _is(node, waiting[0])
        pairs.append((node, waiting.pop(0) if is_next else None))
    return [] if waiting else pairs


def _is(item: Segment, sentence: Sentence) -> bool:
    return item.words == sentence.text and set(item.numbers) == set(sentence.citations)


# --- elements


def _step(walk: _Walk, token: Token) -> None:
    if token.type == "inline":
        _inline(walk, _runs(token))
    elif token.type == "hr":
        walk.nodes.append(Tag("hr"))
    elif token.tag in _TAGS:
        _element(walk, token)


def _element(walk: _Walk, token: Token) -> None:
    opens = token.nesting == 1
    if token.type.startswith("heading"):
        walk.heading = opens
    elif token.tag in ("table", "ul", "ol"):
        if opens:
            walk.outer.append(walk.inherited)
            walk.inherited = _introduced(walk) or walk.inherited
        else:
            walk.inherited = walk.outer.pop()
    elif token.tag == "thead":
        walk.head = opens
    elif token.tag == "tr" and not walk.head:
        if opens:
            walk.row = []
        else:
            _row(walk)
    if token.tag in ("p", "tr", "li", "th") or token.type.startswith("heading"):
        walk.block += opens
    in_row = walk.row is not None and token.tag in ("tr", "td")
    if not token.hidden and not in_row and not (token.tag == "tr" and not walk.head):
        start = token.attrGet("start") if token.tag == "ol" else 0
        walk.nodes.append(Tag(_TAGS[token.tag], opens, int(start or 0)))


def _introduced(walk: _Walk) -> tuple[int, ...]:
    """The numbers of a sentence that a list follows on: "They say [1][2]:"; it becomes a label."""
    at = next(
        (n for n in reversed(range(len(walk.nodes))) if isinstance(walk.nodes[n], Segment)), 0
    )
    last = walk.nodes[at] if walk.nodes else None
    if not isinstance(last, Segment) or not last.words.endswith(":") or last.label:
        return ()
    if not any(map(str.isdigit, last.words)):
        walk.nodes[at] = replace(last, label=True, numbers=())
    return last.numbers


def _inline(walk: _Walk, runs: list[Run]) -> None:
    if walk.row is not None:
        walk.row.append(runs)
        return
    found = sentences(runs, walk.block, walk.language)
    if walk.heading or walk.head:
        own = tuple(run.number for run in runs if run.number)
        walk.inherited = (*walk.inherited, *own) if walk.head else own
        walk.nodes += [replace(item, label=True, numbers=()) for item in found]
        return
    walk.nodes += _shared(found, walk.inherited)


def _runs(token: Token) -> list[Run]:
    """The words of an inline token with their styles, and its markers."""
    runs: list[Run] = []
    open_: list[str] = []  # bold in bold is no bolder: however deep, each style counts once
    for child in token.children or ():
        styles = tuple(dict.fromkeys(open_))
        if child.type in ("softbreak", "hardbreak"):
            runs.append(Run("\n", styles))
        elif child.tag in _INLINE:
            open_ = [*open_, _INLINE[child.tag]] if child.nesting == 1 else open_[:-1]
        elif child.content:
            inside = (*styles, "code") if child.type == "code_inline" else styles
            runs += _marked(child.content, inside)
    return runs


def _marked(text: str, styles: tuple[str, ...]) -> Iterator[Run]:
    last = 0
    for match in _MARKER.finditer(text):
        if match.start() > last:
            yield Run(text[last : match.start()], styles)
        yield Run(match[0], styles, int(match[1] or 0), dropped=not match[1])
        last = match.end()
    if last < len(text):
        yield Run(text[last:], styles)


# --- rows of a table


def _row(walk: _Walk) -> None:
    """A row: its first cell says what it is of, the others what it says, up to each marker.

    What stands behind the last one goes with it.
    """
    cells, walk.row = walk.row or [], None
    walk.nodes.append(Tag("tr"))
    found = [cell(runs, walk.block) for runs in cells]
    head, rest = (found[0], found[1:]) if len(found) > 1 else (None, found)
    said: list[Segment] = []
    for item in rest:
        names = head is not None and any(map(str.isalpha, head.words))  # no number of the row
        words = f"{head.words}{_JOINED}{item.words}" if head and names else item.words
        label = item.label or not item.words
        said.append(replace(item, words=words if item.words else "", label=label))
    if head:
        said = _shared(said, head.numbers) if head.numbers else said
        walk.nodes += [Tag("td"), replace(head, label=True, numbers=()), Tag("td", False)]
    last = next((item.numbers for item in reversed(said) if item.numbers), ())
    for item in _shared(said, last or walk.inherited):
        walk.nodes += [Tag("td"), item, Tag("td", False)]
    walk.nodes.append(Tag("tr", False))


# --- who is credited with what


def _shared(found: list[Segment], inherited: tuple[int, ...]) -> list[Segment]:
    """A marker is meant for the sentences before it, too, as far as they have none: "A. B. [1]"."""
    following: tuple[int, ...] = ()
    shared: list[Segment] = []
    for item in reversed(found):
        following = item.numbers or following
        given = following or tuple(dict.fromkeys(inherited))
        shared.append(item if item.numbers or item.label else replace(item, numbers=given))
    return shared[::-1]


def _credited(nodes: list[Node]) -> list[Node]:
    """Markers that stand by themselves are meant for the paragraph before them.

    Where nothing before them cites anything, for the whole answer.
    """
    found = segments(nodes)
    for at, item in enumerate(found):
        if not item.words and item.cites:
            found = _given(found, at)
    fresh = iter(found)
    return [next(fresh) if isinstance(node, Segment) else node for node in nodes]


def _given(found: list[Segment], at: int) -> list[Segment]:
    """`found` with the markers that make up segment `at` credited to those before it."""
    before = [n for n in range(at) if found[n].words]
    if not before:
        return found
    cited = any(found[n].numbers for n in before)
    last = found[before[-1]].block
    meant = [n for n in before if not cited or found[n].block == last]
    open_ = [n for n in meant if not found[n].numbers and not found[n].label]
    for n in open_ or before[-1:]:
        numbers = dict.fromkeys((*found[n].numbers, *found[at].numbers))
        found[n] = replace(found[n], numbers=tuple(numbers))
    return found
