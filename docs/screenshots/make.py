"""Makes the pictures of this folder: `python docs/screenshots/make.py [NAME ...]`.

Serves the example articles itself, with a language model that is the tests' stand-in where a
picture shows one. Wants Chromium ($CHROMIUM, or where Debian has it) and Pillow.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.doing import (  # noqa: E402
    OFF_TOPIC,
    QUESTION,
    STATEMENT,
    ask,
    choose_model,
    compare,
    go,
    send,
)
from tests.browser.served import FLAGS, chromium, served  # noqa: E402
from tests.llm_server import llm_server  # noqa: E402

COLOURS = 256  # of a picture: enough for text, and a fifth of the size
NO_DITHER = Image.Dither.NONE
DESK, PHONE = (1440, 900), (390, 844)
AGREED = "What pay rise did the union and the company agree on?"


# --- what is done before the picture is taken


def nothing(page: Page) -> None:
    """Show the page as it opens."""


def chat(page: Page) -> None:
    """Ask one question."""
    ask(page, QUESTION)


def reading(page: Page) -> None:
    """Open the source of an answer."""
    ask(page, QUESTION)
    page.locator("#chat a.cite").last.click()
    expect(page.locator("#panel mark.cited").first).to_be_visible()


def card(page: Page) -> None:
    """Rest on a number."""
    ask(page, QUESTION)
    page.locator("#chat .sentence:has(.quote) a.cite").first.hover()
    expect(page.locator("#chat .card-shown")).to_be_visible()


def declined(page: Page) -> None:
    """Ask what the articles do not answer."""
    ask(page, OFF_TOPIC)


def found(page: Page) -> None:
    """Find a word in an open source."""
    reading(page)
    page.keyboard.press("/")
    page.keyboard.type("barge")
    page.keyboard.press("Enter")


def filtered(page: Page) -> None:
    """Choose an outlet and a time."""
    page.locator("#filters > button").click()
    page.get_by_label("Outlet", exact=True).fill("averstad")
    expect(page.get_by_role("option", name="The Averstad Sentinel")).to_be_visible()
    page.get_by_label("Outlet", exact=True).press("Enter")
    page.get_by_label("Until", exact=True).fill("1 April 2024")
    page.get_by_label("Until", exact=True).press("Tab")
    expect(page.locator("button.filter")).to_have_count(2)
    expect(page.locator("#limited")).to_contain_text("articles pass")


def rated(page: Page) -> None:
    """Press the thumb that points down."""
    ask(page, AGREED)
    page.get_by_role("button", name="Bad answer").click()
    expect(page.locator("#chat form.reason")).to_be_visible()


def exporting(page: Page) -> None:
    """Open the list of forms to save in."""
    ask(page, AGREED)
    page.locator("#chat .tools .menu summary").click()


def compared(page: Page) -> None:
    """Hold the articles to a statement and open what one says."""
    compare(page, STATEMENT)
    page.locator("table.compared .said").first.click()
    expect(page.locator("#panel mark.cited").first).to_be_visible()
    if page.viewport_size == {"width": PHONE[0], "height": PHONE[1]}:
        page.keyboard.press("Escape")


def listed(page: Page) -> None:
    """List the articles."""
    go(page, "Sources")
    expect(page.locator("table.sources tbody th a").first).to_be_visible()


def added(page: Page) -> None:
    """Drop a file that can be read and two that cannot."""
    go(page, "Add articles")
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "tug-note.txt").write_text("Tug back\n\nThe tug Morwenna is in port.")
        (Path(name) / "old.pdf").write_bytes(b"%PDF-")
        (Path(name) / "photo.png").write_bytes(b"\x89PNG")
        page.locator("#files input[type=file]").set_input_files(sorted(Path(name).iterdir()))
        expect(page.locator("#result")).to_contain_text("1 of 3 files added")


def pasting(page: Page) -> None:
    """Unfold the fields of a pasted text."""
    go(page, "Add articles")
    page.get_by_text("Paste a text").click()
    expect(page.get_by_label("Headline")).to_be_visible()


def tuned(page: Page) -> None:
    """Open the settings."""
    go(page, "Settings")
    expect(page.locator("#verdict")).to_contain_text("own sentences")


def previewed(page: Page) -> None:
    """Wait for a model, with the articles' own words meanwhile."""
    send(page, QUESTION)
    expect(page.locator("#chat .preview .sentence").first).to_be_visible()


