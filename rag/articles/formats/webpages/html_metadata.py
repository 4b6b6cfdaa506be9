"""Metadata that a web page states for machines: JSON-LD, meta tags, microdata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

from rag.articles.cleaning import one_line
from rag.articles.drafts import Meta
from rag.articles.formats.fields import person, read_fields
from rag.articles.formats.webpages.html_byline import headline_element, printed_author, printed_date
from rag.articles.labels import label_in_title, label_in_url, label_of
from rag.articles.personal_names import is_name, is_outlet
from rag.text.dates import parse_date

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_ARTICLE_TYPE = re.compile(r"(?:Article|(?<!Job)Posting|Report|Review)$")
_CDATA = re.compile(r"^\s*(?://\s*)?<!\[CDATA\[|(?://\s*)?\]\]>\s*;?\s*$")
_TITLES = (
    "dc:title", "dc.title", "dcterms.title", "citation_title", "og:title", "parsely-title",
    "sailthru.title", "twitter:title", "headline",
)  # fmt: skip
_AUTHORS = (
    "dc:creator", "dc.creator", "dcterms.creator", "citation_author", "author",
    "article:author_name", "article:author", "parsely-author", "sailthru.author", "byl",
    "article.author",
)  # fmt: skip
_OUTLETS = (
    "og:site_name",
    "citation_journal_title",
    "dc.publisher",
    "publisher",
    "application-name",
)
_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "dc:date.issued",
    "dc.date.issued", "dcterms.issued", "dc:date", "dc.date", "dcterms.date",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date",
    "publication_date", "article.published", "date", "citation_publication_date",
    "citation_online_date", "pdate",
)  # fmt: skip
_UPDATES = (
    "article:modified_time", "og:article:modified_time", "datemodified", "dcterms.modified",
    "dc.date.modified", "og:updated_time",
)  # fmt: skip
_SECTIONS = ("article:section", "section", "og:type", "parsely-section", "category", "label")
_LEAST_TITLE = 3  # words; "Google - Site Reliability Engineering" names no site
_URL = re.compile(r"https?://\S+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_SITE = re.compile(r"\s+[|–—·•-]\s+(?P<site>[^|–—·•]{2,60})$")


def page_metadata(tree: HtmlElement, stated: list[dict[str, Any]]) -> Meta:
    """Everything that the page says about its article in so many words, also in JSON-LD."""
    metas = _metas(tree)
    page_title = _text_of_title(tree)
    meta = _from_json(stated, page_title).or_else(_from_metas(metas))
    title, site = _title_tag(tree, page_title)
    outlet = site if site and is_outlet(site) else None
    meta = meta.or_else(Meta(title=title or only_heading(tree), outlet=outlet))
    meta = _from_tags(tree, meta)
    if meta.updated and meta.published and meta.updated <= meta.published:
        meta = replace(meta, updated=None)  # a template's: saved on the day, or built before it
    label = meta.label or label_in_title(meta.title or "") or label_in_url(meta.url or "")
    return meta.or_else(Meta(label=label))


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        names = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if content := one_line(element.get("content", "")):
            for name in names.lower().split():
                values.setdefault(name, []).append(content)
    return values


def _from_metas(metas: dict[str, list[str]]) -> Meta:
    def every(names: tuple[str, ...]) -> Iterator[str]:
        return (value for name in names for value in metas.get(name, []))

    outlet = next(every(_OUTLETS), None)
    url = next((text for text in metas.get("og:url", []) if _URL.fullmatch(text)), None)
    return Meta(
        title=next(every(_TITLES), None),
        author=_authors(metas, outlet),
        outlet=outlet,
        published=next((day for text in every(_DATES) if (day := parse_date(text))), None),
        url=url,
        label=next(filter(None, map(label_of, every(_SECTIONS))), None),
        updated=next((day for text in every(_UPDATES) if (day := parse_date(text))), None),
    )


def _authors(metas: dict[str, list[str]], outlet: str | None) -> str | None:
    for name in _AUTHORS:
        names = [person(re.sub(r"^by\s+", "", text, flags=re.I)) for text in metas.get(name, [])]
        real = [text for text in names if text and not _URL.match(text)]
        real = [text for text in real if text != outlet or is_name(text)]
        if real:
            return ", ".join(dict.fromkeys(real))
    return None


def stated_articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles that a page describes for machines, in JSON-LD."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(_CDATA.sub("", script.text or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            if any(isinstance(k, str) and _ARTICLE_TYPE.search(k) for k in _kinds(item)):
                yield item


def _kinds(item: dict[str, Any]) -> list[Any]:
    kinds = item.get("@type")
    return kinds if isinstance(kinds, list) else [kinds]


def _from_json(stated: list[dict[str, Any]], page_title: str) -> Meta:
    return _from_object(stated[0], _kinds(stated[0]), page_title) if stated else Meta()


def _objects(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Objects of a JSON-LD block, from the outside in."""
    if depth > 6:
        return
    if isinstance(data, dict):
        yield data
        yield from _objects(data.get("@graph"), depth + 1)
        yield from _objects(data.get("mainEntity"), depth + 1)
    elif isinstance(data, list):
        for item in data[:200]:
            yield from _objects(item, depth + 1)


