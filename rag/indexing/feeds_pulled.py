"""Feeds followed: what is new in each is fetched, kept as a file and ingested, once.

A feed is one of the web (`web_feeds`), or a Zotero library on this machine (`zotero`).
"""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from rag.articles.paths import upload
from rag.errors import BylineError, SettingsError
from rag.indexing import feed_list, uploads, web_feeds, zotero
from rag.indexing.feed_list import Change, Entry, Feed, Listed
from rag.indexing.folder import ingest_files
from rag.indexing.web_feeds import Allowed
from rag.resources import Resources
from rag.schema import FailedFile, IngestReport
from rag.settings import Settings
from vectorstore import beside

MOST = 100  # entries of one feed that are taken in one pull, the rest in the next; and at once


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one pull did: entries that were taken into the index, and what failed."""

    taken: int
    failed: tuple[FailedFile, ...]
    partly: tuple[FailedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Halt:
    """How a pull is ended early: `asked` is set, and `ingesting` is waited for."""

    asked: threading.Event = field(default_factory=threading.Event)
    ingesting: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> None:
        """Have no more fetched, and none ingested; an ingest that has begun ends."""
        self.asked.set()
        with self.ingesting:
            pass


def added(named: str, settings: Settings, is_allowed: Allowed | None = None) -> list[str]:
    """Follow a feed, all feeds of an OPML file or address, or Zotero; those that are new.

    `is_allowed` says which addresses may be connected to; None: the public ones.

    Raises:
        ArticleError: it cannot be read, or is no feed and no list of feeds.
        SettingsError: the list of feeds cannot be read or written.

    """
    named = named.strip()
    if zotero.is_meant(named):
        zotero.must_answer(named, settings)
        urls = [named]
    else:
        urls = web_feeds.addresses(named, settings, is_allowed)
    with feed_list.changing(beside.of(settings.index, settings.database)) as feeds:
        known = {feed.url for feed in feeds}
        new = [url for url in urls if url not in known]
        feeds += [Feed(url) for url in new]
    return new


def removed(url: str, settings: Settings) -> None:
    """Follow a feed no longer; its articles stay. Raises SettingsError: it is not followed."""
    with feed_list.changing(beside.of(settings.index, settings.database)) as feeds:
        left = [feed for feed in feeds if feed.url != url]
        if len(left) == len(feeds):
            raise SettingsError(f"{url} is not followed: byline feed list")
        feeds[:] = left


def pull(
    resources: Resources, is_allowed: Allowed | None = None, halt: Halt | None = None
) -> Pulled:
    """Take what is new in every feed; one that fails costs no other.

    Raises:
        SettingsError: the list of feeds cannot be read or written.
        IndexingError: as `ingest_files`.

    """
    work = _Pull(resources, is_allowed, halt or Halt())
    for feed in feed_list.load(resources.index.beside):
        work.look_at(feed)
    work.flush()
    return Pulled(work.taken, tuple(work.failed), tuple(work.partly))


@dataclass(slots=True)
class _Pull:
    """A pull under way: files that wait to be ingested, and what changes in the list with that.

    The list is changed after the ingest: a pull that is killed before takes the same again.
    """

    resources: Resources
    is_allowed: Allowed | None
    halt: Halt
    taken: int = 0
    failed: list[FailedFile] = field(default_factory=list)
    partly: list[FailedFile] = field(default_factory=list)
    waiting: list[tuple[str, Entry, str]] = field(default_factory=list)  # feed, entry, path
    changes: dict[str, list[Change]] = field(default_factory=dict)  # by feed
    reads: dict[str, Change] = field(default_factory=dict)  # the last change of each

    def look_at(self, feed: Feed) -> None:
        if self.halt.asked.is_set():
            return
        try:
            listed = self._listed(feed)
        except BylineError as error:
            self.failed.append(FailedFile(feed.url, str(error)))
            return
        if listed is None:  # not changed since it was read
            self.reads[feed.url] = partial(replace, pulled=_now())
            return
        try:
            self._take(feed, listed)
        finally:
            listed.close()

    def _listed(self, feed: Feed) -> Listed | None:
        settings = self.resources.settings
        if zotero.is_meant(feed.url):
            return zotero.listed(feed.url, settings)
        return web_feeds.listed(feed, settings, self.is_allowed)

    def _take(self, feed: Feed, listed: Listed) -> None:
        new = feed_list.new(feed, listed)
        for entry in new[:MOST]:
            if self.halt.asked.is_set():
                return
            try:
                name, data = entry.load()
                path = upload(uploads.store(data, name, self.resources.settings))
                self.waiting.append((feed.url, entry, path))
            except (BylineError, OSError) as error:
                self._miss(feed.url, entry, str(error))
        whole = len(new) <= MOST
        self.reads[feed.url] = partial(feed_list.read, listed=listed, when=_now(), whole=whole)
        if len(self.waiting) >= MOST:
            self.flush()

    def flush(self) -> None:
        """Ingest what waits; then note in the list what was taken."""
        with self.halt.ingesting:
            if self.halt.asked.is_set():
                return
            if self.waiting:
                self._ingest()
        for url, read in self.reads.items():
            changes = (*self.changes.get(url, ()), read)
            feed_list.changed(self.resources.index.beside, url, *changes)
        self.waiting, self.changes, self.reads = [], {}, {}

    def _ingest(self) -> None:
        report = ingest_files(list({path for *_, path in self.waiting}), self.resources)
        self.partly += report.partly
        for url, entry, path in self.waiting:
            why = _failure(report, path)
            if why is None:
                self.taken += 1
                self._change(url, partial(feed_list.done, entry=entry))
            else:
                self._miss(url, entry, why)

    def _miss(self, url: str, entry: Entry, why: str) -> None:
        self.failed.append(FailedFile(entry.where, why))
        self._change(url, partial(feed_list.missed, entry=entry))

    def _change(self, url: str, change: Change) -> None:
        self.changes.setdefault(url, []).append(change)


def _failure(report: IngestReport, path: str) -> str | None:
    """Why the file is not in the index; None if it is."""
    return next((item.reason for item in report.failed if item.file == path), None)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def as_json(done: Pulled) -> dict[str, Any]:
    """`byline feed pull --json`."""
    return {
        "taken": done.taken,
        "failed": [asdict(item) for item in done.failed],
        "partly": [asdict(item) for item in done.partly],
    }
