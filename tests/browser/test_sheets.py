"""The pages beside the chat: what programs can call, and an article by its link."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.states import linked, programs  # noqa: E402

pytestmark = pytest.mark.browser
OUTLINE = "mark => getComputedStyle(mark).outlineStyle"


def test_a_command_is_copied(open_page: OpenPage) -> None:
    page = open_page()
    programs(page)
    line = page.locator(".curl").first
    line.get_by_role("button", name="Copy").click()
    expect(line.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"curl {urljoin(page.url, '/api/v1/ask')} ")
    assert "--json" in copied


@pytest.mark.parametrize("width", [1440, 390])
def test_a_link_leads_to_its_words(open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    linked(page)
    marks = page.locator("mark")
    assert marks.count() > 1  # over two paragraphs
    expect(marks.first).to_be_focused()
    assert [mark.evaluate(OUTLINE) for mark in marks.all()] == ["none"] * marks.count()
    assert page.locator("script").count() == 0
