"""README and docs as tests see them: their fenced blocks, headings and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[1]
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES = [
    *GUIDES,
    *(ROOT / name for name in ("SECURITY.md", "CHANGELOG.md", "examples/README.md")),
    *sorted((ROOT / "benchmarks").rglob("*.md")),
    *sorted((ROOT / "rag").rglob("*.md")),
]
_NOT_RUN = re.compile(r"<!-- not run: \S.*-->\s*$")
_PRINTED = re.compile(r"<!-- printed -->\s*$")
_PROMPT = re.compile(r"^\$ .*\n?(?:> .*\n?)*", re.MULTILINE)  # a command, over several lines too
_MARKDOWN = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `first`, `last`: lines of its content, 0-based, `last` not included."""

    page: Path
    language: str
    text: str
    first: int
    last: int
    run: bool  # unless a comment above it says why not
    printed: bool  # what the Python block above it prints

    @property
    def commands(self) -> list[str]:
        """The lines that a shell is given."""
        if self.language == "console":
            joined = [
                prompt.replace("\\\n> ", " ").replace("\n> ", "\n") for prompt in self.prompts
            ]
            return [prompt[2:].strip() for prompt in joined]
        joined = self.text.replace("\\\n", " ").splitlines()
        return [line for line in joined if line.strip() and not line.startswith("#")]

    @property
    def prompts(self) -> list[str]:
        """The commands of a console block as they stand there."""
        return _PROMPT.findall(self.text)

    @property
    def shown(self) -> list[str]:
        """What a console block says that each of its commands prints."""
        return _PROMPT.split(self.text)[1:]


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    tokens, found = _MARKDOWN.parse(page.read_text(encoding="utf-8")), list[Block]()
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "fence" and token.map is not None:
            said = before.content if before is not None and before.type == "html_block" else ""
            run, printed = not _NOT_RUN.search(said), bool(_PRINTED.search(said))
            first, last = token.map
            language = token.info.strip()
            found.append(Block(page, language, token.content, first + 1, last - 1, run, printed))
    return found


def links(page: Path) -> Iterator[str]:
    """Where the links and pictures of a page lead."""
    for token in _inline(_MARKDOWN.parse(page.read_text(encoding="utf-8"))):
        if target := token.attrGet("href") or token.attrGet("src"):
            yield str(target)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    tokens = _MARKDOWN.parse(page.read_text(encoding="utf-8"))
    titles = [
        _plain(inline)
        for opened, inline in zip(tokens, tokens[1:], strict=False)
        if opened.type == "heading_open"
    ]
    return {re.sub(r"[^\w\- ]", "", title.casefold()).replace(" ", "-") for title in titles}


def _plain(inline: Token) -> str:
    return "".join(t.content for t in inline.children or () if t.type in ("text", "code_inline"))


def _inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()
