"""What a language model's answer is on the page, from its first word to its last or to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, Route, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import (  # noqa: E402
    ANSWERED_WITHIN,
    LIGHTHOUSE,
    OFF_TOPIC,
    QUESTION,
    ask,
    choose_model,
    fits,
    go,
    send,
)
from tests.llm_server import LLMServer, passages  # noqa: E402

pytestmark = pytest.mark.browser

SUMMARY = "Summarise the harbour strike in a list and a table."
LONG = """\
The settlement of 4 April was accepted by 2,640 votes to 598 [=2,640 votes].

## What happened, step by step

1. **9 March:** Striking dockers marched through the centre of Port Ilvane.
   - Police put the number of marchers at 8,500 [=marchers at 8,500].
2. **14 March:** Negotiations were broken off at 11.40 pm [=11.40 pm].
3. **9 April:** A crane at Gannet Dock lifted a single blue container [=single blue container].

## What it cost

| Reported on | Figure | Who says so | What it is | For whom |
|---|---|---|---|---|
| 9 April 2024 | 36 days | not stated | The harbour strike lasted [=lasted 36 days] | not stated |
| 18 March 2024 | 430 million crowns | The Chamber | Two weeks [=340 million crowns] | firms |

The articles do not say who paid for the contract workers."""


def answer_of(page: Page, llm: LLMServer, reply: str, question: str) -> None:
    """Have `question` answered with `reply`, whose passages are named by words of theirs."""
    llm.reply = [reply]
    choose_model(page, "pointing")
    ask(page, question)


def asked(llm: LLMServer, do: Callable[[], Any]) -> Any:
    """Do what lets the model be asked, wait until it is, and return what doing it gave."""
    while not llm.asked.empty():
        llm.asked.get()
    given = do()
    llm.asked.get(timeout=ANSWERED_WITHIN / 1000)
    return given


@pytest.mark.parametrize("width", [1440, 390])
def test_a_long_answer_is_read_and_followed_to_its_sources(
    open_page: OpenPage, llm_url: str, llm: LLMServer, width: int
) -> None:
    page = open_page(width, 844, at=llm_url)
    answer_of(page, llm, LONG, SUMMARY)
    answer = page.locator("#chat .laid")
    expect(answer.locator("h3")).to_have_text(["What happened, step by step", "What it cost"])
    expect(answer.locator("ol > li")).to_have_count(3)
    expect(answer.locator("ol ul > li")).to_contain_text("8,500")
    expect(page.locator("#chat .answer")).not_to_contain_text("no such passage")
    expect(answer.locator("table .why")).to_have_count(0)
    expect(answer.locator(".why", has_text="430 million")).to_contain_text(
        "Not backed by its sources"
    )
    expect(answer.locator("td .said.unsupported", has_text="430 million")).to_be_visible()
    expect(answer.locator("p", has_text="who paid").locator(".unsupported")).to_have_count(0)
    assert fits(page)
    table = answer.locator(".wide")
    if width == 390:  # it is wider than the window, and moves by itself
        table.focus()
        page.keyboard.press("End")
        assert table.evaluate("it => it.scrollWidth > it.clientWidth")
    row = answer.locator("tbody tr", has_text="36 days")
    assert row.bounding_box()["height"] < 160  # type: ignore[index]
    row.locator("a.cite").click()
    expect(page.locator("#panel mark.cited", has_text="lasted 36 days").first).to_be_visible()


def test_what_answers_a_part_says_what_is_missing(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    told = "The harbour strike lasted 36 days [=lasted 36 days]."
    silent = "The passages do not say who paid for the barge."
    answer_of(page, llm, f"PARTLY {told} {silent}", "How long was the strike and who paid for it?")
    answer = page.locator("#chat .answer")
    expect(answer.locator(".laid p")).to_have_text(
        "The harbour strike lasted 36 days 1. The passages do not say who paid for the barge."
    )
    expect(answer.locator(".verdict, .why")).to_have_count(0)
    expect(answer.locator(".facts > summary")).to_contain_text("1 of 1 sentence backed by sources")


def test_a_false_premise_is_put_right_with_its_source(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(390, 844, at=llm_url)
    reply = "The harbour was not closed for a year: the strike lasted 36 days [=lasted 36 days]."
    answer_of(page, llm, reply, "Why was the harbour closed for a year?")
    expect(page.locator("#chat .verdict")).to_have_count(0)
    page.locator("#chat .laid a.cite").click()
    expect(page.locator("#panel mark.cited").first).to_contain_text("lasted 36 days")


def test_a_follow_up_is_asked_as_the_model_understands_it(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    choose_model(page, "condensing")
    llm.reply = ["What did the harbour strike cost the country a day?"]
    ask(page, "How long did the harbour strike last?")
    ask(page, "And what did it cost a day?")
    last = page.locator("#chat .turn").last
    expect(last.locator(".note").first).to_contain_text(llm.reply[0])
    asked = str(llm.requests[-1]["messages"][-1]["content"])
    assert f"Understood as: {llm.reply[0]}" in asked
    expect(last.locator(".laid a.cite").first).to_be_visible()
    last.get_by_role("button", name="Search my words as typed").click()
    expect(last.locator(".facts")).to_be_visible(timeout=ANSWERED_WITHIN)
    expect(last.locator(".note", has_text="Understood as")).to_have_count(0)


def test_while_a_model_reads_it_is_said_how_much(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    send(page, OFF_TOPIC)
    expect(page.locator("#chat .waiting")).to_contain_text("Reading")
    page.locator("#box .stop-button").click()
    shown = page.locator("#chat .nearest details summary")
    expect(shown).to_be_visible()
    count = len(passages(llm.requests[-1]))
    assert count > 8
    expect(shown).to_have_text(f"{count - 3} more")


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


def test_an_answer_whose_first_steps_come_all_at_once_can_be_stopped(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    """A slow page hears of several before it has taken the first, which gradio then changes."""
    page = open_page(at=llm_url)
    go(page, "Settings")
    asked(llm, lambda: page.get_by_role("button", name="Check").click())
    go(page, "Ask")  # the check goes on: it keeps open what the answer comes by

    def held(route: Route) -> None:
        if QUESTION in (route.request.post_data or ""):
            route.fulfill(response=asked(llm, route.fetch))
        else:
            route.continue_()

    page.route("**/queue/join*", held)
    send(page, QUESTION)
    expect(page.locator("#chat .preview .sentence").first).to_be_visible()
    page.locator("#box .stop-button").click()
    expect(page.locator("#chat .failed")).to_contain_text("Stopped before the answer was complete")
    expect(page.locator("#box .submit-button")).to_be_visible()
    expect(page.locator("#box .stop-button")).to_be_hidden()
    expect(page.locator("#box textarea")).to_have_value("")
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


def test_a_model_that_fails_in_the_middle_is_named_and_the_articles_speak(
    open_page: OpenPage, llm_url: str
) -> None:
    page = open_page(390, at=llm_url)
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


def test_lists_tables_and_headings_of_a_model_are_shown_as_such(
    open_page: OpenPage, llm_url: str
) -> None:
    page = open_page(390, at=llm_url)
    choose_model(page, "formatted")
    ask(page, QUESTION)
    answer = page.locator("#chat .laid")
    expect(answer.locator("h3")).to_have_text(["In short", "Step by step"])
    expect(answer.locator("ol > li")).to_have_count(3)
    expect(answer.locator("th")).to_have_text(["Event", "What happened", "Cost"])
    expect(answer.locator("tbody tr")).to_have_count(3)
    expect(answer.locator("li strong").first).to_have_text("A:")
    expect(answer.locator(".said.unsupported")).to_contain_text("98,765")
    expect(answer.locator(".why.unsupported")).to_contain_text("Not backed by its sources")
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
