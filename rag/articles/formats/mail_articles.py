"""The mails of a thread as articles: each with its own sender, date and subject.

A mail that is quoted whole is an article by itself. One that is answered piece by piece stays in
the answer, its words given to its sender.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from itertools import pairwise

from rag.articles.assembling import assemble
from rag.articles.bundles import database_pieces
from rag.articles.bylines import read_byline
from rag.articles.drafts import Block, Meta, keep_lines
from rag.articles.formats.mail_bodies import as_blocks
from rag.articles.formats.mail_headers import (
    UNKNOWN,
    day_of,
    is_list,
    name_of,
    printed_day,
    sender_of,
)
from rag.articles.formats.mail_threads import Mail, is_disclaimer
from rag.articles.formats.mime import header
from rag.schema import Article

_REPLY = re.compile(r"(?:re|aw|sv|vs|antw|réf?|odp|r|res|rif)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE)
_FORWARD = re.compile(
    r"(?:fwd?|wg|tr|rv|i|doorst|enc|vb|vl)\s*:\s*|\[fwd:\s*(?=.*\]$)", re.IGNORECASE
)
_FURNITURE = re.compile(
    r"""(?:
      (?:view|read|open|see)\s(?:this\s)?(?:e-?mail|message|newsletter|issue|it|online|post)?\s?
        (?:in|on|online|as|with)?\s?(?:an?|your|the)?\s?(?:web\s?)?(?:browser|page|app|online|web)?
    | (?:un)?subscribe(?:\s(?:here|now|from\sthis\slist|instantly))?|manage\s(?:your\s)?\w+
    | update\s(?:your\s)?(?:(?:e-?mail|subscription)\s)?preferences|privacy\spolicy|forward
    | (?:forward(?:ed)?|was)\sthis\s(?:e-?mail|to\sa\sfriend).{0,80}
    | (?:this\s(?:e-?mail|message)\swas\s)?sent\sto\s\S+@\S+.{0,60}
    | you(?:['’]re|\sare|\shave)?\sreceiv(?:ed|ing)\sthis\s.{1,160}
    | (?:to|if\syou)\s.{0,80}\bunsubscribe\b.{0,80}|no\slonger\swish.{1,80}
    | \S+\smailing\slist|https?://\S+/(?:listinfo|mailman|d/msgid|d/optout)\S*
    | [\s|·•_-]*
    )[.!|\s]*""",
    re.IGNORECASE | re.VERBOSE,
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
        blocks = _stories(without_furniture(list(_blocks(item, is_plain=is_plain))))
        sent = [replace(block, author=None) for block in blocks if block.author]
        pieces = database_pieces(sent or blocks)
        if pieces:  # what a database sent, perhaps with a word of who sent it on
            blocks = [block for block in blocks if sent and not block.author]
        if blocks:
            known, fallback = _facts(item, head, covers=covers or bool(pieces))
            if any(_signer(block) == block.author for block in blocks if block.author):
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
    apart = [it for it in mail.items[last + 1 :] if isinstance(it, Mail) and _is_known(it)]
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


def without_furniture(blocks: list[Block]) -> list[Block]:
    """Blocks without what newsletters and lists put around their words."""
    return keep_lines(blocks, lambda _, line: not _is_furniture(line))


def _is_furniture(line: str) -> bool:
    return len(line) <= 300 and all(map(_FURNITURE.fullmatch, line.split(" | ")))


def kept_lines(mail: Mail) -> Iterator[str]:
    """The lines of a thread that somebody wrote."""
    for item in mail.items:
        if isinstance(item, Mail):
            yield from kept_lines(item)
        else:
            text = "\n".join(line.text for line in item if not _is_furniture(line.text))
            yield from (it for it in text.split("\n\n") if not is_disclaimer(it))


# --- digests

_BY = ("by ", "von ", "par ", "por ")


def _stories(blocks: list[Block]) -> list[Block]:
    """Where a mail holds several stories with bylines, each has its own author."""
    signed = [n for n, block in enumerate(blocks) if block.author is None and _signer(block)]
    names = {_signer(blocks[n]) for n in signed}
    between = (any(b.is_prose for b in blocks[one:two]) for one, two in pairwise(signed))
    if len(names) < 2 or not all(between):
        return blocks
    told = list(blocks)
    starts = [_story_start(blocks, n) for n in signed]
    for start, stop, place in zip(starts, [*starts[1:], len(blocks)], signed, strict=True):
        for number in range(start, stop):
            told[number] = replace(blocks[number], author=_signer(blocks[place]))
    return told


def _signer(block: Block) -> str | None:
    """Whom a line "By …" names, by itself or below the headline."""
    lines = [line for line in block.lines if line.lower().startswith(_BY)]
    if block.is_prose or not lines or not (byline := read_byline(lines[0])):
        return None
    return byline.author


def _story_start(blocks: list[Block], signed: int) -> int:
    """The story's headline: the short paragraphs before its byline."""
    start = signed
    while start and signed - start < 3 and not blocks[start - 1].is_prose:
        start -= 1
    return start
