"""Answers as a Word document (.docx): a zip of XML, with Word's own footnotes.

    sections -> paragraphs and tables of pieces of text -> templates/word/*.xml -> zip

A source that is cited again is referred to (NOTEREF), as Word does it: it has one footnote.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rag.answering.layout import Tag
from rag.answering.paragraphs import Segment
from rag.export import templating
from rag.export.footnoted import Note, Section
from rag.export.marked_up import Pair
from rag.export.verdicts import remark

PARTS = {  # of the zip -> template
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "relations.xml",
    "docProps/core.xml": "properties.xml",
    "word/document.xml": "document.xml",
    "word/styles.xml": "styles.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
    "word/footnotes.xml": "footnotes.xml",
    "word/_rels/document.xml.rels": "document_relations.xml",
    "word/_rels/footnotes.xml.rels": "footnote_relations.xml",
}
_WHEN = (1980, 1, 1, 0, 0, 0)  # of each part: the same answers make the same bytes
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML 1.0
_HEADINGS = {"h3": "Heading2", "h4": "Heading3", "h5": "Heading3"}
_DEEPEST = 8  # level of a list in Word, from 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one style, a line break, or the reference to a footnote.

    `again`: the footnote was referred to before, and `text` is its number.
    """

    text: str
    styles: tuple[str, ...] = ()
    note: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`style` is the id of one in styles.xml; `list` the id of a list, 0 for none."""

    style: str
    pieces: tuple[Piece, ...]
    list: int = 0
    level: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; how many rows at its top are heads."""

    rows: tuple[tuple[Paragraph, ...], ...]
    heads: int


@dataclass(slots=True)
class _Lists:
    """The lists of a document: the first number of each, 0 for bullets."""

    starts: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    """Where the walk over the elements is; `numbers` are those of the footnotes so far."""

    turn: int
    numbers: dict[tuple[int, int], int]
    lists: _Lists
    blocks: list[Paragraph | Table] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    open: list[int] = field(default_factory=list)  # ids of the lists around
    style: str = "Normal"
    quotes: int = 0
    item: bool = False  # the next paragraph begins an item
    rows: list[tuple[Paragraph, ...]] = field(default_factory=list)
    cells: list[Paragraph] = field(default_factory=list)
    heads: int = 0


def as_docx(title: str, sections: Sequence[Section], made: str) -> bytes:
    """The document; opens in Word, LibreOffice and Google Docs."""
    numbers, lists = dict[tuple[int, int], int](), _Lists()
    blocks: list[Paragraph | Table] = []
    if len(sections) > 1:
        blocks.append(_line("Title", title))
    for turn, item in enumerate(sections, start=1):
        blocks.append(_line("Heading1", item.question))
        blocks += _walked(item.body, _Walk(turn, numbers, lists))
        blocks += [_line("Remark", text) for text in item.remarks]
    blocks.append(_line("Remark", made))
    notes = [(id_, sections[turn - 1].notes[number]) for (turn, number), id_ in numbers.items()]
    return _zipped(title, blocks, notes, lists.starts)


def _line(style: str, text: str) -> Paragraph:
    return Paragraph(style, (Piece(text),))


# --- from elements to paragraphs and tables


def _walked(body: Sequence[Pair], walk: _Walk) -> list[Paragraph | Table]:
    for node, sentence in body:
        if isinstance(node, Segment):
            walk.pieces += _pieces(node, walk)
            if sentence and (said := remark(sentence)):
                walk.pieces = _doubted(walk.pieces, said)
        elif node.name in ("table", "thead", "tr", "td", "th"):
            _cell(walk, node)
        else:
            _element(walk, node)
    _end(walk)
    return walk.blocks


def _pieces(node: Segment, walk: _Walk) -> Iterator[Piece]:
    for run in node.runs:
        if run.number:
            key = (walk.turn, run.number)
            again = key in walk.numbers
            id_ = walk.numbers.setdefault(key, len(walk.numbers) + 1)
            yield Piece(str(id_), note=id_, again=again)
        elif run.text:
            yield Piece(run.text, run.styles)


def _doubted(pieces: Sequence[Piece], said: str) -> list[Piece]:
    """A sentence with what is doubted behind it, before the space at its end."""
    *before, last = pieces or [Piece("")]
    bare = last.text.rstrip()
    doubt = (Piece(" "), Piece(f"({said})", ("doubt",)), Piece(last.text[len(bare) :]))
    return [*before, replace(last, text=bare), *doubt]


def _element(walk: _Walk, tag: Tag) -> None:
    _end(walk)
    match tag.name:
        case "ul" | "ol" if tag.opens:
            walk.lists.starts.append((tag.start or 1) if tag.name == "ol" else 0)
            walk.open.append(len(walk.lists.starts))
        case "ul" | "ol":
            walk.open.pop()
        case "li":
            walk.item = tag.opens
        case "blockquote":
            walk.quotes += 1 if tag.opens else -1
        case "hr":
            walk.blocks.append(Paragraph("Rule", ()))
        case name:
            walk.style = _HEADINGS.get(name, "Normal") if tag.opens else "Normal"


def _end(walk: _Walk) -> None:
    """What was gathered is a paragraph, the first of an item with its bullet or number."""
    if not any(piece.note or piece.text.strip() for piece in walk.pieces):
        walk.pieces.clear()
        return
    style = "Quote" if walk.quotes and walk.style == "Normal" else walk.style
    level = max(len(walk.open) - 1, 0)
    if walk.open and style == "Normal":
        style = "ListParagraph"
    list_ = walk.open[-1] if walk.open and walk.item else 0
    pieces = (replace(walk.pieces[0], text=walk.pieces[0].text.lstrip()), *walk.pieces[1:])
    walk.blocks.append(Paragraph(style, pieces, list_, min(level, _DEEPEST)))
    walk.pieces, walk.item = [], False


def _cell(walk: _Walk, tag: Tag) -> None:
    match tag.name:
        case "table" if tag.opens:
            _end(walk)
            walk.rows, walk.heads = [], 0
        case "table":
            walk.blocks.append(Table(tuple(walk.rows), walk.heads))
        case "thead" if not tag.opens:
            walk.heads = len(walk.rows)
        case "tr" if tag.opens:
            walk.cells = []
        case "tr":
            walk.rows.append(tuple(walk.cells))
        case "td" | "th" if not tag.opens:
            style = "TableHead" if tag.name == "th" else "TableText"
            walk.cells.append(Paragraph(style, tuple(walk.pieces)))
            walk.pieces = []


# --- the zip


def _zipped(
    title: str,
    blocks: Sequence[Paragraph | Table],
    notes: Sequence[tuple[int, Note]],
    lists: Sequence[int],
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, template in PARTS.items():
            printed = templating.printed(
                _TEMPLATES, f"word/{template}", "part", title, blocks, notes, lists
            )
            member = zipfile.ZipInfo(name, _WHEN)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0  # the same on every system
            archive.writestr(member, _DECLARED + printed.encode())
    return file.getvalue()


_DECLARED = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _legal(text: str) -> str:
    """`text` without characters that XML cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)


_TEMPLATES = templating.opened("rag.export", legal=_legal)
