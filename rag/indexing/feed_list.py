"""The feeds that an index follows: `feeds.json` in its folder, with what was read of each.

An entry is known by the id that its feed gives it; once it is in the index, or has failed for
good, it is not fetched again.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rag.errors import SettingsError

FILE = "feeds.json"
REMEMBERED = 5000  # entries of a feed; feeds hold the newest hundred at most
TRIES = 3  # pulls in which an entry that fails is tried


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed by its address. `seen`: ids of entries that are done; `failed`: tries by id."""

    url: str
    title: str = ""
    seen: tuple[str, ...] = ()
    failed: tuple[tuple[str, int], ...] = ()
    pulled: str = ""  # when it was last read, ISO 8601 in UTC

    def tried(self, entry: str) -> int:
        """In how many pulls the entry has failed."""
        return dict(self.failed).get(entry, 0)


def done(feed: Feed, entry: str) -> Feed:
    """The feed with an entry that is in the index."""
    failed = tuple(item for item in feed.failed if item[0] != entry)
    return replace(feed, seen=(*feed.seen, entry)[-REMEMBERED:], failed=failed)


def missed(feed: Feed, entry: str) -> Feed:
    """The feed with an entry that could not be read; after `TRIES` it counts as seen."""
    tries = feed.tried(entry) + 1
    if tries >= TRIES:
        return done(feed, entry)
    failed = tuple(item for item in feed.failed if item[0] != entry)
    return replace(feed, failed=(*failed, (entry, tries)))


def load(folder: Path) -> list[Feed]:
    """Return the feeds of an index folder. Raises SettingsError: the file cannot be read."""
    path = folder / FILE
    try:
        given = json.loads(path.read_bytes())
        return [
            Feed(
                item["url"],
                item["title"],
                tuple(item["seen"]),
                tuple((str(id_), int(tries)) for id_, tries in item["failed"]),
                item["pulled"],
            )
            for item in given
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, LookupError, TypeError) as error:
        words = f"{path} cannot be read ({error}): delete it, and add the feeds anew."
        raise SettingsError(words) from error


def save(folder: Path, feeds: Sequence[Feed]) -> None:
    """Put the file in place at once. Raises SettingsError: it cannot be written."""
    path = folder / FILE
    fresh = path.with_name(f".{FILE}-{secrets.token_hex(4)}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump([asdict(feed) for feed in feeds], file)
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from error
