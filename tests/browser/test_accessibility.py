"""Whoever cannot see the page well, or has no mouse: axe-core's rules, and the keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")
package = pytest.importorskip("axe_playwright_python", reason="pip install axe-playwright-python")

from playwright.sync_api import Locator, Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import (  # noqa: E402
    ANSWERED_WITHIN,
    QUESTION,
    ask,
    fits,
    send,
)
from tests.browser.states import STATE  # noqa: E402
from tests.llm_server import LLMServer  # noqa: E402

pytestmark = pytest.mark.browser
AXE = Path(package.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(1440, "light"), (390, "dark"), (1440, "dark"), (390, "light")]
SERVERS = {"examples": "url", "model": "llm_url", "empty": "empty_url"}
FOUND = """rules => axe.run(document, { runOnly: { type: "tag", values: rules } }).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`)))"""


def violations(page: Page) -> list[str]:
    """Each rule that is broken, where and how."""
    found: list[str] = page.evaluate(FOUND, RULES)
    return found


# States that a page goes through one after the other, in one of the looks; those that most others
# build on in all of them.
FIRST = "start answer card source find"
SECOND = "agreed feedback thanks export export-all editing"
WALKS = [
    *((names, look) for names in (FIRST, SECOND) for look in LOOKS),
    ("declined filters compare sources removing settings", (1440, "dark")),
    ("empty empty-sources adding", (1440, "light")),
    ("start paste permalink programs", (390, "light")),
    ("waiting", (1440, "dark")),
    ("unsupported formatted model-failed", (390, "dark")),
]


@pytest.mark.parametrize(("names", "look"), WALKS)
def test_axe_finds_nothing_in_any_state(
    open_page: OpenPage, request: pytest.FixtureRequest, names: str, look: tuple[int, str]
) -> None:
    states = [STATE[name] for name in names.split()]
    width, scheme = look
    page = open_page(
        width, at=request.getfixturevalue(SERVERS[states[0].server]), color_scheme=scheme
    )
    for state in states:
        state.do(page)
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        assert violations(page) == [], state.name
        assert fits(page), state.name


def test_each_state_is_looked_at() -> None:
    assert {name for names, _ in WALKS for name in names.split()} == STATE.keys()


# --- no mouse

WHAT = """() => {
    const focused = document.activeElement;
    window.passed ??= [];
    window.passed.push(focused);
    return focused === document.body ? "end" : focused.matches("a.cite") ? focused.hash :
        focused.getAttribute("aria-label") ?? focused.textContent.trim();
}"""
BACKWARDS = """() => window.passed.slice(1).filter((element, at) => element !== document.body &&
    !(window.passed[at].compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING))
    .map((element) => element.outerHTML.slice(0, 80))"""


def test_a_question_is_asked_and_its_source_read_without_a_mouse(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.locator("#box textarea")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .facts")).to_be_visible(timeout=60_000)
    expect(page.locator("#box textarea")).to_be_focused()
    chip = page.locator("#chat a.cite").first
    for _ in range(60):
        if chip.evaluate("chip => chip === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    expect(chip).to_be_focused()
    expect(page.locator("#chat .card-shown")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#panel mark.cited").first).to_be_focused()
    expect(page.locator("#chat .card-shown")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(chip).to_be_focused()


def test_tab_goes_through_the_page_in_the_order_it_is_read(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.evaluate("document.activeElement.blur()")
    page.get_by_role("tab", name="Ask", exact=True).focus()
    stops = [page.evaluate(WHAT)]
    while stops[-1] not in ("Your question", "end") and len(stops) < 80:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(WHAT))
    assert page.evaluate(BACKWARDS) == []
    seen = [stops.index(stop) for stop in ("Ask", "#cite-1-1", "#cite-1-2", "Copy")]
    assert seen == sorted(seen)
    assert stops.index("Copy") < next(at for at, stop in enumerate(stops) if "Filters" in stop)


def test_every_stop_of_the_keyboard_can_be_seen(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, QUESTION)
    page.get_by_role("tab", name="Ask", exact=True).focus()
    stops = 0
    while page.evaluate("document.activeElement !== document.body") and stops < 80:
        style = "getComputedStyle(document.activeElement)"
        outline = page.evaluate(f"[{style}.outlineStyle, {style}.outlineWidth]")
        within = page.evaluate("document.activeElement.closest('#box, #limits') !== null")
        assert within or outline == ["solid", "2px"], page.evaluate(WHAT)
        last = page.evaluate("document.activeElement.closest('#panel') !== null")
        page.keyboard.press("Tab")
        stops += 1
    assert last  # in the source, the end of the page: no place was lost


def press(page: Page, button: Locator) -> None:
    expect(button).to_be_visible()
    button.focus()
    page.keyboard.press("Enter")


def answered(page: Page, times: int) -> None:
    answers = page.locator("#chat .turn:not([data-writing]) .facts")
    expect(answers).to_have_count(times, timeout=ANSWERED_WITHIN)


def test_the_keyboard_keeps_its_place_when_what_it_pressed_goes_away(open_page: OpenPage) -> None:
    page = open_page()
    box = page.locator("#box textarea")
    press(page, page.locator("#greeting .example").first)
    expect(box).to_be_focused()
    answered(page, 1)
    press(page, page.locator("#next .example").first)
    expect(box).to_be_focused()
    answered(page, 2)
    press(page, page.get_by_role("button", name="Retry"))
    expect(box).to_be_focused()
    answered(page, 2)
    box.fill(QUESTION)
    press(page, page.locator("#box .submit-button"))
    expect(box).to_be_focused()
    answered(page, 3)
    menu = page.locator("#chat summary", has_text="Export conversation")
    press(page, menu)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(menu).to_be_focused()
    press(page, page.get_by_role("button", name="New conversation"))
    expect(box).to_be_focused()


def test_the_keyboard_keeps_its_place_when_an_answer_is_stopped(
    open_page: OpenPage, llm_url: str, llm: LLMServer
) -> None:
    page = open_page(at=llm_url)
    send(page, QUESTION)
    press(page, page.locator("#box .stop-button"))
    expect(page.locator("#chat .failed")).to_be_visible()
    expect(page.locator("#box .submit-button")).to_be_visible()
    expect(page.locator("#box textarea")).to_be_focused()
    llm.release.set()
    llm.release.clear()


def test_the_tabs_are_changed_with_the_arrow_keys(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("tab", name="Ask", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Compare", exact=True)).to_be_focused()
