"""The mails of a thread as articles: each with its own sender, date and subject.

A mail that is quoted whole is an article by itself. One that is answered piece by piece stays in
the answer, its words given to its sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message

from rag.articles.assembling import assemble
from rag.articles.bundles import database_pieces
from rag.articles.drafts import Block, Meta
from rag.articles.formats.mails.mail_bodies import as_blocks
from rag.articles.formats.mails.mail_headers import (
    UNKNOWN,
    day_of,
    is_list,
    name_of,
    printed_day,
    sender_of,
)
from rag.articles.formats.mails.mail_threads import Mail, is_disclaimer
from rag.articles.formats.mails.mime import header
from rag.articles.formats.mails.newsletters import is_furniture, read_newsletter, signer
from rag.schema import Article

_REPLY = re.compile(r"(?:re|aw|sv|vs|antw|réf?|odp|r|res|rif)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE)
_FORWARD = re.compile(
    r"(?:fwd?|wg|tr|rv|i|doorst|enc|vb|vl)\s*:\s*|\[fwd:\s*(?=.*\]$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the headers of the file's own mail say; `subject` is without "Re:" and "Fwd:"."""

    subject: str
    full_subject: str
    is_forwarded: bool
    is_reply: bool
    is_list: bool
    day: Meta
    sent_by: Meta

    @property
    def known(self) -> Meta:
        """Headline and day; when something was forwarded is not when it was published."""
        title = Meta(title=self.subject or None)
        return title if self.is_forwarded else title.or_else(self.day)

    @property
    def sender(self) -> Meta:
        """Who wrote the mail; whoever forwarded something has not written it."""
        return Meta() if self.is_forwarded else self.sent_by


def head_of(message: Message) -> Head:
    """Read a mail's headers."""
    full = header(message, "Subject")
    subject, is_forwarded = _bare(full)
    return Head(
        subject=subject,
        full_subject=full,
        is_forwarded=is_forwarded,
        is_reply=_REPLY.match(full) is not None,
        is_list=is_list(message),
        day=Meta(published=day_of(header(message, "Date"))),
        sent_by=sender_of(header(message, "From"), is_list=is_list(message)),
    )


def _bare(subject: str) -> tuple[str, bool]:
    """The subject without "Re:" and "Fwd:", and whether it was forwarded."""
    bare, is_forwarded = subject, False
    while match := _REPLY.match(bare) or _FORWARD.match(bare):
        if not _REPLY.match(bare):
            is_forwarded = True
            bare = bare.removesuffix("]") if bare.startswith("[") else bare
        bare = bare[match.end() :]
    return bare, is_forwarded


def articles_of(mail: Mail, head: Head, path: str, *, is_plain: bool) -> list[Article]:
    """The mail and those quoted in it, the newest first as they stand."""
    articles: list[Article] = []
    covers = head.is_forwarded and bool(mail.quoted)
    for item in _apart(mail):
        written = list(_blocks(item, is_plain=is_plain))
        blocks = read_newsletter(written, is_list=head.is_list)
        sent = [replace(block, author=None) for block in blocks if block.author]
        pieces = database_pieces(sent or blocks)
        if pieces:  # what a database sent, perhaps with a word of who sent it on
            blocks = [block for block in blocks if sent and not block.author]
        if blocks:
            known, fallback = _facts(item, head, covers=covers or bool(pieces))
            if any(signer(block) == block.author for block in blocks if block.author):
                house = fallback.outlet or fallback.author  # a digest's sender signs nothing
                fallback = replace(fallback, author=None, outlet=house)
            articles.append(assemble(path, blocks, known, fallback=fallback))
        articles += [assemble(path, list(piece.blocks), piece.known) for piece in pieces]
    return articles


def _facts(mail: Mail, head: Head, *, covers: bool) -> tuple[Meta, Meta]:
    """What is known of a mail, and its sender where the text names no author."""
    origin = mail.origin
    if origin is None:
        if covers:  # the words of the one who forwards
            return Meta(title=head.full_subject).or_else(head.day).or_else(head.sent_by), Meta()
        is_letter = (head.is_reply or bool(mail.quoted)) and not head.is_forwarded
        known = head.known.or_else(Meta(author=head.sender.author)) if is_letter else head.known
        return known, head.sender
    title = _bare(origin.subject)[0] or head.subject
    known = replace(printed_day(origin.day), title=title or None)
    sender = sender_of(origin.sender)
    if not sender.author and not sender.outlet and "@" not in name_of(origin.sender):
        sender = Meta(author=name_of(origin.sender))
    return (known, sender) if origin.subject else (known.or_else(sender), Meta())


def _apart(mail: Mail) -> Iterator[Mail]:
    """The mails that are articles of their own, the outermost first."""
    own = [n for n, item in enumerate(mail.items) if not isinstance(item, Mail)]
    last = own[-1] if own else -1
    answered = [it.origin for it in mail.items[: last + 1] if isinstance(it, Mail)]
    below = [it for it in mail.items[last + 1 :] if isinstance(it, Mail) and _is_known(it)]
    apart = [it for it in below if it.origin not in answered]  # the rest of one goes with it
    inside = [it for it in mail.items if not any(it is other for other in apart)]
    if inside:
        yield Mail(mail.origin, mail.depth, inside)
    for item in apart:
        yield from _apart(item)


def _is_known(mail: Mail) -> bool:
    return bool(mail.origin and mail.origin.sender)


def _blocks(mail: Mail, *, is_plain: bool, who: str | None = None) -> Iterator[Block]:
    """Paragraphs of a mail, and of those that it answers piece by piece with their senders."""
    for item in mail.items:
        if isinstance(item, Mail):
            sender = item.origin.sender if item.origin else ""
            yield from _blocks(item, is_plain=is_plain, who=name_of(sender) if sender else UNKNOWN)
        else:
            for block in as_blocks(item, is_plain=is_plain):
                if not is_disclaimer(block.text):
                    yield replace(block, author=who)


def kept_lines(mail: Mail) -> Iterator[str]:
    """The lines of a thread that somebody wrote."""
    for item in mail.items:
        if isinstance(item, Mail):
            yield from kept_lines(item)
        else:
            text = "\n".join(line.text for line in item if not is_furniture(line.text))
            yield from (it for it in text.split("\n\n") if not is_disclaimer(it))
