"""README and docs hold together: links lead somewhere, commands are commands."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from rag.cli import parser
from tests.documentation import GUIDES, PAGES, ROOT, anchors, blocks, links

LANGUAGES = {"sh", "console", "python", "toml", "json", "yaml", "text", ""}
TARGETS = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
COMMANDS = [
    (f"{page.name}, line {block.first}: {line}", line)
    for page in GUIDES
    for block in blocks(page)
    if block.language in ("sh", "console")
    for line in block.commands
]


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for link in links(page):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            assert parts.scheme == "https", link
            assert re.fullmatch(r"[\w.-]+\.\w+", parts.netloc), link
            continue
        target = page.parent / unquote(parts.path) if parts.path else page
        assert target.is_file(), f"{link}: no such file; a folder can't be opened on the site"
        if parts.fragment:
            assert parts.fragment in anchors(target), f"{link}: no such heading"


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_every_block_says_what_it_is(page: Path) -> None:
    for block in blocks(page):
        assert block.language in LANGUAGES, f"line {block.first}"
        if block.language in ("text", ""):
            commands = re.findall(
                r"^(?:\$ )?(?:byline|make|python|pip) .*", block.text, re.MULTILINE
            )
            assert not commands, f"line {block.first}: commands are in blocks sh or console"


@pytest.mark.parametrize("line", [line for _, line in COMMANDS], ids=[name for name, _ in COMMANDS])
def test_commands_are_commands(line: str) -> None:
    """Those that are not run, for want of a key or a server, can at least be read."""
    words = shlex.split(line, comments=True)
    while words and re.fullmatch(r"\w+=.*", words[0]):
        del words[0]
    for end in ("&&", ">", "<", "|"):
        if end in words:
            del words[words.index(end) :]
    if words[:1] == ["byline"] and "--help" not in words:
        assert parser().parse_args(words[1:]).run
    if words[:1] == ["make"]:
        assert {word for word in words[1:] if "=" not in word} <= TARGETS
    if words[:2] == ["python", "-m"]:
        assert find_spec(words[2]), words[2]


def test_the_readme_is_short_and_begins_with_what_one_does() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
    assert lines[0] == "# Byline"
    assert "make run" in "\n".join(lines[:20])
