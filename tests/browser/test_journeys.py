"""From the first visit to what goes wrong in the middle: whole visits in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import (  # noqa: E402
    ANSWERED_WITHIN,
    LIGHTHOUSE,
    QUESTION,
    ask,
    choose_model,
    go,
    send,
)
from tests.llm_server import LLMServer  # noqa: E402

pytestmark = pytest.mark.browser

NOTE = """Salvage tug Morwenna back in port

The Pelican Gazette, 3 May 2024

The salvage tug Morwenna returned to Port Ilvane on 2 May 2024 with a crew of seventeen, the Harbour
Authority said.
"""


def fits(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return page.evaluate(wide) == 0


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


@pytest.mark.parametrize("width", [1440, 390])
def test_sources_that_differ_are_told_apart(open_page: OpenPage, width: int) -> None:
    page = open_page(width)
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


@pytest.mark.parametrize("width", [1440, 390])
def test_a_follow_up_is_understood_by_what_was_asked_before(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width)
    ask(page, "How long did the harbour strike last?")
    ask(page, "And what did it cost a day?")
    expect(page.locator("#chat .turn").last.locator(".note").first).to_contain_text("Understood as")
    expect(page.locator("#chat .turn").last.locator("a.cite").first).to_be_visible()


# --- with a language model


def test_an_answer_can_be_stopped_and_the_next_question_asked(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    send(page, QUESTION)
    expect(page.locator("#chat .preview .sentence").first).to_be_visible()
    page.locator("#box .stop-button").click()
    expect(page.locator("#chat .failed")).to_contain_text("Stopped before the answer was complete")
    send(page, LIGHTHOUSE)
    expect(page.locator("#chat .preview .sentence").last).to_contain_text("412")
    page.keyboard.type("Not yet")
    page.keyboard.press("Enter")
    expect(page.locator("#box textarea")).to_have_value("Not yet")
    page.locator("#box .stop-button").click()
    expect(page.locator("#chat .failed")).to_have_count(2)
    expect(page.locator("#chat .question")).to_have_text([QUESTION, LIGHTHOUSE])
    llm.release.set()
    llm.release.clear()


def test_what_is_typed_during_an_answer_is_kept(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    send(page, QUESTION)
    expect(page.locator("#chat .preview .sentence").first).to_be_visible()
    page.locator("#box textarea").press_sequentially("And then?")
    llm.release.set()
    expect(page.locator("#chat .turn:not([data-writing])")).to_be_visible(timeout=ANSWERED_WITHIN)
    expect(page.locator("#box .submit-button")).to_be_visible()
    llm.release.clear()
    expect(page.locator("#box textarea")).to_have_value("And then?")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_model_that_fails_in_the_middle_is_named_and_the_articles_speak(
    open_page: OpenPage, llm_url: str, width: int
) -> None:
    page = open_page(width, at=llm_url)
    choose_model(page, "cut_later")
    ask(page, QUESTION)
    failed = page.locator(
        "#chat .answer > .note", has_text="openai:cut_later stopped in the middle"
    )
    expect(failed).to_contain_text("These are the articles' own sentences instead")
    expect(page.locator("#chat .answer a.cite").first).to_be_visible()
    assert fits(page)
    choose_model(page, "honest")
    page.get_by_role("button", name="Retry").click()
    expect(failed).to_have_count(0)
    expect(page.locator("#chat .facts")).to_be_visible(timeout=60_000)


def test_one_visitor_is_answered_while_anothers_model_is_silent(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    waiting, other = open_page(at=llm_url), open_page(at=llm_url)
    choose_model(other, "honest")
    send(waiting, QUESTION)
    expect(waiting.locator("#chat .preview")).to_be_visible()
    ask(other, LIGHTHOUSE)
    expect(other.locator("#chat .question")).to_have_text([LIGHTHOUSE])
    expect(other.locator("#chat a.cite").first).to_be_visible()
    expect(waiting.locator("#chat .preview")).to_be_visible()
    expect(waiting.locator("#chat .question")).to_have_text([QUESTION])
    waiting.locator("#box .stop-button").click()
    expect(waiting.locator("#chat .failed")).to_be_visible()
    llm.release.set()
    llm.release.clear()


def test_what_a_model_writes_stays_text(open_page: OpenPage, llm_url: str, llm: LLMServer) -> None:
    page = open_page(at=llm_url)
    choose_model(page, "good")
    llm.reply = [
        'The paint cost 412 crowns <img src=x onerror="window.pwned=1"> [1]. ',
        "![p](https://elsewhere.example/p.png) <script>window.pwned=2</script> It was blue [1]. ",
        "[here](javascript:window.pwned=3) <a href='https://elsewhere.example'>it is</a> [1].",
    ]
    ask(page, LIGHTHOUSE)
    expect(page.locator("#chat .turn")).to_contain_text("<img src=x onerror=")
    assert page.locator("#chat img, #chat script, #chat a[href*=':']").count() == 0
    assert page.evaluate("typeof window.pwned") == "undefined"


def test_a_source_opens_while_its_answer_is_still_written(
    open_page: OpenPage, llm_url: str
) -> None:
    page = open_page(at=llm_url)
    choose_model(page, "trickling")
    send(page, QUESTION)
    page.locator("#chat .streaming a.cite").nth(1).click()
    expect(page.locator("#panel mark.cited").first).to_be_visible()
    expect(page.locator("#panel")).to_contain_text("Source 2 of 2")
    expect(page.locator("#chat .streaming")).to_be_visible()
    page.locator("#box .stop-button").click()
    expect(page.locator("#chat .failed")).to_contain_text("Stopped before the answer was complete")
    page.locator("#chat .answer a.cite").first.click()
    expect(page.locator("#panel")).to_contain_text("Source 1 of 2")


@pytest.mark.parametrize("width", [1440, 390])
def test_lists_tables_and_headings_of_a_model_are_shown_as_such(
    open_page: OpenPage, llm_url: str, width: int
) -> None:
    page = open_page(width, at=llm_url)
    choose_model(page, "formatted")
    ask(page, QUESTION)
    answer = page.locator("#chat .laid")
    expect(answer.locator("h3")).to_have_text(["In short", "Step by step"])
    expect(answer.locator("ol > li")).to_have_count(3)
    expect(answer.locator("th")).to_have_text(["Event", "What happened", "Cost"])
    expect(answer.locator("tbody tr")).to_have_count(3)
    expect(answer.locator("li strong").first).to_have_text("A:")
    expect(answer.locator(".said.unsupported")).to_contain_text("98,765")
    expect(answer.locator(".why.unsupported")).to_contain_text("Not supported")
    for dropped in ("Sure!", "I hope this helps", "The first", "†", "Source 1"):
        expect(answer).not_to_contain_text(dropped)
    answer.locator("td a.cite").last.click()
    expect(page.locator("#panel mark.cited").first).to_be_visible()
    assert fits(page)


def test_a_refusal_in_the_readers_language_keeps_its_words(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    choose_model(page, "good")
    llm.reply = ["Die Artikel beantworten ", "diese Frage leider nicht."]
    ask(page, QUESTION)
    expect(page.locator("#chat .verdict")).to_have_text("Not in the articles")
    expect(page.locator("#chat .abstention")).to_contain_text(
        "beantworten diese Frage leider nicht"
    )
    llm.reply = ["NOT_IN_ARTICLES\nThey do say ", "that they came by barge [1]."]
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#chat .abstention a.cite")).to_have_count(1)
    expect(page.locator("#chat .abstention")).not_to_contain_text("NOT_IN")
