"""Feeds saved as files (RSS, Atom, WordPress's export), and news in XML (NITF, NewsML-G2)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rag.articles.assembling import assemble
from rag.articles.cleaning import one_line
from rag.articles.coverage import counted
from rag.articles.formats.exported.records import ONLY_LINKS, Record, read_records
from rag.articles.formats.fields import read_fields
from rag.articles.formats.webpages.markup import local_name, parse_xml, read_blocks
from rag.articles.reading import Reading
from rag.errors import ArticleError

_FEEDS = ("rss", "feed", "RDF")
_PUBLISHED = ("post", "page", "")  # of WordPress's kinds of entries
_NEWS = ("body.content", "inlineXML")  # where NITF and NewsML-G2 keep the text

# WordPress's own mark around a picture, "[caption id=…]<img …> The ferry.[/caption]"
_CAPTIONED = re.compile(r"\[caption\b[^\]]*\](.*?)\[/caption\]", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


def read(data: bytes, path: str) -> Reading:
    """Read all entries of a feed, or the story of a news agency's file.

    Raises:
        ArticleError: no feed and no news, or nothing in it is an article.

    """
    root = _root(data)
    if root is None or local_name(root) in _FEEDS:
        return read_records(_entries(data, root), path, "entry")
    if local_name(root) == "opml":
        raise ArticleError(f"It is a list of feeds. {ONLY_LINKS}")
    body = next((e for name in _NEWS for e in root.iter(f"{{*}}{name}")), None)
    if body is None:
        raise ArticleError(
            f"It is XML of a kind that Byline does not know ({local_name(root)}): export the"
            " articles as RSS, JSON or HTML."
        )
    blocks = read_blocks(body)
    return counted([assemble(path, blocks, read_fields(_news(root)))], path, body.itertext())


def _root(data: bytes) -> Any:
    """The root of the file; None where it is not well-formed, which feeds often are not."""
    try:
        return parse_xml(data)
    except ArticleError:
        if b"<rss" in data[:2000] or b"<feed" in data[:2000]:
            return None
        raise


def _entries(data: bytes, root: Any) -> Iterator[Record]:
    import feedparser  # type: ignore[import-untyped, unused-ignore]

    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    people = {} if root is None else _people(root)
    number = 0
    for entry in feed.entries:
        if entry.get("wp_post_type", "") not in _PUBLISHED:
            continue
        if entry.get("wp_status", "publish") == "publish":
            number += 1
            yield Record(number, _fields(entry, feed.feed, people))
    if not number:
        raise ArticleError("The feed has no entries: save it again, or its articles.")


def _people(root: Any) -> dict[str, str]:
    """Names by logins, which WordPress gives as the author."""
    found = {}
    for author in root.iter("{*}author"):
        values = {local_name(child): one_line(child.text or "") for child in author}
        if values.get("author_login") and values.get("author_display_name"):
            found[values["author_login"]] = values["author_display_name"]
    return found


def _fields(
    entry: Mapping[str, Any], feed: Mapping[str, Any], people: Mapping[str, str]
) -> dict[str, Any]:
    contents = [str(item.get("value") or "") for item in entry.get("content", [])]
    text = max(contents, key=len, default="")
    named = [str(each["name"]) for each in entry.get("authors", []) if each.get("name")]
    source = entry.get("source")
    origin = source.get("title") if isinstance(source, Mapping) else None
    return {
        "title": entry.get("title"),
        "text": _CAPTIONED.sub(_captioned, text) or entry.get("summary"),
        "description": entry.get("summary") if text else None,
        "author": [people.get(name, name) for name in named] or entry.get("author"),
        "outlet": origin or feed.get("title"),
        "published": entry.get("published"),
        "updated": entry.get("updated") if "updated" in entry else None,
        "url": entry.get("link"),
    }


def _captioned(match: re.Match[str]) -> str:
    """A picture's caption as a paragraph of its own."""
    return f"\n\n{_TAG.sub('', match[1]).strip()}\n\n"


def _news(root: Any) -> dict[str, Any]:
    """What a news agency's file says of its story."""

    def first(*names: str) -> str | None:
        found = (
            one_line(" ".join(e.itertext())) for name in names for e in root.iter(f"{{*}}{name}")
        )
        return next(filter(None, found), None)

    people = [one_line(" ".join(e.itertext())) for e in root.iterfind(".//{*}byline//{*}person")]
    papers = [e.get("name") for e in root.iter("{*}pubdata")]
    dates = [e.get("norm") for e in root.iter("{*}date.issue", "{*}story.date")]
    return {
        "title": first("hl1", "headline", "title"),
        "author": people or first("byline", "by"),
        "outlet": next(filter(None, papers), None) or first("distributor", "creditline"),
        "published": next(filter(None, dates), None) or first("contentCreated", "firstCreated"),
    }
