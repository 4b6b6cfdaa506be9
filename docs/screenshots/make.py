"""Makes answer.png from a running page: `python docs/screenshots/make.py http://127.0.0.1:7860`.

Expects the example articles (`byline serve examples/articles`) and Chromium, $BYLINE_CHROMIUM or
/usr/bin/chromium.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

QUESTIONS = (
    "How long did the harbour strike last?",
    "What pay rise did the union and the company agree on?",
)
CHROMIUM = os.environ.get("BYLINE_CHROMIUM", "/usr/bin/chromium")


def main(url: str, file: Path) -> None:
    """Ask `QUESTIONS`, open the last source, and write what the page shows to `file`."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
        page.goto(url)
        for number, question in enumerate(QUESTIONS):
            page.fill("#box textarea", question)
            page.press("#box textarea", "Enter")
            page.locator("#chat .answer .facts").nth(number).wait_for()
        page.locator("#chat a.cite").last.click()
        page.locator("#panel mark.cited").first.wait_for()
        page.screenshot(path=file)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(__file__).with_name("answer.png"))
