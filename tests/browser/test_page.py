"""The page as its users meet it: real server, real index, real models, a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
expect, Page = sync_api.expect, sync_api.Page

pytestmark = pytest.mark.browser

DESK, PHONE = (1440, 900), (390, 844)
QUESTION = "How many contract workers were brought to Gannet Dock by barge?"
OFF_TOPIC = "Who won the chess world championship in Reykjavik?"
LIGHTHOUSE = "What did the blue paint of the Tolley lighthouse cost?"


def ask(page: Page, question: str) -> None:
    """Ask and wait until the answer is complete: its line of facts comes last."""
    answers = page.locator("#chat .answer .facts, #chat .answer .failed")
    before = answers.count()
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    expect(answers).to_have_count(before + 1, timeout=60_000)


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


def test_everything_comes_from_the_own_origin(open_page, url):
    page = open_page()
    ask(page, QUESTION)
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#panel mark.cited").first).to_be_visible()
    page.get_by_role("tab", name="Articles", exact=True).click()
    expect(page.locator(".articles a").first).to_be_visible()
    own = tuple(f"{scheme}" for scheme in (f"{url}/", "data:", f"blob:{url}/"))
    assert [address for address in page.requested if not address.startswith(own)] == []


def test_what_the_articles_do_not_answer_is_said_and_the_nearest_passages_open(open_page):
    page = open_page()
    ask(page, OFF_TOPIC)
    expect(page.locator(".abstention .verdict")).to_have_text("Not in the articles")
    nearest = page.locator("#chat a.hit").first
    shown = squeezed(nearest.locator("q").inner_text()).removesuffix(" …")
    nearest.click()
    expect(page.locator("#panel mark.cited").first).to_be_in_viewport()
    # a passage over two paragraphs has two marks, with no space between
    assert marked(page).replace(" ", "").startswith(shown.replace(" ", ""))


def test_an_upload_is_reported_by_file_and_can_be_asked_about(open_page, tmp_path: Path):
    good, bad = tmp_path / "tug-note.txt", tmp_path / "broken.pdf"
    good.write_text(
        "Salvage tug Morwenna back in port\n\nThe salvage tug Morwenna returned to Port Ilvane on "
        "2 May 2024 with a crew of seventeen, the Harbour Authority said.\n"
    )
    bad.write_bytes(b"this is no PDF")
    page = open_page()
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
    page.get_by_role("tab", name="Articles", exact=True).click()
    expect(page.locator(".articles a").first).to_be_visible()
    assert page.locator("#chat img, #panel img, .articles img").count() == 0
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


def test_retry_undo_and_clear(open_page):
    page = open_page()
    ask(page, QUESTION)
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#chat .facts")).to_have_count(1)
    expect(page.locator("#chat .question")).to_have_text([QUESTION])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#box textarea")).to_have_value(QUESTION)
    expect(page.locator("#chat .question")).to_have_count(0)
    ask(page, LIGHTHOUSE)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat .example").first).to_be_visible()


def test_an_example_question_is_asked_when_clicked(open_page):
    page = open_page()
    example = page.locator("#chat .example").first
    text = example.inner_text().strip()
    example.click()
    expect(page.locator("#chat .question")).to_have_text(text)
    expect(page.locator("#chat .facts")).to_be_visible(timeout=60_000)


def test_the_list_filters_and_opens_articles(open_page):
    page = open_page()
    page.get_by_role("tab", name="Articles", exact=True).click()
    expect(page.locator(".articles a").nth(5)).to_be_visible()
    page.get_by_label("Filter").fill("hostile.txt")
    expect(page.locator(".articles a")).to_have_count(1)
    page.locator(".articles a").click()
    expect(page.locator("#panel .card .from")).to_contain_text("hostile.txt")
    expect(page.locator("#panel .text")).to_contain_text(re.compile("lantern room"))


def open_filters(page: Page) -> None:
    page.locator("#filters > button").click()
    expect(page.get_by_label("Outlet")).to_be_visible()


def choose(page: Page, label: str, typed: str, name: str) -> None:
    """Pick `name` in a list by typing some of it, with the keyboard alone."""
    page.get_by_label(label).fill(typed)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    page.get_by_label(label).press("Enter")
    page.get_by_label(label).press("Tab")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_only_the_chosen_outlet_is_cited(open_page, size):
    page = open_page(*size)
    open_filters(page)
    choose(page, "Outlet", "averstad", "The Averstad Sentinel")
    expect(page.locator("#filters > button")).to_contain_text("outlet The Averstad Sentinel")
    expect(page.locator("#limited")).to_contain_text(re.compile(r"^\s*\d+ of \d+ articles pass"))
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    ask(page, "What did Lucan Ferreby say about the cost per day?")
    expect(page.get_by_label("Outlet")).to_be_hidden()
    expect(page.locator("#chat .answer > .note").last).to_contain_text(
        re.compile(r"Answered from \d+ of \d+ articles: outlet The Averstad Sentinel\.")
    )
    titles = page.locator("#chat a.cite").evaluate_all("links => links.map(link => link.title)")
    assert titles
    assert all("The Averstad Sentinel" in title for title in titles)


def test_filters_that_leave_nothing_say_so_and_can_be_cleared(open_page):
    page = open_page()
    open_filters(page)
    page.get_by_label("From").fill("2025")
    page.get_by_label("From").press("Enter")
    trouble = "No article passes the filters: published from 1 January 2025."
    expect(page.locator("#limited .trouble")).to_contain_text(trouble)
    ask(page, QUESTION)
    expect(page.locator("#chat .abstention .verdict")).to_have_text("Nothing to search")
    expect(page.locator("#chat .abstention")).to_contain_text(trouble)
    expect(page.locator("#chat .abstention")).to_contain_text("The articles run from ")
    open_filters(page)
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_label("From")).to_have_value("")
    expect(page.locator("#limited")).to_contain_text(re.compile(r"All \d+ articles pass\."))
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#chat a.cite").first).to_be_visible(timeout=60_000)


def test_a_date_that_is_none_is_refused_with_the_form_wanted(open_page):
    page = open_page()
    open_filters(page)
    page.get_by_label("As of").fill("31/13/2015")
    ask(page, QUESTION)
    refused = "As of 31/13/2015 is no date. Write 2015, 2015-06, 2015-06-01, June 2015"
    expect(page.locator("#chat .failed")).to_contain_text(refused)
    open_filters(page)
    expect(page.locator("#limited .trouble")).to_contain_text(refused)


def test_filters_are_each_visitors_own_and_dates_in_the_question_count(open_page):
    one, other = open_page(), open_page()
    open_filters(one)
    one.get_by_label("Until").fill("2020")
    one.get_by_label("Until").press("Enter")
    expect(one.locator("#limited .trouble")).to_be_visible()
    ask(other, f"As of 30 April 2024, {QUESTION[0].lower()}{QUESTION[1:]}")
    expect(other.locator("#chat a.cite").first).to_be_visible()
    expect(other.locator("#chat .answer > .note").last).to_contain_text(
        "published until 30 April 2024."
    )
