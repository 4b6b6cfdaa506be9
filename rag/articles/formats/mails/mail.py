"""Mails: letters and threads of them, newsletters, articles that were mailed or forwarded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from email.message import Message

from rag.articles.assembling import assemble
from rag.articles.coverage import counted
from rag.articles.drafts import Block, Meta
from rag.articles.formats.mails.attachments import Attachment, read_attachments
from rag.articles.formats.mails.mail_articles import (
    Head,
    articles_of,
    head_of,
    kept_lines,
)
from rag.articles.formats.mails.mail_bodies import Contents, Line, contents
from rag.articles.formats.mails.mail_threads import thread
from rag.articles.formats.mails.mime import filename, parse, payload
from rag.articles.formats.mails.newsletters import without_furniture
from rag.articles.formats.webpages import html
from rag.articles.reading import Reading, joined
from rag.errors import ArticleError
from rag.schema import Article

_BROKEN = "The file is not a readable mail; save it again as .eml."
_ENCRYPTED = "The mail is encrypted: decrypt it in the mail program, and save it again."
_EMPTY = "There is no text in the file: save the article again from where it came."
_EMLX = re.compile(rb"\s*(\d{1,12})\s*\r?\n")  # Apple Mail: how many bytes the mail has
_MOST_ATTACHED = 5  # mails, one attached to the other
_IS_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"


def read(data: bytes, path: str) -> Reading:
    """Read an .eml or .emlx file: each mail of a thread, each attached mail, each attachment.

    The subject is the headline, the Date header the date. The sender is the outlet or the author
    where the text names none. Mails that one holds are cited as `path#n`, attachments as
    `path/name`.

    Raises:
        ArticleError: not a mail, encrypted, or no text in it.

    """
    if size := _EMLX.match(data):
        data = data[size.end() :][: int(size[1])]
    return read_message(parse(data, _BROKEN), path)


def read_message(message: Message, path: str) -> Reading:
    """Read a mail that is parsed already.

    Raises:
        ArticleError: encrypted, or nothing in it that could be cited.

    """
    readings = list(_of_message(message, path, 0))
    count = sum(article.path == path for reading in readings for article in reading.articles)
    reading = joined(_numbered(readings, path) if count > 1 else readings)
    if not reading.articles and not reading.failed:
        raise ArticleError(_EMPTY)
    return reading


def _numbered(readings: Sequence[Reading], path: str) -> Iterator[Reading]:
    """Mails of one file by their numbers; an attachment has a name already."""
    number = 0
    for reading in readings:
        articles: list[Article] = []
        for article in reading.articles:
            if article.path == path:
                number += 1
                article = replace(article, path=f"{path}#{number}")
            articles.append(article)
        yield replace(reading, articles=tuple(articles))


def _of_message(message: Message, path: str, depth: int) -> Iterator[Reading]:
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        raise ArticleError(_ENCRYPTED)
    held = contents(message)
    yield _own(message, held, path)
    if depth < _MOST_ATTACHED:
        for inner in held.mails:
            yield from _of_message(inner, path, depth + 1)
    yield read_attachments(map(_attachment, held.attachments), path)


def _attachment(part: Message) -> Attachment:
    disposition = str(part.get("Content-Disposition", "")).lower()
    is_inline = disposition.startswith("inline") or "Content-ID" in part
    return Attachment(filename(part), part.get_content_type(), payload(part), is_inline)


def _own(message: Message, held: Contents, path: str) -> Reading:
    """The mail itself, and those that it quotes."""
    lines = [line for body in held.bodies for line in (*body.lines, Line(0, ""))]
    if any(_IS_ENCRYPTED in line.text for line in lines):
        raise ArticleError(_ENCRYPTED)
    head = head_of(message)
    mail = thread(lines)
    page = next((body.page for body in held.bodies if body.page), None)
    if page and not mail.quoted:
        return Reading(tuple(_mailed_page(page, head, path)))
    is_plain = all(body.is_plain for body in held.bodies)
    articles = articles_of(mail, head, path, is_plain=is_plain)
    if not is_plain or head.is_list:  # a newsletter's furniture goes on purpose
        return Reading(tuple(articles))
    return counted(articles, path, kept_lines(mail))


def _mailed_page(source: str, head: Head, path: str) -> list[Article]:
    """A web page that was mailed; not its title, if it is one article: that is the subject."""
    article, *more = html.read(source.encode(errors="replace"), path)
    if more:
        return [article, *more]
    names = (item.name for item in fields(Meta) if item.name != "title")
    page = Meta(**{name: getattr(article, name) for name in names})
    blocks = [
        Block(text, part.kind, part.author)
        for part in article.parts
        for text in article.text[part.start : part.end].split("\n\n")
    ]
    known = head.known.or_else(page)
    return [assemble(path, without_furniture(blocks), known, fallback=head.sender)]
