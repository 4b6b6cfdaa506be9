"""OpenDocument files (LibreOffice): the zip or flat file, its styles, and its running text.

Texts, slides and sheets share all of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block
from rag.articles.formats.fields import headline, person
from rag.articles.formats.office.flow import Flow, is_white
from rag.articles.formats.webpages.markup import local_name, parse_xml
from rag.articles.formats.zips import MB, Limits, open_zip, read_member
from rag.errors import ArticleError
from rag.schema import Kind

_LIMITS = Limits(member=100 * MB, total=300 * MB)
_LOCKED = "The document is encrypted; save it without a password."
_PARTS = ("content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml")
_CAPTIONS = ("Caption", "Illustration", "Figure", "Drawing", "Table", "Text")  # styles
_GONE = frozenset(
    "tracked-changes annotation annotation-end sequence-decls variable-decls user-field-decls"
    " dde-connection-decls forms event-listeners table-of-content illustration-index table-index"
    " object-index user-index alphabetical-index ruby-text script placeholder page-number"
    " page-continuation number note-ref desc covered-table-cell note-citation shapes".split()
)
_TEXTS = ("p", "h")
_RUNS_ON = "runs-on"  # of a paragraph whose end is deleted
_SPACE = re.compile(r"\s+")
_MOST_PARENTS = 20
_MOST_SPACES = 1000
Look = dict[str, bool]


@dataclass(frozen=True, slots=True)
class Document:
    """A document's parts: `content` and `styles` are root elements, alike in a flat file."""

    content: Any
    styles: Any
    meta: Any

    def body(self, kind: str) -> Any:
        """The element of the text, the presentation or the spreadsheet; None if it has none."""
        bodies = (e for e in self.content.iter("{*}body"))
        return next((e for body in bodies for e in body if local_name(e) == kind), None)

    @property
    def properties(self) -> tuple[str | None, str | None]:
        """Title and author; the dates are those of the file and are not read."""
        if self.meta is None:
            return None, None
        whole = self.meta.iter("{*}meta")
        known = {local_name(e): e.text for part in whole for e in part if local_name(e)}
        return headline(known.get("title")), person(known.get("initial-creator"))

    @property
    def is_changed(self) -> bool:
        """Whether words were inserted or deleted in tracked changes."""
        regions = self.content.iter("{*}changed-region")
        return any(local_name(e) in ("insertion", "deletion") for region in regions for e in region)


def open_document(data: bytes, broken: str) -> Document:
    """Open a document that is a zip, or a flat file of XML; deleted words are taken out of it.

    Raises:
        ArticleError: `broken` where it is neither; encrypted, too large when unpacked.

    """
    document = _opened(data, broken)
    _drop_deleted(document.content)
    return document


