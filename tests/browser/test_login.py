"""Signing in, changing something and signing out, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Browser, Page, expect  # noqa: E402

from rag.web import users  # noqa: E402
from tests.attacks.attacking import QUESTION, running  # noqa: E402
from tests.browser.doing import ask, go  # noqa: E402
from tests.browser.test_accessibility import AXE, LOOKS, violations  # noqa: E402

pytestmark = pytest.mark.browser
FERRY = b"Ferry late\n\nThe ferry was late on Monday, said the mate."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("door")


@pytest.fixture(scope="module")
def door(folder: Path) -> Iterator[str]:
    users.add(folder / "users.txt", "Anna <b>", "secret")
    with running(folder, users="users.txt") as one:
        yield f"http://127.0.0.1:{one.port}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def sign_in(page: Page, password: str = "secret", name: str = "Anna <b>") -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_visit_behind_the_door_is_recorded(door: str, folder: Path, page: Page) -> None:
    page.goto(f"{door}/?from=mail")
    expect(page.get_by_label("Name")).to_be_focused()
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_have_text("The name or the password is not right.")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("Anna <b>")
    sign_in(page)
    expect(page.get_by_role("button", name="Sign out Anna <b>")).to_be_visible()
    expect(page).to_have_url(f"{door}/?from=mail")
    ask(page, QUESTION)
    go(page, "Add articles")
    ferry = {"name": "ferry.txt", "mimeType": "text/plain", "buffer": FERRY}
    page.set_input_files("#files input[type=file]", [ferry])
    expect(page.locator("#result .uploads li")).to_have_count(1)
    page.get_by_text("Paste a text").click()
    page.fill("#paste-text textarea", "Private words that somebody pasted.")
    page.get_by_role("button", name="Add this text").click()
    expect(page.locator("#result")).to_contain_text("The pasted text")
    go(page, "Sources")
    row = page.locator("table.sources tbody tr").filter(has_text="Ferry late")
    row.get_by_role("button", name=re.compile("^Remove")).click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#sources-done")).to_contain_text("Removed: Ferry late")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Name")).to_be_focused()
    text = (folder / "index" / "audit.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert {(line["user"], line["client"]) for line in lines} == {("Anna <b>", "127.0.0.1")}
    done = [(line["action"], line["done"], line.get("targets")) for line in lines]
    pasted = done.pop(3)
    assert done == [
        ("sign in", False, None),
        ("sign in", True, None),
        ("add files", True, ["ferry.txt"]),
        ("remove article", True, ["uploads:ferry.txt"]),
        ("sign out", True, None),
    ]
    assert pasted[:2] == ("add text", True)
    assert re.fullmatch(r"pasted-[0-9a-f]{8}\.json", pasted[2][0])
    assert not re.search("private words|lighthouse|what did|secret", text, re.IGNORECASE)


def test_the_next_user_of_a_tab_does_not_see_what_was_asked(door: str, page: Page) -> None:
    page.goto(door)
    sign_in(page)
    ask(page, QUESTION)
    page.reload()
    expect(page.locator("#chat .turn")).to_have_count(1)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    expect(page.locator("#greeting h2")).to_be_visible()
    expect(page.locator("#chat .turn")).to_have_count(0)


def test_an_open_page_whose_session_has_ended_says_so(door: str, page: Page) -> None:
    page.goto(door)
    sign_in(page)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.context.clear_cookies()
    go(page, "Sources")
    expect(page.get_by_text("You are not signed in. Load the page again").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_login_page_is_accessible_and_fits(
    browser: Browser, door: str, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(door)
    page.evaluate(AXE)
    assert violations(page) == []
    sign_in(page, "wrong", f"A stranger, {width} {scheme}")  # no wait for who comes next
    page.evaluate(AXE)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_login_page_needs_no_script(browser: Browser, door: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{door}/config")
    sign_in(page)
    expect(page).to_have_url(f"{door}/config")
    context.close()
