"""Metadata that a web page states for machines: JSON-LD, meta tags, microdata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rag.articles.cleaning import one_line
from rag.articles.dates import parse_date
from rag.articles.drafts import Meta
from rag.articles.fields import person, read_fields
from rag.articles.labels import label_in_title, label_in_url, label_of
from rag.articles.names import is_outlet

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_ARTICLE_TYPE = re.compile(r"(?:Article|BlogPosting|Report|Review|LiveBlogPosting)$")
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title", "sailthru.title", "headline")
_AUTHORS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "citation_author",
    "parsely-author", "sailthru.author", "byl", "article.author",
)  # fmt: skip
_OUTLETS = (
    "og:site_name",
    "citation_journal_title",
    "dc.publisher",
    "publisher",
    "application-name",
)
_DATES = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publication_date", "article.published", "date",
    "citation_publication_date", "citation_online_date",
)  # fmt: skip
_SECTIONS = ("article:section", "section", "og:type", "parsely-section", "category", "label")
_URL = re.compile(r"https?://\S+")
_SITE = re.compile(r"\s+[|–—·•-]\s+(?P<site>[^|–—·•]{2,60})$")


def page_metadata(tree: HtmlElement) -> Meta:
    """Everything that the page says about its article in so many words."""
    metas = _metas(tree)
    meta = _from_json(tree).or_else(_from_metas(metas)).or_else(_from_tags(tree))
    title, site = _title_tag(tree)
    meta = meta.or_else(Meta(title=title, outlet=site if site and is_outlet(site) else None))
    label = meta.label or label_in_title(meta.title or "") or label_in_url(meta.url or "")
    return meta.or_else(Meta(label=label))


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if content := one_line(element.get("content", "")):
            values.setdefault(name.lower(), []).append(content)
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
    )


def _authors(metas: dict[str, list[str]], outlet: str | None) -> str | None:
    for name in _AUTHORS:
        names = [person(re.sub(r"^by\s+", "", text, flags=re.I)) for text in metas.get(name, [])]
        real = [text for text in names if text and not _URL.match(text) and text != outlet]
        if real:
            return ", ".join(dict.fromkeys(real))
    return None


def _from_json(tree: HtmlElement) -> Meta:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            kinds = item.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in kinds):
                return _from_object(item, kinds)
    return Meta()


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


def _from_object(item: dict[str, Any], kinds: list[Any]) -> Meta:
    page = item.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, dict) else page
    sections = item.get("articleSection")
    labels = [
        label_of(text)
        for text in (*kinds, *(sections if isinstance(sections, list) else [sections]))
        if isinstance(text, str)
    ]
    return read_fields(
        {
            "title": item.get("headline") or item.get("name"),
            "author": item.get("author") or item.get("creator"),
            "publisher": item.get("publisher"),
            "date": item.get("datePublished"),
            "url": item.get("url") or page,
            "label": next(filter(None, labels), None),
        }
    )


def _from_tags(tree: HtmlElement) -> Meta:
    link = next((e.get("href") for e in tree.iter("link") if e.get("rel") == "canonical"), None)
    printed = after_heading(tree, "time", "span", "abbr")
    published = next(filter(None, map(_time, printed)), None)
    headings = [one_line(e.text_content()) for e in tree.iter("h1")]
    named = [text for text in headings if text]
    return Meta(
        title=named[0] if len(set(named)) == 1 else None,
        published=published,
        url=link if link and _URL.fullmatch(link) else None,
    )


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


def _title_tag(tree: HtmlElement) -> tuple[str | None, str | None]:
    """Title and site of "Headline | Site"."""
    element = tree.find(".//title")
    text = one_line(element.text_content()) if element is not None else ""
    match = _SITE.search(text)
    if is_outlet(text):
        return None, text
    return (text[: match.start()], match["site"]) if match else (text or None, None)