def invented(page: Page) -> None:
    """Show what a model wrote that the articles do not say."""
    choose_model(page, "inventing")
    ask(page, QUESTION)


def formatted(page: Page) -> None:
    """Show a list and a table that a model wrote."""
    choose_model(page, "formatted")
    ask(page, QUESTION)


def failed(page: Page) -> None:
    """Lose the model in the middle of its answer."""
    choose_model(page, "cut_later")
    ask(page, AGREED)


# --- the pictures


@dataclass(frozen=True, slots=True)
class Picture:
    """A file NAME.png: which of the servers, what is done, how wide, light or dark."""

    name: str
    do: Callable[[Page], None]
    size: tuple[int, int] = DESK
    scheme: str = "light"
    server: str = "examples"


PICTURES = [
    Picture("answer", reading),
    Picture("answer-dark", reading, scheme="dark"),
    Picture("answer-phone", chat, PHONE),
    Picture("answer-phone-dark", chat, PHONE, "dark"),
    Picture("source-phone", reading, PHONE),
    Picture("source-phone-dark", reading, PHONE, "dark"),
    Picture("start", nothing),
    Picture("start-dark", nothing, scheme="dark"),
    Picture("start-phone", nothing, PHONE),
    Picture("card", card),
    Picture("find", found),
    Picture("declined", declined),
    Picture("declined-phone", declined, PHONE),
    Picture("filters", filtered),
    Picture("filters-phone", filtered, PHONE),
    Picture("feedback", rated),
    Picture("export", exporting),
    Picture("compare", compared),
    Picture("compare-dark", compared, scheme="dark"),
    Picture("compare-phone", compared, PHONE),
    Picture("sources", listed),
    Picture("sources-dark", listed, scheme="dark"),
    Picture("sources-phone", listed, PHONE),
    Picture("settings", tuned),
    Picture("settings-dark", tuned, scheme="dark"),
    Picture("settings-phone", tuned, PHONE),
    Picture("paste-phone", pasting, PHONE),
    Picture("adding", added),
    Picture("waiting", previewed, server="model"),
    Picture("unsupported", invented, server="model"),
    Picture("unsupported-dark", invented, scheme="dark", server="model"),
    Picture("formatted", formatted, server="model"),
    Picture("formatted-dark", formatted, scheme="dark", server="model"),
    Picture("formatted-phone", formatted, PHONE, server="model"),
    Picture("model-failed", failed, server="model"),
    Picture("empty", nothing, server="empty"),
    Picture("empty-phone", nothing, PHONE, server="empty"),
]


@contextmanager
def serving(which: str, folder: Path) -> Iterator[str]:
    """Serve one of the three and give its address."""
    if which == "model":
        with (
            llm_server() as llm,
            served(folder, "--llm", "openai:silent", "--llm-base-url", llm.url) as url,
        ):
            yield url
            llm.release.set()
        return
    with served(folder, *(["--empty"] if which == "empty" else [])) as url:
        yield url


def take(browser: Browser, url: str, picture: Picture) -> None:
    """Take one picture in a context of its own."""
    width, height = picture.size
    phone = picture.size == PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=picture.scheme,  # type: ignore[arg-type]
        has_touch=phone,
        is_mobile=phone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    expect(page.locator("#greeting h2")).to_be_visible()
    picture.do(page)
    file = Path(__file__).with_name(f"{picture.name}.png")
    page.screenshot(path=file, animations="disabled", caret="hide")
    context.close()
    with Image.open(file) as shot:
        shot.convert("RGB").quantize(
            COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        ).save(file, optimize=True)


def main(names: list[str]) -> None:
    """Take the pictures that are named, or all."""
    wanted = [picture for picture in PICTURES if not names or picture.name in names]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        for which in dict.fromkeys(picture.server for picture in wanted):
            with tempfile.TemporaryDirectory() as name, serving(which, Path(name)) as url:
                for picture in wanted:
                    if picture.server == which:
                        take(browser, url, picture)
        browser.close()


if __name__ == "__main__":
    expect.set_options(timeout=30_000)
    main(sys.argv[1:])
