"""Zip archives from strangers: checked before anything is unpacked, read in memory alone.

Nothing is ever written to disk, so that a member's name can do no harm.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from rag.errors import ArticleError

MB = 2**20
_PLAIN_BYTES = MB  # so little is harmless however well it was compressed
_MOST_RATIO = 100  # prose shrinks 3 to 10 times; what shrinks 100 times was made to fill the memory
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a limit
_PICTURES = (".bmp", ".dib", ".emf", ".wmf", ".tif", ".tiff", ".png", ".gif", ".jpg", ".jpeg")
_ENCRYPTED = 0x1  # flag bit of a member
TROUBLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may unpack to, in bytes and files."""

    member: int
    total: int
    count: int = 20_000


def open_zip(
    data: bytes, limits: Limits, broken: str, *, reads: Callable[[str], bool] = lambda _: True
) -> zipfile.ZipFile:
    """Open an archive whose table of contents is sound and promises no more than the limits.

    Members whose name `reads` refuses are never unpacked by the caller, and do not count. A drawn
    picture, all of one colour, shrinks a thousand times: its size counts, not how well it shrank.

    Raises:
        ArticleError: `broken` where it is no archive; else what it has too much of.

    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*TROUBLE, ValueError) as error:
        raise ArticleError(broken) from error
    members = [item for item in archive.infolist() if reads(item.filename)]
    total = sum(item.file_size for item in members)
    texts = sum(item.file_size for item in members if not _is_picture(item))
    if len(members) > limits.count:
        raise ArticleError(f"It holds {len(members):,} files; {limits.count:,} are allowed.")
    if total > limits.total:
        raise ArticleError(f"It unpacks to {total / MB:.0f} MB; {limits.total // MB} are allowed.")
    if texts > _PLAIN_BYTES and texts > _MOST_RATIO * len(data):
        raise ArticleError(
            f"It unpacks to {texts // len(data)} times its size: no archive of text."
        )
    return archive


def read_member(archive: zipfile.ZipFile, item: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Unpack one member.

    Raises:
        ArticleError: too large, encrypted, damaged, or compressed in a way that has no limit.

    """
    _check(item, limits)
    try:
        with archive.open(item) as stream:
            data = stream.read(item.file_size + 1)  # never more, whatever the member really holds
    except (*TROUBLE, ValueError) as error:
        raise ArticleError("It is damaged inside the archive; make the archive anew.") from error
    if len(data) != item.file_size:
        raise ArticleError("It is damaged inside the archive; make the archive anew.")
    return data


def _check(item: zipfile.ZipInfo, limits: Limits) -> None:
    if item.flag_bits & _ENCRYPTED:
        raise ArticleError("It is encrypted; make the archive anew without a password.")
    if item.compress_type not in _METHODS:
        raise ArticleError("It is compressed in an unusual way; make the archive anew, as Deflate.")
    if item.file_size > limits.member:
        size, most = item.file_size / MB, limits.member // MB
        raise ArticleError(f"It unpacks to {size:.0f} MB; {most} are allowed for one file.")
    if _is_picture(item):
        return
    if item.file_size > _PLAIN_BYTES and item.file_size > _MOST_RATIO * item.compress_size:
        ratio = item.file_size // max(1, item.compress_size)
        raise ArticleError(f"It unpacks to {ratio} times its size: no text does.")


def _is_picture(item: zipfile.ZipInfo) -> bool:
    return item.filename.lower().endswith(_PICTURES)
