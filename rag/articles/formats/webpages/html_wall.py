"""Where a page stops for those who have not paid: its call to them is no part of the article."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block
from rag.text.words import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

_PHRASES = Path(__file__).with_name("walls.toml")
_WALL = re.compile(
    r"(?:^|[\s_-])(?:pay-?wall|reg-?wall|meter(?:ed)?-?wall|premium-?wall|subscriber-?wall|"
    r"subscription-?(?:wall|required|prompt)|login-?wall|tp-modal|piano)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_LONGEST_CALL = 60  # words; a longer element with such a class holds the article itself
_LONGEST_LINE = 30
_LAST = 4  # blocks among which a call stands
_SHORT = 120  # words of a page that says that it is not free, and shows no call
_FULLER = 1.2  # times the words that the page shows
_OPENING = 40  # letters of a paragraph by which it is found again


@cache
def _calls() -> re.Pattern[str]:
    tables = tomllib.loads(_PHRASES.read_text(encoding="utf-8"))
    lines = [line for text in tables.values() for line in text.split("\n") if line.strip()]
    return re.compile("|".join(f"(?:{line})" for line in lines), re.IGNORECASE)


def drop_walls(tree: HtmlElement) -> bool:
    """Drop the elements that ask for a subscription; returns whether there were any."""
    found = False
    for element in list(tree.iter("div", "section", "aside", "p", "span")):
        if element.getparent() is None or element.find(".//h1") is not None:
            continue
        named = _WALL.search(f"{element.get('class', '')} {element.get('id', '')}")
        words = len(element.text_content().split())
        if not words or words > _LONGEST_CALL:
            continue
        if named and _calls().search(one_line(element.text_content())):
            element.drop_tree()
            found = True
    return found


def without_calls(blocks: list[Block]) -> tuple[list[Block], bool]:
    """Blocks without the lines that end a teaser, and whether there were any."""
    first = max(0, len(blocks) - _LAST)
    kept = [_without_call(block) if number >= first else block for number, block in
            enumerate(blocks)]  # fmt: skip
    return [block for block in kept if block.text], kept != blocks


def _without_call(block: Block) -> Block:
    lines = [line for line in block.lines if not _is_call(line)]
    return replace(block, text="\n".join(lines)) if block.kind == "body" else block


def _is_call(line: str) -> bool:
    return len(line.split()) <= _LONGEST_LINE and _calls().search(line) is not None


def is_closed(stated: list[dict[str, Any]]) -> bool:
    """Whether the page says of itself that it is not free."""
    values = (item.get("isAccessibleForFree") for item in stated)
    return any(str(value).strip().lower() in ("false", "no", "0") for value in values)


def full_text(blocks: list[Block], stated: list[dict[str, Any]]) -> list[Block] | None:
    """The whole article where the page gives it to search engines, and shows less of it."""
    from rag.articles.formats.exported.records import text_blocks

    shown = [block for block in blocks if block.kind == "body" and block.is_prose]
    for item in stated:
        body = item.get("articleBody")
        if not isinstance(body, str):
            continue
        whole = text_blocks(body)
        if sum(block.words for block in whole) <= _FULLER * sum(block.words for block in shown):
            continue
        if not shown or all(_stands_in(block, body) for block in shown[:2]):
            head = blocks[: blocks.index(shown[0])] if shown else blocks
            return [*head, *(_in_paragraphs(whole[0].text, shown) if len(whole) == 1 else whole)]
    return None


def _stands_in(block: Block, body: str) -> bool:
    return letters(block.text)[:_OPENING] in letters(body)


def _in_paragraphs(text: str, shown: list[Block]) -> list[Block]:
    """A text without paragraphs, in those that the page shows, and the rest."""
    found: list[Block] = []
    for block in shown:
        if text.startswith(block.text):
            found.append(block)
            text = text[len(block.text) :].strip()
    return [*found, Block(text)] if text else found


def is_teaser(blocks: list[Block], stated: list[dict[str, Any]], *, called: bool) -> bool:
    """Whether what the page shows is the beginning of its article alone."""
    if called:
        return True
    return is_closed(stated) and sum(block.words for block in blocks) < _SHORT
