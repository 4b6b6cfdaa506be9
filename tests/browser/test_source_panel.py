"""The source beside an answer is the answer's, and the reader's own choice stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import (  # noqa: E402
    ANSWERED_WITHIN,
    LIGHTHOUSE,
    OFF_TOPIC,
    QUESTION,
    STATEMENT,
    ask,
    choose_model,
    compare,
    go,
    send,
)
from tests.llm_server import LLMServer  # noqa: E402

pytestmark = pytest.mark.browser
BOX = "#box textarea"
LIT = "[...document.querySelectorAll('#work [aria-current=true]')].map((link) => link.hash)"


def expect_beside(page: Page, target: str) -> None:
    """The panel shows what the link `target` opens, and that link alone is lit."""
    expect(page.locator("#panel [data-target]")).to_have_attribute("data-target", target)
    lit = [f"#{target}"] if "-" in target else []
    expect(page.locator("#work .is-open")).to_have_count(len(lit))
    assert page.evaluate(LIT) == lit


def test_each_answer_opens_its_own_first_source_and_the_box_keeps_the_keyboard(
    open_page: OpenPage,
) -> None:
    page = open_page()
    expect_beside(page, "")
    ask(page, QUESTION)
    expect_beside(page, "cite-1-1")
    expect(page.locator("#panel mark.cited").first).to_be_in_viewport()
    expect(page.locator(BOX)).to_be_focused()
    ask(page, LIGHTHOUSE)
    expect_beside(page, "cite-2-1")
    expect(page.locator("#panel mark.cited").first).to_contain_text("412")
    expect(page.locator(BOX)).to_be_focused()


def test_of_numbers_pressed_in_quick_succession_the_last_is_shown(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    expect_beside(page, "cite-1-1")
    page.locator("#chat").evaluate(
        """chat => ["#cite-1-2", "#cite-1-1", "#cite-1-2"].forEach((target) =>
            chat.querySelector(`a.cite[href="${target}"]`).click())"""
    )
    expect_beside(page, "cite-1-2")
    expect(page.locator("#panel mark.cited").first).to_be_focused()


def test_beside_what_cites_nothing_no_article_stays(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.locator("#chat a.cite").last.click()
    ask(page, OFF_TOPIC)
    expect_beside(page, "none")
    expect(page.locator("#panel")).to_contain_text("No source is cited")
    expect(page.locator("#panel mark")).to_have_count(0)
    page.locator("#chat .turn").last.locator("a.hit").first.click()
    expect_beside(page, "hit-2-1")
    send(page, "Thank you!")
    expect_beside(page, "none")


def test_another_answer_to_the_same_question_opens_its_first_source_again(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.locator("#chat a.cite[href='#cite-1-2']").first.click()
    expect_beside(page, "cite-1-2")
    page.get_by_role("button", name="Retry").click()
    expect_beside(page, "cite-1-1")


def test_a_phone_opens_nothing_until_it_is_tapped(open_page: OpenPage) -> None:
    page = open_page(390, 844)
    ask(page, QUESTION)
    expect(page.locator("#next .example").first).to_be_attached()
    expect(page.locator("#panel")).to_be_hidden()
    assert page.evaluate(LIT) == []
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#panel mark.cited").first).to_be_in_viewport()


def test_a_phone_held_sideways_shows_the_source_of_its_answer(open_page: OpenPage) -> None:
    page = open_page(390, 844)
    ask(page, QUESTION)
    expect(page.locator("#next .example").first).to_be_attached()
    page.set_viewport_size({"width": 900, "height": 390})
    expect_beside(page, "cite-1-1")


def test_each_tab_has_its_own_source(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.locator("#chat a.cite[href='#cite-1-2']").first.click()
    expect_beside(page, "cite-1-2")
    go(page, "Compare")
    expect_beside(page, "")
    compare(page, STATEMENT)
    first = page.locator("table.compared .said").first
    expect_beside(page, (first.get_attribute("href") or "")[1:])
    words = " ".join(page.locator("#panel mark.cited").all_inner_texts())
    assert words.split() == first.inner_text().split()
    expect(page.locator("#compare-box textarea")).to_be_focused()
    go(page, "Sources")
    expect_beside(page, "")
    head = page.locator("table.sources tbody th a").first
    head.click()
    expect_beside(page, (head.get_attribute("href") or "")[1:])
    go(page, "Ask")
    expect_beside(page, "cite-1-2")
    go(page, "Sources")
    expect_beside(page, (head.get_attribute("href") or "")[1:])


def test_a_reload_opens_the_last_answers_source_and_a_new_conversation_none(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, QUESTION)
    ask(page, LIGHTHOUSE)
    page.reload()
    expect_beside(page, "cite-2-1")
    page.get_by_role("button", name="New conversation").click()
    expect_beside(page, "")


def test_the_keyboard_goes_back_to_the_number_after_the_answer_was_drawn_anew(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, QUESTION)
    number = page.locator("#chat a.cite").first
    number.press("Enter")
    expect(page.locator("#panel mark.cited").first).to_be_focused()
    page.get_by_role("button", name="Good answer").dispatch_event("click")
    expect(page.locator("#chat form.reason")).to_be_visible()
    expect_beside(page, "cite-1-1")
    page.keyboard.press("Escape")
    expect(number).to_be_focused()


# --- while a model writes


@pytest.fixture
def writing(open_page: OpenPage, llm_url: str, llm: LLMServer) -> Iterator[Page]:
    """A page with one answer, and another whose numbers stand there before it is done."""
    page = open_page(at=llm_url)
    choose_model(page, "honest")
    ask(page, LIGHTHOUSE)
    choose_model(page, "pausing")
    send(page, QUESTION)
    expect(page.locator("#chat .streaming a.cite")).to_have_count(2, timeout=ANSWERED_WITHIN)
    yield page
    llm.release.set()
    llm.release.clear()


def finish(page: Page, llm: LLMServer) -> None:
    """Let the model end its answer."""
    llm.release.set()
    expect(page.locator("#chat .facts")).to_have_count(2, timeout=ANSWERED_WITHIN)
    llm.release.clear()


def test_a_source_opened_while_the_answer_was_written_stays_and_its_numbers_work_on(
    writing: Page, llm: LLMServer
) -> None:
    writing.locator("#chat .streaming a.cite").nth(1).click()
    expect_beside(writing, "cite-2-2")
    expect(writing.locator("#panel mark.cited").first).to_be_focused()
    finish(writing, llm)
    expect(writing.locator("#panel .card")).to_contain_text("Source 2 of 2")
    expect_beside(writing, "cite-2-2")
    expect(writing.locator("#panel mark.cited").first).to_be_focused()
    numbers = writing.locator("#chat .turn").last.locator("a.cite")
    numbers.first.click()
    expect_beside(writing, "cite-2-1")
    numbers.last.click()
    expect_beside(writing, "cite-2-2")


def test_a_lit_number_stays_lit_while_the_answer_grows(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    choose_model(page, "trickling")
    send(page, QUESTION)
    number = page.locator("#chat .streaming a.cite").nth(1)
    number.click()
    expect_beside(page, "cite-1-2")
    count = page.locator("#chat .streaming a.cite").count()
    expect(page.locator("#chat .streaming a.cite").nth(count + 3)).to_be_visible()
    expect(number).to_have_attribute("aria-current", "true")
    page.locator("#box .stop-button").click()
    expect(page.locator("#chat .failed")).to_be_visible()
    expect(page.locator("#chat a.cite[aria-current]")).to_have_attribute("href", "#cite-1-2")


def test_an_older_source_gives_way_and_what_is_typed_stays(writing: Page, llm: LLMServer) -> None:
    writing.locator("#chat a.cite[href='#cite-1-1']").first.click()
    expect_beside(writing, "cite-1-1")
    writing.locator(BOX).press_sequentially("And then?")
    finish(writing, llm)
    expect_beside(writing, "cite-2-1")
    expect(writing.locator(BOX)).to_be_focused()
    expect(writing.locator(BOX)).to_have_value("And then?")


def test_who_looks_for_words_in_a_source_is_not_interrupted(writing: Page, llm: LLMServer) -> None:
    field = writing.get_by_label("Find in this article")
    field.press_sequentially("paint")
    finish(writing, llm)
    expect(writing.locator("#next .example").first).to_be_attached()
    expect(field).to_be_focused()
    expect(field).to_have_value("paint")


def test_an_answer_that_comes_on_another_tab_opens_there_when_it_is_seen(
    writing: Page, llm: LLMServer
) -> None:
    go(writing, "Sources")
    writing.locator("table.sources tbody th a").first.click()
    expect(writing.locator("#panel .source h2")).to_be_focused()
    shown = writing.locator("#panel .source").get_attribute("data-target") or ""
    llm.release.set()
    expect(writing.locator("#chat .facts")).to_have_count(2, timeout=ANSWERED_WITHIN)
    llm.release.clear()
    expect_beside(writing, shown)
    go(writing, "Ask")
    expect_beside(writing, "cite-2-1")
