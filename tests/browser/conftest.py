from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")

ROOT = Path(__file__).parents[2]
PATIENCE = 20_000  # milliseconds for anything to appear on a page, on a slow machine
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
    names = ("chromium", "chromium-browser", "google-chrome")
    known = (os.environ.get("CHROMIUM"), "/usr/bin/chromium", *map(shutil.which, names))
    return next((path for path in known if path and Path(path).is_file()), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[playwright.Browser]:
    path = chromium()
    if path is None:
        missing = "no Chromium: `apt-get install chromium`, or set CHROMIUM to the path of one"
        if os.environ.get("BROWSER") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    playwright.expect.set_options(timeout=PATIENCE)
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    command = [sys.executable, str(Path(__file__).with_name("serve_examples.py")), str(folder)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    log = folder / "log.txt"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environ, cwd=folder
        ) as server,
    ):
        assert server.stdout is not None
        deadline = threading.Timer(STARTS_WITHIN, server.kill)
        deadline.start()
        address = server.stdout.readline().strip()  # empty if the process has ended
        deadline.cancel()
        assert address.startswith("http://127.0.0.1:"), log.read_text()
        yield address
        server.terminate()


OpenPage = Callable[..., playwright.Page]


@pytest.fixture
def open_page(browser: playwright.Browser, url: str) -> Iterator[OpenPage]:
    """Open the page in a browser context of its own; any error on it fails the test."""
    contexts, errors = [], []

    def opened(width: int = 1440, height: int = 900, **options: object) -> playwright.Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.requested = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
        page.goto(url)
        playwright.expect(page.locator("#chat .example").first).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []
