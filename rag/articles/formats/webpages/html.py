"""Saved web pages: metadata from the page's head, text by trafilatura, comments with their names.

Dates come from explicit metadata or a printed byline alone. trafilatura's own guess also takes
dates from URLs, copyright lines and today's calendar, so it is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, decode, one_line
from rag.articles.drafts import Block, Meta
from rag.articles.formats.mails.newsletters import may_be_one, page_stories
from rag.articles.formats.webpages.html_bundles import exported_pieces, own_articles, shown_text
from rag.articles.formats.webpages.html_cleaning import (
    captions,
    clean_page,
    drop_hidden,
    is_laid_out,
)
from rag.articles.formats.webpages.html_interviews import mark_interview
from rag.articles.formats.webpages.html_links import drop_links, mark_links, refuse_links
from rag.articles.formats.webpages.html_live import live_blocks
from rag.articles.formats.webpages.html_marks import straighten
from rag.articles.formats.webpages.html_metadata import (
    after_heading,
    only_heading,
    page_metadata,
    stated_articles,
)
from rag.articles.formats.webpages.html_quotes import mark_quotes, with_people
from rag.articles.formats.webpages.html_wall import (
    drop_walls,
    full_text,
    is_closed,
    is_teaser,
    without_calls,
)
from rag.articles.formats.webpages.markup import read_blocks
from rag.articles.metadata import same_words
from rag.errors import ArticleError
from rag.schema import Article
from rag.text.language import language_code
from rag.text.words import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_STATEFUL = ("utf-7", "utf7", "hz", "iso-2022", "utf-16", "utf-32", "unicode", "idna", "punycode")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://\S+)")
_SECTION = re.compile(
    r"(?:^|\s)(?:comments?|comment-?list|commentlist|comments-(?:area|section|list|wrapper)|"
    r"reader-?comments|user-?comments|wpd-thread-list|responses)(?:\s|$)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"(?:^|\s)(?:comment|wpd-comment|comment-item|response)(?:\s|$)", re.IGNORECASE)
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:author|fn|user-?name|nick(?:name)?|commenter)(?:[\s_-]|$)", re.IGNORECASE
)
_BODY = re.compile(
    r"(?:^|\s)(?:comment-?(?:text|body|content|message)|wpd-comment-text)(?:\s|$)", re.IGNORECASE
)
_WROTE = re.compile(r"\s+(?:wrote|writes|says|said|commented|replied)\b.*$|\s*:$", re.IGNORECASE)
_BLOCKS = ("p", "head", "list", "item", "quote", "table", "row", "div", "figDesc")
_TEXT_TAGS = tuple(
    ["h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "blockquote", "pre", "figcaption", "td"]
)
_NOT_TEXT = tuple(
    ["script", "style", "noscript", "template", "nav", "footer", "aside", "form", "svg", "head"]
)
_CAPTION = "bylinecaptionmark:"  # travels through trafilatura, which knows no captions
_CHANGED = "has tracked changes"
_BYLINES = 4  # paragraphs among which the byline is printed
_SHORT = 250  # characters of a page that may say more to search engines
_MOST = 0.9  # of a text's letters
_LEAST_WORDS = 12  # with less, trafilatura has missed the article


def read(data: bytes, path: str) -> list[Article]:
    """Read a web page, or the articles of an export or a collection, cited as `path#n`.

    Raises:
        ArticleError: not text, or no text in it.

    """
    source = _XML_HEAD.sub("", decode(data, _declared(data)))
    tree = _parse(source)
    if pieces := exported_pieces(tree):
        names = [f"{path}#{n}" for n in range(1, len(pieces) + 1)] if len(pieces) > 1 else [path]
        return [
            assemble(name, list(piece.blocks), piece.known)
            for name, piece in zip(names, pieces, strict=True)
        ]
    if may_be_one(shown_text(tree)):
        stories = page_stories(read_blocks(tree), laid_out=is_laid_out(tree))
        if stories:
            return [assemble(path, stories, page_metadata(tree, []))]
    return _several(tree, path) or [_article(source, tree, path, Meta())]


def _several(tree: HtmlElement, path: str) -> list[Article]:
    """The articles of a page of which each has its own headline, byline or date, and text."""
    from lxml import html  # type: ignore[import-untyped, unused-ignore]

    found = own_articles(tree)
    stated = list(stated_articles(tree)) if found else []
    if not found or live_blocks(tree, stated):
        return []
    page = page_metadata(tree, [])
    articles: list[Article] = []
    for number, (title, element) in enumerate(found, 1):
        source = f"<html><body>{html.tostring(element, encoding='unicode', with_tail=False)}</body>"
        known = Meta(title=title)
        rest = Meta(outlet=page.outlet, language=page.language or language_code(tree.get("lang")))
        articles.append(_article(source, _parse(source), f"{path}#{number}", known, rest))
    return articles


def _article(
    source: str, tree: HtmlElement, path: str, known: Meta, fallback: Meta | None = None
) -> Article:
    """The one article of a page."""
    stated = list(stated_articles(tree))
    meta = known.or_else(page_metadata(tree, stated))
    if not meta.url and (saved := _SAVED_FROM.search(source[:2000])):
        meta = meta.or_else(Meta(url=saved[1]))
    meta = meta.or_else(Meta(language=language_code(tree.get("lang"))))
    refuse_links(tree)
    heading = only_heading(tree)
    changed = straighten(tree)
    drop_hidden(tree)
    called = drop_walls(tree)
    comments = _take_comments(tree)
    visible = list(_byline_blocks(tree))
    blocks = live_blocks(tree, stated) or _main_blocks(tree)
    blocks = _with_missing(_without_heading(blocks, heading, meta.title), visible)
    blocks, printed = without_calls(_without_bylines(blocks, meta))
    is_short = sum(len(block.text) for block in blocks) < _SHORT
    ends = called or printed or is_short or is_closed(stated)
    whole = full_text(blocks, stated) if ends else None
    is_part = not whole and is_teaser(blocks, stated, called=called or printed)
    if not (whole or blocks or comments):
        raise ArticleError("The page holds no text; save it again once it has loaded completely.")
    notes = [_CHANGED] * changed + ["teaser"] * is_part
    return assemble(path, [*(whole or blocks), *comments], meta, fallback=fallback, notes=notes)


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data[:4096])
    name = match[1].decode("ascii").lower() if match else None
    return None if name is None or name.startswith(_STATEFUL) else name


def _parse(source: str) -> HtmlElement:
    from lxml import etree, html  # type: ignore[import-untyped, unused-ignore]

    try:
        tree: HtmlElement = html.document_fromstring(source)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ArticleError("The file is not a web page.") from error
    return tree


# --- comments


def _take_comments(tree: HtmlElement) -> list[Block]:
    """Cut the comment sections out of the page and return what readers wrote there."""
    found: list[Block] = []
    sections = [
        element
        for element in tree.iter("div", "section", "ol", "ul", "aside")
        if _is_section(element)
    ]
    taken: set[HtmlElement] = set()
    for section in sections:
        if _holds_article(section) or any(above in taken for above in section.iterancestors()):
            continue
        taken.add(section)
        found += [block for item in _items(section) if (block := _comment(item))]
    for section in sections:
        if section in taken:
            section.drop_tree()
    return found


def _is_section(element: HtmlElement) -> bool:
    names = f"{element.get('id', '')} {element.get('class', '')}"
    return _SECTION.search(names) is not None


def _holds_article(element: HtmlElement) -> bool:
    return element.find(".//h1") is not None or element.find(".//main") is not None


def _items(section: HtmlElement) -> list[HtmlElement]:
    named = [e for e in section.iter("li", "div", "article") if _ITEM.search(e.get("class", ""))]
    if named or _ITEM.search(section.get("class", "")):
        return named or [section]
    return [element for element in section if element.tag in ("li", "div", "article")]


def _comment(item: HtmlElement) -> Block | None:
    nested = [
        e
        for e in item.iter("li", "div", "article")
        if e is not item and _ITEM.search(e.get("class", ""))
    ]
    inside = {inner for element in nested for inner in element.iter()}
    own = [e for e in item.iter() if isinstance(e.tag, str) and e not in inside]
    author = next((text for e in own if (text := _author(e))), None)
    bodies = [e for e in own if _BODY.search(e.get("class", ""))]
    source = bodies[:1] or [
        e for e in own if e.tag == "p" and not _AUTHOR.search(e.get("class", ""))
    ]
    texts = [clean_text(text) for e in source for text in _own_texts(e)]
    text = "\n\n".join(filter(None, texts))
    return Block(text, "comment", author) if text else None


def _own_texts(element: HtmlElement) -> list[str]:
    inner = [p for p in element.iter("p") if p is not element]
    return [p.text_content() for p in inner] or [element.text_content()]


def _author(element: HtmlElement) -> str | None:
    if element.tag != "cite" and not _AUTHOR.search(element.get("class", "")):
        return None
    bold = element.find(".//b") if element.find(".//strong") is None else element.find(".//strong")
    text = one_line((element if bold is None else bold).text_content())
    text = _WROTE.sub("", text)
    return text if 0 < len(text) <= 60 else None


# --- the article


def _main_blocks(tree: HtmlElement) -> list[Block]:
    clean_page(tree)
    people = mark_quotes(tree)
    mark_interview(tree, people)
    _mark_captions(tree)
    mark_links(tree)
    blocks = _by_trafilatura(tree)
    if sum(block.words for block in blocks) < _LEAST_WORDS:
        blocks = _by_tags(tree)
    elif len(blocks) == 1:
        blocks = _in_paragraphs(blocks[0], tree)
    return with_people(drop_links(blocks), people)


def _mark_captions(tree: HtmlElement) -> None:
    """Turn each caption into a marked paragraph after its figure."""
    from lxml import html

    for caption in captions(tree):
        text = one_line(caption.text_content())
        figure = next(caption.iterancestors("p", "figure"), caption)
        if figure.getparent() is None:
            continue
        paragraph = html.Element("p")
        if text:
            paragraph.text = f"{_CAPTION} {text}"
            figure.addnext(paragraph)
        caption.drop_tree()


def _by_trafilatura(tree: HtmlElement) -> list[Block]:
    import trafilatura
    from lxml import html

    for script in [e for e in tree.iter("script") if e.getparent() is not None]:
        script.drop_tree()  # or it takes the text from what is said to search engines
    try:
        page = trafilatura.bare_extraction(
            html.tostring(tree, encoding="unicode"), include_comments=False, include_tables=True
        )
    except Exception:  # what a mangled tree makes it trip over; the plain way reads such pages
        return []
    body = getattr(page, "body", None)
    return list(_walk(body)) if body is not None else []


def _walk(element: Any) -> Iterator[Block]:
    children = [child for child in element if _is_block(child)]
    if element.tag == "row":
        cells = (one_line(" ".join(cell.itertext())) for cell in element)
        yield from _block(" | ".join(filter(None, cells)))
    elif element.tag in ("list", "table") or not children:
        if children:
            for child in children:
                yield from _walk(child)
        else:
            yield from _block(_text_of(element))
    else:
        yield from _block(element.text or "")
        for child in children:
            yield from _walk(child)
            yield from _block(child.tail or "")


def _is_block(element: Any) -> bool:
    """Whether it stands on its own; code may also be a word within a sentence."""
    if element.tag == "code":
        return element.getparent().tag in ("body", "div") or "\n" in _text_of(element)
    return element.tag in _BLOCKS


def _text_of(element: Any) -> str:
    text = element.text or ""
    for child in element:
        text += ("\n" if child.tag == "lb" else "") + _text_of(child) + (child.tail or "")
    return text


def _block(text: str) -> Iterator[Block]:
    text = clean_text(text)
    if text.startswith(_CAPTION):
        yield Block(text.removeprefix(_CAPTION).strip(), "caption")
    elif text:
        for paragraph in text.split("\n\n"):
            yield Block(paragraph)


def _in_paragraphs(block: Block, tree: HtmlElement) -> list[Block]:
    """The paragraphs of a short page, which trafilatura gives as one."""
    whole = letters(block.text)
    parts = [part for part in _by_tags(tree) if letters(part.text) in whole]
    found = sum(len(letters(part.text)) for part in parts)
    return parts if len(parts) > 1 and found >= _MOST * len(whole) else [block]


def _by_tags(tree: HtmlElement) -> list[Block]:
    """Every paragraph of the page: for pages too short for trafilatura to find the article in."""
    for element in list(tree.iter(*_NOT_TEXT)):
        if element.getparent() is not None:
            element.drop_tree()
    root = tree.find(".//article")
    root = tree if root is None else root
    leaves = [
        e for e in root.iter(*_TEXT_TAGS) if not any(True for _ in e.iterdescendants(*_TEXT_TAGS))
    ]
    texts = [e.text_content() for e in leaves] or [root.text_content()]
    return [block for text in texts for block in _block(text)]


# --- what trafilatura leaves out


def _byline_blocks(tree: HtmlElement) -> Iterator[str]:
    """Find the visible byline and date, which trafilatura counts as furniture."""
    seen: set[str] = set()
    for element in after_heading(tree, "p", "div", "span", "time", "address"):
        if _is_of_another(element):
            continue
        names = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('rel', '')}"
        if not re.search(
            r"byline|author|dateline|meta|pubdate|(?:^|[\s_-])date(?:[\s_-]|$)", names
        ):
            continue
        text = one_line(element.text_content())
        if 0 < len(text) <= 160 and not any(text in other for other in seen):
            seen.add(text)
            yield text


def _is_of_another(element: HtmlElement) -> bool:
    """Whether it stands in an article with a headline of its own, a teaser on the page of one."""
    own = next(element.iterancestors("article"), None)
    if own is None or own.find(".//h1") is not None or next(own.iter("h2", "h3"), None) is None:
        return False
    return element.getroottree().find(".//h1") is not None


def _without_heading(blocks: list[Block], heading: str | None, title: str | None) -> list[Block]:
    """Drop the printed headline where the page gives machines another wording of it."""
    if not heading or not title or same_words(heading, title):
        return blocks
    again = (n for n, block in enumerate(blocks[:4]) if same_words(block.text, heading))
    number = next(again, None)
    return blocks if number is None else [*blocks[:number], *blocks[number + 1 :]]


def _without_bylines(blocks: list[Block], meta: Meta) -> list[Block]:
    """Drop printed bylines and dates where all that they say is known."""
    from rag.articles.bylines import read_byline

    said = [read_byline(block.text) if number < _BYLINES else None for number, block in
            enumerate(blocks)]  # fmt: skip
    return [b for b, by in zip(blocks, said, strict=True) if by is None or by.or_else(meta) != meta]


def _with_missing(blocks: list[Block], bylines: list[str]) -> list[Block]:
    from rag.articles.bylines import read_byline

    there = "\n".join(one_line(block.text) for block in blocks)
    missing = [text for text in bylines[:4] if read_byline(text) and text not in there]
    at = 1 if blocks and not blocks[0].is_prose else 0
    return [*blocks[:at], *map(Block, missing), *blocks[at:]]
