"""Markdown: front matter, and the text without its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, decode, one_line, paragraphs
from rag.articles.drafts import Block, Meta
from rag.articles.formats.fields import read_fields
from rag.schema import Article

_FRONT = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"^(?P<key>[A-Za-z][\w-]*)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]*>")
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
_BEFORE = {
    **dict.fromkeys(("heading_open", "heading_close", "thead_open"), "\n\n"),
    "tr_open": "\n",
    **dict.fromkeys(("th_open", "td_open"), " | "),
}
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\n]+\](?!:)")
_FOOTNOTE = re.compile(r"^(?=\[\^[^\]\n]+\]:)", re.MULTILINE)  # by itself a link's target


def read(data: bytes, path: str) -> list[Article]:
    """Read a Markdown file; front matter wins over what the text says.

    Raises:
        ArticleError: not text, or nothing in it.

    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    meta, text = _split_front(text)
    text = _FOOTNOTE.sub(r"\\", _FOOTNOTE_MARK.sub("", _COMMENT.sub("", text)))
    tokens = _MARKDOWN.parse(text)
    meta = meta.or_else(Meta(title=_title(tokens)))
    blocks = [Block(block) for block in paragraphs(clean_text("".join(_plain(tokens))))]
    return [assemble(path, blocks, meta)]


def _split_front(text: str) -> tuple[Meta, str]:
    match = _FRONT.match(text)
    values = _front_values(match["yaml"]) if match else None
    if not match or not values:
        return Meta(), text
    return read_fields(values), text[match.end() :]


def _front_values(source: str) -> dict[Any, Any]:
    import yaml  # type: ignore[import-untyped, unused-ignore]

    try:
        values = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        # An unquoted colon in a headline is no YAML, yet plain enough to read line by line.
        return {match["key"]: match["value"].strip("\"'") for match in _FIELD.finditer(source)}
    return values if isinstance(values, dict) else {}


def _title(tokens: Sequence[Token]) -> str | None:
    """The first heading of the first rank."""
    inside = (text for head, text in zip(tokens, tokens[1:], strict=False) if head.tag == "h1")
    found = next(inside, None)
    return one_line(_words(found)) or None if found else None


def _plain(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield each stretch of text with what stands before it: a break, and the mark of a list."""
    end, mark, before = 0, "", ""
    for token in tokens:
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type in _BEFORE:
            before = before or _BEFORE[token.type]
        elif token.map and (words := _words(token)):
            apart = "\n\n" if token.map[0] > end else "\n"
            yield (before or apart) + mark + words
            end, mark, before = token.map[1], "", ""


def _words(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content
    if token.type == "html_block":
        return _TAG.sub("", token.content)
    return "".join(
        "\n" if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or ()
        if child.type in ("text", "code_inline", "softbreak", "hardbreak")
    )
