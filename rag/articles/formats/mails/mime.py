"""MIME messages (mails, and pages saved as one file): their parts, headers and characters.

The standard library's older policy is used: the newer one takes quadratic time on long headers.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.header import decode_header
from email.message import Message

from rag.articles.cleaning import decode, one_line
from rag.errors import ArticleError

_LONGEST_HEADER = 2_000  # characters
_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16


def parse(data: bytes, broken: str) -> Message:
    """Parse a message.

    Raises:
        ArticleError: `broken`; the message is damaged beyond reading.

    """
    if data.startswith(_MARKS) or b"\0" in data[:100]:  # saved by an editor as UTF-16
        data = decode(data).encode(errors="replace")
    try:
        message: Message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n\t "))
        parts = sum(1 for _ in message.walk())
    except Exception as error:  # parts nested too deep, and whatever else the parser trips over
        raise ArticleError(broken) from error
    if not parts or (not message.keys() and not message.is_multipart()):
        raise ArticleError(broken)
    return message


def header(message: Message, name: str) -> str:
    """Decoded header on one line; empty if there is none or it is damaged."""
    try:
        values = (value for key, value in message.raw_items() if key.lower() == name.lower())
        raw = str(next(values, ""))[:_LONGEST_HEADER]
        pieces = [_decoded(piece, charset) for piece, charset in decode_header(raw)]
        return one_line("".join(pieces))
    except Exception:  # decode_header trips over damaged encoded words in several ways
        return ""


def _decoded(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):  # bytes that should have been encoded come as lone surrogates
        piece = piece.encode("utf-8", "surrogateescape")
    return decode(piece, charset) if piece else ""


def texts(message: Message, subtype: str) -> Iterator[Message]:
    """Parts of type text/`subtype` that are no attachments, in order."""
    for part in message.walk():
        if part.get_content_type() != f"text/{subtype}":
            continue
        if "attachment" not in str(part.get("Content-Disposition", "")).lower():
            yield part


def payload(part: Message) -> bytes:
    """Bytes of a part, its transfer encoding undone as far as it goes."""
    try:
        data = part.get_payload(decode=True)
    # base64 and quoted-printable of damaged messages
    except (ValueError, LookupError, TypeError, AssertionError):
        return b""
    return data if isinstance(data, bytes) else b""


def charset(part: Message) -> str | None:
    """Encoding that a part names."""
    try:
        return part.get_content_charset()
    except (ValueError, LookupError, TypeError):  # a parameter encoded in a way that is none
        return None


def filename(part: Message) -> str:
    """Name that a part has as a file, without folders; empty if it has none."""
    try:
        raw = part.get_filename() or ""
        pieces = [_decoded(piece, charset) for piece, charset in decode_header(raw)]
    except Exception:  # names encoded in a way that is none
        return ""
    return one_line("".join(pieces)).replace("\\", "/").rpartition("/")[2][:200]
