"""The grammar of Rich Text: control words, groups, and bytes in code pages of their own."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["open", "close", "word", "symbol", "byte", "text"]
USUAL = "cp1252"
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\(\r\n|[^a-zA-Z])|([{}])"
    rb"|([^\\{}\r\n]+)",
    re.DOTALL,
)
_PAGES = {  # of \ansicpg and \cpg where Python calls them something else
    0: USUAL, 42: USUAL, 936: "gbk", 1361: "johab", 10000: "mac_roman", 10001: "shift_jis",
    10006: "mac_greek", 10007: "mac_cyrillic", 10029: "mac_latin2", 10081: "mac_turkish",
    54936: "gb18030", 65001: "utf-8",
}  # fmt: skip
_CHARSETS = {  # of fonts
    0: 1252, 77: 10000, 78: 10001, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253,
    162: 1254, 163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250,
    254: 437, 255: 850,
}  # fmt: skip
_NAMED = {"cyr": 1251, "ce": 1250, "greek": 1253, "tur": 1254, "baltic": 1257}
SYMBOL = "symbol"  # in place of a code page
_FOREIGN = re.compile("[À-ÿ]{4,}")  # no word of a Western language


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the source; `number` is None where a control word has none."""

    kind: Kind
    value: bytes
    number: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """Pieces of a document up to its end; what stands behind its last bracket is not of it."""
    at, depth = 0, 0
    while match := _TOKEN.search(data, at):
        at = match.end()
        word, number, byte, symbol, brace, text = match.groups()
        if word == b"bin":
            at = _after_binary(data, at, int(number or 0))
        elif word:
            yield Token("word", word, int(number) if number else None)
        elif byte:
            yield Token("byte", bytes.fromhex(byte.decode()))
        elif symbol:
            yield Token("symbol", symbol)
        elif text:
            yield Token("text", text)
        else:
            depth += 1 if brace == b"{" else -1
            yield Token("open" if brace == b"{" else "close", brace)
            if depth <= 0:
                return


def _after_binary(data: bytes, at: int, length: int) -> int:
    """Where binary data ends: before a bracket, even if the blank before it was counted in."""
    end = min(at + max(0, length), len(data))
    is_counted = data[end : end + 1] != b"}" and data[end - 1 : end] == b"}"
    return end - 1 if length > 0 and is_counted else end


def code_page(number: int | None) -> str:
    """Python's name for a code page; the Western one where it has none."""
    name = _PAGES.get(number or 0, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return USUAL


def font_page(charset: int | None, page: int | None, name: str) -> str | None:
    """The code page of a font, or None for the document's own."""
    if charset == 2 or name.strip().lower() == "symbol":
        return SYMBOL
    if page:
        return code_page(page)
    if charset in (None, 0, 1) and (known := _NAMED.get(name.lower().rpartition(" ")[2])):
        return code_page(known)
    return code_page(_CHARSETS[charset]) if charset in _CHARSETS else None


def decoded(data: bytes, page: str, document: str) -> str:
    """Bytes as text; a writer may call letters of its own code page Western ones."""
    text = data.decode(page, "replace")
    if page == USUAL and document != USUAL and _FOREIGN.search(text):
        return data.decode(document, "replace")
    return text
