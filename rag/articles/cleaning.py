"""Text to the one form that every offset points into."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from rag.articles.formats.decoding import decode as decode  # readers take both from here

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_SPACES = re.compile(r"[^\S\n]+")
_SPACE_AROUND_BREAK = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")

_WIDEST = 120  # characters; a longer line was not wrapped at a column
_NARROWEST = 40  # a shorter column is a poem or a list
_FIRST_CHUNK = re.compile(r"[^\s-]+-?")  # as much of a line as a wrapper could have moved up


def clean_text(text: str) -> str:
    """NFC, plain spaces, LF, at most one blank line in a row, nothing invisible. Idempotent."""
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = _SPACE_AROUND_BREAK.sub("\n", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip()


def paragraphs(text: str) -> list[str]:
    """Split plain text; a line break that is left inside a paragraph is one its writer meant."""
    text = clean_text(text)
    width = _wrap_width(text)
    text = _unwrap(text, width) if width else _split_lines(text)
    return [block for block in text.split("\n\n") if block]


def one_line(text: str) -> str:
    """Clean a title, a name or a cell: no line breaks either."""
    if text.isprintable():  # most are: nothing in it to clean but runs of spaces
        return " ".join(unicodedata.normalize("NFC", text).split())
    return " ".join(clean_text(text).split())


def _wrap_width(text: str) -> int:
    """Column at which the lines were wrapped, or 0.

    A wrapper moves a word down only where it does not fit, so nearly every line of a wrapped file
    is too long to take the first word of the next.
    """
    breaks = [pair for block in text.split("\n\n") for pair in pairwise(block.split("\n"))]
    if len(breaks) < 3:
        return 0
    lengths = sorted(len(line) for line, _ in breaks)
    width = lengths[int(0.98 * (len(lengths) - 1))]  # a long URL may stick out
    full = sum(_is_full(line, after, width) for line, after in breaks)
    return width if _NARROWEST <= width <= _WIDEST and full >= 0.75 * len(breaks) else 0


def _is_full(line: str, after: str, width: int) -> bool:
    chunk = _FIRST_CHUNK.match(after)
    return len(line) + 1 + len(chunk[0] if chunk else after) > width


def _unwrap(text: str, width: int) -> str:
    blocks = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        joined = lines[0]
        for line, after in pairwise(lines):
            glue = _glue(line, after) if _is_full(line, after, width) else "\n"
            joined += glue + after
        blocks.append(joined)
    return "\n\n".join(blocks)


def _glue(line: str, after: str) -> str:
    # Wrapping splits "well-known" after its hyphen but puts none in; " - " is a dash.
    split_word = re.search(r"\w-$", line) and re.match(r"\w", after)
    return "" if split_word else " "


def _split_lines(text: str) -> str:
    """Where lines are not wrapped, long ones (and all, if none is blank) are paragraphs."""
    if "\n\n" not in text:
        return text.replace("\n", "\n\n")
    lines = text.split("\n")
    parts = [lines[0]]
    for line, after in pairwise(lines):
        both_long = min(len(line), len(after)) > 100
        parts.append(("\n\n" if both_long else "\n") + after)
    return "".join(parts)
