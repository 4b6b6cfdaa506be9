"""What a page prints under its headline, in elements that say what they are: author and date.

Other stories on the page print theirs too, so nothing counts that stands above the headline, in a
sidebar, among comments, or, for a date, after the article is well under way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from rag.articles.bylines import read_byline, without_by
from rag.articles.cleaning import one_line
from rag.articles.drafts import is_prose
from rag.articles.personal_names import is_name, split_names, tidy_name
from rag.text.dates import parse_date
from rag.text.words import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_STATED = re.compile(r"(?:^|\s)(?:author|creator)(?:\s|$)", re.IGNORECASE)  # rel and itemprop
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|by-?authors?|authors?|auteurs?|autor(?:es)?|writers?)(?:[\s_-]|$)"
    r"|author-?(?:name|info|link)|byline",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|responses?|related|sidebar|widget|recommended|more|bio|"
    r"follow|navbox|teaser|promo|trending|popular)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_OUTSIDE = ("nav", "footer", "aside", "form", "head")
_CREDITS = re.compile(
    r"(?:\s*\([^()]*\)|\s+[—–|•·].*|\s+(?:edited|photos?|photographs?|illustrations?) by\b.*)$",
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"(?:written|posted|published|story|words)\s+(?=by\b)", re.IGNORECASE)
_FROM = re.compile(r"by:?\s+", re.IGNORECASE)
_UPDATED = re.compile(r"updated?|modified", re.IGNORECASE)
_LONGEST = 160  # characters of a byline
_LONGEST_NAME = 60
_LAST_PARAGRAPH = 3  # a date that stands below it belongs to something else


def headline_element(tree: HtmlElement, title: str) -> HtmlElement | None:
    """Return the heading that says `title` or most of it; else the page's first h1."""
    headings = list(tree.iter("h1", "h2"))
    keys = [letters(heading.text_content()) for heading in headings]
    said = [len(key) if key in letters(title) else 0 for key in keys]
    if max(said, default=0) * 3 >= len(letters(title)) > 0:
        return headings[said.index(max(said))]
    return next((heading for heading in headings if heading.tag == "h1"), None)


def after(tree: HtmlElement, headline: HtmlElement | None) -> Iterator[HtmlElement]:
    """Elements below the headline that are part of the article's column."""
    passed = headline is None
    for element in tree.iter():
        if passed and isinstance(element.tag, str) and element.tag not in _OUTSIDE:
            yield element
        passed = passed or element is headline


def printed_author(tree: HtmlElement, headline: HtmlElement | None) -> str | None:
    """Names in the first element below the headline that says it is the byline."""
    said = next(iter(tree.find_class("p-author")), None)
    if said is not None:  # a microformat says it anywhere
        return one_line(said.text_content()) or None
    for element in after(tree, headline):
        stated = _STATED.search(f"{element.get('rel', '')} {element.get('itemprop', '')}")
        if not stated and not _NAMED.search(element.get("class", "")):
            continue
        if _is_aside(element):
            continue
        if names := _names(element) if not stated else _stated_names(element):
            return ", ".join(dict.fromkeys(names))
    return None


def _is_aside(element: HtmlElement) -> bool:
    for above in (element, *element.iterancestors()):
        if above.tag in ("body", "article", "main"):
            return False
        if above.tag in _OUTSIDE or _ASIDE.search(above.get("class", "")):
            return True
    return False


def _names(element: HtmlElement) -> list[str]:
    """Names in an element whose class speaks of a byline: they must look like names."""
    text = one_line(element.text_content())
    if len(text) > _LONGEST:
        return []
    inner = [e for e in element.iterdescendants() if _is_named(e) and not len(e)]
    if found := [name for e in inner for name in _split(one_line(e.text_content()))]:
        return found
    if found := _split(text):
        return found
    byline = read_byline(text)
    return byline.author.split(", ") if byline and byline.author else []


def _is_named(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str):
        return False
    said = f"{element.get('rel', '')} {element.get('itemprop', '')}"
    return bool(_STATED.search(said) or _NAMED.search(element.get("class", "")))


def _split(text: str) -> list[str]:
    return split_names(_without_by(_CREDITS.sub("", text)).strip(" ,:—–|"))


def _without_by(text: str) -> str:
    text = _WRITTEN.sub("", text, count=1)
    return without_by(text) or _FROM.sub("", text, count=1)


def _stated_names(element: HtmlElement) -> list[str]:
    """Names in an element marked as the author: a newsroom or a login is one too."""
    inner = next((e for e in element.iterdescendants() if e.get("itemprop") == "name"), element)
    text = one_line(inner.text_content() or inner.get("content", ""))
    if len(text) > _LONGEST:
        return []
    if names := _names(element) or _split(text):
        return names
    text = _without_by(_CREDITS.sub("", text)).strip(" ,:—–|")
    fits = 1 < len(text) <= _LONGEST_NAME and any(map(str.isalpha, text))
    return [tidy_name(text) if is_name(text) else text] if fits else []


def printed_date(tree: HtmlElement, headline: HtmlElement | None) -> date | None:
    """Date of the first <time> between the headline and the article's third paragraph."""
    paragraphs = 0
    for element in after(tree, headline):
        if element.tag == "p":
            paragraphs += is_prose(one_line(element.text_content()))
            if paragraphs > _LAST_PARAGRAPH:
                return None
        if element.tag == "time" and not _is_aside(element) and not _is_update(element):
            found = parse_date(element.get("datetime") or one_line(element.text_content()))
            if found:
                return found
    return None


def _is_update(element: HtmlElement) -> bool:
    before = element.getprevious() if element.getprevious() is not None else element.getparent()
    label = "" if before is None else f"{before.text or ''} {before.tail or ''}"
    said = f"{element.get('class', '')} {element.get('itemprop', '')} {element.text_content()}"
    return _UPDATED.search(f"{said} {label[-30:]}") is not None
