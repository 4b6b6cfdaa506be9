"""Markdown: front matter, and the text without its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.articles.assembling import assemble
from rag.articles.cleaning import clean_text, decode, one_line, paragraphs
from rag.articles.drafts import Block, Meta
from rag.articles.formats.exported.field_values import usual_fields
from rag.articles.formats.fields import read_fields
from rag.articles.formats.markdown_marks import NOTE_END, NOTE_START, QUOTE, Marks, read_marks
from rag.articles.formats.spoken.timed_text import chatted
from rag.articles.personal_names import is_name
from rag.schema import Article

_FRONT = re.compile(
    r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
    r"|\+\+\+[ \t]*\n(?P<toml>.*?)^\+\+\+[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FIELD = re.compile(r"^(?P<key>[A-Za-z][\w-]*)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_WIKILINK = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]")
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
_BEFORE = {
    **dict.fromkeys(("heading_open", "heading_close", "thead_open"), "\n\n"),
    "tr_open": "\n",
    **dict.fromkeys(("th_open", "td_open"), " | "),
}
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]*>")
_LISTED = re.compile(r"[-*•]\s+(?P<key>[^\W\d_][\w -]{0,30}):\s+(?P<value>\S.*)")
_HEAD = 12  # lines among which an app lists what it knows of the article
_NOTE_MARK = re.compile(rf"{NOTE_START}([^{NOTE_END}]*){NOTE_END}")
_SIGNED = re.compile(r"^\s*(?:[—–―]|--?\s)\s*(?P<name>[^,(|]+)")


def read(data: bytes, path: str) -> list[Article]:
    """Read a Markdown file, or an exported chat; front matter wins over what the text says.

    Raises:
        ArticleError: not text, or nothing in it.

    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    if chat := chatted(text, path):
        return [chat]
    meta, text = _split_front(text)
    marks = read_marks(text)
    tokens = _MARKDOWN.parse(marks.text)
    listed, plain = _listed("".join(_plain(tokens)))
    meta = meta.or_else(listed).or_else(Meta(title=_title(tokens)))
    blocks = list(_blocks(paragraphs(clean_text(plain)), marks))
    notes = ("has tracked changes",) if marks.changed else ()
    return [assemble(path, blocks, meta, notes=notes)]


# --- what is known


def _split_front(text: str) -> tuple[Meta, str]:
    match = _FRONT.match(text)
    values = _front_values(match) if match else None
    if not match or not values:
        return Meta(), text
    return read_fields({key: _unlinked(value) for key, value in values.items()}), text[
        match.end() :
    ]


def _unlinked(value: Any) -> Any:
    """A field's value without the brackets of links to notes."""
    if isinstance(value, list):
        return [_unlinked(item) for item in value]
    return _WIKILINK.sub(r"\1", value) if isinstance(value, str) else value


def _front_values(match: re.Match[str]) -> Mapping[Any, Any]:
    import tomllib

    import yaml  # type: ignore[import-untyped, unused-ignore]

    source = match["yaml"] if match["yaml"] is not None else match["toml"]
    try:
        values = yaml.safe_load(source) if match["yaml"] is not None else tomllib.loads(source)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        # An unquoted colon in a headline is no YAML, yet plain enough to read line by line.
        return {found["key"]: found["value"].strip("\"'") for found in _FIELD.finditer(source)}
    return values if isinstance(values, dict) else {}


def _listed(text: str) -> tuple[Meta, str]:
    """What an app lists above the text of what it kept ("- Author: …"), and the text without."""
    lines = text.split("\n")
    found: dict[str, str] = {}
    taken: set[int] = set()
    for number, line in enumerate(lines):
        match = _LISTED.fullmatch(line.strip())
        known = usual_fields({match["key"]: match["value"]}).values if match else {}
        if match and known and len(found) < _HEAD and not _is_well_under_way(lines[:number]):
            found[match["key"]] = match["value"]
            taken.add(number)
    if len(taken) < 2:
        return Meta(), text
    rest = "\n".join(line for number, line in enumerate(lines) if number not in taken)
    return read_fields(usual_fields(found).values), rest


def _is_well_under_way(lines: list[str]) -> bool:
    return sum(bool(line.strip()) for line in lines) > 2 * _HEAD


def _title(tokens: Sequence[Token]) -> str | None:
    """The first heading of the first rank."""
    inside = (text for head, text in zip(tokens, tokens[1:], strict=False) if head.tag == "h1")
    found = next(inside, None)
    return one_line(_words(found)) or None if found else None


# --- the text


def _plain(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield each stretch of text with what stands before it: a break, and the mark of a list."""
    end, mark, before, quoted = 0, "", "", 0
    for token in tokens:
        quoted += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type in _BEFORE:
            before = before or _BEFORE[token.type]
        elif token.map and (words := _words(token)):
            apart = "\n\n" if token.map[0] > end else "\n"
            yield (before or apart) + (QUOTE if quoted else "") + mark + words
            end, mark, before = token.map[1], "", ""


def _words(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content
    if token.type == "html_block":
        return _TAG.sub("", token.content)
    return "".join(_kept(token.children or ()))


def _kept(children: Sequence[Token]) -> Iterator[str]:
    """Text of a line without what is struck out."""
    struck = 0
    for child in children:
        struck += (child.type == "s_open") - (child.type == "s_close")
        is_break = child.type == "html_inline" and child.content.lower().startswith("<br")
        if is_break or child.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif not struck and child.type in ("text", "code_inline"):
            yield child.content


def _blocks(texts: list[str], marks: Marks) -> Iterator[Block]:
    """Paragraphs, each with its notes as captions after it; quotations with who signed them."""
    blocks = [Block(text) for text in texts]
    for block in _signed(blocks):
        notes = [
            marks.notes[name] for name in _NOTE_MARK.findall(block.text) if name in marks.notes
        ]
        text = _NOTE_MARK.sub("", block.text).replace(QUOTE, "").strip()
        if text:
            yield replace(block, text=clean_text(text))
        yield from (Block(note, "caption") for note in notes)


def _signed(blocks: list[Block]) -> list[Block]:
    """Quotations that end in a dash and a name are that person's."""
    found = list(blocks)
    first = 0
    for number, block in enumerate(blocks):
        if not block.text.startswith(QUOTE):
            first = number + 1
            continue
        signed = _SIGNED.match(block.lines[-1].replace(QUOTE, ""))
        if signed and is_name(name := signed["name"].strip()):
            for at in range(first, number + 1):
                found[at] = replace(found[at], author=name)
    return found
