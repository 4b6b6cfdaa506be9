"""Takes out of a saved page what its reader did not see as the article, and straightens the rest.

All functions change the tree in place. What they drop can not be cited, so each of them spares
an element that holds the headline or much of the page's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from rag.articles.formats.webpages.html_hidden import hidden

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_SIGN_UP = re.compile(
    r"(?:^|[\s_-])(?:newsletter|sign-?up|subscribe|subscription)(?:[\s_-]|$)", re.IGNORECASE
)
_ROLLOVER = re.compile(r"(?:^|[\s_-])(?:rollover|tooltip|popover|hovercard|flyout)(?:[\s_-]|$)")
_CAPTION = re.compile(
    r"(?:^|[\s_-])(?:caption|caption-?text|image-?credit|photo-?credit)(?:[\s_-]|$)", re.IGNORECASE
)
_TWEET = re.compile(r"\b(?:twitter-tweet|twitter-video|instagram-media)\b")
_LEAST_SHOWN = 25  # words in paragraphs of a page that is not hidden whole
_LONGEST_WIDGET = 80  # words; a longer form or sign-up box may hold the article
_LONGEST_CAPTION = 60  # words
_LEAST_STORY = 60  # words that an <article> must hold before the others count as other stories
_MOST_OF_A_MAIL = 0.8  # of a page's words in its tables
_PROSE = 8  # words in a paragraph that is more than a label


def clean_page(tree: HtmlElement) -> None:
    """Run every step, in the order in which one prepares the next."""
    drop_widgets(tree)
    drop_other_stories(tree)
    open_layout_tables(tree)
    join_pieces(tree)
    free_tweets(tree)


def words_in(element: HtmlElement) -> int:
    """How many words there are in an element, roughly; some scripts put no spaces between them."""
    text = " ".join(element.text_content().split())
    return max(len(text.split()), len(text) // 8)


def drop_hidden(tree: HtmlElement) -> None:
    """Drop what the page itself hides: templates, pop-ups, the article once more for machines.

    A page that scripts reveal is hidden whole when it is saved: what holds its headline stays, and
    so does what holds most of its text unless enough stands outside of everything that is hidden.
    """
    found = list(hidden(tree))
    if not found:
        return
    inside = {e for element in found for e in element.iter()}
    whole = _prose_words(tree)
    shown = sum(words_in(p) for p in tree.iter("p") if p not in inside)
    headings = set(tree.iter("h1"))
    for element in found:
        seen = headings.difference(element.iter("h1")) or not headings
        if seen and (shown >= _LEAST_SHOWN or 2 * _prose_words(element) <= whole):
            headings.difference_update(element.iter("h1"))
            _drop(element)


def _holds_headline(element: HtmlElement) -> bool:
    return element.tag == "h1" or element.find(".//h1") is not None


def _prose_words(element: HtmlElement) -> int:
    own = words_in(element) if element.tag == "p" else 0
    return own or sum(words_in(paragraph) for paragraph in element.iter("p"))


def drop_widgets(tree: HtmlElement) -> None:
    """Drop sign-up boxes, small forms, and what unfolds when the mouse is over a name."""
    for element in list(tree.iter("form", "div", "section", "aside")):
        is_widget = element.tag == "form" or _SIGN_UP.search(_names(element)) is not None
        if is_widget and not _holds_headline(element) and words_in(element) <= _LONGEST_WIDGET:
            _drop(element)
    for element in [e for e in tree.iter("span", "div") if _ROLLOVER.search(_names(e))]:
        inner = [e for e in element.iter("span", "div") if _ROLLOVER.search(_names(e))]
        links = sum(1 for _ in element.iter("a"))
        if inner == [element] and links >= 2:  # the outer one holds the name itself
            _drop(element)


def _names(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def drop_other_stories(tree: HtmlElement) -> None:
    """Drop each <article> beside the one that holds the page's only headline."""
    headings = [e for e in tree.iter("h1") if e.text_content().strip()]
    if len(headings) != 1:
        return
    home = next((e for e in headings[0].iterancestors("article")), None)
    if home is None or _prose_words(home) < _LEAST_STORY:
        return
    related = {home, *home.iterancestors(), *home.iterdescendants("article")}
    for element in list(tree.iter("article")):
        if element not in related:
            _drop(element)


