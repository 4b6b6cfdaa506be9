"""The parts of a mail: its words, line by line and how deeply each is quoted, and its attachments.

Of alternatives the HTML one is read, which is what its reader saw, unless it hardly holds a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from itertools import pairwise
from typing import Any

from rag.articles.cleaning import clean_text, decode, one_line, paragraphs
from rag.articles.drafts import Block
from rag.articles.formats.mails.mail_headers import attribution_at, fields_at, is_marker
from rag.articles.formats.mails.mime import charset, filename, payload
from rag.articles.formats.webpages.markup import HTML, local_name, parse_html, read_blocks
from rag.errors import ArticleError

_TITLE = re.compile(r"<title\b[^>]*>.*?</title\s*>", re.IGNORECASE | re.DOTALL)
_IS_PAGE = re.compile(
    r"<(?:article|main|nav)\b|property=[\"']og:|application/ld\+json", re.IGNORECASE
)
_QUOTE = re.compile(r"(?:>\s?)+")
_OPEN, _SOFT, _CLOSE = "\ue000", "\ue001", "\ue002"  # marks of quotations, put into a mail's HTML
_MARKS = re.compile(f"[{_OPEN}{_SOFT}{_CLOSE}]")
_QUOTED = re.compile(r"\b(?:gmail_quote|protonmail_quote|yahoo_quoted|moz-cite|cite)\b")
_WIDEST = 82  # characters; mails with longer lines are not broken at a column
_COLUMN = 66  # a shorter line was ended by its writer
_ITEM = re.compile(r"[-*•–+]\s|\d{1,2}[.)]\s")
_LEAST = 0.4  # of the plain text's words, below which HTML says "see the plain text"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a mail, `depth` quoted mails deep; blank between paragraphs."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A text part: its lines, whether a program broke them, and its source if it is a web page."""

    lines: tuple[Line, ...]
    is_plain: bool
    page: str | None = None

    @property
    def words(self) -> int:
        """How many words, roughly."""
        return sum(len(line.text.split()) for line in self.lines)


@dataclass(slots=True)
class Contents:
    """What a mail holds, in order."""

    bodies: list[Body] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)
    attachments: list[Message] = field(default_factory=list)

    def add(self, other: Contents) -> None:
        """Append what another part holds."""
        self.bodies += other.bodies
        self.mails += other.mails
        self.attachments += other.attachments


def contents(part: Message) -> Contents:
    """What a mail, or one part of it, holds."""
    kind, found = part.get_content_type(), Contents()
    if kind == "message/rfc822":
        inner = part.get_payload()
        found.mails += [it for it in inner if isinstance(it, Message)] if _is_list(inner) else []
    elif part.is_multipart():
        children = [contents(child) for child in part.get_payload() if isinstance(child, Message)]
        chosen = _chosen(children) if kind == "multipart/alternative" else children
        for child in children:
            is_read = any(child is it for it in chosen)
            found.add(child if is_read else Contents([], child.mails, child.attachments))
    elif _is_attached(part):
        found.attachments.append(part)
    elif body := _body(part, kind):
        found.bodies.append(body)
    return found


def _is_list(payload: object) -> bool:
    return isinstance(payload, list)


def _chosen(children: list[Contents]) -> list[Contents]:
    """The one of several versions of the same words that is read."""
    held = [(any(not body.is_plain for body in it.bodies), it) for it in children if it.bodies]
    rich, plain = ([it for is_rich, it in held if is_rich is wanted] for wanted in (True, False))
    words = [sum(body.words for body in it.bodies) for it in (*rich[-1:], *plain[:1])]
    if rich and (not plain or words[0] >= _LEAST * words[1]):
        return rich[-1:]
    return plain[:1] or rich[-1:]


def _is_attached(part: Message) -> bool:
    disposition = str(part.get("Content-Disposition", "")).lower()
    if part.get_content_type() not in ("text/plain", "text/html"):
        return True
    return disposition.startswith("attachment") or (bool(disposition) and bool(filename(part)))


def _body(part: Message, kind: str) -> Body | None:
    source = decode(data, charset(part)) if (data := payload(part)).strip() else ""
    if kind == "text/plain":
        is_flowed = str(part.get_param("format", "")).lower() == "flowed"
        lines = tuple(plain_lines(source, is_flowed=is_flowed))
        return Body(lines, is_plain=True) if source.strip() else None
    source = _MARKS.sub("", _TITLE.sub("", source))
    try:
        lines = tuple(_html_lines(source))
    except ArticleError:  # a picture alone; the plain text says more
        return None
    return Body(lines, False, source if _IS_PAGE.search(source) else None) if lines else None


