"""Live blogs: each entry with its time, in the order of the page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, is_prose
from rag.articles.formats.webpages.markup import read_blocks
from rag.schema import Place

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_LIVE = re.compile(
    r"live-?(?:blog|ticker|stream|feed|update|post|entry|event)|ticker|lx-(?:stream|commentary)"
    r"|minute-by-minute|timeline",
    re.IGNORECASE,
)
_ENTRIES = ("article", "div", "section", "li")
_CLOCK = re.compile(r"(?:^|\s|\b)([01]?\d|2[0-3])\s?[:.h]\s?([0-5]\d)(?!\d|[.,]\d)")
_IN_DATE = re.compile(r"T(\d{2}):(\d{2})")
_LONGEST_TIME = 40  # characters
_FEWEST = 2
_DROPPED = ("nav", "aside", "footer", "form", "button", "script", "style", "svg", "template")


def live_blocks(tree: HtmlElement, stated: list[dict[str, Any]]) -> list[Block] | None:
    """The entries of a live blog below its introduction; None where the page is none."""
    entries = _entries(tree, stated)
    if len(entries) < _FEWEST:
        return _stated_entries(stated)
    blocks = _introduction(tree, entries[0])
    for entry in entries:
        blocks += _entry(entry)
    return blocks


def _entries(tree: HtmlElement, stated: list[dict[str, Any]]) -> list[HtmlElement]:
    """The longest run of siblings that each have a time and a paragraph."""
    known = any("LiveBlogPosting" in str(item.get("@type")) for item in stated)
    best: list[HtmlElement] = []
    for parent in {e.getparent() for time in tree.iter("time", "span", "strong", "b")
                   if _clock(time) for e in time.iterancestors(*_ENTRIES)}:  # fmt: skip
        if parent is None:
            continue
        timed = [e for e in parent if e.tag in _ENTRIES and _times(e) and _says(e)]
        same = [e for e in timed if e.tag == timed[0].tag]
        if len(same) > len(best) and (known or any(map(_is_live, same))):
            best = same
    return best


def _is_live(entry: HtmlElement) -> bool:
    above = (entry, *entry.iterancestors())
    said = (f"{e.get('class', '')} {e.get('id', '')} {e.get('itemtype', '')}" for e in above
            if e.tag not in ("body", "html"))  # fmt: skip
    return any(map(_LIVE.search, said))


def _says(entry: HtmlElement) -> bool:
    """Whether an entry holds a paragraph, and no other story's headline."""
    if entry.find(".//h1") is not None:
        return False
    return any(is_prose(one_line(p.text_content())) for p in entry.iter("p", "div"))


def _clock(element: HtmlElement) -> str | None:
    """The time that an element prints, or that it says for machines."""
    text = one_line(element.text_content())
    if len(text) <= _LONGEST_TIME and _CLOCK.search(text):
        rest = _CLOCK.sub("", text).strip()
        is_time = element.tag == "time" or not re.search(r"[^\W\d_]{4}", rest)
        return text if is_time else None
    if element.tag == "time" and (stated := _IN_DATE.search(element.get("datetime", ""))):
        return f"{stated[1]}:{stated[2]}"
    return None


def _times(entry: HtmlElement) -> list[HtmlElement]:
    """The elements above an entry's first paragraph that tell a time and nothing else."""
    found: list[HtmlElement] = []
    for element in entry.iter("time", "span", "strong", "b", "p", "h2", "h3", "h4"):
        if element.tag == "p" and is_prose(one_line(element.text_content())):
            break
        if _clock(element):
            found.append(element)
    return found


def _entry(entry: HtmlElement) -> list[Block]:
    times = _times(entry)
    printed = [time for e in times if _CLOCK.search(time := one_line(e.text_content()))]
    time = printed[0] if printed else next(filter(None, map(_clock, times)), "")
    heading = next((e for e in entry.iter("h2", "h3", "h4", "h5") if e not in times), None)
    title = one_line(heading.text_content()) if heading is not None else ""
    for other in [*times, *([heading] if title else []), *entry.iter(*_DROPPED)]:
        if other is not None and other is not entry and other.getparent() is not None:
            other.drop_tree()
    head = " ".join(filter(None, [time, title]))
    first = [Block(head, place=Place(0, time=time or None))] if head else []
    return [*first, *read_blocks(entry)]


def _introduction(tree: HtmlElement, first: HtmlElement) -> list[Block]:
    """What stands between the headline and the first entry."""
    home = next(first.iterancestors("article", "main"), None)
    home = tree if home is None else home
    above = {*first.iterancestors()}
    texts = []
    for element in home.iter("h1", "p", "li", "time", "div", "article"):
        if element is first:
            break
        if element.tag in ("h1", "p", "li") and element not in above and not _is_aside(element):
            texts.append(one_line(element.text_content()))
    return [Block(text) for text in texts if text]


def _is_aside(element: HtmlElement) -> bool:
    return next(element.iterancestors("nav", "aside", "footer", "form", "head"), None) is not None


def _stated_entries(stated: list[dict[str, Any]]) -> list[Block] | None:
    """Entries that stand in the page for machines alone."""
    from rag.articles.formats.exported.records import text_blocks

    blocks: list[Block] = []
    for item in stated:
        updates = item.get("liveBlogUpdate")
        for update in updates if isinstance(updates, list) else []:
            if not isinstance(update, dict) or not isinstance(update.get("articleBody"), str):
                continue
            clock = _IN_DATE.search(str(update.get("datePublished", "")))
            time = f"{clock[1]}:{clock[2]}" if clock else None
            head = " ".join(filter(None, [time, one_line(str(update.get("headline") or ""))]))
            body = text_blocks(update["articleBody"])
            place = Place(0, time=time) if time else None
            blocks += [Block(head, place=place), *body] if head else [
                replace(block, place=place) for block in body]  # fmt: skip
    return blocks or None
