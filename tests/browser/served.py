"""A Byline of its own for who drives a browser, and the Chromium to look at it with."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import samples
from tests.forked import Forked

STARTS_WITHIN = 180.0  # seconds: reading, embedding and indexing the examples on a slow machine
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of Chromium: $CHROMIUM, Debian's, or one on the path.

    The headless shell comes first: it draws no windows, and opens a page at half the cost.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    debian = [f"/usr/bin/{name}" for name in names[:2]]
    known = (os.environ.get("CHROMIUM"), *debian, *map(shutil.which, names))
    return next((path for path in known if path and Path(path).is_file()), None)


class Restarting:
    """A Byline that is killed and started again, at the address that it had."""

    def __init__(self, folder: Path, *flags: str) -> None:
        samples.read(folder)
        self.folder, self.flags = folder, flags
        self.url = ""
        self._stack = ExitStack()
        self._process: Forked | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        again = ["--port", self.url.rpartition(":")[2]] if self.url else []
        self._process = self._stack.enter_context(_started(self.folder, *self.flags, *again))
        self.url = _address(self._process, self.folder)

    def kill(self) -> None:
        """Kill it, whatever it is doing, as a crash does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it for good."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
        self._stack.close()


def _started(folder: Path, *flags: str) -> Forked:
    arguments, log = [folder, *flags], folder / "log.txt"
    return Forked(
        "tests.browser.serve_examples", arguments, cwd=folder, environ=os.environ, log=log
    )


def _address(server: Forked, folder: Path) -> str:
    """Wait for its address."""
    deadline = threading.Timer(STARTS_WITHIN, server.kill)
    deadline.start()
    address = server.stdout.readline().strip()  # empty if the process has ended
    deadline.cancel()
    assert address.startswith("http://127.0.0.1:"), (folder / "log.txt").read_text()
    return address


@contextmanager
def served(folder: Path, *flags: str) -> Iterator[str]:
    """Serve what `serve_examples` with FOLDER and FLAGS does, and give its address."""
    if "--empty" not in flags:
        samples.read(folder)
    with _started(folder, *flags) as server:
        address = _address(server, folder)
        try:
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
