"""The feeds that an index follows: `feeds.json` in its folder, with what was taken of each.

An entry is known by the id that its feed gives it, and by a word for the state that it was in:
once it is in the index, or has failed for good, it is taken again only in another state.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import SettingsError

FILE = "feeds.json"
REMEMBERED = 1000  # entries of a feed that it does not list any more; some come back
TRIES = 3  # pulls in which an entry that fails is tried
_SECONDS = 10.0  # to wait for another process that changes the list


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


def load(folder: Path) -> list[Feed]:
    """Return the feeds of an index folder. Raises SettingsError: the file cannot be read."""
    path = folder / FILE
    try:
        given = json.loads(path.read_bytes())
        return [_feed(item) for item in given]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        words = f"{path} cannot be read ({error}): delete it, and add the feeds anew."
        raise SettingsError(words) from error


def _feed(item: Mapping[str, Mapping[str, str]]) -> Feed:
    return Feed(
        str(item["url"]),
        str(item["title"]),
        {id_: str(state) for id_, state in item["seen"].items()},
        {id_: int(tries) for id_, tries in item["failed"].items()},
        str(item["pulled"]),
        {name: str(value) for name, value in item["validators"].items()},
    )


def changed(folder: Path, url: str, *changes: Change) -> None:
    """Make changes to one feed, unless it is followed no longer. Raises SettingsError."""
    with changing(folder) as feeds:
        for number, feed in enumerate(feeds):
            if feed.url == url:
                for change in changes:
                    feed = change(feed)
                feeds[number] = feed


@contextmanager
def changing(folder: Path) -> Iterator[list[Feed]]:
    """Give the list to be changed, which is saved at the end; others wait meanwhile.

    Raises:
        SettingsError: the file cannot be read or written.

    """
    path = folder / FILE
    try:
        with FileLock(folder / "feeds.lock", timeout=_SECONDS, mode=0o600):
            feeds = load(folder)
            yield feeds
            _save(path, feeds)
    except Timeout as error:
        raise SettingsError(f"{path} is being changed by another byline: try again.") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from error


def _save(path: Path, feeds: Sequence[Feed]) -> None:
    """Put the file in place at once, for its owner alone."""
    fresh = path.with_name(f".{FILE}-{secrets.token_hex(4)}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump([asdict(feed) for feed in feeds], file)
        os.replace(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
