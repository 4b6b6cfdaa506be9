"""Several articles in one saved page: exports of databases of the press, and people's clippings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.articles.bundles import database_pieces
from rag.articles.bylines import read_byline
from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, Meta
from rag.articles.factiva import factiva_piece, read_factiva_codes
from rag.articles.formats.webpages.markup import HTML, read_blocks
from rag.articles.labels import label_of
from rag.articles.pieces import Piece, dated, names_in, outlet_named
from rag.text.words import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_FACTIVA = re.compile(r"\barticle [a-z]{2}Article\b")
_EUROPRESSE_NUMBER = re.compile(
    r"\s*(?:,?\s+n(?:o\b\.?|[°º])\s*\S.*|\(site web\).*)$", re.IGNORECASE
)
_NOT_AN_ARTICLE = re.compile(
    r"comment|reply|replies|message|tweet|teaser|promo|related|recommend|sidebar|widget|live",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:read|continue|more|full (?:story|article)|weiterlesen|mehr|lire la suite|leer más)\b"
    r".{0,40}",
    re.IGNORECASE,
)
_DATABASE = re.compile(  # something that each of the databases prints
    r"(?i:document|dokument|load-date|length:|proquest|factiva|nexis|full text)|\bHD\b"
)
_HEADINGS = ("h1", "h2", "h3")
_HEAD = 6  # paragraphs below the headline among which the byline stands
_LEAST_WORDS = 30  # of running text


def exported_pieces(tree: HtmlElement) -> list[Piece]:
    """The articles of a page that a database of the press made; none if it is another page."""
    if found := [piece for it in tree.iter("article") if (piece := _europresse(it))]:
        return found
    if _DATABASE.search(shown_text(tree)):  # else the page need not be read for it
        cells = read_factiva_codes(
            read_blocks(tree, replace(HTML, row=""))
        )  # of several paragraphs
        if found := cells or database_pieces(read_blocks(tree)):
            return found
    boxes = (it for it in tree.iter("div") if _FACTIVA.search(it.get("class", "")))
    return [piece for it in boxes if (piece := _factiva(it))]


def shown_text(tree: HtmlElement) -> str:
    """The text of a page without its scripts and styles."""
    return " ".join(tree.xpath("//text()[not(parent::script or parent::style)]"))


def _factiva(box: HtmlElement) -> Piece | None:
    """An article of Factiva that is printed without the line that ends it."""
    title = _text(box, "*[@id='hd']") or _text(box, "span[contains(@class,'Headline')]")
    piece = factiva_piece(read_blocks(box))
    if not title or not piece:
        return None
    by = names_in(_text(box, "div[@class='author']"))
    return replace(piece, known=Meta(title=title, author=by).or_else(piece.known))


def _europresse(article: HtmlElement) -> Piece | None:
    outlet = _text(article, _named("DocPublicationName"))
    title = _text(article, _named("titreArticleVisu")) or _text(article, _named("titreArticle"))
    texts = article.xpath(f".//{_named('docOcurrContainer')}")
    texts = texts or article.xpath(f".//{_named('DocText')}")
    blocks = [block for text in texts for block in read_blocks(text)]
    if not outlet or not title or not blocks:
        return None
    head = _text(article, _named("DocHeader"))
    subtitle = _text(article, _named("rdp__subtitle"))
    by = _text(article, _named("docAuthors")) or _text(article, _named("sm-margin-bottomNews"))
    known = replace(
        dated(head),
        title=title,
        author=names_in(by),
        outlet=outlet_named(_EUROPRESSE_NUMBER.sub("", outlet)),
        label=label_of(head.split(",")[0]),
    )
    return Piece.of([Block(subtitle), *blocks] if subtitle else blocks, known)


def _named(name: str) -> str:
    return f"*[contains(concat(' ',normalize-space(@class),' '),' {name} ')]"


def _text(element: HtmlElement, path: str) -> str:
    found = element.xpath(f".//{path}")
    return one_line(found[0].text_content()) if found else ""


def own_articles(tree: HtmlElement) -> list[tuple[str, HtmlElement]]:
    """Headlines and elements of a page's articles, if several are whole and have own bylines."""
    found = list(_whole_articles(tree))
    names = {letters(title) for title, _ in found}  # the same once more is a copy
    return found if len(found) > 1 and len(names) == len(found) else []


def _whole_articles(tree: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    for element in tree.iter("article"):
        nearby = [element, *element.iterancestors("div", "section", "aside", "ol", "ul")]
        classes = " ".join(f"{it.get('class', '')} {it.get('id', '')}" for it in nearby)
        heading = next(element.iter(*_HEADINGS), None)
        is_inner = next(element.iterancestors("article"), None) is not None
        if heading is None or is_inner or _NOT_AN_ARTICLE.search(classes):
            continue
        title = one_line(heading.text_content())
        if title and _is_whole(element, title, is_linked=heading.find(".//a") is not None):
            yield title, element


def _is_whole(element: HtmlElement, title: str, *, is_linked: bool) -> bool:
    """Whether it has a byline or a date of its own, and more than a teaser's text."""
    if any(_MORE.fullmatch(one_line(link.text_content())) for link in element.iter("a")):
        return False
    blocks = [block for block in read_blocks(element) if block.text != title]
    lines = [line for block in blocks[:_HEAD] for line in block.lines]
    bylines = [found for line in lines if (found := read_byline(line))]
    prose = [block for block in blocks if block.is_prose and block.kind == "body"]
    is_long = sum(block.words for block in prose) >= _LEAST_WORDS
    is_signed = any(it.author or it.published or it.dated for it in bylines)
    return is_signed and is_long and (len(prose) > 1 or not is_linked)
