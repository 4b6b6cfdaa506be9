"""The states of the page that are looked at: by axe-core in the tests, by people as pictures.

Each is reached as a visitor reaches it: from the page as it opens, or from the state before it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page, expect

from tests.browser.doing import (
    OFF_TOPIC,
    QUESTION,
    STATEMENT,
    ask,
    choose_model,
    compare,
    go,
    send,
)
from tests.browser.served import served
from tests.llm_server import llm_server

AGREED = "What pay rise did the union and the company agree on?"


def nothing(page: Page) -> None:
    """Show the page as it opens."""


def chat(page: Page) -> None:
    """Ask one question."""
    ask(page, QUESTION)


def reading(page: Page) -> None:
    """Open the source of an answer."""
    page.locator("#chat a.cite").last.click()
    expect(page.locator("#panel mark.cited").first).to_be_visible()


def card(page: Page) -> None:
    """Rest on a number."""
    page.locator("#chat .sentence:has(.quote) a.cite").first.hover()
    expect(page.locator("#chat .card-shown")).to_be_visible()


def agreed(page: Page) -> None:
    """Ask another."""
    ask(page, AGREED)


def declined(page: Page) -> None:
    """Ask what the articles do not answer."""
    ask(page, OFF_TOPIC)


def found(page: Page) -> None:
    """Find a word in an open source."""
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
    page.get_by_role("button", name="Bad answer").click()
    expect(page.locator("#chat form.reason")).to_be_visible()


def thanked(page: Page) -> None:
    """Say why."""
    page.get_by_role("button", name="Not what I asked").click()
    expect(page.locator("#chat .thanks")).to_be_visible()


def exporting(page: Page) -> None:
    """Open the list of forms to save in."""
    _unfold(page, "#chat .tools")


def exporting_all(page: Page) -> None:
    """Open the list of forms to save the whole conversation in."""
    _unfold(page, "#chat .desk")


def _unfold(page: Page, menu: str) -> None:
    page.locator(f"{menu} .menu summary").click()
    expect(page.locator(f"{menu} .menu .note")).to_be_in_viewport(ratio=1)


def editing(page: Page) -> None:
    """Write a question anew."""
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(page.get_by_label("Edit the question")).to_be_focused()


def compared(page: Page) -> None:
    """Hold the articles to a statement and open what one says."""
    compare(page, STATEMENT)


def listed(page: Page) -> None:
    """List the articles."""
    go(page, "Sources")
    expect(page.locator("table.sources tbody th a").first).to_be_visible()


def removing(page: Page) -> None:
    """Be asked whether an article is to go."""
    page.get_by_role("button", name="Remove").first.click()
    expect(page.locator("table.sources .sure").first).to_be_visible()


def empty_sources(page: Page) -> None:
    """Open the list of no articles."""
    go(page, "Sources")
    expect(page.locator("#sources .teach")).to_be_visible()


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
    expect(page.locator("#verdict")).to_contain_text("own words")
    page.locator("#advanced > button").click()
    expect(page.get_by_label("Balanced")).to_be_visible()


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


def programs(page: Page) -> None:
    """Read what programs can call, with an answer unfolded."""
    page.goto(urljoin(page.url, "/api/v1/docs"))
    page.locator("summary", has_text="Answered").first.click()
    expect(page.get_by_label("Answer of /ask")).to_be_visible()


def linked(page: Page) -> None:
    """Follow a link to words of an article that has readers' comments."""
    listed = page.request.get(urljoin(page.url, "/api/v1/articles?kind=comment")).json()
    text = page.request.get(f"{listed['articles'][0]['url']}.json").json()["text"]
    start = text.index("\n", len(text) // 2) - 80
    page.goto(f"{listed['articles'][0]['url']}?start={start}&end={start + 200}")
    expect(page.locator("mark").first).to_be_in_viewport()


# --- all of them


@dataclass(frozen=True, slots=True)
class State:
    """A state by its name, and what is done to reach it: on which of the three servers, from where.

    `after`: a state that it goes on from; else the page as it opens.
    """

    name: str
    do: Callable[[Page], None]
    server: str = "examples"
    after: str = ""

    def reach(self, page: Page) -> None:
        """Come to it on a page that has just been opened."""
        if self.after:
            STATE[self.after].reach(page)
        self.do(page)


STATES = [
    State("start", nothing),
    State("answer", chat),
    State("card", card, after="answer"),
    State("source", reading, after="answer"),
    State("find", found, after="source"),
    State("declined", declined),
    State("filters", filtered),
    State("agreed", agreed),
    State("feedback", rated, after="agreed"),
    State("thanks", thanked, after="feedback"),
    State("export", exporting, after="agreed"),
    State("export-all", exporting_all, after="agreed"),
    State("editing", editing, after="agreed"),
    State("compare", compared),
    State("sources", listed),
    State("removing", removing, after="sources"),
    State("adding", added),
    State("paste", pasting),
    State("settings", tuned),
    State("waiting", previewed, "model"),
    State("unsupported", invented, "model"),
    State("formatted", formatted, "model"),
    State("model-failed", failed, "model"),
    State("programs", programs),
    State("permalink", linked),
    State("empty", nothing, "empty"),
    State("empty-sources", empty_sources, "empty"),
]
STATE = {state.name: state for state in STATES}


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
