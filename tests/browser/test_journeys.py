"""From the first visit to what goes wrong in the middle: whole visits in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import (  # noqa: E402
    QUESTION,
    ask,
    fits,
    go,
)

pytestmark = pytest.mark.browser

NOTE = """Salvage tug Morwenna back in port

The Pelican Gazette, 3 May 2024

The salvage tug Morwenna returned to Port Ilvane on 2 May 2024 with a crew of seventeen, the Harbour
Authority said.
"""


def test_a_first_visit_teaches_and_ends_with_an_answer(
    open_page: OpenPage, empty_url: str, tmp_path: Path
) -> None:
    phone, page = open_page(390, 844, at=empty_url), open_page(at=empty_url)
    for first in (phone, page):
        expect(first.locator("#greeting .teaching")).to_be_visible()
        assert fits(first)
    ask(page, QUESTION)
    expect(page.locator("#chat .verdict")).to_have_text("No articles yet")
    page.get_by_role("button", name="New conversation").click()
    page.locator("#greeting .go").first.click()
    expect(page.locator("#add input[type=file]").first).to_be_attached()
    note = tmp_path / "tug.txt"
    note.write_text(NOTE, encoding="utf-8")
    page.locator("#files input[type=file]").set_input_files([note])
    expect(page.locator("#result")).to_contain_text("1 of 1 file added", timeout=60_000)
    expect(page.locator("#header")).to_contain_text("1 article")
    go(page, "Ask")
    expect(page.locator("#greeting .teaching")).to_have_count(0)
    ask(page, "How many people were in the crew of the salvage tug Morwenna?")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#panel mark.cited").first).to_contain_text("seventeen")


def test_sources_that_differ_are_told_apart(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How many people took part in the march of the dockers?")
    first = page.locator("#chat .answer .sentence").first
    expect(first).to_contain_text("different figures")
    for figure in ("8,500", "Twenty-two thousand"):
        expect(first).to_contain_text(figure)
    assert first.locator("a.cite").count() >= 2


def test_a_correction_corrects(open_page: OpenPage) -> None:
    page = open_page(1440)
    ask(page, QUESTION)
    sentences = page.locator("#chat .answer .sentence")
    expect(sentences.first).to_contain_text("130")
    expect(sentences.last).to_contain_text("first printed 310 and corrected it to 130")


def test_a_follow_up_is_understood_by_what_was_asked_before(open_page: OpenPage) -> None:
    page = open_page(390)
    ask(page, "How long did the harbour strike last?")
    ask(page, "And what did it cost a day?")
    expect(page.locator("#chat .turn").last.locator(".note").first).to_contain_text("Understood as")
    expect(page.locator("#chat .turn").last.locator("a.cite").first).to_be_visible()
