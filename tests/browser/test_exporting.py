"""What leaves the page: answers as files with footnotes, evidence packs, and what is copied."""

from __future__ import annotations

import json
import re
from pathlib import Path

import docx
import pytest

pytest.importorskip("playwright.sync_api", reason="pip install playwright")

from playwright.sync_api import Page, expect  # noqa: E402

from tests.browser.conftest import OpenPage  # noqa: E402
from tests.browser.doing import LIGHTHOUSE, OFF_TOPIC, ask  # noqa: E402

pytestmark = pytest.mark.browser
DESK, PHONE = (1440, 900), (390, 844)
READ = """async () => {
    const [item] = await navigator.clipboard.read();
    const texts = item.types.map(async (type) => [type, await (await item.getType(type)).text()]);
    return Object.fromEntries(await Promise.all(texts));
}"""


def saved(page: Page, menu: str, form: str) -> Path:
    """Save by one of the menus; the file that the browser wrote."""
    page.locator(f"{menu} summary").click()
    with page.expect_download() as download:
        page.locator(f"{menu} [data-form='{form}']").click()
    assert download.value.suggested_filename.endswith(form)
    expect(page.locator(f"{menu} [data-form='{form}']")).to_be_hidden()
    return Path(download.value.path())


def test_a_conversation_is_saved_as_a_file(open_page: OpenPage) -> None:
    page = open_page(*DESK)
    ask(page, LIGHTHOUSE)
    ask(page, OFF_TOPIC)
    for form, (width, height) in ((".html", DESK), (".json", DESK), (".md", PHONE)):
        page.set_viewport_size({"width": width, "height": height})
        text = saved(page, "#chat .desk", form).read_text(encoding="utf-8")
        assert "412 crowns" in text
        assert OFF_TOPIC in text
        if form == ".json":
            pack = json.loads(text)
            assert pack["format"] == "byline-evidence"
            assert len(pack["answers"]) == 2
            assert not re.search(r'"(/|[A-Za-z]:[\\\\/])', text)


def test_an_answer_is_saved_as_a_word_document(open_page: OpenPage) -> None:
    page = open_page(*PHONE)
    ask(page, LIGHTHOUSE)
    document = docx.Document(str(saved(page, "#chat .tools", ".docx")))
    heading, said, *_ = document.paragraphs
    assert (heading.style.name, heading.text) == ("Heading 1", LIGHTHOUSE)
    assert "412 crowns" in said.text
    notes = [part for part in document.part.package.iter_parts() if "footnotes" in part.partname]
    assert "hostile.txt" in notes[0].blob.decode()


def test_the_text_with_footnotes_is_offered_first_and_the_evidence_apart(
    open_page: OpenPage,
) -> None:
    page = open_page()
    ask(page, LIGHTHOUSE)
    page.locator("#chat .tools summary").click()
    menu = page.locator("#chat .tools .menu > div")
    assert [line for line in menu.inner_text().splitlines() if line][:5] == [
        "Text with footnotes", "Word (.docx)", "Web page", "Markdown", "Evidence pack (JSON)"
    ]  # fmt: skip
    expect(menu.locator("hr + [data-form='.json'] + .note")).to_contain_text("byline verify")


@pytest.mark.parametrize("secure", [True, False], ids=["clipboard", "without"])
def test_what_is_copied_can_be_pasted_with_its_footnotes(open_page: OpenPage, secure: bool) -> None:
    page = open_page()
    ask(page, LIGHTHOUSE)
    if not secure:  # as on a page that came without https from another machine
        page.evaluate("navigator.clipboard.write = undefined")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate(READ)
    assert sorted(copied) == ["text/html", "text/plain"]
    said, _, sources = copied["text/plain"].partition("Sources")
    assert "412 crowns" in said
    assert "[1]" in said
    assert "hostile.txt" in sources
    pasted = page.evaluate(
        """(text) => {
            const page = new DOMParser().parseFromString(text, "text/html");
            return ["p sup", "ol li"].map((part) => page.querySelector(part).textContent);
        }""",
        copied["text/html"],
    )
    assert pasted[0] == "1"
    assert "hostile.txt" in pasted[1]
    assert page.evaluate("typeof window.pwned") == "undefined"
