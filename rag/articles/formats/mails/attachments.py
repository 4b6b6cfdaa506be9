"""Files attached to a mail: each read as what its name says, cited as `mail.eml/name`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.articles.files import SUFFIXES, read_data
from rag.articles.paths import printable
from rag.articles.reading import Reading, joined
from rag.errors import ArticleError
from rag.schema import FailedFile

_MOST_NESTED = 5  # mails and archives, one within the other
_CONTAINERS = (".eml", ".emlx", ".msg", ".mbox", ".zip")
_SMALL_PICTURE = 20_000  # bytes: a logo, a portrait under a signature
_NO_WORDS = re.compile(  # calendar entries, cards, signatures, what programs add for themselves
    r"text/(?:calendar|(?:x-)?vcard|directory|x-amp-html|watch-html|enriched|rfc822-headers)|"
    r"application/(?:ics|pgp-.*|(?:x-)?pkcs7-signature)|message/.*|multipart/.*",
    re.IGNORECASE,
)
_NO_WORDS_BY_NAME = frozenset(".ics .vcf .vcs .p7s .asc .sig .pgp .key".split())
_MIME = {
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/msword": ".doc",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within a mail. `inline`: the mail's own text shows it."""

    name: str
    kind: str
    data: bytes
    inline: bool = False


def read_attachments(attachments: Iterable[Attachment], path: str) -> Reading:
    """Everything of worth that is attached; what cannot be read is named."""
    return joined(_read(item, name, path) for item, name in _named(attachments))


def _named(attachments: Iterable[Attachment]) -> Iterator[tuple[Attachment, str]]:
    """Those of worth, each by a name that no other has."""
    seen: dict[str, int] = {}
    for item in attachments:
        if _is_of_no_worth(item):
            continue
        stem = printable(item.name.strip(" .")) or f"attachment{_MIME.get(item.kind, '')}"
        seen[stem] = seen.get(stem, 0) + 1
        pure = PurePosixPath(stem)
        yield item, stem if seen[stem] == 1 else f"{pure.stem} ({seen[stem]}){pure.suffix}"


def _is_of_no_worth(item: Attachment) -> bool:
    if _NO_WORDS.fullmatch(item.kind) or _suffix(item.name) in _NO_WORDS_BY_NAME:
        return True
    is_picture = item.kind.startswith("image/")
    return not item.data or (is_picture and (item.inline or len(item.data) < _SMALL_PICTURE))


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _read(item: Attachment, name: str, path: str) -> Reading:
    own = f"{path}/{name}"
    suffix = _suffix(name)
    if suffix not in SUFFIXES:
        suffix = _MIME.get(item.kind, suffix)
    try:
        if _depth(path) >= _MOST_NESTED:
            raise ArticleError("It lies too deep, in a file within files: save it by itself.")
        return read_data(item.data, suffix, own)
    except ArticleError as error:
        return Reading((), (FailedFile(own, str(error)),))


def _depth(path: str) -> int:
    pieces = (piece.partition("#")[0].lower() for piece in path.split("/"))
    return sum(piece.endswith(_CONTAINERS) for piece in pieces)