def plain_lines(source: str, *, is_flowed: bool = False) -> Iterator[Line]:
    """Lines of a text whose quoted ones begin with ">"."""
    waiting = above = Line(0, "")  # a line that goes on in the next one; the one before
    for raw in re.split(r"\r\n?|\n", source):
        mark = _QUOTE.match(raw) if raw.strip() != ">:" else None  # the end of "<address>:"
        depth = mark[0].count(">") if mark else 0
        text = raw[mark.end() :] if mark else raw
        if not mark and _goes_on(above, raw):
            depth = above.depth
        above = Line(depth, raw)
        if waiting.text and waiting.depth != depth:
            yield Line(waiting.depth, one_line(waiting.text))
            waiting = Line(depth, "")
        if is_flowed and text.endswith(" ") and text.strip() not in ("", "--"):
            waiting = Line(depth, waiting.text + text)
            continue
        yield Line(depth, one_line(waiting.text + text))
        waiting = Line(depth, "")
    if waiting.text:
        yield Line(waiting.depth, one_line(waiting.text))


def _goes_on(above: Line, raw: str) -> bool:
    """Whether a line is the rest of a quoted one that a program broke without a mark."""
    is_broken = above.depth > 0 and len(above.text) >= _COLUMN and above.text[-1] not in '.!?:…"”'
    return is_broken and raw[:1].islower()


def _html_lines(source: str) -> Iterator[Line]:
    """Lines of a mail's HTML: every paragraph, for tables are its layout."""
    root = parse_html(source)
    _mark_quotations(root)
    texts = [block.text for block in read_blocks(root, HTML)]
    around: list[int] = []  # of each quotation that is open, whether it quotes a mail
    for at, text in enumerate(texts):
        if text == _CLOSE:
            around.pop()
        elif text in (_OPEN, _SOFT):
            around.append(text == _OPEN or _is_announced(texts, at))
        else:
            for line in text.split("\n"):
                mark = _QUOTE.match(line)
                yield Line(
                    sum(around) + (mark[0].count(">") if mark else 0),
                    line[mark.end() :] if mark else line,
                )
            yield Line(sum(around), "")


def _is_announced(texts: list[str], at: int) -> bool:
    """Whether an indented stretch is a quoted mail: the words before or its own first say so."""
    before = next((text for text in reversed(texts[:at]) if not _MARKS.fullmatch(text)), "")
    after = [line for text in texts[at + 1 : at + 8] for line in text.split("\n")]
    lines = before.split("\n")
    introduced = (attribution_at(lines, n) for n in range(max(0, len(lines) - 4), len(lines)))
    return (
        is_marker(lines[-1])
        or any(found and found[1] == len(lines) for found in introduced)
        or fields_at([*after, ""], 0) is not None
    )


def _mark_quotations(root: Any) -> None:
    from lxml import etree  # type: ignore[import-untyped, unused-ignore]

    quotes = [element for element in root.iter() if local_name(element) == "blockquote"]
    for element in quotes:
        names = f"{element.get('class', '')} {element.get('type', '')} {element.get('id', '')}"
        opened, closed = etree.Element("p"), etree.Element("p")
        opened.text = _OPEN if _QUOTED.search(names) or element.get("cite") else _SOFT
        closed.text, closed.tail, element.tail = _CLOSE, element.tail, None
        element.addprevious(opened)
        element.addnext(closed)


def as_blocks(lines: list[Line], *, is_plain: bool) -> list[Block]:
    """Paragraphs of lines that one mail wrote."""
    texts = [line.text for line in lines]
    if is_plain:
        return [Block(text) for text in paragraphs("\n".join(_unwrapped(texts)))]
    pieces = clean_text("\n".join(texts)).split("\n\n")
    return [Block(piece) for piece in pieces if piece]


def _unwrapped(texts: list[str]) -> list[str]:
    """Lines that a mail program broke at its column, joined; a few are enough to see it."""
    if any(len(text) > _WIDEST and "://" not in text for text in texts):
        return texts
    joined = texts[:1]
    for line, after in pairwise(texts):
        first = after.split(" ", 1)[0]
        is_full = bool(line) and len(line) + 1 + len(first) > _COLUMN
        if is_full and after and not _ITEM.match(after):
            joined[-1] += f" {after}"
        else:
            joined.append(after)
    return joined
