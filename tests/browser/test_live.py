"""A page that stays open: while others change the index, and while the server goes and comes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import ANSWERED_WITHIN, LIGHTHOUSE, QUESTION, ask, go, send  # noqa: E402
from tests.browser.served import Restarting  # noqa: E402
from tests.browser.test_accessibility import AXE, violations  # noqa: E402
from tests.forked import ran  # noqa: E402
from tests.llm_server import LLMServer  # noqa: E402

pytestmark = pytest.mark.browser

WAITING = "Byline does not answer at the moment. Your question is asked again as soon as it does."
RESTARTS_WITHIN = 120_000  # milliseconds
NOTE = "{} back in port\n\nThe Pelican Gazette, 3 May 2024\n\nThe tug {} returned on 2 May 2024.\n"

Start = Callable[..., Restarting]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Servers by their flags, each started once."""
    started: dict[tuple[str, ...], Restarting] = {}

    def server(*flags: str) -> Restarting:
        if flags not in started:
            started[flags] = Restarting(tmp_path_factory.mktemp("live"), *flags)
            started[flags].start()
        return started[flags]

    yield server
    for one in started.values():
        one.close()


def quiet(page: Page) -> None:
    """No error of gradio's is on the page."""
    expect(page.locator(".toast-wrap > *")).to_have_text([])


def writing(open_page: OpenPage, start: Start, llm: LLMServer) -> tuple[Restarting, Page]:
    """A server, and a page on which a language model is writing the answer."""
    server = start("--llm", "openai:trickling", "--llm-base-url", llm.url)
    page = open_page(at=server.url)
    send(page, QUESTION)
    expect(page.locator("#chat .streaming")).to_be_visible(timeout=ANSWERED_WITHIN)
    return server, page


def unfolded(open_page: OpenPage, url: str) -> Page:
    """A page with its filters unfolded."""
    page = open_page(at=url)
    page.locator("#filters > button").click()
    return page


def opened(open_page: OpenPage, url: str) -> tuple[Page, int]:
    """A page with its filters unfolded, and how many articles it says that there are."""
    page = unfolded(open_page, url)
    said = page.locator("#header .counts").inner_text()
    count = int(re.findall(r"\d+", said)[0])
    agree(page, count)
    return page, count


def agree(page: Page, count: int) -> None:
    """Header and filters say that there are so many articles."""
    expect(page.locator("#header .counts")).to_contain_text(f"{count} articles")
    expect(page.locator("#limited .note")).to_contain_text(f"All {count} articles pass")


def test_what_others_change_is_told_everywhere_and_what_is_searched_agrees(
    open_page: OpenPage, start: Start
) -> None:
    server = start("--watch")
    page, before = opened(open_page, server.url)
    (server.folder / "articles" / "tug.txt").write_text(NOTE.format("Morwenna", "Morwenna"))
    agree(page, before + 1)
    agree(unfolded(open_page, server.url), before + 1)  # as does a page that is opened now
    ask(page, LIGHTHOUSE)
    expect(page.locator("#chat .facts")).to_contain_text(f"searched {before + 1} articles")


def test_what_another_process_ingests_is_told_and_an_open_table_shows_it(
    open_page: OpenPage, start: Start
) -> None:
    server = start()
    page, before = opened(open_page, server.url)
    go(page, "Sources")
    expect(page.locator("#sources-table .counted")).to_contain_text(f"{before} articles")
    articles, index = server.folder / "articles", server.folder / "index"
    (articles / "tug.txt").write_text(NOTE.format("Pelagia", "Pelagia"))
    done = ran("ingest", articles, "--index", index, cwd=server.folder, environ=os.environ)
    assert not done.returncode, done.stderr
    expect(page.locator("#sources-table .counted")).to_contain_text(f"{before + 1} articles")
    expect(page.locator("#sources-table")).to_contain_text("Pelagia back in port")
    go(page, "Ask")
    agree(page, before + 1)


