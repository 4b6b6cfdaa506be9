"""Compare, Sources, Add articles and Settings in a real browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
expect = playwright.expect

from tests.browser.doing import STATEMENT, compare, go  # noqa: E402

pytestmark = pytest.mark.browser

OpenPage = Callable[..., playwright.Page]
SECRET = "tab-4711-geheim-Xyz"


def test_words_compared_open_at_their_place_and_download(open_page: OpenPage) -> None:
    page = open_page(390, accept_downloads=True)
    go(page, "Compare")
    expect(page.locator("#compare-table .teach")).to_be_visible()
    compare(page, STATEMENT)
    rows = page.locator("table.compared tbody tr")
    expect(page.locator("table.compared .tag.contradicts")).to_be_visible()
    expect(page.locator("#compare-table .against")).to_contain_text("8,500 people marched")
    said = page.locator("table.compared .said").first
    words = said.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert lines[0]["words"] == words
    assert len(lines) == rows.count()
    said.click()
    expect(page.locator("#panel mark.cited").first).to_be_visible()
    shown = " ".join(page.locator("#panel mark.cited").all_inner_texts())
    assert shown.split() == words.split()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_sources_sort_filter_and_open(open_page: OpenPage) -> None:
    page = open_page()
    go(page, "Sources")
    heads = page.locator("table.sources tbody th a")
    expect(heads.first).to_be_visible()
    count = heads.count()
    page.get_by_role("button", name="Headline").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Headline")
    names = heads.all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    expect(page.get_by_role("button", name="Headline")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Headline")
    page.locator("#sources-wanted textarea, #sources-wanted input").fill("slackwater")
    expect(page.locator(".counted").last).to_contain_text(f"of {count} articles")
    assert 0 < heads.count() < count
    page.locator("#sources-wanted textarea, #sources-wanted input").fill("no such thing")
    page.get_by_role("button", name="Show all articles").click()
    expect(heads).to_have_count(count)
    bar = page.locator(".coverage .bar").first
    bar.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".coverage .bar[aria-pressed=true]")).to_have_count(1)
    expect(page.locator(".counted").last).to_contain_text("published in")
    page.get_by_role("button", name="any time").click()
    expect(heads).to_have_count(count)
    heads.first.click()
    expect(page.locator("#panel .source h2")).to_be_visible()


def test_a_phone_sorts_by_a_menu_and_reads_the_charts_labels(open_page: OpenPage) -> None:
    page = open_page(390, 844, timezone_id="Asia/Tokyo")
    go(page, "Sources")
    heads = page.locator("table.sources tbody th a")
    expect(heads.first).to_be_visible()
    expect(page.get_by_role("button", name="Headline")).to_be_hidden()
    menu = page.get_by_label("Sort by")
    expect(menu).to_have_value("date:down")
    menu.select_option("Headline, A to Z")
    first = sorted(heads.all_inner_texts(), key=str.casefold)[0]
    expect(heads.first).to_have_text(first)
    expect(menu).to_have_value("headline:up")
    expect(menu).to_be_focused()
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".bars .when, .bars .count")].map(
            (label) => [label.textContent, parseFloat(getComputedStyle(label).fontSize)])"""
    )
    assert "Feb2024" in [text for text, _ in sizes]
    assert {size for _, size in sizes} == {12}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_times_are_the_readers_own(open_page: OpenPage) -> None:
    page = open_page(timezone_id="Asia/Tokyo")
    go(page, "Sources")
    moment = page.locator("#standing time")
    expect(moment).to_be_visible()
    at = datetime.fromisoformat(str(moment.get_attribute("datetime")))
    there = at.astimezone(ZoneInfo("Asia/Tokyo"))
    assert moment.inner_text() == f"{there.day} {there:%B %Y, %H:%M}"


def test_pasted_text_is_added_listed_and_removed(open_page: OpenPage, empty_url: str) -> None:
    page = open_page(at=empty_url)
    go(page, "Add articles")
    page.get_by_text("Paste a text").click()
    page.get_by_label("Text", exact=True).fill("Sven Aas said the red ferry to Tolley was late.")
    page.get_by_label("Headline").fill("Ferry late <img src=x onerror=window.pwned=5>")
    page.get_by_label("Date", exact=True).fill("soon")
    page.get_by_role("button", name="Add this text").click()
    expect(page.locator("#result")).to_contain_text("is no full date")
    page.get_by_label("Date", exact=True).fill("5 May 2021")
    page.get_by_role("button", name="Add this text").click()
    expect(page.locator("#result")).to_contain_text("1 of 1 file added")
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    assert page.evaluate("window.pwned") is None
    go(page, "Sources")
    row = page.locator("table.sources tr", has_text="Ferry late")
    expect(row).to_contain_text("Added here")
    row.hover()
    row.get_by_role("button", name=re.compile("^Remove")).click()
    expect(row.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.get_by_role("button", name=re.compile("^Remove"))).to_be_focused()
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#sources-done")).to_contain_text("Removed: Ferry late")
    expect(row).to_have_count(0)


def test_files_are_reported_one_by_one(open_page: OpenPage, empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("A note\n\nThe keeper of the lighthouse is away.", "utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 not really")
    (tmp_path / "photo.heic").write_bytes(b"\x00")
    page = open_page(390, at=empty_url)
    go(page, "Add articles")
    names = ("good.txt", "bad.pdf", "photo.heic")
    page.locator("#files input[type=file]").set_input_files([tmp_path / name for name in names])
    expect(page.locator("#result")).to_contain_text("1 of 3 files added")
    lines = page.locator("#result .uploads li")
    expect(lines.filter(has_text="bad.pdf")).to_contain_text("not a readable PDF")
    expect(lines.filter(has_text="photo.heic")).to_contain_text("does not read .heic")
    go(page, "Sources")
    expect(page.locator("#standing summary").first).to_contain_text("could not be read")


def test_a_key_leaves_no_trace_in_the_page(open_page: OpenPage) -> None:
    page = open_page()
    answers: list[str] = []
    page.on("response", lambda reply: answers.append(reply.url))
    go(page, "Settings")
    expect(page.locator("#verdict")).to_contain_text("own words")
    page.locator("#key input").fill(SECRET)
    page.get_by_role("button", name="Use it").click()
    expect(page.locator("#verdict")).to_contain_text("Choose a model first")
    model = page.locator("#model input")
    model.fill("openai:gpt-4o-mini")
    model.press("Enter")
    expect(page.locator("#verdict")).to_contain_text("It needs a key. Paste one below.")
    page.locator("#key input").fill(SECRET)
    page.locator("#key input").press("Enter")
    expect(page.locator("#key input")).to_have_value("")
    everywhere = page.evaluate(
        "() => document.documentElement.outerHTML + JSON.stringify(localStorage)"
        " + JSON.stringify(sessionStorage) + document.cookie + location.href"
        " + [...document.querySelectorAll('input, textarea')].map((i) => i.value).join()"
    )
    assert SECRET not in everywhere
    assert SECRET not in "".join(answers)


def test_a_tabs_settings_are_its_own(open_page: OpenPage) -> None:
    one, other = open_page(), open_page()
    for page in (one, other):
        go(page, "Settings")
        page.locator("#advanced > button").click()
    field = "#figures input[type=number]"
    one.locator(field).first.fill("1")
    one.locator(field).first.press("Tab")
    expect(other.locator(field).first).to_have_value("3")
    one.get_by_role("button", name="Back to the server").click()
    expect(one.locator(field).first).to_have_value("3")