def _opened(data: bytes, broken: str) -> Document:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        root = parse_xml(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
        return Document(root, root, root)
    archive = open_zip(data, _LIMITS, broken, reads=lambda name: name in _PARTS)
    found = {item.filename: item for item in archive.infolist() if item.filename in _PARTS}
    parts = {name: read_member(archive, item, _LIMITS) for name, item in found.items()}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise ArticleError(_LOCKED)
    if "content.xml" not in parts:
        raise ArticleError(broken)
    content = parse_xml(parts["content.xml"])
    return Document(content, _optional(parts, "styles.xml"), _optional(parts, "meta.xml"))


def _drop_deleted(content: Any) -> None:
    """Take out deletions that stand where they were; others stand apart, and are never read."""
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    regions = content.iter("{*}changed-region")
    deletions = {value(e, "id") for e in regions if e.find("{*}deletion") is not None}
    if not deletions:
        return
    open_ones: set[str] = set()
    for event, element in etree.iterwalk(content, events=("start", "end")):
        name = local_name(element)
        if event == "start" and name == "change-start":
            open_ones |= deletions & {value(element, "change-id")}
        elif event == "start" and name == "change-end":
            open_ones.discard(value(element, "change-id"))
        if open_ones and event == "start":
            element.text = None
        elif open_ones:
            element.tail = None
            if name in _TEXTS:
                element.set(_RUNS_ON, "true")


def _optional(parts: Mapping[str, bytes], name: str) -> Any:
    try:
        return parse_xml(parts[name]) if name in parts else None
    except ArticleError:  # the text may be whole all the same
        return None


@dataclass(frozen=True, slots=True)
class Styles:
    """Looks and parents of the styles, by family ("text") and name."""

    looks: Mapping[tuple[str, str], Look]
    named: Mapping[str, str]  # the named style that each automatic one was made from
    coloured: bool = False  # whether pages are not white

    def look(self, element: Any, family: str, around: Look) -> Look:
        """How what is in an element looks."""
        return {**around, **self.looks.get((family, value(element, "style-name")), {})}

    def name(self, element: Any) -> str:
        """Its named style, "Heading_20_1"."""
        name = value(element, "style-name")
        return self.named.get(name, name)


def read_styles(document: Document) -> Styles:
    """Read named and automatic styles."""
    found: dict[tuple[str, str], Any] = {}
    automatic: dict[str, str] = {}
    for root in (document.styles, document.content):
        for style in () if root is None else root.iter("{*}style"):
            found[value(style, "family"), value(style, "name")] = style
        for group in () if root is None else root.iter("{*}automatic-styles"):
            for style in group:
                if parent := value(style, "parent-style-name"):
                    automatic[value(style, "name")] = parent
    pages = (
        _look(layout).get("shaded")
        for root in (document.styles, document.content)
        for layout in (() if root is None else root.iter("{*}page-layout-properties"))
    )
    return Styles({key: _inherited(key, found) for key in found}, automatic, any(pages))


def _inherited(key: tuple[str, str], styles: Mapping[tuple[str, str], Any]) -> Look:
    family, chain = key[0], list[Any]()
    style = styles.get(key)
    while style is not None and style not in chain and len(chain) < _MOST_PARENTS:
        chain.append(style)
        style = styles.get((family, value(style, "parent-style-name")))
    look: Look = {}
    for item in reversed(chain):
        for part in item:
            look |= _look(part)
    return look


def _look(properties: Any) -> Look:
    look: Look = {}
    for key, text in properties.attrib.items():
        name = key.rpartition("}")[2]
        if name == "display":
            look["hidden"] = text in ("none", "false")
        elif name in ("text-line-through-style", "text-line-through-type"):
            look["struck"] = text != "none"
        elif name == "text-position":
            first = text.split(" ")[0]
            look["raised"] = first == "super" or (first[:1].isdigit() and first.strip("0%") != "")
        elif name == "color":
            look["white"] = is_white(text)
        elif name == "font-size":
            look["tiny"] = _is_tiny(text)
        elif name in ("background-color", "fill-color"):
            if text.lower() != "transparent":
                look["shaded"] = text.lower() != "#ffffff"
        elif name == "visibility":
            look["hidden"] = text == "hidden"
    return look


def _is_tiny(size: str) -> bool:
    """Whether letters are of a point or less: nobody reads them."""
    number = size.removesuffix("pt")
    return size.endswith("pt") and number.replace(".", "", 1).isdigit() and float(number) <= 1


@dataclass(slots=True)
class Story:
    """Walks the running text; what it met on the way is kept for who asks."""

    styles: Styles
    titles: dict[str, str] = field(default_factory=dict)  # by style: "Title", "Heading_20_1"
    unseen: set[Any] = field(default_factory=set)  # elements that nobody sees
    raised: set[Any] = field(default_factory=set)  # elements above the line
    coloured: bool = False  # on a background that is not white, as slides may be
    inside: int = 0  # paragraphs that are open

    def blocks(self, element: Any) -> list[Block]:
        """The blocks of what is in an element, as a text of its own."""
        inside, self.inside = self.inside, 0
        flow = Flow()
        self._all(element, flow, {"shaded": self.coloured})
        flow.end()
        self.inside = inside
        return flow.blocks

    def _all(self, element: Any, flow: Flow, look: Look) -> None:
        up = look.get("raised", False)
        self._write(element.text, flow, up)
        for item in element:
            self._visit(item, flow, look)
            self._write(item.tail, flow, up)

    def _write(self, text: str | None, flow: Flow, up: bool) -> None:
        if self.inside and text:
            flow.add(_SPACE.sub(" ", text), up=up)

    def _visit(self, element: Any, flow: Flow, look: Look) -> None:
        name = local_name(element)
        if not name or name in _GONE or _is_label(element):
            return
        if _is_hidden(element):
            self.unseen.add(element)
        elif name in _TEXTS:
            self._paragraph(element, flow, look)
        elif name == "span":
            self._span(element, flow, look)
        elif name == "note":
            body = element.find("{*}note-body")
            flow.follow([] if body is None else self.blocks(body), "caption")
        elif name == "text-box":
            self._apart(element, flow)
        elif name == "table" and not self.inside:
            flow.end()
            flow.rows([self._cells(row, look) for row in rows_of(element)])
        elif name in ("line-break", "tab", "s"):
            flow.add("\n" if name == "line-break" else " " * _count(element, "c", _MOST_SPACES))
        else:
            self._all(element, flow, look)

    def _apart(self, element: Any, flow: Flow) -> None:
        coloured, self.coloured = self.coloured, True  # boxes are, as often as not
        flow.follow(self.blocks(element))
        self.coloured = coloured
        if not self.inside:
            flow.end()

    def _span(self, element: Any, flow: Flow, look: Look) -> None:
        own = self.styles.look(element, "text", look)
        if is_unseen(own):
            self.unseen.add(element)
            return
        if own.get("raised"):
            self.raised.add(element)
        self._all(element, flow, own)

    def _paragraph(self, element: Any, flow: Flow, look: Look) -> None:
        if self.inside:  # of a shape that is anchored in a paragraph
            flow.follow(self._shape_text(element))
            return
        own = self.styles.look(element, "paragraph", look)
        if is_unseen(own):
            self.unseen.add(element)
            return
        name, before = self.styles.name(element), len(flow.blocks)
        self.inside += 1
        self._all(element, flow, own)
        self.inside -= 1
        if element.get(_RUNS_ON):
            return
        kind: Kind = "caption" if name in _CAPTIONS else "body"
        flow.end(kind)
        if value(element, "outline-level") == "1" and name != "Title":
            name = "Heading_20_1"
        if name in ("Title", "Heading_20_1") and len(flow.blocks) > before:
            self.titles.setdefault(name, one_line(flow.blocks[before].text))

    def _shape_text(self, element: Any) -> list[Block]:
        inside, self.inside = self.inside, 0
        flow = Flow()
        self._visit(element, flow, {"shaded": True})
        self.inside = inside
        return flow.blocks

    def _cells(self, row: Any, look: Look) -> list[Flow]:
        found = []
        for cell in (item for item in row if local_name(item) == "table-cell"):
            inner = Flow()
            own = {**look, "shaded": True}  # white on a coloured cell, as often as not
            self._all(cell, inner, own)
            inner.end()
            found.append(inner)
        return found


def rows_of(table: Any) -> Iterator[Any]:
    """The rows of a table that are shown, without those of tables within it."""
    for item in table:
        name = local_name(item)
        if name == "table-row":
            if value(item, "visibility") not in ("collapse", "filter"):
                yield item
        elif name in ("table-rows", "table-header-rows", "table-row-group"):
            yield from rows_of(item)


def is_unseen(look: Look) -> bool:
    """Whether nobody sees it: hidden, struck out, or white on white."""
    white = look.get("white", False) and not look.get("shaded")
    return white or any(look.get(name, False) for name in ("hidden", "struck", "tiny"))


def held_texts(root: Any, story: Story) -> list[str]:
    """The words of every paragraph there is, without what is deleted or hidden."""
    texts = []
    for element in root.iter("{*}p", "{*}h"):
        around = [element, *element.iterancestors()]
        if not any(local_name(e) in _GONE or e in story.unseen for e in around):
            texts.append("".join(_own_texts(element, story)))
    return texts


def _own_texts(element: Any, story: Story) -> Iterator[str]:
    yield " " if element in story.raised else element.text or ""
    for item in element:
        name = local_name(item)
        if name in ("s", "tab", "line-break"):
            yield " "
        elif name not in (*_GONE, *_TEXTS) and item not in story.unseen:
            yield from _own_texts(item, story)
        yield item.tail or ""


def value(element: Any, name: str) -> str:
    """An attribute by its local name; empty where there is none."""
    found = (text for key, text in element.attrib.items() if key.rpartition("}")[2] == name)
    return next(found, "")


def _count(element: Any, name: str, most: int) -> int:
    count = value(element, name)
    return min(int(count), most) if count.isdigit() and len(count) < 9 else 1


def _is_label(element: Any) -> bool:
    """Whether it is the title that a shape or a table has for machines; `text:title` is printed."""
    return local_name(element) == "title" and ":text:" not in element.tag


def _is_hidden(element: Any) -> bool:
    """Whether a section, words or a whole paragraph are hidden by a condition."""
    name = local_name(element)
    if name in _TEXTS:
        marks = element.iter("{*}hidden-paragraph")
        return any(value(mark, "is-hidden") == "true" for mark in marks)
    if name == "hidden-text":
        return value(element, "is-hidden") != "false"
    return name == "section" and (
        value(element, "display") == "none" or value(element, "is-hidden") == "true"
    )
