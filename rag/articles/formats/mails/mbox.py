"""Mailboxes (.mbox): each mail as if it lay in a file of its own, cited as `file#n`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rag.articles.formats.mails import mail
from rag.articles.reading import Reading, joined
from rag.errors import ArticleError
from rag.schema import FailedFile

_BROKEN = "The file is not a readable mailbox; export it again as .mbox, or its mails as .eml."
_FROM = re.compile(
    rb"^From [^\r\n]*\d{1,2}:\d\d(?::\d\d)?[^\r\n]*\d{4}[^\r\n]*\r?\n(?=[!-9;-~]+:)", re.MULTILINE
)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read(data: bytes, path: str) -> Reading:
    """Read a mailbox; a mail that cannot be read costs that one alone.

    Raises:
        ArticleError: no mail is in it.

    """
    readings = [_read(piece, f"{path}#{n}") for n, piece in enumerate(_mails(data), 1)]
    if not readings:
        raise ArticleError(_BROKEN)
    return joined(readings)


def _mails(data: bytes) -> Iterator[bytes]:
    """Bytes of each mail, without the line that parts it from the one before."""
    marks = [match.span() for match in _FROM.finditer(data)]
    for (_, begin), (end, _) in pairwise([*marks, (len(data), 0)]):
        piece = data[begin:end]
        yield _ESCAPED.sub(rb"\1", piece)


def _read(piece: bytes, path: str) -> Reading:
    try:
        return mail.read(piece, path)
    except ArticleError as error:
        return Reading((), (FailedFile(path, str(error)),))
