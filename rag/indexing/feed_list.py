"""The feeds that an index follows: `feeds.json` beside it, with what was taken of each.

An entry is known by the id that its feed gives it, and by a word for the state that it was in:
once it is in the index, or has failed for good, it is taken again only in another state.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace

from rag.errors import SettingsError
from vectorstore.beside import Beside, BusyError

FILE = "feeds.json"
REMEMBERED = 1000  # entries of a feed that it does not list any more; some come back
TRIES = 3  # pulls in which an entry that fails is tried


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a feed lists. `where` names it to people; `load` gives its file and name.

    `load` raises BylineError where there is nothing to be had.
    """

    id: str
    state: str
    where: str
    load: Callable[[], tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a feed lists now. `validators`: headers that ask whether that has changed since."""

    title: str
    entries: Sequence[Entry]
    validators: Mapping[str, str] = field(default_factory=dict)
    close: Callable[[], None] = lambda: None  # called when no more is loaded


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed by its address. `seen`: states of entries by id; `failed`: tries by id."""

    url: str
    title: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    pulled: str = ""  # when it was last read, ISO 8601 in UTC
    validators: Mapping[str, str] = field(default_factory=dict)


Change = Callable[[Feed], Feed]


def new(feed: Feed, listed: Listed) -> list[Entry]:
    """Return the entries that were not taken in the state that they are in."""
    return [entry for entry in listed.entries if feed.seen.get(entry.id) != entry.state]


def done(feed: Feed, entry: Entry) -> Feed:
    """The feed with an entry that is in the index."""
    failed = {id_: tries for id_, tries in feed.failed.items() if id_ != entry.id}
    return replace(feed, seen={**feed.seen, entry.id: entry.state}, failed=failed)


def missed(feed: Feed, entry: Entry) -> Feed:
    """The feed with an entry that could not be taken; after `TRIES` it counts as seen."""
    tries = feed.failed.get(entry.id, 0) + 1
    if tries >= TRIES:
        return done(feed, entry)
    return replace(feed, failed={**feed.failed, entry.id: tries})


def read(feed: Feed, listed: Listed, when: str, *, whole: bool) -> Feed:
    """The feed as it was read; asked whether it changed only where nothing of it is left."""
    ids = {entry.id for entry in listed.entries}
    failed = {id_: tries for id_, tries in feed.failed.items() if id_ in ids}
    return replace(
        feed,
        title=listed.title or feed.title,
        seen=_kept(feed.seen, ids),
        failed=failed,
        pulled=when,
        validators=listed.validators if whole and not failed else {},
    )


def _kept(seen: Mapping[str, str], listed: Collection[str]) -> dict[str, str]:
    """All that the feed lists, however many, and the newest of what it listed before."""
    before = [id_ for id_ in seen if id_ not in listed]
    forgotten = frozenset(before[:-REMEMBERED])
    return {id_: state for id_, state in seen.items() if id_ not in forgotten}


# --- the file


def load(kept: Beside) -> list[Feed]:
    """Return the feeds of an index. Raises SettingsError: they cannot be read; StoreUnavailable."""
    try:
        return _parsed(kept, kept.read(FILE))
    except OSError as error:
        raise _unreadable(kept, error) from error


def _parsed(kept: Beside, content: bytes | None) -> list[Feed]:
    try:
        return [] if content is None else [_feed(item) for item in json.loads(content)]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(kept, error) from error


def _unreadable(kept: Beside, error: Exception) -> SettingsError:
    where = kept.where(FILE)
    return SettingsError(f"{where} cannot be read ({error}): delete it, and add the feeds anew.")


def _feed(item: Mapping[str, Mapping[str, str]]) -> Feed:
    return Feed(
        str(item["url"]),
        str(item["title"]),
        {id_: str(state) for id_, state in item["seen"].items()},
        {id_: int(tries) for id_, tries in item["failed"].items()},
        str(item["pulled"]),
        {name: str(value) for name, value in item["validators"].items()},
    )


def changed(kept: Beside, url: str, *changes: Change) -> None:
    """Make changes to one feed, unless it is followed no longer. Raises as `changing`."""
    with changing(kept) as feeds:
        for number, feed in enumerate(feeds):
            if feed.url == url:
                for change in changes:
                    feed = change(feed)
                feeds[number] = feed


@contextmanager
def changing(kept: Beside) -> Iterator[list[Feed]]:
    """Give the list to be changed, which is saved at the end; others wait meanwhile.

    Raises:
        SettingsError: the file cannot be read or written.
        StoreUnavailable: the database cannot be used.

    """
    where = kept.where(FILE)
    try:
        with kept.changing(FILE) as draft:
            feeds = _parsed(kept, draft.content)
            yield feeds
            draft.content = json.dumps([asdict(feed) for feed in feeds]).encode()
    except BusyError as error:
        raise SettingsError(f"{where} is being changed by another byline: try again.") from error
    except OSError as error:
        raise SettingsError(f"{where} cannot be written: {error.strerror}.") from error
