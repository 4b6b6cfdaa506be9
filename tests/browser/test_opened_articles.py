"""Numbers to touch, the article that they open, its pages with the cited words, and Compare."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import (  # noqa: E402
    OFF_TOPIC,
    STATEMENT,
    ask,
    compare,
    fits,
    go,
)
from tests.browser.test_accessibility import AXE, LOOKS, violations  # noqa: E402

pytestmark = pytest.mark.browser

MARCH = "How many people marched to Lantern Square?"
OF_A_PDF = "What did Ishaan Dellmore say about wages?"
SMALL = """() => [...document.querySelectorAll("a.cite")].filter((link) => link.checkVisibility())
    .map((link) => link.getBoundingClientRect())
    .filter(({ width, height }) => width < 24 || height < 24).length"""
TOUCHING = """() => {
    const boxes = [...document.querySelectorAll("a.cite")].filter((link) => link.checkVisibility())
        .map((link) => link.getBoundingClientRect());
    return boxes.filter((one, at) => boxes.slice(at + 1).some((other) =>
        one.left < other.right - 1 && other.left < one.right - 1 &&
        one.top < other.bottom - 1 && other.top < one.bottom - 1)).length;
}"""
# Numbers that begin a line: the last letter before the first of them stands higher.
ALONE = """() => [...document.querySelectorAll("#chat .sentence")].filter((sentence) => {
    const link = sentence.querySelector("a.cite");
    if (!link) return false;
    const range = new Range();
    range.setStart(sentence.querySelector(".said"), 0);
    range.setEndBefore(sentence.querySelector(".chips"));
    const last = [...range.getClientRects()].pop();
    return last.bottom <= link.getBoundingClientRect().top + 2;
}).length"""


def test_numbers_can_be_touched_and_never_begin_a_line(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MARCH)
    ask(page, "How many ships were waiting on 4, 5, 12 and 18 March?")
    expect(page.locator("#panel .bar a.cite")).to_have_count(4)
    for width in (*range(320, 480, 9), 900, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SMALL) == 0
        assert page.evaluate(TOUCHING) == 0
        assert page.evaluate(ALONE) == 0, width
    # A question mark lets a line end behind it, a space all the more.
    page.locator("#chat .quote").evaluate_all(
        "quotes => quotes.forEach((quote) => { quote.textContent += ' Why not at all?'; })"
    )
    for width in range(320, 480, 9):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(ALONE) == 0, width


def test_lines_with_numbers_are_no_higher_than_others(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MARCH)
    quote = page.locator("#chat .sentence:has(.quote)").first
    with_number = quote.evaluate("sentence => sentence.getBoundingClientRect().height")
    without = quote.evaluate(
        """sentence => {
            const link = sentence.querySelector("a.cite"); // as wide as before, and flat
            link.style.cssText = "padding-block: 0; border-block-width: 0; vertical-align: 0";
            return sentence.getBoundingClientRect().height;
        }"""
    )
    assert abs(with_number - without) < 1


def test_the_text_does_not_say_again_what_the_card_says(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, OF_A_PDF)
    expect(page.locator("#panel h2")).to_contain_text("Counting the cost")
    text = page.locator("#panel .text")
    expect(text).to_contain_text(re.compile(r"^\s*Every strike has two ledgers"))
    expect(text).not_to_contain_text("By Piers Amblecote. Published")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_picture_of_a_page_is_scrolled_to_the_cited_words_marked_on_it(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width, 500)
    ask(page, OF_A_PDF)
    page.locator("#chat a.cite").first.click()
    page.get_by_role("button", name="Show page 2").click()
    image = page.get_by_role("img", name="Page 2 of the file, the cited words marked")
    expect(image).to_be_visible()
    marks = page.locator("#panel .page-mark")
    expect(marks.first).to_be_in_viewport()
    around = image.bounding_box()
    assert around
    for mark in marks.all():
        box = mark.bounding_box()
        assert box
        assert around["x"] < box["x"] < box["x"] + box["width"] < around["x"] + around["width"]
        assert 4 < box["height"] < 40
    assert marks.count() >= 2
    assert fits(page)


# --- Compare


def only_of(page: Page, outlet: str) -> None:
    """Let Compare look at the articles of one outlet."""
    go(page, "Compare")
    tab = page.locator("#compare")
    tab.get_by_role("button", name="Filters").click()
    field = tab.get_by_label("Outlet", exact=True)
    field.fill(outlet)
    expect(page.get_by_role("option", name=outlet)).to_be_visible()
    field.press("Enter")
    page.locator("#compare-box textarea").focus()
    expect(page.get_by_role("option")).to_have_count(0)  # they fade
    expect(tab.locator("button.filter")).to_contain_text(f"outlet {outlet}")


def test_compare_takes_filters_of_its_own(open_page: OpenPage) -> None:
    page = open_page(390)
    only_of(page, "Slackwater Weekly")
    expect(page.locator("#compare-limited")).to_contain_text(re.compile(r"\d+ of \d+ articles"))
    expect(page.get_by_role("button", name="Clear filters")).to_be_visible()
    assert fits(page)
    compare(page, MARCH)
    expect(page.locator("#compare").get_by_label("Outlet", exact=True)).to_be_hidden()
    sources = page.locator(".compared td[data-name=Source]")
    expect(sources).to_have_text([re.compile("Slackwater Weekly")] * sources.count())
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        box, table = (page.locator(at).bounding_box() for at in ("#compare-box", "table.compared"))
        assert box
        assert table
        assert box["y"] + box["height"] < table["y"]
        assert fits(page)
    page.get_by_role("button", name="Remove the filter outlet Slackwater Weekly").click()
    expect(page.locator("#compare button.filter")).to_have_count(0)
    page.press("#compare-box textarea", "Enter")
    expect(sources.filter(has_text="The Ilvane Courier").first).to_be_visible(timeout=60_000)
    go(page, "Ask")
    expect(page.locator("button.filter").filter(visible=True)).to_have_count(0)


def test_a_date_that_is_none_is_said_instead_of_a_table(open_page: OpenPage) -> None:
    page = open_page()
    go(page, "Compare")
    page.locator("#compare").get_by_role("button", name="Filters").click()
    page.locator("#compare").get_by_label("From", exact=True).fill("31/13/2015")
    page.fill("#compare-box textarea", STATEMENT)
    page.press("#compare-box textarea", "Enter")
    expect(page.locator("#compare-table .trouble")).to_contain_text("From 31/13/2015 is no date")


def test_what_was_corrected_since_is_marked(open_page: OpenPage) -> None:
    page = open_page()
    compare(page, "How many contract workers came on the barge Marigold?")
    clash = page.locator("tr.contradicts", has_text="310")
    expect(clash.locator(".bearing")).to_contain_text("310, corrected to 130 on 23 March 2024")
    expect(page.locator("tr.reference")).to_contain_text("speaks of 130 workers")


@pytest.mark.parametrize(("width", "scheme"), LOOKS[:2])
def test_axe_finds_nothing_beside_answers_of_all_kinds(
    open_page: OpenPage, width: int, scheme: str
) -> None:
    page = open_page(width, color_scheme=scheme)
    page.evaluate(AXE)
    ask(page, OFF_TOPIC)
    assert violations(page) == []
    ask(page, OF_A_PDF)
    page.locator("#chat a.cite").first.click()
    page.get_by_role("button", name="Show page 2").click()
    expect(page.locator("#panel .page-mark").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    only_of(page, "Slackwater Weekly")
    assert violations(page) == []
