"""Rich Text: striprtf finds the words; its weak spots are taken out of the file before."""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.articles.bundles import assembled
from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import Block, Meta
from rag.articles.formats.fields import headline, person
from rag.errors import ArticleError
from rag.schema import Article

_BROKEN = "The file is not readable Rich Text; open it in a word processor and save it again."
_PICTURE = re.compile(r"[0-9a-fA-F\r\n]{400,}")  # its bytes as digits
_MOST_FONTS = 2_000  # the search for each looks through all that follow
_PROPERTY = r"\{\\%s\s((?:[^{}\\]|\\'[0-9a-f]{2}|\\u-?\d+\s?\??|\\[{}\\])*)\}"
_CELLS = re.compile(r"\s*\|\s*")


def read(data: bytes, path: str) -> list[Article]:
    """Read an .rtf file.

    Raises:
        ArticleError: not Rich Text, broken, or without text.

    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ArticleError(_BROKEN)
    source = _made_safe(data.decode("latin-1"))  # all that is not ASCII should be escaped
    lines = _text(source).split("\n")
    blocks = [Block(text) for line in lines if (text := clean_text(_row(line)))]
    title = headline(_property(source, "title"))
    author = person(_property(source, "author"))
    return assembled(path, blocks, Meta(title=title), fallback=Meta(author=author))


def _made_safe(source: str) -> str:
    if source.count("\\fcharset") > _MOST_FONTS:
        raise ArticleError(_BROKEN)
    source = _PICTURE.sub("", source)
    # A link's address would be put into the text, found by a search that takes quadratic time.
    source = source.replace("{\\field{", "{\\field {")
    return re.sub(r"(?<!\\)(?=\\f\d)", "\n", source)  # each font on a line: the same for its search


def _text(source: str) -> str:
    from striprtf.striprtf import rtf_to_text  # type: ignore[import-untyped, unused-ignore]

    try:
        convert: Callable[..., str] = rtf_to_text
        text = convert(source, errors="replace")
    except Exception as error:  # it trips over numbers that are missing or too large
        raise ArticleError(_BROKEN) from error
    # A character beyond the first 65,536 comes as two halves.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _row(line: str) -> str:
    """Cells of a table's row, as in the other formats; a bar elsewhere stays."""
    if not line.endswith("|"):
        return line
    return " | ".join(filter(None, map(one_line, _CELLS.split(line))))


def _property(source: str, name: str) -> str | None:
    match = re.search(_PROPERTY % name, source[:200_000])
    return _text(f"{{\\rtf1\\ansi {match[1]}}}") if match else None
