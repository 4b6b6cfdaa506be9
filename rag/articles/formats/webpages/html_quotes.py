"""Quotations that a page gives to somebody: marked in it, so that the text keeps whose they are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block
from rag.articles.personal_names import is_name

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_MARK = re.compile(r"⍟(\d+)⍟\s*")
_INNER = ("p", "div", "li", "h2", "h3", "h4")
_UNDER = re.compile(
    r"(?:^|[\s_-])(?:attribution|cite|citation|author|source|speaker|name|quote-?by|credit|byline)"
    r"(?:[\s_-]|$)",
    re.IGNORECASE,
)
_DASH = re.compile(r"^\s*(?:[—–―]|--?\s)\s*(?=\S)")
_REST = re.compile(r"\s*(?:[,(|;:]|\s[—–-]\s|@).*$", re.DOTALL)
_SAID = re.compile(r"^(?:by|par|von|por|di|door|–|—)\s+", re.IGNORECASE)
_LONGEST = 25  # words of an attribution
_LONGEST_NAME = 6


def mark_quotes(tree: HtmlElement) -> list[str]:
    """Mark each quotation that somebody's name stands under; returns the names by their marks."""
    people: list[str] = []
    short = _print_marks(tree)
    for quote in [*tree.iter("blockquote"), *short]:
        if quote.getparent() is None:
            continue
        source = _source(quote)
        person = None if source is None else _person(one_line(source.text_content()))
        if source is not None and person:
            _mark(quote, source, len(people))
            people.append(person)
    return people


def _print_marks(tree: HtmlElement) -> list[HtmlElement]:
    """Print the marks that a browser puts around a short quotation, and read it in its line."""
    found = list(tree.iter("q"))
    for quote in found:
        if not quote.text_content().strip().startswith(("“", '"', "«", "„", "‘", "'")):
            quote.text = f"“{quote.text or ''}"
            last = quote[-1] if len(quote) else None
            if last is None:
                quote.text += "”"
            else:
                last.tail = f"{last.tail or ''}”"
        quote.tag = "span"
    return found


def with_people(blocks: list[Block], people: list[str]) -> list[Block]:
    """Blocks with the persons that are marked in them, without the marks."""
    found = []
    for block in blocks:
        mark = _MARK.match(block.text)
        author = people[int(mark[1])] if mark and int(mark[1]) < len(people) else block.author
        if text := _MARK.sub("", block.text).strip():
            found.append(replace(block, text=text, author=author))
    return found


def mark_block(element: HtmlElement, number: int) -> None:
    """Mark a paragraph as the words of the person of a number, unless it has a mark."""
    if not _MARK.match(element.text or ""):
        element.text = f"⍟{number}⍟ {element.text or ''}"


def _source(quote: HtmlElement) -> HtmlElement | None:
    """The element that says who is quoted: in the quotation, beside it, or in its figure."""
    inner = list(quote.iter("cite", "footer", "figcaption"))
    outer = [e for e in inner if next(e.iterancestors("cite", "footer"), quote) in (quote, None)
             or e.tag == "footer"]  # fmt: skip
    if outer:
        return outer[-1]
    if (tail := _printed_after(quote)) is not None:
        return tail
    children = [e for e in quote if isinstance(e.tag, str)]
    if children and len(children) > 1 and _is_line(children[-1]):
        return children[-1]
    figure = next(quote.iterancestors("figure"), None)
    if figure is not None and (caption := figure.find(".//figcaption")) is not None:
        return caption
    return _beside(quote)


def _printed_after(quote: HtmlElement) -> HtmlElement | None:
    """A name after a dash that stands in the quotation beside its paragraphs, as an element."""
    from lxml import html  # type: ignore[import-untyped, unused-ignore]

    for child in quote.iterchildren("p", "div"):
        if child.tail and _DASH.match(child.tail):
            line = html.Element("footer")
            line.text, child.tail = child.tail, None
            for other in list(child.itersiblings()):
                line.append(other)
            child.addnext(line)
            return line
    return None


def _beside(quote: HtmlElement) -> HtmlElement | None:
    after = quote.getnext()
    if after is None or not isinstance(after.tag, str) or (quote.tail or "").strip(" ,—–-"):
        return None
    if after.tag in ("cite", "footer", "figcaption"):
        return after
    if after.tag not in ("p", "div", "span") or len(after.text_content().split()) > _LONGEST:
        return None
    only = [e for e in after.iter("cite")]
    if only and one_line(only[0].text_content()) == one_line(after.text_content()).strip("—– "):
        return after
    if quote.tag == "span":
        return None
    return after if _is_line(after) else None


def _is_line(element: HtmlElement) -> bool:
    """Whether a line is who said it: by its class, or by the dash before a name."""
    text = element.text_content()
    if len(text.split()) > _LONGEST or not text.strip():
        return False
    if _DASH.match(text):
        return True
    person = _person(one_line(text))
    return bool(_UNDER.search(element.get("class", ""))) and person is not None


def _person(text: str) -> str | None:
    """Name in "— Tove Brandt, harbour leader"; None if nothing in it can be one."""
    text = _SAID.sub("", _DASH.sub("", text)).strip(" “”\"'")
    name = _REST.sub("", text).strip(" .—–-")
    if is_name(name):
        return name
    fits = 0 < len(name.split()) <= _LONGEST_NAME and any(map(str.isalpha, name))
    return name if fits and len(text.split()) <= _LONGEST else None


def _mark(quote: HtmlElement, source: HtmlElement, number: int) -> None:
    """Put the mark before each paragraph of a quotation, and the name below it as one."""
    from lxml import html  # type: ignore[import-untyped, unused-ignore]

    mark = f"⍟{number}⍟ "
    if quote.tag == "span":  # it stands in a line, with the name
        line = next(quote.iterancestors("p", "li", "div", "figure"), None)
        if line is not None and _is_alone(line, quote, source):
            line.text = mark + (line.text or "")
        return
    named = html.Element("p")
    named.text = mark + one_line(source.text_content())
    if source.getparent() is not None and source is not quote:
        source.drop_tree()
    leaves = [e for e in quote.iter(*_INNER) if next(e.iterdescendants(*_INNER), None) is None]
    for leaf in leaves or [quote]:
        leaf.text = mark + (leaf.text or "")
    if leaves and (quote.text or "").strip():
        quote.text = mark + (quote.text or "")
    quote.addnext(named)
    named.tail, quote.tail = quote.tail, None
    for box in list(quote.iterancestors("li", "ul", "ol", "figure"))[:2]:
        box.tag = "div"


def _is_alone(line: HtmlElement, quote: HtmlElement, source: HtmlElement) -> bool:
    rest = len(one_line(line.text_content()))
    own = len(one_line(quote.text_content())) + len(one_line(source.text_content()))
    return rest - own <= 6
