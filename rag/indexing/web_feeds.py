"""Feeds of the web (RSS, Atom) and lists of them (OPML), through the guarded fetcher."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from rag.errors import ArticleError
from rag.indexing import feed_reading, fetching
from rag.indexing.feed_list import Entry, Feed, Listed
from rag.indexing.feed_reading import Item
from rag.indexing.fetching import Address, Fetched
from rag.indexing.uploads import safe_name
from rag.settings import Settings
from rag.text.words import dashed

Allowed = Callable[[Address], bool]


def addresses(named: str, settings: Settings, is_allowed: Allowed | None) -> list[str]:
    """Return the feeds meant by an address, or by an OPML file or its address.

    Raises:
        ArticleError: it cannot be read, or is no feed and no list of feeds.

    """
    if feed_reading.is_web(named):
        got = _fetched(Feed(named), settings, is_allowed)
        if not feed_reading.is_list(got.data):
            feed_reading.read(got.data, got.url, settings.read_seconds)  # raises where it is none
            return [named]
        return feed_reading.outlines(got.data)
    data = _of_file(named)
    if not feed_reading.is_list(data):
        raise ArticleError(
            f"{named} is no list of feeds (OPML). Give the address of a feed; a feed saved as a"
            " file is read like an article: byline ingest FOLDER."
        )
    return feed_reading.outlines(data)


def listed(feed: Feed, settings: Settings, is_allowed: Allowed | None) -> Listed | None:
    """Return what the feed lists; None if it has not changed since it was read.

    Raises:
        ArticleError: it cannot be read.

    """
    got = _fetched(feed, settings, is_allowed)
    if not got.data:
        return None
    found = feed_reading.read(got.data, got.url, settings.read_seconds)
    entries = {
        item.id: _entry(item, feed.url, found.title, settings, is_allowed)
        for item in reversed(found.items)  # of two with one id the first stands
        if item.link or item.text
    }
    return Listed(found.title, [*reversed(entries.values())], got.validators)


def _entry(
    item: Item, feed: str, outlet: str, settings: Settings, is_allowed: Allowed | None
) -> Entry:
    if item.link:
        load = partial(_page, item.link, settings, is_allowed)
        return Entry(item.id, item.updated, item.link, load)
    where = f"{feed}, “{item.title or item.id}”"
    return Entry(item.id, item.updated, where, partial(_as_file, item, feed, outlet))


def _page(link: str, settings: Settings, is_allowed: Allowed | None) -> tuple[str, bytes]:
    allowed = is_allowed or fetching.is_public
    page = fetching.fetch(link, _asked_for(settings), is_allowed=allowed)
    return page.name, page.data


def _as_file(item: Item, feed: str, outlet: str) -> tuple[str, bytes]:
    """An entry that leads nowhere but has its text in the feed, as a file."""
    values = {
        "title": item.title,
        "author": list(item.authors),
        "outlet": outlet,
        "published": item.published,
        "text": item.text,
    }
    mark = hashlib.sha256(f"{feed} {item.id}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
    data = json.dumps({name: value for name, value in values.items() if value}, indent=1)
    return safe_name(f"feed-{dashed(item.title)}-{mark}.json"), data.encode()


def _fetched(feed: Feed, settings: Settings, is_allowed: Allowed | None) -> Fetched:
    return fetching.fetch(
        feed.url,
        _asked_for(settings),
        is_allowed=is_allowed or fetching.is_public,
        kinds=fetching.FEEDS,
        validators=feed.validators,
    )


def _asked_for(settings: Settings) -> Settings:
    """Who follows a feed asks for its pages; visitors of the page ask for none thereby."""
    return replace(settings, allow_urls=True)


def _of_file(named: str) -> bytes:
    try:
        return Path(named).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise ArticleError(
            f"{named} cannot be read ({why}). The address of a feed begins with https://."
        ) from error
