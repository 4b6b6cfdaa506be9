"""report.html in a real browser: it loads nothing, fits a phone, and its rows can be picked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from rag.evaluation.changes import changes  # noqa: E402
from rag.evaluation.report_html import as_html  # noqa: E402
from tests.unit.evaluation.made import (  # noqa: E402
    GIVEN,
    REFUSED,
    declined,
    failed,
    made,
    outcome,
)

pytestmark = pytest.mark.browser
EVIL = "<img src='http://outside.invalid/x.png' onerror='window.pwned = 1'>"
LONG = "a-file-name-that-goes-on-and-on-without-any-space-" * 4


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    evil = replace(GIVEN, question=EVIL, must_contain=((EVIL,),), sources=(LONG,))
    items = (
        outcome(), declined(), failed(), outcome(answer="No."), outcome(REFUSED, chance=0.7),
        outcome(evil, answer=EVIL),
    )  # fmt: skip
    whole = made(*items, settings={"threshold": 0.2})
    before = made(*[outcome()] * 4)
    file = tmp_path_factory.mktemp("report") / "report.html"
    text = as_html(whole, changes(before, whole), ["right went from 1 to 0.5; 0 is allowed"])
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(params=[(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")], ids=str)
def page(
    request: pytest.FixtureRequest, browser: playwright.Browser, file: Path
) -> Iterator[playwright.Page]:
    """The report at a width and in a colour scheme; any error or request beside it fails."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    requested: list[str] = []
    errors: list[str] = []
    page.on("request", lambda item: requested.append(item.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(file.as_uri())
    yield page
    assert requested == [file.as_uri()]
    assert errors == []
    assert page.evaluate("typeof window.pwned") == "undefined"
    context.close()


def test_it_fits_and_opens(page: playwright.Page) -> None:
    for row in page.locator(".q > summary").all():
        row.click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    playwright.expect(page.locator("#q-3 .why")).to_contain_text("wrong words")
    playwright.expect(page.locator("#q-0 mark").first).to_have_text("so")
    playwright.expect(page.locator(".breach")).to_contain_text("right went from 1 to 0.5")
    playwright.expect(page.locator("figure svg").first).to_be_visible()


def test_ink_and_paper_differ_in_both_schemes(page: playwright.Page) -> None:
    style = "getComputedStyle(document.body)"
    ink, paper = page.evaluate(f"[{style}.color, {style}.backgroundColor]")
    light = [sum(map(int, colour[4:-1].split(", "))) for colour in (ink, paper)]
    dark_scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert (light[0] > light[1]) is dark_scheme
    assert abs(light[0] - light[1]) > 3 * 128


def test_rows_are_picked_by_verdict_and_words(page: playwright.Page) -> None:
    shown = page.locator(".q:visible")
    playwright.expect(shown).to_have_count(6)
    page.select_option("select[name=verdict]", "wrong")
    playwright.expect(shown).to_have_count(4)
    page.select_option("select[name=verdict]", "failed")
    playwright.expect(shown).to_have_count(1)
    page.select_option("select[name=verdict]", "")
    page.fill("input[name=words]", "outside.invalid")
    playwright.expect(shown).to_have_count(1)
    playwright.expect(page.locator("#pick output")).to_have_text("1 shown")


def test_a_link_opens_its_question(page: playwright.Page) -> None:
    page.evaluate("location.hash = 'q-4'")
    playwright.expect(page.locator("#q-4 .inside")).to_be_visible()
