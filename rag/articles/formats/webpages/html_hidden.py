"""What a web page hides from its reader, by attributes, styles and simple rules of style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_NEVER = (
    "html", "head", "body", "script", "style", "meta", "link", "title", "img", "input", "base",
)  # fmt: skip
_ZERO = re.compile(r"[+-]?(?:0+(?:\.0+)?|\.0+)(?:px|pt|r?em|%|vw|vh)?")
_TINY = re.compile(r"(?:0?\.\d+|1)px")
_FAR = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|pt|r?em|%|vw)?")
_CLIPPED = re.compile(r"inset\(\s*(?:50|100)%.*|rect\(\s*[01](?:px)?[\s,]+[01](?:px)?\b.*")
_DECLARATION = re.compile(r"(?:^|;)\s*(?P<name>[\w-]+)\s*:\s*(?P<value>[^;]*)")
_IMPORTANT = re.compile(r"\s*!\s*important\s*$", re.IGNORECASE)
_HIDING = {  # property -> what of its values hide
    "display": re.compile(r"none"),
    "visibility": re.compile(r"hidden|collapse"),
    "opacity": _ZERO,
    "font-size": re.compile(f"(?:{_ZERO.pattern}|{_TINY.pattern})"),
    "text-indent": _FAR,
    "clip-path": _CLIPPED,
    "clip": _CLIPPED,
    "color": re.compile(r"transparent"),
    "mso-hide": re.compile(r"all"),
}
_FOR_HEARING = re.compile(
    r"(?:^|\s)(?:sr-only|screen-reader(?:-text|-only)?|visually-?hidden|visuallyhidden|"
    r"u-visually-hidden|assistive-text|element-invisible|a11y-hidden)(?:\s|$)",
    re.IGNORECASE,
)
_SIZES = ("height", "max-height", "width", "max-width")
_ICON_WORDS = 3  # of what is hidden from screen readers because it says nothing

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_RULE = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|@[^{};]*;")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?P<tag>\w*)(?:\.(?P<class>[\w-]+)|#(?P<id>[\w-]+))?")
_LONGEST_SHEET = 500_000  # characters
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """Declarations of a page's own simple rules, by tag, class and id: the later one adds."""

    rules: Mapping[tuple[str, str], str]

    def style(self, element: HtmlElement) -> str:
        """What is declared for an element, its own style last."""
        names = [("tag", element.tag)]
        names += [("class", name) for name in element.get("class", "").split()]
        tagged = [("class", f"{element.tag}.{name}") for name in element.get("class", "").split()]
        names += [*tagged, ("id", element.get("id", ""))]
        declared = [self.rules[name] for name in names if name in self.rules]
        return ";".join([*declared, element.get("style", "")])


def sheet(tree: HtmlElement) -> Sheet:
    """The rules of the page's <style> elements that name one tag, class or id, for any screen."""
    rules: dict[tuple[str, str], str] = {}
    for style in tree.iter("style"):
        if style.get("media", "all").strip().lower() not in ("all", "screen", ""):
            continue
        text = _AT_RULE.sub("", _COMMENT.sub("", (style.text or "")[:_LONGEST_SHEET]))
        for selectors, declared in _RULE.findall(text):
            for selector in selectors.split(","):
                if name := _name(selector.strip()):
                    rules[name] = f"{rules.get(name, '')};{declared}".strip(";")
    return Sheet(rules)


def _name(selector: str) -> tuple[str, str] | None:
    match = _SIMPLE.fullmatch(selector)
    if not match or not selector:
        return None
    tag = match["tag"].lower()
    if match["id"]:
        return ("id", match["id"])
    if match["class"]:
        return ("class", f"{tag}.{match['class']}" if tag else match["class"])
    return ("tag", tag)


def hidden(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Every element that is hidden itself, in the page's order."""
    rules = sheet(tree)
    outer = any("stylesheet" in (link.get("rel") or "").lower() for link in tree.iter("link"))
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in _NEVER:
            continue
        if (
            _says_so(element)
            or is_hidden_by(rules.style(element), element)
            or _is_invisible_ink(element, rules, outer=outer)
        ):
            yield element


def _says_so(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or _FOR_HEARING.search(element.get("class", "")):
        return True
    if element.tag == "dialog":
        return element.get("open") is None
    is_icon = element.get("aria-hidden") == "true" and element.tag in ("span", "i", "svg", "button")
    return is_icon and len(element.text_content().split()) <= _ICON_WORDS and not _figures(element)


def _figures(element: HtmlElement) -> bool:
    return any(map(str.isdigit, element.text_content()))


def declared(style: str) -> dict[str, str]:
    """Values by property; the later one counts, unless the one before it is important."""
    found: dict[str, str] = {}
    fixed: set[str] = set()
    for match in _DECLARATION.finditer(style):
        name, value = match["name"].lower(), match["value"].strip().lower()
        is_important = _IMPORTANT.search(value) is not None
        if is_important or name not in fixed:
            found[name] = _IMPORTANT.sub("", value)
        fixed |= {name} if is_important else set()
    return found


def is_hidden_by(style: str, element: HtmlElement | None = None) -> bool:
    """Whether declarations hide what they are for."""
    values = declared(style) if ":" in style else {}
    hiding = {key for key, it in _HIDING.items() if it.fullmatch(values.get(key, ""))}
    if hiding == {"font-size"} and element is not None:  # children may set one of their own
        return not any("font-size" in e.get("style", "") for e in element.iterdescendants("*"))
    if hiding:
        return True
    if values.get("position") in ("absolute", "fixed"):
        away = ("left", "right", "top", "margin-left", "margin-top")
        if any(_FAR.fullmatch(values.get(key, "")) for key in away):
            return True
    flat = any(_ZERO.fullmatch(values.get(key, "")) for key in _SIZES)
    return flat and re.match("hidden|clip", values.get("overflow", "")) is not None


def _is_invisible_ink(element: HtmlElement, rules: Sheet, *, outer: bool) -> bool:
    """Whether the text has the colour of its ground; no ground is white where no sheet is lost."""
    ink = _colour(declared(rules.style(element)).get("color", ""))
    if not ink or ink in ("inherit", "initial", "unset", "currentcolor"):
        return False
    for above in (element, *element.iterancestors()):
        values = declared(rules.style(above))
        ground = values.get("background-color") or values.get("background")
        if ground := ground or above.get("bgcolor"):
            return _colour(ground) == ink
    return ink == "white" and not outer


def _colour(text: str) -> str:
    bare = "".join(text.split()).lower()
    return "white" if bare in _WHITE else bare
