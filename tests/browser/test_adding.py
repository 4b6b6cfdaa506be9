"""Files added on the page: folders with their paths, a report that leads on, failures dismissed."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import fits, go  # noqa: E402
from tests.browser.test_accessibility import AXE, violations  # noqa: E402

pytestmark = pytest.mark.browser

ADDED_WITHIN = 60_000  # milliseconds
NOTE = "{0} back in port\n\nThe Gazette, 3 May 2024\n\nThe tug {0} returned on 2 May 2024.\n"


def strike(folder: Path) -> Path:
    """A folder with two files of one name, one of which nobody can read."""
    top = folder / "strike"
    for name in ("Morwenna", "Pelagia"):
        (top / name).mkdir(parents=True)
        (top / name / "index.txt").write_text(NOTE.format(name))
    (top / "broken.pdf").write_bytes(b"this is no PDF")
    return top


def add(page: Page, zone: str, files: object) -> None:
    go(page, "Add articles")
    page.set_input_files(f"{zone} input[type=file]", files)  # type: ignore[arg-type]


def test_a_folder_keeps_its_paths_and_its_report_leads_to_the_articles(
    open_page: OpenPage, empty_url: str, tmp_path: Path
) -> None:
    page = open_page(390, at=empty_url)
    add(page, "#folder", strike(tmp_path))
    result = page.locator("#result")
    expect(result).to_contain_text("2 of 3 files added", timeout=ADDED_WITHIN)
    for name in ("Morwenna", "Pelagia"):
        expect(result.locator(".good", has_text=name)).to_contain_text(f"strike/{name}/index.txt")
    expect(result.locator(".bad")).to_contain_text("strike/broken.pdf")
    assert fits(page)
    page.evaluate(AXE)
    assert violations(page) == []
    result.get_by_role("link", name="Pelagia back in port").click()
    expect(page.locator("#panel")).to_contain_text("The tug Pelagia returned")
    page.keyboard.press("Escape")
    go(page, "Sources")
    expect(page.locator("#sources-table")).to_contain_text("strike/Morwenna/index.txt")
    go(page, "Add articles")
    result.get_by_role("button", name="Ask about Morwenna").click()
    expect(page.locator("#chat .question")).to_have_text("Summarise “Morwenna back in port”")
    expect(page.locator("#chat .quote").first).to_contain_text(
        "The tug Morwenna returned", timeout=ADDED_WITHIN
    )


def test_what_failed_is_dismissed_and_does_not_come_again(
    open_page: OpenPage, empty_url: str, tmp_path: Path
) -> None:
    page = open_page(at=empty_url)
    add(page, "#folder", strike(tmp_path))
    result, more = page.locator("#result"), tmp_path / "more.txt"
    result.get_by_role("button", name="Dismiss").click(timeout=ADDED_WITHIN)
    expect(result.locator(".bad")).to_have_count(0)
    more.write_text(NOTE.format("Ondine"))
    add(page, "#files", [more])
    expect(result).to_contain_text("1 of 1 file added", timeout=ADDED_WITHIN)
    go(page, "Sources")
    expect(page.locator("#sources-table")).to_contain_text("Ondine")
    expect(page.locator("#standing")).not_to_contain_text("could not be read")
    page.reload()
    go(page, "Sources")
    expect(page.locator("#sources-table")).to_contain_text("Ondine")
    expect(page.locator("#standing")).not_to_contain_text("could not be read")


def test_a_file_that_is_too_large_costs_itself_alone(
    open_page: OpenPage, empty_url: str, tmp_path: Path
) -> None:
    page = open_page(at=empty_url)
    large, small = tmp_path / "large.txt", tmp_path / "small.txt"
    with large.open("wb") as file:
        file.truncate(50_000_001)
    small.write_text(NOTE.format("Ondine"))
    result = page.locator("#result")
    add(page, "#files", [large])
    expect(result.locator(".bad")).to_contain_text("large.txt")
    expect(result).to_contain_text("0 of 1 file added")
    add(page, "#files", [large, small])
    expect(result).to_contain_text("1 of 2 files added", timeout=ADDED_WITHIN)
    expect(result.locator(".bad .why")).to_contain_text("larger than 50 MB")
    result.get_by_role("button", name="Dismiss large.txt").click()
    expect(result.locator(".bad")).to_have_count(0)
    expect(page.locator(".toast-wrap > *")).to_have_count(0)


def test_the_zones_say_what_to_do_and_a_folder_that_is_dropped_is_opened(
    open_page: OpenPage, empty_url: str
) -> None:
    page = open_page(at=empty_url)
    go(page, "Add articles")
    for zone, words in (("#files", "Drop files here"), ("#folder", "Drop a folder here")):
        shown = page.locator(f"{zone} button .wrap")
        said = shown.evaluate("it => getComputedStyle(it, '::before').content")
        assert words in said
        assert shown.evaluate("it => it.innerText").strip() == ""
    page.locator("#folder button").first.wait_for()
    page.evaluate(
        """note => {
            const file = (name, text) => ({
                isFile: true, fullPath: `/strike/${name}/index.txt`,
                file: (found) => found(new File([text], "index.txt", { type: "text/plain" })),
            });
            const names = ["Morwenna", "Pelagia"];
            const inner = names.map((name) => file(name, note.replaceAll("{0}", name)));
            const folder = {
                isFile: false,
                createReader: () => ({ readEntries: (read) => read(inner.splice(0, 1)) }),
            };
            const event = new Event("drop", { bubbles: true, cancelable: true });
            event.dataTransfer = { items: [{ webkitGetAsEntry: () => folder }] };
            document.querySelector("#folder button").dispatchEvent(event);
        }""",
        NOTE,
    )
    expect(page.locator("#result")).to_contain_text("2 of 2 files added", timeout=ADDED_WITHIN)
    for name in ("Morwenna", "Pelagia"):
        expect(page.locator("#result")).to_contain_text(f"strike/{name}/index.txt")
