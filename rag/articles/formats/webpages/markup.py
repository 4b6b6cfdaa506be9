"""Paragraphs of XML and of plain HTML that has no site around it: book chapters, office documents.

Which elements mean what is a `Vocabulary`; names are local ones, without their namespace.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rag.articles.cleaning import clean_text, one_line
from rag.articles.drafts import Block
from rag.articles.formats.webpages.html_hidden import is_hidden_by
from rag.articles.formats.webpages.html_marks import is_note, is_raised, is_struck
from rag.articles.raised import raised
from rag.errors import ArticleError
from rag.schema import Kind

_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_SELF_CLOSED = re.compile(
    r"<(title|script|style|iframe|a|p|div|span|i|b|em)\b([^<>]*)/>", re.IGNORECASE
)
_SHORT_ROW = 400  # characters; a longer table row is a page's layout
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the elements of a format mean."""

    blocks: frozenset[str]
    skipped: frozenset[str]
    breaks: frozenset[str]
    spaces: frozenset[str] = frozenset()
    row: str = "tr"
    cells: frozenset[str] = frozenset({"td", "th"})
    is_caption: Callable[[Any], bool] = lambda _: False
    is_noise: Callable[[Any], bool] = lambda _: False
    is_raised: Callable[[Any], bool] = lambda _: False


def _is_html_caption(element: Any) -> bool:
    return local_name(element) in ("figcaption", "caption")


def _is_html_noise(element: Any) -> bool:
    """What nobody sees, struck words, page numbers of the printed book, and marks of footnotes."""
    if is_hidden_by(element.get("style", "")) or "hidden" in element.attrib:
        return True
    if local_name(element) in ("del", "s", "strike") or is_struck(element):
        return True
    kinds = [value for key, value in element.attrib.items() if key.endswith(("type", "role"))]
    return any(re.search(r"\b(?:doc-)?(?:pagebreak|noteref|backlink)\b", kind) for kind in kinds)


HTML = Vocabulary(
    blocks=frozenset(
        "address article aside blockquote body caption center dd div dl dt fieldset figcaption"
        " figure footer form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section table td th"
        " tr ul".split()
    ),
    skipped=frozenset(
        "head script style noscript template nav svg math iframe object audio video select"
        " button textarea rp rt".split()
    ),
    breaks=frozenset({"br"}),
    is_caption=_is_html_caption,
    is_noise=_is_html_noise,
    is_raised=lambda element: local_name(element) == "sup" or is_raised(element),
)


def parse_xml(data: bytes) -> Any:
    """Root element; entities are not resolved and nothing is loaded.

    Raises:
        ArticleError: it is no well-formed XML.

    """
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ArticleError("A part of the file is not well-formed XML.") from error
    if root is None:
        raise ArticleError("A part of the file is not well-formed XML.")
    return root


def parse_html(source: str) -> Any:
    """Root element of a page or a fragment of one.

    Raises:
        ArticleError: there is no element and no text in it.

    """
    from lxml import etree, html  # type: ignore[import-untyped, unused-ignore]

    source = _SELF_CLOSED.sub(r"<\1\2></\1>", _XML_HEAD.sub("", source))
    try:
        return html.document_fromstring(source)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ArticleError("A part of the file is not a web page.") from error


def local_name(element: Any) -> str:
    """`p` of `{http://www.w3.org/1999/xhtml}p`; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_blocks(root: Any, words: Vocabulary = HTML) -> list[Block]:
    """Every paragraph below `root`, each short row of a table as one, in reading order."""
    from lxml import etree

    walk = _Walk(words)
    walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        if event == "start":
            if walk.skips(element):
                walker.skip_subtree()
            else:
                walk.enter(element)
        elif event == "end" and not walk.skips(element):
            walk.leave(element)
        if event != "start" and element is not root:
            walk.add(element.tail)
    walk.flush()
    return walk.blocks


@dataclass(slots=True)
class _Walk:
    """The text since the last paragraph's end, and what of it is a caption or a row."""

    words: Vocabulary
    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    captions: int = 0  # how deep in captions
    row: Any = None  # the row whose cells are being joined
    above: Any = None  # the outermost raised element, and how much text there was before it
    since: int = 0

    def skips(self, element: Any) -> bool:
        if not isinstance(element.tag, str):  # an entity that was not resolved
            return True
        return local_name(element) in self.words.skipped or self.words.is_noise(element)

    def add(self, text: str | None) -> None:
        self.text.append(_SPACE.sub(" ", text or ""))

    def enter(self, element: Any) -> None:
        name = local_name(element)
        if name in self.words.blocks and self.row is None:
            self.flush()
        if name == self.words.row and self.row is None and self._is_short(element):
            self.row = element
        self.captions += self.words.is_caption(element)
        if self.above is None and self.words.is_raised(element):
            self.above, self.since = element, len(self.text)
        self.text.append("\n" if name in self.words.breaks else "")
        self.text.append(" " if name in self.words.spaces else "")
        self.add(element.text)

    def leave(self, element: Any) -> None:
        name = local_name(element)
        if element is self.above:
            before, above = "".join(self.text[: self.since]), "".join(self.text[self.since :])
            self.text[self.since :] = [raised(before, above, note=is_note(element))]
            self.above = None
        if self.row is not None and name in self.words.cells:
            self.text.append(" | ")
        elif self.row is not None and name in self.words.blocks and element is not self.row:
            self.text.append(" ")
        if element is self.row:
            self.text = [_joined_cells("".join(self.text))]
            self.row = None
        if name in self.words.blocks and self.row is None:
            self.flush()
        self.captions -= self.words.is_caption(element)

    def flush(self) -> None:
        kind: Kind = "caption" if self.captions else "body"
        text = clean_text("".join(self.text))
        self.blocks += [Block(part, kind) for part in text.split("\n\n") if part]
        self.text, self.since = [], 0

    def _is_short(self, row: Any) -> bool:
        cells = sum(local_name(child) in self.words.cells for child in row)
        return cells > 1 and sum(map(len, row.itertext())) <= _SHORT_ROW


def _joined_cells(row: str) -> str:
    return " | ".join(filter(None, (one_line(cell) for cell in row.split(" | "))))
