"""Mails: newsletters and articles that were mailed, by themselves or forwarded."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from email.message import Message
from email.utils import parseaddr, parsedate_tz

from rag.articles.assembling import assemble
from rag.articles.cleaning import decode, one_line, paragraphs
from rag.articles.drafts import Block, Meta, keep_lines
from rag.articles.formats import html
from rag.articles.formats.markup import HTML, parse_html, read_blocks
from rag.articles.formats.mime import charset, header, parse, payload, texts
from rag.articles.personal_names import is_outlet, split_names
from rag.errors import ArticleError
from rag.schema import Article
from rag.text.dates import parse_date

_BROKEN = "The file is not a readable mail; save it again as .eml."
_REPLY = re.compile(r"(?:(?:re|aw|sv|antw)\s*:\s*)+", re.IGNORECASE)
_FORWARD = re.compile(r"(?:(?:fwd?|wg|tr|rv|i|doorst)\s*:\s*)+|\[fwd:\s*(?=.*\]$)", re.IGNORECASE)
_BEGIN_FORWARDED = re.compile(
    r"[-_\s]*(?:begin )?(?:forwarded message|original message|weitergeleitete nachricht|"
    r"message transféré)\b[-_:\s]*",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"\W*(?P<key>from|von|de|date|sent|datum|gesendet|subject|betreff|objet|to|an|cc|reply-to)"
    r"\W{0,3}:\W{0,3}\s(?P<value>\S.*)",
    re.IGNORECASE,
)
_KEYS = {"von": "from", "de": "from", "datum": "date", "gesendet": "date", "sent": "date"}
_KEYS |= {"betreff": "subject", "objet": "subject"}
_HEAD_BLOCKS = 8  # in which the fields of a forwarded mail stand
_AT = re.compile(r"\s+(?:at|from|of|via|\||–|—|-|@)\s+|,\s+")  # "Jane Doe from The Gazette"
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
    | [\s|·•-]*
    )[.!|\s]*""",
    re.IGNORECASE | re.VERBOSE,
)
_IS_PAGE = re.compile(
    r"<(?:article|main|nav)\b|property=[\"']og:|application/ld\+json", re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^>]*>.*?</title\s*>", re.IGNORECASE | re.DOTALL)


def read(data: bytes, path: str) -> list[Article]:
    """Read an .eml file: the subject is the headline, the Date header the date.

    The sender is the outlet or the author where the text names none; whoever forwarded it is
    neither, and when is not when it was published.

    Raises:
        ArticleError: not a mail, or no text in it.

    """
    message = _attached(parse(data, _BROKEN))
    page, blocks = _content(message)
    subject, is_forwarded = _subject(header(message, "Subject"))
    inner, blocks = _take_fields(blocks) if is_forwarded else ({}, blocks)
    if is_forwarded:
        subject = _subject(inner.get("subject", subject))[0]
        day, sender = parse_date(inner.get("date")), _sender(inner.get("from", ""), is_list=False)
    else:
        day, sender = _day(message), _sender(header(message, "From"), is_list=_is_list(message))
    blocks = keep_lines(blocks, lambda _, line: not _is_furniture(line))
    known = Meta(title=subject or None, published=day).or_else(page)
    return [assemble(path, blocks, known, fallback=sender)]


def _attached(message: Message) -> Message:
    """The mail that was forwarded as an attachment, or the mail itself."""
    parts = (part for part in message.walk() if part.get_content_type() == "message/rfc822")
    for part in parts:
        inner = part.get_payload()
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            return inner[0]
    return message


def _subject(subject: str) -> tuple[str, bool]:
    """The subject without "Re:" and "Fwd:", and whether it was forwarded."""
    bare = _REPLY.sub("", subject, count=1) if _REPLY.match(subject) else subject
    if not (forward := _FORWARD.match(bare)):
        return bare, False
    return bare[forward.end() :].removesuffix("]"), True


def _is_furniture(line: str) -> bool:
    return len(line) <= 300 and all(map(_FURNITURE.fullmatch, line.split(" | ")))


# --- who sent it, and when


def _sender(value: str, *, is_list: bool) -> Meta:
    """Outlet and author of "The Gazette <news@…>" or "Jane Doe from The Gazette <…>"."""
    name, address = parseaddr(value)
    pieces = [one_line(piece.strip(" '\"")) for piece in _AT.split(name)]
    pieces = [piece for piece in pieces if piece]
    outlet = next((piece for piece in pieces if _is_house(piece, address)), None)
    people = [person for piece in pieces if piece != outlet for person in split_names(piece)]
    if not outlet and not people and is_list:
        outlet = one_line(name) or None
    return Meta(author=", ".join(people) or None, outlet=outlet)


def _is_house(name: str, address: str) -> bool:
    """Whether it is a paper's name, or the address's domain, as in "Morning Brew"."""
    local, _, domain = address.lower().rpartition("@")
    words = re.findall(r"\w+", name.lower())
    own = "".join(words) in domain.replace("-", "") and not any(word in local for word in words)
    return is_outlet(name) or (own and len(words) > 0)


def _is_list(message: Message) -> bool:
    return any(header(message, name) for name in ("List-Unsubscribe", "List-Id", "List-Post"))


def _day(message: Message) -> date | None:
    """Day that the Date header names, where the sender was."""
    value = header(message, "Date")
    try:
        parsed = parsedate_tz(value)
        return _plausible(date(*parsed[:3])) if parsed else parse_date(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return parse_date(value)


def _plausible(day: date) -> date | None:
    return day if 1970 <= day.year <= 2200 else None


# --- what it says


def _content(message: Message) -> tuple[Meta, list[Block]]:
    for part in texts(message, "html"):
        source = _TITLE.sub("", decode(payload(part), charset(part)))
        try:
            meta, blocks = _page(source) if _IS_PAGE.search(source) else _letter(source)
        except ArticleError:  # a picture alone; the plain text says more
            continue
        if blocks:
            return meta, blocks
    plain = (decode(payload(part), charset(part)) for part in texts(message, "plain"))
    return Meta(), [Block(text) for source in plain for text in paragraphs(source)]


def _letter(source: str) -> tuple[Meta, list[Block]]:
    """Every paragraph of a mail that was written as one: tables are its layout."""
    return Meta(), read_blocks(parse_html(source), HTML)


def _page(source: str) -> tuple[Meta, list[Block]]:
    """A web page that was mailed; not its title: the subject is the headline."""
    (article,) = html.read(source.encode(errors="replace"), "")
    names = (item.name for item in fields(Meta) if item.name != "title")
    blocks = [
        Block(text, part.kind, part.author)
        for part in article.parts
        for text in article.text[part.start : part.end].split("\n\n")
    ]
    return Meta(**{name: getattr(article, name) for name in names}), blocks


def _take_fields(blocks: list[Block]) -> tuple[dict[str, str], list[Block]]:
    """Sender, date and subject that a mail program puts above what it forwards; and the rest."""
    found: dict[str, str] = {}
    above: set[tuple[int, str]] = set()
    for number, block in enumerate(blocks[:_HEAD_BLOCKS]):
        for line in block.lines:
            if field := _FIELD.fullmatch(line):
                key = field["key"].lower()
                found.setdefault(_KEYS.get(key, key), field["value"])
            elif found and not _BEGIN_FORWARDED.fullmatch(line):
                return found, keep_lines(blocks, lambda number, line: (number, line) not in above)
            above.add((number, line))  # a word of the one who forwarded it goes, too
    return {}, blocks
