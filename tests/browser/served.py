"""A Byline of its own for who drives a browser, and the Chromium to look at it with."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def served(folder: Path, *flags: str) -> Iterator[str]:
    """Serve what `serve_examples` with FOLDER and FLAGS does, and give its address."""
    log = folder / "log.txt"
    arguments = [folder, *flags]
    with Forked(
        "tests.browser.serve_examples", arguments, cwd=folder, environ=os.environ, log=log
    ) as server:
        deadline = threading.Timer(STARTS_WITHIN, server.kill)
        deadline.start()
        address = server.stdout.readline().strip()  # empty if the process has ended
        deadline.cancel()
        assert address.startswith("http://127.0.0.1:"), log.read_text()
        try:
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
