"""What a visitor does on the page, for the tests and the screenshots."""

from __future__ import annotations

from playwright.sync_api import Page, expect

QUESTION = "How many contract workers were brought to Gannet Dock by barge?"
OFF_TOPIC = "Who won the chess world championship in Reykjavik?"
LIGHTHOUSE = "What did the blue paint of the Tolley lighthouse cost?"
STATEMENT = "8,500 people marched in Lantern Square on Saturday."
ANSWERED_WITHIN = 60_000  # milliseconds, on a slow machine


def go(page: Page, tab: str) -> None:
    """Open a tab by its name."""
    page.get_by_role("tab", name=tab, exact=True).click()


def send(page: Page, question: str) -> None:
    """Ask without waiting for anything."""
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")


def ask(page: Page, question: str) -> None:
    """Ask and wait until the answer is complete: its line of facts comes last."""
    answers = page.locator("#chat .answer .facts, #chat .answer .failed")
    before = answers.count()
    send(page, question)
    expect(answers).to_have_count(before + 1, timeout=ANSWERED_WITHIN)


def choose_model(page: Page, model: str) -> None:
    """Choose a model of the server's provider in the Settings tab, and come back."""
    go(page, "Settings")
    field = page.locator("#model input")
    field.fill(f"openai:{model}")
    field.press("Enter")
    field.press("Tab")
    expect(page.locator("#verdict .verdict-line")).not_to_contain_text("press Check")
    go(page, "Ask")


def compare(page: Page, statement: str) -> None:
    """Hold the articles to a statement in the Compare tab."""
    go(page, "Compare")
    page.fill("#compare-box textarea", statement)
    page.press("#compare-box textarea", "Enter")
    expect(page.locator("table.compared tbody tr").first).to_be_visible(timeout=ANSWERED_WITHIN)


def fits(page: Page) -> bool:
    """Whether nothing on the page is wider than its window."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return bool(page.evaluate(wide) == 0)
