"""Outlook's own mails (.msg), through python-oxmsg, as the mails that they were when sent."""

from __future__ import annotations

from collections.abc import Iterator
from email.encoders import encode_base64
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import HeaderParser
from email.utils import format_datetime, formataddr
from typing import Any

from rag.articles.cleaning import one_line
from rag.articles.files import read_data
from rag.articles.formats.mails.mail import read_message
from rag.articles.reading import Reading
from rag.errors import ArticleError

_BROKEN = "The file is not a readable Outlook mail; open it in Outlook and save it as .eml."
_MOST_ATTACHED = 5  # mails, one attached to the other
_ATTACHED_HEADER = 24  # bytes before the properties of a mail that is attached
_ATTACHED_MAIL = "__substg1.0_3701000D"
_HEADERS = ("List-Unsubscribe", "List-Id", "List-Post", "Date")


def read(data: bytes, path: str) -> Reading:
    """Read an Outlook mail: its words, the mails that it quotes, what is attached.

    Raises:
        ArticleError: not an Outlook mail, broken, or without text.

    """
    from oxmsg import Message as OutlookMessage

    try:
        outlook = OutlookMessage.load(data)
        message = _as_message(outlook.properties, outlook._storage, 0)
    except Exception as error:  # damaged storages fail in whatever way
        raise ArticleError(_BROKEN) from error
    return read_message(message, path)


def _as_message(found: Any, storage: Any, depth: int) -> Message:
    """A MIME mail with the same headers, text, attachments and attached mails."""
    from oxmsg.domain import constants as pid

    message = MIMEMultipart("mixed")
    sent = HeaderParser().parsestr(found.str_prop_value(pid.PID_TRANSPORT_MESSAGE_HEADERS) or "")
    for name in _HEADERS:
        if name in sent:
            message[name] = one_line(str(sent[name]))
    day = found.date_prop_value(pid.PID_CLIENT_SUBMIT_TIME)
    if "Date" not in message and day:
        message["Date"] = format_datetime(day)
    message["Subject"] = one_line(found.str_prop_value(pid.PID_SUBJECT) or "")
    message["From"] = _sender(found)
    bodies = MIMEMultipart("alternative")
    for kind, text in _bodies(found):
        bodies.attach(MIMEText(text, kind, "utf-8"))
    message.attach(bodies)
    for attached in storage.iter_attachment_storages():
        if part := _attached(attached, depth):
            message.attach(part)
    return message


def _sender(found: Any) -> str:
    from oxmsg.domain import constants as pid

    names = (pid.PID_SENT_REPRESENTING_NAME, pid.PID_SENDER_NAME)
    name = next((it for key in names if (it := found.str_prop_value(key))), "")
    addresses = (pid.PID_SENDER_SMTP_ADDRESS, pid.PID_SENDER_EMAIL_ADDRESS)
    address = next((it for key in addresses if "@" in (it := found.str_prop_value(key) or "")), "")
    return formataddr((one_line(name), one_line(address)), "utf-8") if address else one_line(name)


def _bodies(found: Any) -> Iterator[tuple[str, str]]:
    """Plain text, and the HTML or Rich Text that Outlook shows instead."""
    from oxmsg.domain import constants as pid

    if plain := found.str_prop_value(pid.PID_BODY):
        yield "plain", plain
    html = found.binary_prop_value(pid.PID_HTML)
    rich = found.str_prop_value(pid.PID_BODY_HTML) or ""
    if html:
        rich = html.decode(found.body_encoding, "replace")
    if rich:
        yield "html", rich
    elif not plain and (packed := found.binary_prop_value(pid.PID_RTF_COMPRESSED)):
        yield "plain", _rich_text(packed)


def _rich_text(packed: bytes) -> str:
    from compressed_rtf import decompress  # type: ignore[import-untyped, unused-ignore]

    reading = read_data(decompress(packed), ".rtf", "")
    return "\n\n".join(article.text for article in reading.articles)


def _attached(storage: Any, depth: int) -> Message | None:
    from oxmsg.attachment import Attachment
    from oxmsg.properties import Properties

    inner = next((it for it in storage.storages if it.name == _ATTACHED_MAIL), None)
    if inner is not None:
        if depth >= _MOST_ATTACHED:
            return None
        part = MIMEBase("message", "rfc822")
        part.attach(_as_message(Properties(inner, _ATTACHED_HEADER), inner, depth + 1))
        return part
    attachment = Attachment(storage)
    main, _, sub = (attachment.mime_type or "").partition("/")
    part = MIMEBase(main or "application", sub or "octet-stream")
    part.set_payload(attachment.file_bytes or b"")
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=_name(attachment))
    if _is_shown(attachment):
        part.add_header("Content-ID", "<shown>")
    return part


def _name(attachment: Any) -> str:
    from oxmsg.domain import constants as pid

    short = attachment.properties.str_prop_value(pid.PID_ATTACH_FILENAME)
    return one_line(attachment.file_name or short or "attachment")


def _is_shown(attachment: Any) -> bool:
    """Whether the mail's own text shows it: a logo, a picture in a signature."""
    from oxmsg.domain import constants as pid

    return bool(attachment.properties.str_prop_value(pid.PID_ATTACH_CONTENT_ID))