def _from_object(item: dict[str, Any], kinds: list[Any], page_title: str) -> Meta:
    page = item.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    sections = item.get("articleSection")
    labels = [
        label_of(text)
        for text in (*kinds, *(sections if isinstance(sections, list) else [sections]))
        if isinstance(text, str)
    ]
    texts = (text for key in ("headline", "name") if isinstance(text := item.get(key), str))
    titles = [text for text in map(unescape, texts) if text != _name(item.get("publisher"))]
    on_page = (text for text in titles if text and text in page_title)
    found = read_fields(
        {
            "title": next(on_page, None) or next(filter(None, titles), None),
            "author": item.get("author") or item.get("creator"),
            "publisher": item.get("publisher"),
            "date": item.get("datePublished"),
            "url": item.get("url") or page,
            "label": next(filter(None, labels), None),
        }
    )
    return found.or_else(Meta(updated=parse_date(item.get("dateModified"))))


def _name(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value


def _from_tags(tree: HtmlElement, known: Meta) -> Meta:
    """Add what the page prints, in elements that say what it is, to what is `known`."""
    headline = headline_element(tree, known.title or "")
    links = (e.get("href") for e in tree.iter("link") if e.get("rel") == "canonical")
    url = next((link for link in links if link and _URL.fullmatch(link)), None)
    printed = after_heading(tree, "time", "span", "abbr")
    published = known.published or next(filter(None, map(_time, printed)), None)
    author = known.author
    if not author or _is_login(author):
        author = printed_author(tree, headline) or author
    is_site = author is not None and author == known.outlet and not is_name(author)
    found = Meta(
        author=None if is_site else author,
        published=published or printed_date(tree, headline),
        url=url,
    )
    return replace(known, author=None).or_else(found)


def _is_login(author: str) -> bool:
    return " " not in author and any(map(str.isdigit, author))


def only_heading(tree: HtmlElement) -> str | None:
    """Text of the page's one main heading; None where there are several."""
    headings = {one_line(e.text_content()) for e in tree.iter("h1")} - {""}
    return headings.pop() if len(headings) == 1 else None


def after_heading(tree: HtmlElement, *tags: str) -> Iterator[HtmlElement]:
    """Elements that follow the headline: above it stand other stories and the site's own."""
    heading = tree.find(".//h1")
    passed = heading is None
    for element in tree.iter("h1", *tags):
        if passed and element.tag != "h1":
            yield element
        passed = passed or element is heading


def _time(element: HtmlElement) -> Any:
    names = " ".join(element.get(key, "") for key in ("itemprop", "class", "pubdate"))
    if element.get("pubdate") is None and not re.search(
        r"datePublished|published|entry-date|pubdate|post-date", names
    ):
        return None
    return parse_date(element.get("datetime") or element.get("content"))


def _text_of_title(tree: HtmlElement) -> str:
    element = tree.find(".//title")
    return one_line(element.text_content()) if element is not None else ""


def _words(text: str) -> int:
    """How many words there are; in scripts without spaces, two characters are about one."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


def _title_tag(tree: HtmlElement, text: str) -> tuple[str | None, str | None]:
    """Title and site of "Headline | Site"; the heading that prints the title knows best."""
    match = _SITE.search(text)
    site = match["site"] if match else None
    if is_outlet(text):
        return None, text
    headings = (one_line(e.text_content()) for e in tree.iter("h1"))
    printed = [h for h in headings if _words(h) > 1 and h.casefold() in text.casefold()]
    if printed and 2 * len(printed[0]) >= len(text):
        return printed[0], site
    if match and (_words(text[: match.start()]) >= _LEAST_TITLE or is_outlet(match["site"])):
        return text[: match.start()], site
    return text or None, site
