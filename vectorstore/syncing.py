"""Chroma kept in step with the manifest, and never opened on files that would end the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rag.errors import StoreUnavailable
from vectorstore import probing, seal
from vectorstore.locks import Gate
from vectorstore.manifest import Manifest
from vectorstore.opening import CHROMA
from vectorstore.store import PassageVectors


class Vectors:
    """The vectors of one index in their latest state; an embedded Chroma is ours alone meanwhile.

    Anything may raise StoreUnavailable.
    """

    def __init__(
        self, folder: Path, manifest: Manifest, gate: Gate, *, index_id: str, dimension: int,
        url: str,
    ) -> None:  # fmt: skip
        """Name the place; nothing is opened yet. `gate` is everyone's way to an embedded Chroma."""
        self._folder = folder
        self._manifest = manifest
        self._gate = gate
        self._url = url
        self._probe = probing.Wanted(str(folder / CHROMA), index_id, url, dimension)
        self._store = PassageVectors(folder / CHROMA, index_id, url=url)
        self._epoch: int | None = None  # the state of Chroma that our client knows
        self._left: seal.State | None = None  # how we, or another process, left the files

    def ready(self, *, later: bool) -> None:
        """Open them, or with `later` leave that to who needs them first, if they are as left."""
        if later and (self._folder / CHROMA / "chroma.sqlite3").is_file():
            with self._gate.hold():
                if self._is_vouched(self._state()):
                    return
        with self.current():
            pass

    @contextmanager
    def current(self) -> Iterator[PassageVectors]:
        """Give the vectors to read."""
        with self._gate.hold():
            vouched = self._is_vouched(found := self._state())
            epoch = self._manifest.get("epoch")
            if self._epoch is None or (epoch != self._epoch and not self._url):
                self._store.close()
                if not vouched:
                    vouched = self._try()
                # with passages in the manifest, an absent collection is a fault, not a beginning
                self._store.open(create=self._manifest.is_empty())
                self._epoch = epoch
            try:
                yield self._store
            finally:
                if vouched and (left := self._state()) != (self._left or found):
                    self._leave(left)

    @contextmanager
    def changing(self) -> Iterator[PassageVectors]:
        """Give them to write: everyone else's client is stale from here on."""
        with self.current() as store:
            self._epoch = self._manifest.bump("epoch")
            yield store

    def tried(self) -> str:
        """Search them in a child process; in a few words what went wrong, empty if nothing did."""
        with self._gate.hold():
            vouched = self._is_vouched(self._state())
            self._store.close()
            self._epoch = None
            trouble = probing.probe(self._probe).trouble
            if vouched and not trouble:
                self._leave(self._state())
            return trouble

    def close(self) -> None:
        """Free what is open; it is opened again when next used."""
        self._epoch = None
        if not self._folder.is_dir():  # a lock would make it again
            self._store.close()
            return
        with self._gate.hold():
            self._store.close()

    def trouble(self) -> str | None:
        """Say what is wrong with the files or the server, without opening anything."""
        if self._url:
            return self._store.silence()
        if not self._gate.take():
            return None  # somebody works with them at this moment
        try:
            if not (self._folder / CHROMA / "chroma.sqlite3").is_file():
                return f"The vectors in {self._folder / CHROMA} are gone. {_way_out(self._folder)}"
            if self._is_vouched(self._state()):
                return None
            return (
                f"Something other than Byline has changed files in {self._folder / CHROMA} since"
                f" the index was opened. {_way_out(self._folder)}"
            )
        finally:
            self._gate.leave()

    # --- files that only Chroma and we should touch

    def _state(self) -> seal.State:
        return {} if self._url else seal.state(self._folder / CHROMA)

    def _is_vouched(self, found: seal.State) -> bool:
        if self._url or found == self._left:
            return True
        if found == (seal.read(self._folder) or {}):
            self._left = found
            return True
        return False

    def _try(self) -> bool:
        """Let a child process open what may end the process that opens it."""
        if trouble := probing.probe(self._probe).trouble:
            raise StoreUnavailable(
                f"The vectors in {self._folder / CHROMA} are damaged ({trouble})."
                f" {_way_out(self._folder)}"
            )
        self._leave(self._state())
        return True

    def _leave(self, left: seal.State) -> None:
        self._left = left
        with suppress(OSError):  # not written: whoever opens them next tries them first
            seal.write(self._folder, left)


def _way_out(folder: Path) -> str:
    return f"Make them again from the stored articles: byline repair --index {_printed(folder)}"


def _printed(folder: Path) -> str:
    """As short as it can be typed here."""
    short = os.path.relpath(folder)
    return str(folder) if short.startswith("..") else short
