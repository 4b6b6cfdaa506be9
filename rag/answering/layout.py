"""An answer's Markdown taken apart: its lists, tables and headings, and the sentences in them.

    text with [n] markers -> Tags and Segments in reading order

A segment is a sentence, or what stands like one: a heading, a cell, a label. Whoever checks an
answer and whoever shows it take the text apart here, and so agree on its sentences. HTML, links and
images are no marks of this Markdown: they stay the characters that they are written with.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.schema import Sentence
from rag.text.sentences import Span, sentence_spans

_MARKDOWN = MarkdownIt("zero", {"maxNesting": 20}).enable(
    ["heading", "list", "table", "hr", "blockquote", "emphasis", "backticks", "strikethrough"]
    + ["escape", "entity", "newline", "balance_pairs", "fragments_join"]
)
_MARKER = re.compile(r"\[(\d{1,3})\]|\[\d{1,3}: no such passage\]")
_INLINE = {"strong": "strong", "em": "em", "s": "s"}
_TAGS = {
    **{f"h{level}": f"h{min(max(level, 2) + 1, 5)}" for level in range(1, 7)},  # below the question
    **{tag: tag for tag in ("p", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")},
    "blockquote": "blockquote",
}
_ENDS = tuple(".,;:!?…")  # a space that a marker leaves before one of these is dropped
_FEWEST = 3  # words; less, without a citation beside others that have one, is a label
_LEADING = 5  # words before a marker that a sentence may begin with: "According to [1], …"
_LEAD_IN = re.compile(  # "Based on the passages provided, "
    r"""\s*[^\W\d]\w*(?:\s[a-zà-ÿ’']+){0,5}\s
    (?i:passages?|articles?|sources?|texts?|documents?|excerpts?|contexte?|information
      |textstellen|textpassagen|passagen|artikeln?|quellen|texten?|dokumenten?|extraits|textes
      |artículos|pasajes|fuentes|textos|articoli|fonti|brani|testi|artigos|fontes|artikelen|bronnen)
    (?:\s(?:provided|given|above|shown|supplied|available|here|retrieved|fournis|donnés|disponibles
      |proporcionad[oa]s|facilitad[oa]s|dad[oa]s|forniti|fornite|fornecid[oa]s|you|have))*
    \s*[,:]\s+(?=\S)""",
    re.VERBOSE,
)
_JOINED = ": "  # between the head of a table's row and a cell


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style, or a citation: `number` is 0 for words and for one that was dropped."""

    text: str
    styles: tuple[str, ...] = ()
    number: int = 0
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """An element begins (`opens`) or ends; `start`: the first number of an ordered list."""

    name: str
    opens: bool = True
    start: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence: `words` as they are checked, without marks and label; `numbers` that it cites.

    `label`: it says nothing of its own by its form, as a heading does. `block`: counts the
    paragraphs, list items and rows of a table.
    """

    runs: tuple[Run, ...]
    words: str
    numbers: tuple[int, ...] = ()
    label: bool = False
    block: int = 0

    @property
    def bare(self) -> str:
        """Its own words, without the head of its row and without markers."""
        return " ".join("".join(run.text for run in self.runs if not _is_marker(run)).split())

    @property
    def cites(self) -> bool:
        """Whether a marker stands in the segment itself; else its numbers were credited to it."""
        return any(run.number for run in self.runs)

    @property
    def drops(self) -> bool:
        """Whether it cites a number that no passage has."""
        return any(run.dropped for run in self.runs)


Node = Tag | Segment


@dataclass(slots=True)
class _Walk:
    """Where the walk over the tokens is."""

    nodes: list[Node] = field(default_factory=list)
    block: int = 0
    heading: bool = False
    head: bool = False  # of a table
    row: list[list[Run]] | None = None
    inherited: tuple[int, ...] = ()  # numbers that a heading or a head cites
    outer: tuple[int, ...] = ()  # the same around a table


def laid_out(text: str) -> list[Node]:
    """The elements and sentences of an answer's `text`, in reading order."""
    walk = _Walk()
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
        is_next = isinstance(node, Segment) and bool(waiting) and node.words == waiting[0].text
        pairs.append((node, waiting.pop(0) if is_next else None))
    return [] if waiting else pairs


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
    elif token.tag == "table":
        walk.inherited, walk.outer = (walk.inherited, walk.inherited) if opens else (walk.outer, ())
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


def _inline(walk: _Walk, runs: list[Run]) -> None:
    if walk.row is not None:
        walk.row.append(runs)
        return
    found = _sentences(runs, walk.block)
    if walk.heading or walk.head:
        own = tuple(run.number for run in runs if run.number)
        walk.inherited = (*walk.inherited, *own) if walk.head else own
        walk.nodes += [replace(item, label=True, numbers=()) for item in found]
        return
    walk.nodes += _shared(found, walk.inherited)


def _runs(token: Token) -> list[Run]:
    """The words of an inline token with their styles, and its markers."""
    runs: list[Run] = []
    styles: tuple[str, ...] = ()
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            runs.append(Run("\n", styles))
        elif child.tag in _INLINE:
            own = _INLINE[child.tag]
            styles = (*styles, own) if child.nesting == 1 else tuple(s for s in styles if s != own)
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


# --- sentences


def _sentences(runs: Sequence[Run], block: int) -> list[Segment]:
    """The sentences of a paragraph, an item or a heading; without a word: one of no words."""
    plain = "".join(run.text for run in runs if not _is_marker(run))
    spans = [
        (start, end)
        for start, end in sentence_spans(plain)
        if any(letter.isalnum() for letter in plain[start:end])
    ]
    if not spans:
        numbers = tuple(run.number for run in runs if run.number)
        return [Segment(tuple(runs), "", tuple(dict.fromkeys(numbers)), True, block)]
    parts = _parted(runs, plain, spans)
    begins = [0, *(start for start, _ in spans[1:])]
    return [
        _segment(part, plain, (begin, end), marks, block)
        for (part, marks), begin, (_, end) in zip(parts, begins, spans, strict=True)
    ]


def _is_marker(run: Run) -> bool:
    return bool(run.number) or run.dropped


def _parted(
    runs: Sequence[Run], plain: str, spans: Sequence[Span]
) -> list[tuple[list[Run], list[int]]]:
    """For each span the runs that are shown with it, and where in `plain` its markers stand."""
    starts = [0, *(start for start, _ in spans[1:]), len(plain)]
    parts: list[tuple[list[Run], list[int]]] = [([], []) for _ in spans]
    leads = _leads(runs, plain, spans)
    at = 0
    for run in runs:
        if _is_marker(run):
            owner = _owner(plain, spans, at, leads)
            parts[owner][0].append(run)
            parts[owner][1].append(at)
            continue
        end = at + len(run.text)
        while at < end:
            owner = bisect_left(starts, at + 1) - 1
            upto = min(end, starts[owner + 1])
            parts[owner][0].append(replace(run, text=plain[at:upto]))
            at = upto
    return parts


def _leads(runs: Sequence[Run], plain: str, spans: Sequence[Span]) -> bool:
    """Whether markers stand before their sentences: the first thing is one, the last is none."""
    worded = [run for run in runs if _is_marker(run) or any(map(str.isalnum, run.text))]
    return len(spans) > 1 and _is_marker(worded[0]) and not _is_marker(worded[-1])


def _owner(plain: str, spans: Sequence[Span], offset: int, leads: bool) -> int:
    """Which sentence a marker at `offset` belongs to: the one that it ends or stands in.

    A marker before the first word of a line belongs to the sentence after it ("- [1] The port …").
    """
    following = bisect_left(spans, offset, key=lambda span: span[0])
    if following == len(spans):
        return following - 1
    line = plain.rfind("\n", 0, offset) + 1
    opens = not any(letter.isalnum() for letter in plain[line:offset])
    if following == 0 or (opens and "\n" not in plain[offset : spans[following][0]]):
        return following
    between = offset >= spans[following - 1][1]
    return following if leads and between else following - 1


def _segment(
    runs: Sequence[Run], plain: str, span: Span, marks: Sequence[int], block: int
) -> Segment:
    numbers = tuple(dict.fromkeys(run.number for run in runs if run.number))
    start, end = span[0] + _label(runs), span[1]
    start = start if start < end else span[0]
    start = _behind_lead_in(plain, (start, end), marks)
    words = _words(plain, (start, end), marks)
    bare = not numbers and (_is_bold(runs) or (words.endswith(":") and not _has_digit(words)))
    return Segment(tuple(runs), words, numbers, bare, block)


def _label(runs: Sequence[Run]) -> int:
    """How many characters bold words with a colon take that stand in front: "**Precedent**: …"."""
    label = ""
    for run in runs:
        if _is_marker(run):
            return 0
        bold = "strong" in run.styles or not run.text.strip()
        colon = re.match(r"\s*:\s", run.text) if label.strip() and not bold else None
        label += run.text if bold else colon[0] if colon else ""
        if label.rstrip().endswith(":"):
            return 0 if _has_digit(label) else len(label)
        if not bold:
            return 0
    return 0


def _behind_lead_in(plain: str, span: Span, marks: Sequence[int]) -> int:
    """Where a sentence goes on that begins by naming its source: "According to [1], …"."""
    if lead := _LEAD_IN.match(plain, *span):
        return lead.end()
    for at in marks:
        before = plain[span[0] : at] if span[0] <= at else ""
        behind = re.match(r"\s*[,:]\s+(?=\S)", plain[at : span[1]])
        named = any(word[:1].isupper() for word in before.split()[1:]) or _has_digit(before)
        if before.strip() and behind and len(before.split()) < _LEADING and not named:
            return at + behind.end()
    return span[0]


def _words(plain: str, span: Span, marks: Sequence[int]) -> str:
    """The sentence's words, without the space that a marker leaves before a full stop."""
    words, last = "", span[0]
    for offset in sorted(set(marks)):
        if span[0] < offset < span[1]:
            words += plain[last:offset]
            last = offset
            words = words.rstrip() if plain.startswith(_ENDS, offset) else words
    joined = " ".join((words + plain[last : span[1]]).split())
    return re.sub(r"(?:\s?[,;])+(?=[.!?]|$)", "", joined)


def _is_bold(runs: Sequence[Run]) -> bool:
    worded = [run for run in runs if any(map(str.isalnum, run.text))]
    ends = "".join(run.text for run in runs).rstrip(" *_\n").endswith((".", "!", "?"))
    return bool(worded) and all("strong" in run.styles for run in worded) and not ends


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


# --- rows of a table


def _row(walk: _Walk) -> None:
    """A row: its first cell says what it is of, the others what it says, up to each marker."""
    cells, walk.row = walk.row or [], None
    walk.nodes.append(Tag("tr"))
    found = [_cell(runs, walk.block) for runs in cells]
    head, rest = (found[0], found[1:]) if len(found) > 1 else (None, found)
    said: list[Segment] = []
    for item in rest:
        words = f"{head.words}{_JOINED}{item.words}" if head and head.words else item.words
        label = item.label or not item.words
        said.append(replace(item, words=words if item.words else "", label=label))
    if head:
        said = _shared(said, head.numbers) if head.numbers else said
        walk.nodes += [Tag("td"), replace(head, label=True, numbers=()), Tag("td", False)]
    for item in _shared(said, walk.inherited):
        walk.nodes += [Tag("td"), item, Tag("td", False)]
    walk.nodes.append(Tag("tr", False))


def _cell(runs: Sequence[Run], block: int) -> Segment:
    """A cell as one segment, however many sentences it has."""
    plain = "".join(run.text for run in runs if not _is_marker(run))
    numbers = tuple(dict.fromkeys(run.number for run in runs if run.number))
    marks, at = [], 0
    for run in runs:
        marks += [at] if _is_marker(run) else []
        at += 0 if _is_marker(run) else len(run.text)
    words = _words(plain, (0, len(plain)), marks)
    worded = any(map(str.isalnum, words))
    return Segment(tuple(runs), words if worded else "", numbers, not worded, block)


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

    Where nothing before them cites anything, for the whole answer. Short words beside sentences
    that cite are labels: "Yes."
    """
    found = segments(nodes)
    cites = any(item.numbers for item in found)
    for at, item in enumerate(found):
        if not item.words and item.cites:
            found = _given(found, at)
        elif cites and not item.cites and 0 < len(item.bare.split()) < _FEWEST:
            label = item.label or not _has_digit(item.words)
            found[at] = replace(item, label=label, numbers=() if label else item.numbers)
    fresh = iter(found)
    return [next(fresh) if isinstance(node, Segment) else node for node in nodes]


def _given(found: list[Segment], at: int) -> list[Segment]:
    """`found` with the markers that make up segment `at` credited to those before it."""
    before = [n for n in range(at) if found[n].words]
    if not before:
        return found
    cited = any(found[n].numbers for n in before)
    last = found[before[-1]].block
    for n in before:
        open_ = not found[n].numbers and not found[n].label
        if open_ and (not cited or found[n].block == last):
            found[n] = replace(found[n], numbers=found[at].numbers)
    return found
