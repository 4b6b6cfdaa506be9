"""Markdown: front matter, and the text without its marks."""

from __future__ import annotations

import re
from typing import Any

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, decode, one_line, paragraphs
from rag.articles.drafts import Block, Meta
from rag.articles.formats.fields import read_fields
from rag.schema import Article

_FRONT = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"^(?P<key>[A-Za-z][\w-]*)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*$", re.MULTILINE)
_UNDERLINED = re.compile(r"^(?P<text>\S.*)\n(?P<mark>=+|-{2,})[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]*>")
_PLAIN = (  # in this order
    (
        re.compile(r"!\[[^\]\n]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])"),
        "",
    ),  # image
    (re.compile(r"\[\^[^\]\n]+\](?!:)"), ""),  # mark of a footnote
    (
        re.compile(r"^\[[^\]^\n][^\]\n]*\]:\s+\S+(?:\s+[\"'(].*)?$", re.MULTILINE),
        "",
    ),  # target of a link
    (re.compile(r"\[([^\]\n]*)\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"), r"\1"),  # link
    (re.compile(r"\[([^\]\n]+)\]\[[^\]\n]*\]"), r"\1"),  # link by reference
    (re.compile(r"<(https?://[^\s<>]+)>"), r"\1"),
    (re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),  # rule
    (re.compile(r"^[ \t]*\|?[ \t:|-]*-{3,}[ \t:|-]*$", re.MULTILINE), ""),  # head of a table
    (re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"^([ \t]*)[*+][ \t]+(?=\S)", re.MULTILINE), r"\1- "),
    (
        re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]+(?:\n(?!\n)[^*\n]+)*?)(?<=\S)\1(?![\w*])"),
        r"\2",
    ),
    (
        re.compile(r"(?<![\w_])(_{1,3})(?=\S)([^_\n]+(?:\n(?!\n)[^_\n]+)*?)(?<=\S)\1(?![\w_])"),
        r"\2",
    ),
    (re.compile(r"~~([^~\n]+)~~"), r"\1"),
    (re.compile(r"(`+)([^`\n]+)\1"), r"\2"),
    (re.compile(r"(?: {2,}|\\)$", re.MULTILINE), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])"), r"\1"),
)


def read(data: bytes, path: str) -> list[Article]:
    """Read a Markdown file; front matter wins over what the text says.

    Raises:
        ArticleError: not text, or nothing in it.

    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    meta, text = _split_front(text)
    title, text = _plain_headings(_COMMENT.sub("", text))
    meta = meta.or_else(Meta(title=_plain(title or "") or None))
    blocks = [Block(block) for block in paragraphs(_plain(text))]
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


def _plain_headings(text: str) -> tuple[str | None, str]:
    """Return the first top heading, and the text with each heading a paragraph of its own."""
    text = _UNDERLINED.sub(lambda m: f"{'#' if m['mark'][0] == '=' else '##'} {m['text']}", text)
    headings = list(_HEADING.finditer(text))
    title = next((one_line(m["text"]) for m in headings if m["marks"] == "#"), None)
    return title, _HEADING.sub(lambda m: f"\n\n{m['text']}\n\n", text)


def _plain(text: str) -> str:
    for pattern, replacement in _PLAIN:
        text = pattern.sub(replacement, text)
    return clean_text(_TAG.sub("", text))
