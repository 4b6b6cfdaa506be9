"""The start: what is loaded, the newest headlines, and questions tried on the articles."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import ANSWERED_WITHIN, fits, go  # noqa: E402

pytestmark = pytest.mark.browser

SHIPS = """Ships wait off Port Ilvane

The Pelican Gazette, 2 May 2024

Thirty-one ships were at anchor in Ilvane Roads on Thursday evening, the Harbour Authority said.
"""


def test_what_is_loaded_and_the_newest_headlines_are_shown(open_page: OpenPage) -> None:
    page = open_page()
    start = page.locator("#greeting")
    expect(start.locator(".loaded")).to_contain_text("19 articles, 2 February 2024 to 9 April 2024")
    expect(start.locator(".outlets")).to_contain_text("The Ilvane Courier (6)")
    expect(start.locator(".outlets")).to_contain_text("and 4 more")
    expect(start.locator(".newest li")).to_have_count(5)
    expect(start.locator(".newest li").first).to_contain_text("9 April 2024")
    for width in (390, 1024, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page), width


def test_a_headline_opens_its_article(open_page: OpenPage) -> None:
    page = open_page()
    link = page.locator("#greeting .newest a").nth(1)
    link.click()
    expect(page.locator("#panel h2")).to_have_text(link.inner_text())


def test_starters_name_no_titles_and_are_answered(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("#greeting .example")).to_have_count(4)
    offered = page.locator("#greeting .example").all_inner_texts()
    assert not any(word in text for text in offered for word in ("Minister ", "Mayor ", "Judge "))
    page.locator("#greeting .example").nth(1).click()
    first = page.locator("#chat .answer .sentence").first
    expect(first).to_contain_text("different figures", timeout=ANSWERED_WITHIN)
    assert page.locator("#chat .answer .why").count() == 0


def test_they_come_without_a_reload_when_articles_do(
    open_page: OpenPage, empty_url: str, tmp_path: Path
) -> None:
    page = open_page(at=empty_url)
    expect(page.locator("#greeting .teaching")).to_be_visible()
    _add(page, tmp_path / "ships.txt")
    go(page, "Ask")
    expect(page.locator("#greeting .loaded")).to_contain_text("1 article, 2 May 2024")
    question = page.locator("#greeting .example").first
    expect(question).to_have_text(
        "How many ships were at anchor in Ilvane Roads?", timeout=ANSWERED_WITHIN
    )
    expect(page.locator("#greeting .looking")).to_have_count(0)


def _add(page: Page, note: Path) -> None:
    note.write_text(SHIPS, encoding="utf-8")
    go(page, "Add articles")
    page.locator("#files input[type=file]").set_input_files([note])
    expect(page.locator("#result")).to_contain_text("1 of 1 file added", timeout=ANSWERED_WITHIN)
