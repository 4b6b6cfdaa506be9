"""Feeds followed: what is new in each is fetched, kept as a file and ingested, once.

Feeds come through the guarded fetcher, as their pages do (`rag.indexing.fetching`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.articles.formats.webpages.markup import parse_xml
from rag.articles.paths import upload
from rag.errors import ArticleError, BylineError, SettingsError
from rag.indexing import feed_list, fetching, uploads
from rag.indexing.feed_list import Feed
from rag.indexing.fetching import Address, is_public
from rag.indexing.folder import ingest_files
from rag.resources import Resources
from rag.schema import FailedFile, IngestReport
from rag.settings import Settings

MOST = 100  # entries of one feed that are fetched in one pull; the rest in the next

Allowed = Callable[[Address], bool]


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one pull did: entries that were fetched, what failed, and the ingest's report."""

    fetched: int
    failed: tuple[FailedFile, ...]
    report: IngestReport | None


def added(named: str, settings: Settings, is_allowed: Allowed = is_public) -> list[str]:
    """Follow a feed, or all feeds of an OPML file or address; their addresses that are new.

    Raises:
        ArticleError: it cannot be read, or is no feed and no list of feeds.
        SettingsError: the list of feeds cannot be read or written.

    """
    data = _file_or_page(named, settings, is_allowed)
    urls = _outlines(data) if b"<opml" in data[:4000].lower() else [named]
    if urls == [named]:
        _parsed(data, named)  # raises where it is none
    feeds = feed_list.load(settings.index)
    known = {feed.url for feed in feeds}
    new = [url for url in dict.fromkeys(urls) if url not in known]
    feed_list.save(settings.index, [*feeds, *(Feed(url) for url in new)])
    return new


def removed(url: str, settings: Settings) -> None:
    """Follow a feed no longer; its articles stay. Raises SettingsError: it is not followed."""
    feeds = feed_list.load(settings.index)
    left = [feed for feed in feeds if feed.url != url]
    if len(left) == len(feeds):
        raise SettingsError(f"{url} is not followed: byline feed list")
    feed_list.save(settings.index, left)


def pull(resources: Resources, is_allowed: Allowed = is_public) -> Pulled:
    """Fetch and ingest what is new in every feed; one that fails costs no other.

    Raises:
        SettingsError: the list of feeds cannot be read or written.
        IndexingError: as `ingest_files`.

    """
    settings, failed, names = resources.settings, list[FailedFile](), list[str]()
    feeds = feed_list.load(settings.index)
    for number, feed in enumerate(feeds):
        try:
            found = _parsed(_fetched(feed.url, settings, is_allowed, fetching.FEEDS), feed.url)
        except BylineError as error:
            failed.append(FailedFile(feed.url, str(error)))
            continue
        feed = replace(feed, title=str(found.feed.get("title") or feed.title), pulled=_now())
        for entry, link in list(_new(found, feed))[:MOST]:
            try:
                page = _page(link, settings, is_allowed)
                names.append(uploads.store(page.data, page.name, settings))
                feed = feed_list.done(feed, entry)
            except BylineError as error:
                failed.append(FailedFile(link, str(error)))
                feed = feed_list.missed(feed, entry)
        feeds[number] = feed
        feed_list.save(settings.index, feeds)  # a pull that is cut off need not begin anew
    report = ingest_files([upload(name) for name in names], resources) if names else None
    return Pulled(len(names), tuple(failed), report)


def _new(found: Any, feed: Feed) -> Iterator[tuple[str, str]]:
    """The id and the address of each entry that was not read yet."""
    seen = set(feed.seen)
    for entry in found.entries:
        link = str(entry.get("link") or "")
        id_ = str(entry.get("id") or link)
        if link and id_ not in seen:
            seen.add(id_)
            yield id_, link


def _parsed(data: bytes, url: str) -> Any:
    """A feed as feedparser reads it. Raises ArticleError: it is none."""
    import feedparser  # type: ignore[import-untyped, unused-ignore]

    found = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=True)
    if not found.version:
        raise ArticleError(f"{url} is no feed (RSS or Atom): give the address of one.")
    return found


def _outlines(data: bytes) -> list[str]:
    """The addresses of a list of feeds. Raises ArticleError: it has none."""
    urls = [
        str(item.get("xmlUrl"))
        for item in parse_xml(data).iter("{*}outline")
        if str(item.get("xmlUrl") or "").startswith(("http://", "https://"))
    ]
    if not urls:
        raise ArticleError("The list names no feed: its outlines need an xmlUrl.")
    return urls


def _file_or_page(named: str, settings: Settings, is_allowed: Allowed) -> bytes:
    if named.startswith(("http://", "https://")):
        return _fetched(named, settings, is_allowed, fetching.FEEDS)
    try:
        return Path(named).read_bytes()
    except OSError as error:
        raise ArticleError(f"{named} cannot be read: {error.strerror}.") from error


def _page(url: str, settings: Settings, is_allowed: Allowed) -> fetching.Fetched:
    return fetching.fetch(url, _allowed(settings), is_allowed=is_allowed)


def _fetched(url: str, settings: Settings, is_allowed: Allowed, kinds: Mapping[str, str]) -> bytes:
    allowed = {**fetching.SUFFIXES, **kinds}  # some send a feed as text/html or text/plain
    return fetching.fetch(url, _allowed(settings), is_allowed=is_allowed, kinds=allowed).data


def _allowed(settings: Settings) -> Settings:
    """Who follows a feed asks for its pages; visitors of the page ask for none thereby."""
    return replace(settings, allow_urls=True)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
