from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from tests.browser.served import FLAGS, chromium, served  # noqa: E402
from tests.llm_server import LLMServer, llm_server  # noqa: E402

PATIENCE = 20_000  # milliseconds for anything to appear on a page, on a slow machine


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
    """A page over the example articles and a hostile one, without a language model."""
    with served(tmp_path_factory.mktemp("served")) as address:
        yield address


@pytest.fixture(scope="session")
def llm() -> Iterator[LLMServer]:
    with llm_server() as server:
        yield server


@pytest.fixture(scope="session")
def llm_url(tmp_path_factory: pytest.TempPathFactory, llm: LLMServer) -> Iterator[str]:
    """The same page with a language model that never answers; the Settings tab chooses another."""
    folder = tmp_path_factory.mktemp("llm")
    with served(folder, "--llm", "openai:silent", "--llm-base-url", llm.url) as address:
        yield address
        llm.release.set()  # or the server would wait for what it has asked


@pytest.fixture
def empty_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page over an index without articles."""
    with served(tmp_path_factory.mktemp("empty"), "--empty") as address:
        yield address


OpenPage = Callable[..., playwright.Page]


@pytest.fixture
def open_page(browser: playwright.Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Open a page in a browser context of its own.

    An error on it, a dialog, a request to elsewhere or what the content security policy had to
    refuse fails the test.
    """
    contexts, errors = [], []

    def opened(
        width: int = 1440, height: int = 900, *, at: str = "", **options: object
    ) -> playwright.Page:
        address = at or request.getfixturevalue("url")
        own = (f"{address}/", f"blob:{address}/", "data:")
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        contexts.append(context)
        page = context.new_page()
        page.requested = []  # type: ignore[attr-defined]

        def requested(made: playwright.Request) -> None:
            page.requested.append(made.url)  # type: ignore[attr-defined]
            if not made.url.startswith(own):
                errors.append(f"request to {made.url}")

        page.on("request", requested)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
        page.on("console", lambda said: _refused(said.text, errors))
        page.goto(address)
        playwright.expect(page.locator("#greeting h2")).to_be_visible()
        playwright.expect(page.locator("#box textarea")).to_be_visible()  # it is drawn later
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def _refused(said: str, errors: list[str]) -> None:
    if "Content Security Policy" in said:
        errors.append(said)
