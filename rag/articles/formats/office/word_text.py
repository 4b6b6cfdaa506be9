"""The text of a Word document's XML: paragraphs, tables, boxes and notes in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block
from rag.articles.formats.office.flow import Flow
from rag.articles.formats.office.symbols import symbol
from rag.articles.formats.office.word_styles import (
    Styles,
    child,
    is_raised,
    is_shaded,
    is_unseen,
    run_look,
    value,
)
from rag.articles.formats.webpages.markup import local_name
from rag.errors import ArticleError
from rag.schema import Kind

Notes = Mapping[tuple[str, str], Any]  # by kind ("footnote") and id
Chunk = Callable[[str], list[Block]]  # the blocks of a file that was put in, by its id
_OURS = ("/wordprocessingml/", "/math}")
_GONE = frozenset(
    "pPr rPr sdtPr sdtEndPr tblPr tblGrid tblPrEx trPr tcPr sectPr del moveFrom instrText delText"
    " delInstrText rt fPr ctrlPr sSupPr oMathParaPr".split()
)
_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_GRIDS = ("", "table grid", "normal table", "table normal")  # styles without a colour


@dataclass(slots=True)
class Story:
    """What was read of a document, and what was seen on the way."""

    blocks: list[Block] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)  # by style: "title", "heading 1"
    notes: list[Any] = field(default_factory=list)  # elements of the notes that are referred to
    unseen: set[Any] = field(default_factory=set)  # runs that nobody sees
    raised: set[Any] = field(default_factory=set)  # runs above the line
    missing: list[str] = field(default_factory=list)


def read_story(root: Any, styles: Styles, notes: Notes, chunk: Chunk) -> Story:
    """Read a document; `notes` are its footnotes and endnotes."""
    walk = _Walk(styles, notes, chunk)
    background = child(root, "background")
    walk.coloured += value(background, "color").lower() not in ("", "auto", "ffffff")
    flow = Flow()
    walk.visit_all(root, flow, "")
    flow.end()
    walk.story.blocks = flow.blocks
    return walk.story


def held_texts(roots: list[Any], story: Story, styles: Styles) -> list[str]:
    """The words of every paragraph there is, without what is deleted, hidden or a copy."""
    texts = []
    for root in roots:
        for paragraph in root.iter("{*}p"):
            if _ours(paragraph) == "p" and not _is_listing(paragraph, styles):
                texts.append("".join(_own_texts(paragraph, story)))
    return texts


def _own_texts(paragraph: Any, story: Story) -> Iterator[str]:
    for item in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}cr"):
        above = list(item.iterancestors())
        own = next((one for one in above if _ours(one) == "p"), None)
        if own is paragraph and not any(_is_left_out(one, story.unseen) for one in above):
            is_word = local_name(item) == "t" and item.getparent() not in story.raised
            yield (item.text or "") if is_word else " "


def _is_left_out(element: Any, unseen: set[Any]) -> bool:
    name = local_name(element)
    if name == "Fallback":
        return _has_text(child(element.getparent(), "Choice"))
    is_gone = name in ("pPr", "del", "moveFrom", "rt")
    return is_gone or element in unseen or _is_row_gone(element) or _is_placeholder(element)


@dataclass(slots=True)
class _Walk:
    styles: Styles
    notes: Notes
    chunk: Chunk
    story: Story = field(default_factory=Story)
    fields: list[bool] = field(default_factory=list)  # open fields: still at its instruction?
    coloured: int = 0  # how many backgrounds that are not white are around
    in_note: bool = False

    def visit_all(self, element: Any, flow: Flow, style: str) -> None:
        for item in element:
            self.visit(item, flow, style)

    def visit(self, element: Any, flow: Flow, style: str) -> None:
        name = _ours(element) or local_name(element)
        if name in _GONE or not name or _is_placeholder(element):
            return
        is_own = bool(_ours(element)) or name == "AlternateContent"
        known = _VISITS.get(name, _Walk.visit_all) if is_own else _Walk.visit_all
        known(self, element, flow, style)

    def paragraph(self, element: Any, flow: Flow, _: str) -> None:
        settings = child(element, "pPr")
        style = value(child(settings, "pStyle"), "val") or self.styles.usual
        if _is_listing(element, self.styles):
            return
        name, before = self.styles.names.get(style, ""), len(flow.blocks)
        shaded = is_shaded(child(settings, "shd"))
        self.coloured += shaded
        self.visit_all(element, flow, style)
        self.coloured -= shaded
        if self._runs_on(settings, style):
            return
        kind: Kind = "caption" if name == "caption" else "body"
        flow.end(kind)
        if name in ("title", "heading 1") and len(flow.blocks) > before:
            self.story.titles.setdefault(name, one_line(flow.blocks[before].text))

    def _runs_on(self, settings: Any, style: str) -> bool:
        """Whether the next paragraph goes on in this one: its mark is deleted or hidden."""
        look = run_look(self.styles, child(settings, "rPr"), style)
        initial = value(child(settings, "framePr"), "dropCap").lower() in ("drop", "margin")
        return initial or any(look.get(name) for name in ("deleted", "vanish"))

    def run(self, element: Any, flow: Flow, style: str) -> None:
        look = run_look(self.styles, child(element, "rPr"), style)
        unseen = is_unseen(look, on_colour=self.coloured > 0)
        if unseen:
            self.story.unseen.add(element)
        up, marked = is_raised(look), False
        if up:
            self.story.raised.add(element)
        for item in element:
            name = _ours(item) or local_name(item)
            if name == "fldChar":
                self._field(value(item, "fldCharType"))
            elif unseen or any(self.fields):
                continue
            elif name == "t":
                flow.add("" if marked else item.text or "", up=up)
            elif name in ("footnoteReference", "endnoteReference"):
                self._note(item, flow, name.removesuffix("Reference"))
                marked = value(item, "customMarkFollows") in ("1", "true", "on")
            else:
                self._sign(item, name, flow, style)

    def _sign(self, item: Any, name: str, flow: Flow, style: str) -> None:
        if name == "br":
            flow.add("\n\n" if value(item, "type") in ("page", "column") else "\n")
        elif name == "sym":
            code = value(item, "char")
            flow.add(symbol(value(item, "font"), int(code, 16)) if _is_code(code) else "")
        elif name in _SIGNS:
            flow.add(_SIGNS[name])
        else:
            self.visit(item, flow, style)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.fields.append(True)
        elif self.fields and kind == "separate":
            self.fields[-1] = False
        elif self.fields and kind == "end":
            self.fields.pop()

    def _note(self, reference: Any, flow: Flow, kind: str) -> None:
        note = self.notes.get((kind, value(reference, "id")))
        if note is not None and not self.in_note:
            self.story.notes.append(note)
            self.in_note = True
            flow.follow(self._apart(note), "caption")
            self.in_note = False

    def _apart(self, element: Any) -> list[Block]:
        """Blocks of what stands outside the running text."""
        fields, self.fields = self.fields, []
        inner = Flow()
        self.visit_all(element, inner, "")
        inner.end()
        self.fields = fields
        return inner.blocks

    def box(self, element: Any, flow: Flow, _: str) -> None:
        self.coloured += 1  # white on the colour of a box, as often as not
        flow.follow(self._apart(element))
        self.coloured -= 1

    def alternative(self, element: Any, flow: Flow, style: str) -> None:
        """One of several ways to say the same: the first that has text."""
        ways = [item for item in element if local_name(item) in ("Choice", "Fallback")]
        chosen = next((way for way in ways if _has_text(way)), None)
        if chosen is not None:
            self.visit_all(chosen, flow, style)

    def table(self, element: Any, flow: Flow, _: str) -> None:
        flow.end()
        settings = child(element, "tblPr")
        look = self.styles.names.get(value(child(settings, "tblStyle"), "val"), "")
        coloured = look not in _GRIDS or is_shaded(child(settings, "shd"))
        self.coloured += coloured
        flow.rows([self._cells(row) for row in _rows(element, "tr", "tbl")])
        self.coloured -= coloured

    def _cells(self, row: Any) -> list[Flow]:
        found = []
        for cell in _rows(row, "tc", "tr"):
            coloured = is_shaded(child(child(cell, "tcPr"), "shd"))
            self.coloured += coloured
            inner = Flow()
            self.visit_all(cell, inner, "")
            inner.end()
            found.append(inner)
            self.coloured -= coloured
        return found

    def put_in(self, element: Any, flow: Flow, _: str) -> None:
        flow.end()
        try:
            flow.blocks += self.chunk(value(element, "id"))
        except ArticleError as error:
            self.story.missing.append(f"a file that was put into it ({error})")

    def fraction(self, element: Any, flow: Flow, style: str) -> None:
        for number, item in enumerate(part for part in element if _ours(part) in ("num", "den")):
            flow.add("/" if number else "")
            self.visit_all(item, flow, style)

    def superscript(self, element: Any, flow: Flow, _: str) -> None:
        flow.add("".join(item.text or "" for item in element.iter("{*}t")), up=True)


_VISITS = {
    "p": _Walk.paragraph,
    "r": _Walk.run,
    "tbl": _Walk.table,
    "txbxContent": _Walk.box,
    "AlternateContent": _Walk.alternative,
    "altChunk": _Walk.put_in,
    "f": _Walk.fraction,
    "sup": _Walk.superscript,
}


def _ours(element: Any) -> str:
    """Local name of an element of Word or of its formulas; else empty."""
    is_ours = isinstance(element.tag, str) and any(part in element.tag for part in _OURS)
    return local_name(element) if is_ours else ""


def _rows(element: Any, wanted: str, owner: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also in content controls, without deleted ones."""
    for item in element:
        name = _ours(item)
        if name == wanted and not _is_row_gone(item):
            yield item
        elif name not in (*_GONE, wanted, owner, "p") and not _is_placeholder(item):
            yield from _rows(item, wanted, owner)


def _is_row_gone(element: Any) -> bool:
    """Whether a row or a cell is deleted in a tracked change, or a row is hidden."""
    name = _ours(element)
    if name not in ("tr", "tc"):
        return False
    settings = child(element, f"{name}Pr")
    gone = ("del", "hidden") if name == "tr" else ("cellDel",)
    return any(child(settings, item) is not None for item in gone)


def _is_placeholder(element: Any) -> bool:
    """Whether it is a content control that nobody has filled in ("Click here to enter text")."""
    if _ours(element) != "sdt":
        return False
    shown = child(child(element, "sdtPr"), "showingPlcHdr")
    return shown is not None and value(shown, "val").lower() not in ("0", "false", "off")


def _is_listing(paragraph: Any, styles: Styles) -> bool:
    """Whether it is a line of a table of contents or of figures."""
    style = value(child(child(paragraph, "pPr"), "pStyle"), "val")
    name = styles.names.get(style, "")
    return name.startswith("toc ") and name[4:].isdigit() or name == "table of figures"


def _has_text(element: Any) -> bool:
    return element is not None and any((item.text or "").strip() for item in element.iter("{*}t"))


def _is_code(text: str) -> bool:
    return 0 < len(text) <= 6 and all(char in "0123456789abcdefABCDEF" for char in text)
