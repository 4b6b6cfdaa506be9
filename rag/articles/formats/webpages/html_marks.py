"""Marks within a web page's text that change what it says: struck words, raised notes, ruby.

All functions change the tree in place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.articles.cleaning import one_line
from rag.articles.raised import raised
from rag.text.words import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_STRUCK = ("del", "s", "strike")
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b", re.IGNORECASE)
_RAISED_STYLE = re.compile(r"vertical-align\s*:\s*(?:super|text-top)\b", re.IGNORECASE)
_NOTE_LINK = re.compile(
    r"#(?:_?fn|_?ftn|_?edn|cite[_-]?note|foot-?note|end-?note|note|ref)[\w:.-]*", re.IGNORECASE
)
_NOTE_CLASS = re.compile(
    r"(?:^|\s)(?:footnote-?ref|footnote-reference|noteref|reference|fn-?ref|sdfootnoteanc|"
    r"Template-Fact|Inline-Template)(?:\s|$)",
    re.IGNORECASE,
)
_NOTE_TEXT = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§¶]{1,3}|[a-z]|[ivx]{1,4})[\])]?")
_BACK = re.compile(
    r"(?:^|\s)(?:footnote-?back(?:ref|link)?|mw-cite-backlink|reversefootnote)(?:\s|$)", re.I
)
_TOOLS = re.compile(
    r"(?:^|\s)(?:mw-editsection|mw-jump-link|navbox|navbox-styles|vertical-navbox|catlinks|toc|"
    r"noprint|printfooter|sistersitebox|mw-empty-elt|headerlink|anchor-link)(?:\s|$)"
)
_ADVERT = re.compile(r"(?:^|\s)(?:adsbygoogle|ads?|dcmads)(?:[\s_-]|$)", re.IGNORECASE)
_SCRIPTS_OFF = re.compile(r"java\s?script", re.IGNORECASE)
_BLOCKS = ("p", "li", "div", "td", "th", "blockquote", "h1", "h2", "h3", "h4", "section", "article")
_BEFORE = 40  # characters that are looked at before a raised one
_MOST_ELSEWHERE = 0.7  # of the paragraphs in <noscript>, whose quotation marks may differ
_TEMPLATE_WORDS = 4  # of a paragraph in <noscript> that is one


def straighten(tree: HtmlElement) -> bool:
    """Take all marks into account; returns whether the page shows what was changed in it."""
    _open_shadow_roots(tree)
    _open_noscripts(tree)
    changed = _accept_changes(tree)
    _drop(e for e in tree.iter("rt", "rp", "rtc"))
    _drop(e for e in tree.iter("span", "div", "table", "a", "ul", "sup") if _is_tool(e))
    for element in list(tree.iter("sup", "a", "span")):
        if element.getparent() is not None and is_raised(element):
            _lower(element)
    return changed


def _is_tool(element: HtmlElement) -> bool:
    """What a wiki or a program puts into the text: links to edit, navigation, the way back."""
    if _BACK.search(element.get("class", "")) or element.get("role") == "doc-backlink":
        return True
    is_tool = _TOOLS.search(element.get("class", "")) is not None
    return is_tool and element.find(".//h1") is None


def is_struck(element: HtmlElement) -> bool:
    """Whether an element's text is struck out."""
    return element.tag in _STRUCK or _STRUCK_STYLE.search(element.get("style", "")) is not None


def is_raised(element: HtmlElement) -> bool:
    """Whether an element's text stands above the line, or is the mark of a note."""
    if element.tag == "sup" or _RAISED_STYLE.search(element.get("style", "")):
        return True
    return element.tag in ("a", "span") and _is_figure(element) and is_note(element)


def is_note(element: HtmlElement) -> bool:
    """Whether the page says that an element is the mark of a note, or a link to one in it."""
    for each in (element, *element.iter("a")):
        said = f"{each.get('role', '')} {each.get('epub:type', '')}"
        if "noteref" in said or _NOTE_CLASS.search(each.get("class", "")):
            return True
        href = each.get("href", "")
        target = href[href.find("#") :] if "#" in href else ""
        in_page = href.startswith("#") or _NOTE_LINK.fullmatch(target)
        if each.tag == "a" and in_page and _NOTE_TEXT.fullmatch(one_line(each.text_content())):
            return True
    return element.tag == "sup" and element.find(".//a") is not None and _is_figure(element)


def _is_figure(element: HtmlElement) -> bool:
    return _NOTE_TEXT.fullmatch(one_line(element.text_content())) is not None


def _lower(element: HtmlElement) -> None:
    """Put what a raised element means into the line, in its place."""
    text = raised(_text_before(element), element.text_content(), note=is_note(element))
    for child in list(element):
        element.remove(child)
    element.text = text
    element.drop_tag()


def _text_before(element: HtmlElement) -> str:
    """The end of the text before an element, in its paragraph."""
    text = ""
    while len(text) < _BEFORE:
        before = element.getprevious()
        parent = element.getparent()
        if before is not None:
            own = before.text_content() if isinstance(before.tag, str) else ""
            text = own + (before.tail or "") + text
            element = before
        elif parent is None:
            break
        else:
            text = (parent.text or "") + text
            if parent.tag in _BLOCKS:
                break
            element = parent
    return text[-_BEFORE:]


def _accept_changes(tree: HtmlElement) -> bool:
    """Struck words go and inserted ones stay; a price that is struck is no change of the text."""
    marked = [e for e in tree.iter("del", "ins") if not _ADVERT.search(e.get("class", ""))]
    changed = any(e.text_content().strip() for e in marked)
    struck = [e for e in tree.iter(*_STRUCK, "span", "p", "div", "li") if is_struck(e)]
    _drop(struck)
    for element in list(tree.iter("ins")):
        if element.getparent() is not None and not _ADVERT.search(element.get("class", "")):
            element.drop_tag()
    return changed


def _open_shadow_roots(tree: HtmlElement) -> None:
    """What a page keeps for one of its own elements is shown in its place; the rest is not."""
    for template in list(tree.iter("template")):
        if template.get("shadowrootmode") or template.get("shadowroot"):
            template.tag = "div"
        elif template.getparent() is not None:
            template.drop_tree()


def _open_noscripts(tree: HtmlElement) -> None:
    """Open what is shown without scripts if it is text, and stands nowhere else on the page."""
    found = [e for e in tree.iter("noscript") if e.getparent() is not None]
    if not found:
        return
    inside = {e for element in found for e in element.iter()}
    others = [e for e in tree.iter("p", "div", "article") if e not in inside]
    elsewhere = letters(" ".join(e.text_content() for e in others if e.tag == "p"))
    for element in found:
        paragraphs = [one_line(p.text_content()) for p in element.iter("p")]
        texts = [text for text in paragraphs if len(text.split()) >= _TEMPLATE_WORDS]
        is_text = bool(texts) and not any(map(_SCRIPTS_OFF.search, texts))
        there = sum(letters(text) in elsewhere for text in texts)
        if is_text and there < _MOST_ELSEWHERE * len(texts):
            element.tag = "div"
        elif element.getparent() is not None:
            element.drop_tree()


def _drop(elements: Iterator[HtmlElement] | list[HtmlElement]) -> None:
    for element in list(elements):
        if element.getparent() is not None:
            element.drop_tree()
