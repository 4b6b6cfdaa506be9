"""The Settings tab: what is checked is what stands there, and an answer says what is not ready."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import LIGHTHOUSE, OFF_TOPIC, ask, go  # noqa: E402
from tests.llm_server import LLMServer  # noqa: E402

pytestmark = pytest.mark.browser


def check(page: Page, model: str) -> None:
    """Type a model, choose nothing, and press Check."""
    go(page, "Settings")
    page.locator("#model input").fill(model)
    page.locator("#model-check").click()


def test_what_is_typed_and_not_chosen_is_checked_and_taken(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    check(page, "openai:honest")
    expect(page.locator("#verdict")).to_contain_text("openai:honest answers")
    check(page, "openai:missing")
    expect(page.locator("#verdict")).to_contain_text("not ready openai:missing")
    check(page, "openai:honest")
    expect(page.locator("#verdict")).to_contain_text("openai:honest answers")
    go(page, "Ask")
    ask(page, LIGHTHOUSE)
    expect(page.locator("#chat .facts").first).to_contain_text("openai:honest")


def test_a_model_that_wants_a_key_says_so_by_the_box_and_on_the_answer(
    open_page: OpenPage,
) -> None:
    page = open_page()
    check(page, "openai:gpt-4o-mini")
    verdict = page.locator("#verdict")
    expect(verdict).to_contain_text("openai:gpt-4o-mini: It needs a key. Paste one below.")
    expect(page.locator("#settings")).not_to_contain_text("OPENAI_API_KEY")
    expect(page.locator("#settings")).not_to_contain_text("extractive")
    go(page, "Ask")
    ask(page, LIGHTHOUSE)
    note = page.locator("#chat .answer > .note", has_text="openai:gpt-4o-mini was not asked")
    expect(note).to_contain_text("Paste one in the Settings tab")
    expect(note).to_contain_text("These are the articles' own sentences instead")
    go(page, "Settings")
    page.get_by_role("button", name="Back to the server's settings").click()
    expect(verdict).to_contain_text("The articles' own words")
    go(page, "Ask")
    page.get_by_role("button", name="Retry").click()
    expect(note).to_have_count(0)


def test_how_sure_an_answer_must_be_is_chosen_in_words(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, OFF_TOPIC)
    expect(page.locator("#chat .verdict")).to_have_text("Not in the articles")
    go(page, "Settings")
    expect(page.get_by_label("Balanced")).to_be_hidden()
    page.locator("#advanced > button").click()
    expect(page.get_by_label("Balanced")).to_be_checked()
    page.get_by_label("Boldest", exact=True).check()
    go(page, "Ask")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#chat .answer .sentence a.cite").first).to_be_visible(timeout=60_000)
