"""The page as its users meet it: real server, real index, real models, a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
expect, Page = sync_api.expect, sync_api.Page

from tests.browser.doing import LIGHTHOUSE, OFF_TOPIC, QUESTION, ask  # noqa: E402

pytestmark = pytest.mark.browser

DESK, PHONE = (1440, 900), (390, 844)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def marked(page: Page) -> str:
    return squeezed("".join(page.locator("#panel mark.cited").all_text_contents()))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_number_opens_the_cited_words_in_view(open_page, size):
    page = open_page(*size)
    ask(page, QUESTION)
    sentence = page.locator("#chat .sentence:has(.quote)").first
    sentence.locator("a.cite").first.click()
    expect(page.locator("#panel mark.cited").first).to_be_in_viewport()
    expect(page.locator("#panel mark.cited").last).to_be_in_viewport()
    quote = marked(page)
    assert len(quote) > 20
    assert quote in squeezed(sentence.inner_text())
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0


def test_each_number_opens_its_own_words(open_page):
    page = open_page()
    ask(page, "What did Marit Oldane say?")
    for number in range(page.locator("#chat a.cite").count()):
        link = page.locator("#chat a.cite").nth(number)
        link.click()
        target = (link.get_attribute("href") or "").removeprefix("#")
        expect(page.locator("#panel .source")).to_have_attribute("data-target", target)
        expect(page.locator("#panel mark.cited").first).to_be_in_viewport()


def test_the_keyboard_opens_and_closes_a_source(open_page):
    page = open_page(*PHONE)
    ask(page, QUESTION)
    link = page.locator("#chat a.cite").first
    link.focus()
    link.press("Enter")
    expect(page.locator("#panel mark.cited").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(link).to_be_focused()
    link.press("Enter")
    expect(page.locator("#panel mark.cited").first).to_be_in_viewport()


def test_what_the_articles_do_not_answer_is_said_and_the_nearest_passages_open(open_page):
    page = open_page(*PHONE)
    ask(page, OFF_TOPIC)
    expect(page.locator(".abstention .verdict")).to_have_text("Not in the articles")
    nearest = page.locator("#chat a.hit").first
    shown = squeezed(nearest.locator("q").inner_text()).removesuffix(" …")
    nearest.click()
    expect(page.locator("#panel mark.cited").first).to_be_in_viewport()
    # a passage over two paragraphs has two marks, with no space between
    assert marked(page).replace(" ", "").startswith(shown.replace(" ", ""))


def test_an_upload_is_reported_by_file_and_can_be_asked_about(
    open_page, empty_url: str, tmp_path: Path
):
    good, bad = tmp_path / "tug-note.txt", tmp_path / "broken.pdf"
    good.write_text(
        "Salvage tug Morwenna back in port\n\nThe salvage tug Morwenna returned to Port Ilvane on "
        "2 May 2024 with a crew of seventeen, the Harbour Authority said.\n"
    )
    bad.write_bytes(b"this is no PDF")
    page = open_page(at=empty_url)
    page.get_by_role("tab", name="Add articles").click()
    page.set_input_files("#add input[type=file]", [good, bad])
    expect(page.locator(".uploads .good")).to_contain_text("tug-note.txt", timeout=60_000)
    expect(page.locator(".uploads .bad")).to_contain_text("broken.pdf")
    expect(page.locator(".uploads .bad .why")).not_to_be_empty()
    page.get_by_role("tab", name="Ask", exact=True).click()
    ask(page, "How many people were in the crew of the salvage tug Morwenna?")
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#panel .card .from")).to_contain_text("tug-note.txt")
    expect(page.locator("#panel mark.cited").first).to_contain_text("seventeen")


def test_hostile_text_stays_text(open_page, url):
    page = open_page()
    ask(page, f'{LIGHTHOUSE} <img src=x onerror="window.pwned=9"> ![p](https://elsewhere.example/)')
    page.locator("#chat .facts > summary").click()
    page.locator("#chat a.cite, #chat a.hit").filter(visible=True).first.click()
    source = page.locator("#panel .source")
    expect(source).to_contain_text("<script>window.pwned=3</script> came from Drennick")
    expect(source).to_contain_text("![pixel](https://elsewhere.example/pixel.png)")
    expect(source).to_contain_text("{{value}} and ${6*7} and **stars**")
    page.get_by_role("tab", name="Sources", exact=True).click()
    expect(page.locator("#sources a[href^='#article-']").first).to_be_visible()
    assert page.locator("#chat img, #panel img, #sources img").count() == 0
    assert page.locator("#chat script, #panel script, #panel strong").count() == 0
    assert page.evaluate("typeof window.pwned") == "undefined"
    assert not [address for address in page.requested if "elsewhere" in address]


def test_two_visitors_do_not_see_each_others_chat(open_page):
    one, other = open_page(), open_page()
    ask(one, QUESTION)
    expect(other.locator("#chat .question")).to_have_count(0)
    ask(other, LIGHTHOUSE)
    expect(other.locator("#chat .question")).to_have_text([LIGHTHOUSE])
    expect(one.locator("#chat .question")).to_have_text([QUESTION])
    other.locator("#chat a.cite").first.click()
    expect(other.locator("#panel mark.cited").first).to_contain_text("412")


def test_retry_edit_and_a_new_conversation(open_page):
    page = open_page()
    ask(page, QUESTION)
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#chat .facts")).to_have_count(1)
    expect(page.locator("#chat .question")).to_have_text([QUESTION])
    ask(page, OFF_TOPIC)
    page.get_by_role("button", name="Edit").first.click()
    area = page.get_by_label("Edit the question")
    expect(area).to_be_focused()
    expect(area).to_have_value(QUESTION)
    area.fill(LIGHTHOUSE)
    area.press("Enter")
    expect(page.locator("#chat .question")).to_have_text([LIGHTHOUSE])
    expect(page.locator("#chat .quote").first).to_contain_text("412")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#greeting .example").first).to_be_visible()
    page.reload()
    expect(page.locator("#greeting .example").first).to_be_visible()
    expect(page.locator("#chat .turn")).to_have_count(0)


def test_an_example_question_is_asked_when_clicked_and_others_are_suggested(open_page):
    page = open_page()
    example = page.locator("#greeting .example").first
    text = example.inner_text().strip()
    example.click()
    expect(page.locator("#chat .question")).to_have_text(text)
    expect(page.locator("#chat .facts")).to_be_visible(timeout=60_000)
    suggested = page.locator("#next .example").first
    text = suggested.inner_text().strip()
    suggested.click()
    expect(page.locator("#chat .question").last).to_have_text(text)
    expect(page.locator("#chat .facts")).to_have_count(2, timeout=60_000)


def test_what_was_asked_stands_there_before_the_server_answers(open_page):
    page = open_page()
    page.fill("#box textarea", QUESTION)
    seen = page.evaluate(
        """async () => {
            const box = document.querySelector("#box textarea");
            const enter = { key: "Enter", bubbles: true, cancelable: true };
            box.dispatchEvent(new KeyboardEvent("keydown", enter));
            return document.querySelector("#chat .turn .waiting")?.textContent;
        }"""
    )
    assert seen == "Searching…"


def test_a_reload_keeps_the_conversation_and_its_sources_in_this_tab_alone(open_page):
    page = open_page()
    ask(page, QUESTION)
    ask(page, OFF_TOPIC)
    said = page.locator("#chat .said").all_inner_texts()
    page.reload()
    expect(page.locator("#chat .question")).to_have_text([QUESTION, OFF_TOPIC])
    expect(page.locator("#chat .facts")).to_have_count(2)
    assert page.locator("#chat .said").all_inner_texts() == said
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#panel mark.cited").first).to_be_in_viewport()
    ask(page, "And what did the Courier correct?")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("#greeting .example").first).to_be_visible()
    expect(other.locator("#chat .turn")).to_have_count(0)


def test_a_number_shows_its_card_and_escape_hides_it(open_page):
    page = open_page()
    ask(page, QUESTION)
    card, link = page.locator("#chat .card-shown"), page.locator("#chat a.cite").last
    link.hover()
    expect(card).to_be_visible()
    link.scroll_into_view_if_needed()
    link.hover()
    expect(card.locator("blockquote")).not_to_be_empty()
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1440
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 900
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_the_reader_goes_from_source_to_source_and_finds_words(open_page):
    page = open_page()
    ask(page, "How many ships were waiting on 4, 5, 12 and 18 March?")
    page.locator("#chat a.cite[href='#cite-1-1']").first.click()
    source = page.locator("#panel .source")
    expect(page.locator("#panel mark.cited").first).to_be_focused()
    for key, target in (("n", "cite-1-2"), ("n", "cite-1-3"), ("p", "cite-1-2")):
        page.keyboard.press(key)
        expect(source).to_have_attribute("data-target", target)
        expect(page.locator("#panel mark.cited").first).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("the")
    tally = page.locator("#panel .tally")
    expect(tally).to_have_text(re.compile(r"^1 of \d+$"))
    page.keyboard.press("Enter")
    expect(tally).to_have_text(re.compile(r"^2 of \d+$"))
    page.keyboard.press("Shift+Enter")
    page.get_by_role("button", name="Next match").click()
    expect(tally).to_have_text(re.compile(r"^2 of \d+$"))


def test_a_verdict_and_its_reason_are_kept(open_page):
    page = open_page()
    ask(page, LIGHTHOUSE)
    thumb = page.get_by_role("button", name="Bad answer")
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Something is missing").click()
    expect(page.locator("#chat .thanks")).to_be_visible()
    page.reload()
    expect(thumb).to_have_attribute("aria-pressed", "true")


def test_a_page_of_a_pdf_can_be_seen(open_page):
    page = open_page()
    ask(page, "What did Ishaan Dellmore say about wages?")
    page.locator("#chat a.cite").first.click()
    page.get_by_role("button", name=re.compile("^Show page")).click()
    image = page.locator("#panel .page-image img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.complete && image.naturalWidth") == 1000
    page.get_by_role("button", name=re.compile("^Hide page")).click()
    expect(image).to_have_count(0)


def open_filters(page: Page) -> None:
    page.locator("#filters > button").click()
    expect(page.get_by_label("Outlet", exact=True)).to_be_visible()


def choose(page: Page, label: str, typed: str, name: str) -> None:
    """Pick `name` in a list by typing some of it, with the keyboard alone."""
    page.get_by_label(label, exact=True).fill(typed)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    page.get_by_label(label, exact=True).press("Enter")
    page.get_by_label(label, exact=True).press("Tab")


def test_only_the_chosen_outlet_is_cited(open_page):
    page = open_page(*PHONE)
    open_filters(page)
    choose(page, "Outlet", "averstad", "The Averstad Sentinel")
    expect(page.locator("button.filter")).to_contain_text("outlet The Averstad Sentinel")
    expect(page.locator("#limited")).to_contain_text(re.compile(r"^\s*\d+ of \d+ articles pass"))
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    ask(page, "What did Lucan Ferreby say about the cost per day?")
    expect(page.get_by_label("Outlet", exact=True)).to_be_hidden()
    expect(page.locator("#chat .answer > .note").last).to_contain_text(
        re.compile(r"Answered from \d+ of \d+ articles: outlet The Averstad Sentinel\.")
    )
    cards = page.locator("#chat .cards .peek").all_text_contents()
    assert cards
    assert all("The Averstad Sentinel" in card for card in cards)
    page.get_by_role("button", name="Remove the filter outlet The Averstad Sentinel").click()
    expect(page.locator("button.filter")).to_have_count(0)


def test_filters_that_leave_nothing_say_so_and_can_be_cleared(open_page):
    page = open_page()
    open_filters(page)
    page.get_by_label("From", exact=True).fill("2025")
    page.get_by_label("From", exact=True).press("Enter")
    trouble = "No article passes the filters: published from 1 January 2025."
    expect(page.locator("#limited .trouble")).to_contain_text(trouble)
    ask(page, QUESTION)
    expect(page.locator("#chat .abstention .verdict")).to_have_text("Nothing to search")
    expect(page.locator("#chat .abstention")).to_contain_text(trouble)
    expect(page.locator("#chat .abstention")).to_contain_text("The articles run from ")
    open_filters(page)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_label("From", exact=True)).to_have_value("")
    expect(page.locator("#limited")).to_contain_text(re.compile(r"All \d+ articles pass\."))
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#chat a.cite").first).to_be_visible(timeout=60_000)


def test_a_date_that_is_none_is_refused_with_the_form_wanted(open_page):
    page = open_page()
    open_filters(page)
    page.get_by_label("As of", exact=True).fill("31/13/2015")
    ask(page, QUESTION)
    refused = "As of 31/13/2015 is no date. Write 2015, 2015-06, 2015-06-01, June 2015"
    expect(page.locator("#chat .failed")).to_contain_text(refused)
    open_filters(page)
    expect(page.locator("#limited .trouble")).to_contain_text(refused)


def test_filters_fold_at_once_when_a_question_is_asked(open_page):
    page = open_page()
    open_filters(page)
    page.route("**/queue/join*", lambda route: None)  # the server says nothing
    page.fill("#box textarea", QUESTION)
    page.press("#box textarea", "Enter")
    expect(page.get_by_label("Outlet", exact=True)).to_be_hidden()
    page.unroute_all(behavior="ignoreErrors")


def test_filters_are_each_visitors_own_and_dates_in_the_question_count(open_page):
    one, other = open_page(), open_page()
    open_filters(one)
    one.get_by_label("Until", exact=True).fill("2020")
    one.get_by_label("Until", exact=True).press("Enter")
    expect(one.locator("#limited .trouble")).to_be_visible()
    ask(other, f"As of 30 April 2024, {QUESTION[0].lower()}{QUESTION[1:]}")
    expect(other.locator("#chat a.cite").first).to_be_visible()
    expect(other.locator("#chat .answer > .note").last).to_contain_text(
        "published until 30 April 2024."
    )


def test_a_question_that_the_server_does_not_take_is_not_left_waiting(open_page):
    page = open_page()
    page.route("**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "full"}))
    page.fill("#box textarea", QUESTION)
    page.press("#box textarea", "Enter")
    expect(page.locator("#chat .turn")).to_have_count(0)
    expect(page.locator("#box textarea")).to_have_value(QUESTION)


def test_a_link_to_an_article_that_has_gone_says_so(open_page):
    page = open_page()
    ask(page, QUESTION)
    page.locator("#chat a.cite").first.evaluate(
        "link => link.setAttribute('href', '#words-nothing-1-2')"
    )
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#panel .card")).to_contain_text("This article is not there any more")
