"""How a run of words looks in a Word document: its own properties over those of its styles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.articles.formats.office.flow import is_white
from rag.articles.formats.webpages.markup import local_name

Look = dict[str, Any]
TOGGLES = ("vanish", "webHidden", "strike", "dstrike")
_OFF = ("0", "false", "off", "none")
_MOST_PARENTS = 20
_PLAIN_SIZE = 20  # half points, where nothing is said
_TINY = 2  # half points and less: nobody reads it
_RAISED = 0.25  # of the size: higher than a correction of the line


@dataclass(frozen=True, slots=True)
class Styles:
    """Looks of the styles by their ids, parents included; `names` in lower case."""

    names: Mapping[str, str] = field(default_factory=dict)
    looks: Mapping[str, Look] = field(default_factory=dict)
    usual: str = ""  # id of the paragraphs' style where none is named
    default: Mapping[str, Any] = field(default_factory=dict)


def read_styles(root: Any) -> Styles:
    """Read the part `styles.xml`."""
    elements = {value(item, "styleId"): item for item in root.iter("{*}style")}
    names = {key: (value(child(item, "name"), "val")).lower() for key, item in elements.items()}
    usual = (
        key
        for key, item in elements.items()
        if value(item, "type") == "paragraph" and value(item, "default") in ("1", "true", "on")
    )
    first = next(root.iter("{*}rPrDefault"), None)
    default = look_of(child(first, "rPr"))
    looks = {key: _with_parents(item, elements) for key, item in elements.items()}
    return Styles(names, looks, next(usual, ""), default)


def run_look(styles: Styles, properties: Any, paragraph: str) -> Look:
    """Look of a run with its own `properties` (rPr or None) in a paragraph of a style."""
    own = look_of(properties)
    below = styles.looks.get(paragraph or styles.usual, {})
    above = styles.looks.get(own.get("style", ""), {})
    look = {**styles.default, **below, **above}
    for name in TOGGLES:  # said by both styles it is off again
        look[name] = bool(below.get(name)) != bool(above.get(name))
    look["usual size"] = below.get("size", styles.default.get("size", _PLAIN_SIZE))
    return {**look, **own}


def is_unseen(look: Look, *, on_colour: bool) -> bool:
    """Whether nobody sees it: hidden, struck out, or white on white."""
    if any(look.get(name) for name in (*TOGGLES, "deleted")):
        return True
    white = look.get("white") and not (look.get("shaded") or on_colour)
    return bool(white) or look.get("size", _PLAIN_SIZE) <= _TINY


def is_raised(look: Look) -> bool:
    """Whether it stands above the line: as a superscript, or moved up and smaller or far."""
    if align := look.get("align"):
        return bool(align == "superscript")
    up, size, usual = look.get("position", 0), look.get("size", _PLAIN_SIZE), look["usual size"]
    return bool(up > 0 and (size < usual or up >= _RAISED * size))


def look_of(properties: Any) -> Look:
    """What run properties (rPr) say themselves."""
    look: Look = {}
    for item in () if properties is None else properties:
        name, val = local_name(item), value(item, "val")
        if name in TOGGLES:
            look[name] = val.lower() not in _OFF
        elif name in ("del", "moveFrom"):
            look["deleted"] = True
        elif name == "vertAlign":
            look["align"] = val
        elif name in ("sz", "position") and _is_number(val):
            look["size" if name == "sz" else name] = int(float(val))
        elif name == "color":
            look["white"] = is_white(val) or _is_paper(item)
        elif name in ("shd", "highlight"):
            look["shaded"] = look.get("shaded") or is_shaded(item)
        elif name == "rStyle":
            look["style"] = val
    return look


def is_shaded(item: Any) -> bool:
    """Whether a `shd` or `highlight` puts a colour behind the words that white shows upon."""
    if item is None:
        return False
    if local_name(item) == "highlight":
        return value(item, "val").lower() not in ("none", "white")
    fill = value(item, "fill").lower()
    return bool(value(item, "themeFill")) or fill not in ("", "auto", "ffffff")


def child(element: Any, name: str) -> Any:
    """The first child of that local name, or None."""
    return None if element is None else element.find(f"{{*}}{name}")


def value(element: Any, name: str) -> str:
    """An attribute by its local name; empty where there is none."""
    if element is None:
        return ""
    found = (text for key, text in element.attrib.items() if key.rpartition("}")[2] == name)
    return next(found, "")


def _is_paper(colour: Any) -> bool:
    """Whether it is the theme's colour of the page, not a shade of it."""
    is_page = value(colour, "themeColor").lower() in ("background1", "light1")
    return is_page and not value(colour, "themeShade") and not value(colour, "themeTint")


def _with_parents(style: Any, elements: Mapping[str, Any]) -> Look:
    chain: list[Any] = []
    while style is not None and style not in chain and len(chain) < _MOST_PARENTS:
        chain.append(style)
        style = elements.get(value(child(style, "basedOn"), "val"))
    look: Look = {}
    for item in reversed(chain):
        look |= look_of(child(item, "rPr"))
        if is_shaded(child(child(item, "pPr"), "shd")):
            look["shaded"] = True
    return look


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit() and len(text) < 9