def is_laid_out(tree: HtmlElement) -> bool:
    """Whether a page is laid out by tables alone, as mails are: most of its words stand in them."""
    if next(tree.iter("article", "main", "nav"), None) is not None:
        return False
    tables = [e for e in tree.iter("table") if next(e.iterancestors("table"), None) is None]
    body = tree.find(".//body")
    whole = words_in(tree if body is None else body)
    return sum(map(words_in, tables)) > _MOST_OF_A_MAIL * whole


def open_layout_tables(tree: HtmlElement) -> None:
    """Turn tables that lay out a page into plain boxes; tables of data stay."""
    for table in list(tree.iter("table")):
        if _lays_out(table):
            for element in [table, *_own_cells(table)]:
                element.tag = "div"


def _lays_out(table: HtmlElement) -> bool:
    if table.find(".//th") is not None or table.find(".//caption") is not None:
        return False
    if table.find(".//h1") is not None:
        return True
    cells = [e for e in _own_cells(table) if e.tag == "td"]
    return any(sum(words_in(p) >= _PROSE for p in cell.iter("p")) >= 2 for cell in cells)


def _own_cells(table: HtmlElement) -> list[HtmlElement]:
    parts = table.iter("thead", "tbody", "tfoot", "tr", "td", "th")
    return [e for e in parts if next(e.iterancestors("table"), None) is table]


def join_pieces(tree: HtmlElement) -> None:
    """Move an article that advertisements cut into boxes of one class into the first of them."""
    for article in [*tree.iter("article"), *tree.iter("main")]:
        boxes = [e for e in article.iter("div", "section") if e.get("class") and _own_prose(e)]
        for _, same in groupby(sorted(boxes, key=_box_key), key=_box_key):
            pieces = list(same)
            inner = next(pieces[0].iterancestors("article", "main")) is article
            if len(pieces) > 1 and inner and _are_pieces(pieces, article):
                for piece in pieces[1:]:
                    _move(piece, pieces[0])


def _box_key(element: HtmlElement) -> tuple[int, str]:
    return sum(1 for _ in element.iterancestors()), element.get("class", "")


def _own_prose(element: HtmlElement) -> list[HtmlElement]:
    return [p for p in element.findall("p") if words_in(p) >= 2 * _PROSE]


def _are_pieces(boxes: list[HtmlElement], article: HtmlElement) -> bool:
    """Whether boxes hold one text: paragraphs, no story's heading, and no other text between."""
    if sum(len(_own_prose(box)) >= 2 for box in boxes) < 2:
        return False
    if any(next(box.iter("h1", "article"), None) is not None for box in boxes):
        return False
    inside = [any(e in boxes for e in p.iterancestors()) for p in _all_prose(article)]
    first, last = inside.index(True), len(inside) - inside[::-1].index(True)
    return all(inside[first:last])


def _all_prose(article: HtmlElement) -> list[HtmlElement]:
    return [p for p in article.iter("p") if words_in(p) >= 2 * _PROSE]


def _move(source: HtmlElement, target: HtmlElement) -> None:
    for child in list(source):
        target.append(child)
    source.drop_tree()


def free_tweets(tree: HtmlElement) -> None:
    """Take the class off quoted posts and their frames, which are mistaken for share buttons."""
    for element in tree.iter("blockquote"):
        if not _TWEET.search(element.get("class", "")):
            continue
        element.attrib.pop("class")
        size = words_in(element)
        for frame in element.iterancestors("div", "figure", "section"):
            if words_in(frame) > size:
                break
            frame.attrib.pop("class", None)
            frame.attrib.pop("id", None)


def captions(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Captions: of figures, and boxes whose class says so. Safe while the tree is changed."""
    for element in list(tree.iter("figcaption", "div", "p", "span")):
        is_named = _CAPTION.search(element.get("class", "")) is not None
        if element.tag == "figcaption" or (is_named and _is_caption(element)):
            yield element


def _is_caption(element: HtmlElement) -> bool:
    inner = element.iter("p", "div", "figcaption", "img", "table")
    boxes = [e for e in inner if e is not element and e.tag != "p"]
    return not boxes and 0 < words_in(element) <= _LONGEST_CAPTION


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
