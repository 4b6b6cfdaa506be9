"""Links to other stories: marked in the page, so that they can be told in its extracted text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.articles.cleaning import one_line
from rag.articles.drafts import Block, is_prose
from rag.articles.formats.exported.records import ONLY_LINKS
from rag.errors import ArticleError

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped, unused-ignore]

MARK = "⌖⌗"  # short, for the extractor weighs the text in links against the rest
_LINES = ("p", "li", "h2", "h3", "h4", "h5", "h6")
_NAMED_FRAMES = 5
_LIST_SHARE = 0.7  # of the letters of a page that holds kept links and their folders' names
_LINK_SHARE = 0.8  # "Story [VIDEO]" and a bullet before a link are links all the same
_NOTE_WORDS = 60  # about the author, or whom to follow where, below the links that end a page
_SHOUT_WORDS = 4
_ANNOUNCES = 6  # words of a sentence that ends in a colon; "Related stories:" has fewer


def refuse_links(tree: HtmlElement) -> None:
    """Raises ArticleError for a list of kept links, and for a page made of other pages."""
    frames = [e.get("src") for e in tree.iter("frame") if e.get("src")]
    if frames and not any(is_prose(one_line(p.text_content())) for p in tree.iter("p")):
        named = ", ".join(frames[:_NAMED_FRAMES])
        raise ArticleError(f"It is a frame around other pages ({named}): save those in its place.")
    body = tree.find("body")
    links = [e for e in tree.iter("a") if (e.get("href") or "").startswith("http")]
    if body is None or not links or tree.find(".//nav") is not None:
        return
    linked = sum(_letters(e.text_content()) for e in links)
    others = [e for e in tree.iter("p", "div", "article") if is_prose(one_line(e.text_content()))]
    in_lists = all(next(e.iterancestors("li", "dl", "dt"), None) is not None for e in links)
    kept = in_lists and all(e.tag == "div" or _is_link(e) for e in others)
    if kept and linked >= _LIST_SHARE * _letters(body.text_content()):
        raise ArticleError(ONLY_LINKS)


def mark_links(tree: HtmlElement) -> None:
    """Mark every line of a page that is nothing but links, inside its first link."""
    for element in {line for link in tree.iter("a") for line in link.iterancestors(*_LINES)}:
        if _is_link(element):
            link = next(e for e in element.iter("a") if e.get("href"))
            link.text = f"{MARK} {link.text or ''}"


def _is_link(element: HtmlElement) -> bool:
    linked = sum(_letters(e.text_content()) for e in element.iter("a") if e.get("href"))
    return linked > 0 and linked >= _LINK_SHARE * _letters(element.text_content())


def _letters(text: str) -> int:
    return len("".join(text.split()))


def drop_links(blocks: list[Block]) -> list[Block]:
    """Drop links that trail after the text, and those in capitals; take the marks off the rest.

    Links that a sentence announces stay ("These won prizes:"), as do those between paragraphs, and
    all of them where nothing else would be left.
    """
    trailing = _trailing(blocks)
    kept = [b for n, b in enumerate(blocks) if n not in trailing and not _shouts(b)]
    texts = (replace(b, text=b.text.replace(MARK, "").strip()) for b in kept or blocks)
    return [block for block in texts if block.text]


def _trailing(blocks: list[Block]) -> set[int]:
    """Links after the text, even with a few words about the author below them."""
    found: set[int] = set()
    below = 0
    for number in range(len(blocks) - 1, 0, -1):
        block = blocks[number]
        if _is_marked(block):
            found.add(number)
        elif block.text.endswith(":") and block.words >= _ANNOUNCES:
            found.difference_update(range(number, _run_end(blocks, number)))
        elif block.is_prose:
            below += block.words
            if below > _NOTE_WORDS:
                break
    return found


def _run_end(blocks: list[Block], number: int) -> int:
    after = range(number + 1, len(blocks))
    return next((n for n in after if not _is_marked(blocks[n])), len(blocks))


def _is_marked(block: Block) -> bool:
    return block.text.startswith(MARK)


def _shouts(block: Block) -> bool:
    text = block.text.replace(MARK, "")
    return _is_marked(block) and text.isupper() and len(text.split()) >= _SHOUT_WORDS
