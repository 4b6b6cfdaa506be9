"""What stands around the tabs: the column, the names of what can be pressed, the tab's picture."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from rag.web import theme  # noqa: E402
from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import QUESTION, ask, send  # noqa: E402

pytestmark = pytest.mark.browser
# The characters of each line of an element's text, by where the browser puts them.
LINES = """element => {
    const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), lines = {};
    while (nodes.nextNode()) {
        for (let at = 0; at < nodes.currentNode.length; at += 1) {
            const range = new Range();
            range.setStart(nodes.currentNode, at);
            range.setEnd(nodes.currentNode, at + 1);
            const { width, bottom } = range.getBoundingClientRect();
            if (width) lines[Math.round(bottom / 8)] = (lines[Math.round(bottom / 8)] ?? 0) + 1;
        }
    }
    return Object.values(lines);
}"""


def test_lines_have_75_characters_at_most_in_a_column_in_the_middle(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    for width in (1440, 1920):
        page.set_viewport_size({"width": width, "height": 1000})
        in_the_middle(page)


def in_the_middle(page: Page) -> None:
    for said in page.locator("#chat .said").all():
        assert max(said.evaluate(LINES)) <= 75
    desk, box = page.locator("#work").bounding_box(), page.locator("#box").bounding_box()
    question = page.locator("#chat .turn").bounding_box()
    assert desk is not None
    assert box is not None
    assert question is not None
    left, right = box["x"] - desk["x"], desk["width"] - box["width"] - (box["x"] - desk["x"])
    assert abs(left - right) <= 1
    assert abs(question["x"] - box["x"]) <= 1


def test_what_sends_and_stops_has_a_name(open_page: OpenPage, llm_url: str) -> None:
    page = open_page(at=llm_url)
    send(page, QUESTION)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_the_browsers_tab_shows_our_picture(open_page: OpenPage, url: str) -> None:
    page = open_page()
    with open(theme.icon(), "rb") as icon:
        assert page.request.get(f"{url}/favicon.ico").body() == icon.read()