def test_a_question_to_a_server_that_is_gone_is_asked_once_it_is_back(
    open_page: OpenPage, start: Start
) -> None:
    server = start()
    page = open_page(at=server.url)
    ask(page, QUESTION)
    server.kill()
    expect(page.locator(".connection")).to_have_text("Byline does not answer at the moment.")
    send(page, LIGHTHOUSE)
    expect(page.locator("#chat .waiting")).to_have_text(WAITING)
    quiet(page)
    page.evaluate(AXE)
    assert violations(page) == []
    server.start()
    expect(page.locator("#chat .facts")).to_have_count(2, timeout=RESTARTS_WITHIN)
    expect(page.locator("#chat .question")).to_have_text([QUESTION, LIGHTHOUSE])
    expect(page.locator("#chat .quote").last).to_contain_text("412")
    expect(page.locator(".connection")).to_have_text("")
    quiet(page)


def test_a_page_with_nothing_under_way_goes_on_after_a_restart(
    open_page: OpenPage, start: Start
) -> None:
    server = start()
    page = open_page(at=server.url)
    ask(page, LIGHTHOUSE)
    server.kill()
    server.start()
    expect(page.locator(".connection")).to_have_text("")
    ask(page, "And who said so?")
    expect(page.locator("#chat .question")).to_have_text([LIGHTHOUSE, "And who said so?"])
    page.locator("#chat a.cite").first.click()
    expect(page.locator("#panel mark.cited").first).to_contain_text("412")
    quiet(page)


def test_a_half_written_answer_goes_and_is_written_anew(
    open_page: OpenPage, start: Start, llm: LLMServer
) -> None:
    server, page = writing(open_page, start, llm)
    server.kill()
    expect(page.locator("#chat .waiting")).to_have_text(WAITING)
    expect(page.locator("#chat .streaming")).to_have_count(0)
    quiet(page)
    server.start()
    expect(page.locator("#chat .streaming")).to_be_visible(timeout=RESTARTS_WITHIN)
    expect(page.locator("#chat .question")).to_have_text([QUESTION])
    page.locator("#box .stop-button").click()
    ended = page.locator("#chat .failed.ended")
    expect(ended).to_contain_text("Stopped before the answer was complete.")
    quiet(page)


def test_who_stops_a_question_to_a_server_that_is_gone_is_not_answered_later(
    open_page: OpenPage, start: Start, llm: LLMServer
) -> None:
    server, page = writing(open_page, start, llm)
    server.kill()
    expect(page.locator("#chat .waiting")).to_have_text(WAITING)
    page.locator("#box .stop-button").click()
    expect(page.locator("#chat .failed.ended")).to_be_visible()
    server.start()
    expect(page.locator(".connection")).to_have_text("", timeout=RESTARTS_WITHIN)
    expect(page.locator("#chat .failed.ended")).to_contain_text("Stopped")
    expect(page.locator("#box .submit-button")).to_be_visible()
    quiet(page)


def test_what_was_set_on_the_page_holds_after_a_restart(open_page: OpenPage, start: Start) -> None:
    server = start()
    page = open_page(at=server.url)
    go(page, "Settings")
    page.locator("#advanced > button").click()
    page.get_by_label("Sentences of an answer, at most").or_(
        page.locator("#figures input[type=number]").first
    ).first.fill("1")
    page.keyboard.press("Tab")
    go(page, "Ask")
    ask(page, "What did Marit Oldane say?")
    expect(page.locator("#chat .answer .sentence")).to_have_count(1)
    server.kill()
    expect(page.locator(".connection")).not_to_have_text("")
    server.start()
    expect(page.locator(".connection")).to_have_text("", timeout=RESTARTS_WITHIN)
    ask(page, "What did Lucan Ferreby say?")
    expect(page.locator("#chat .answer .sentence")).to_have_count(2)


def test_a_reload_in_the_middle_is_no_error(
    open_page: OpenPage, start: Start, llm: LLMServer
) -> None:
    _, page = writing(open_page, start, llm)
    page.reload()
    expect(page.locator("#chat .failed.ended")).to_contain_text("loaded again")
    quiet(page)
    llm.release.set()
    llm.release.clear()


def test_a_network_that_is_cut_is_a_server_that_is_gone(open_page: OpenPage, start: Start) -> None:
    server = start()
    page = open_page(at=server.url)
    page.context.set_offline(True)
    send(page, LIGHTHOUSE)
    expect(page.locator("#chat .waiting")).to_have_text(WAITING)
    page.context.set_offline(False)
    expect(page.locator("#chat .facts")).to_be_visible(timeout=ANSWERED_WITHIN)
    quiet(page)
