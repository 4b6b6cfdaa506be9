"""PowerPoint: what stands on the slides that are shown, and the speaker's notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block
from rag.articles.formats.office.flow import Flow
from rag.articles.formats.office.ooxml import Package, open_package, properties
from rag.articles.formats.office.slides import Slide, read_slides
from rag.articles.formats.office.word_styles import child, value
from rag.articles.formats.webpages.markup import local_name
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not readable PowerPoint; open it there and save it again as .pptx."
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "hdr", "sldNum", "sldImg")  # placeholders
_DRAWING = "/drawingml/"


def read(data: bytes, path: str) -> Reading:
    """Read a .pptx file, a show or a template; hidden slides are left out.

    Raises:
        ArticleError: broken, too large when unpacked, or without text.

    """
    package = open_package(data, _BROKEN)
    main = package.target("", "officeDocument")
    if main is None:
        raise ArticleError(_BROKEN)
    held: list[str] = []
    slides = [_slide(package, name, held) for name in _names(package, main)]
    return read_slides(slides, path, held, *properties(package))


def _names(package: Package, main: str) -> list[str]:
    """The slides' parts, in their order."""
    targets = package.targets(main)
    ids = (_related(item) for item in package.xml(main).iter("{*}sldId"))
    return [targets[one].name for one in ids if one in targets]


def _related(element: Any) -> str:
    keys = element.attrib.items()
    return next((text for key, text in keys if key.endswith("relationships}id")), "")


def _slide(package: Package, name: str, held: list[str]) -> Slide:
    root = package.xml(name)
    if value(root, "show") in ("0", "false", "off"):
        return Slide()
    titles, blocks = list[Block](), list[Block]()
    for shape in _shapes(child(root, "cSld")):
        (titles if _placeholder(shape) in _TITLES else blocks).extend(_shape(shape))
    for target in package.targets(name).values():
        if target.kind == "diagramData":
            blocks += _texts(package.xml(target.name))
            held += _held(package.xml(target.name))
    held += _held(root)
    title = one_line(" ".join(block.text for block in titles)) or None
    return Slide(title, blocks, _notes(package, name, held))


def _notes(package: Package, slide: str, held: list[str]) -> list[Block]:
    place = package.target(slide, "notesSlide")
    if not place:
        return []
    root = package.xml(place)
    held += _held(root)
    return [block for shape in _shapes(root) for block in _shape(shape)]


def _shapes(element: Any) -> Iterator[Any]:
    """Shapes and tables in their order, also those in groups; copies for old programs are not."""
    for item in () if element is None else element:
        name = local_name(item)
        if name in ("sp", "graphicFrame", "cxnSp"):
            if not _is_left_out(item):
                yield item
        elif name == "AlternateContent":
            yield from _shapes(child(item, "Choice"))
        elif name:
            yield from _shapes(item)


def _shape(shape: Any) -> list[Block]:
    tables = shape.findall(".//{*}tbl")
    return [block for table in tables for block in _table(table)] if tables else _texts(shape)


def _texts(element: Any) -> list[Block]:
    """The paragraphs in an element."""
    flow = Flow()
    for paragraph in element.iter("{*}p"):
        if _DRAWING in paragraph.tag:
            _write(paragraph, flow)
            flow.end()
    return flow.blocks


def _table(table: Any) -> list[Block]:
    rows = []
    for row in table.iterchildren("{*}tr"):
        cells = [cell for cell in row.iterchildren("{*}tc") if not _is_merged(cell)]
        rows.append([Flow(blocks=_texts(cell)) for cell in cells])
    flow = Flow()
    flow.rows(rows)
    return flow.blocks


def _write(paragraph: Any, flow: Flow) -> None:
    for item in paragraph:
        name = local_name(item)
        look = child(item, "rPr")
        if name == "br":
            flow.add("\n")
        elif name == "r" and not _is_struck(look):
            baseline = value(look, "baseline").rstrip("%")
            up = baseline.isdigit() and int(baseline) > 0
            flow.add(getattr(child(item, "t"), "text", None) or "", up=up)
        elif name == "fld" and value(item, "type") != "slidenum":
            flow.add(getattr(child(item, "t"), "text", None) or "")


def _is_struck(look: Any) -> bool:
    return value(look, "strike") not in ("", "noStrike")


def _is_merged(cell: Any) -> bool:
    return any(value(cell, name) in ("1", "true") for name in ("hMerge", "vMerge"))


def _is_left_out(shape: Any) -> bool:
    """Whether a shape is hidden, or the date, number or footer of every slide."""
    own = next(shape.iter("{*}cNvPr"), None)
    return value(own, "hidden") in ("1", "true") or _placeholder(shape) in _FURNITURE


def _placeholder(shape: Any) -> str:
    place = next(shape.iter("{*}ph"), None)
    return "" if place is None else value(place, "type") or "body"


def _held(root: Any) -> list[str]:
    """The words of every paragraph of a part, without what is left out on purpose."""
    found = []
    for paragraph in root.iter("{*}p"):
        around = list(paragraph.iterancestors())
        is_copy = any(local_name(item) == "Fallback" for item in around)
        shape = next((item for item in around if local_name(item) in ("sp", "graphicFrame")), None)
        if (
            _DRAWING in paragraph.tag
            and not is_copy
            and not (shape is not None and _is_left_out(shape))
        ):
            runs = (t for t in paragraph.iter("{*}t") if not _is_number(t.getparent()))
            found.append("".join(t.text or "" for t in runs))
    return found


def _is_number(run: Any) -> bool:
    look = child(run, "rPr")
    return value(run, "type") == "slidenum" or _is_struck(look) or bool(value(look, "baseline"))
