"""Zip archives of articles: each member as if it lay in a folder of that name.

Members are read in memory, one at a time; nothing is written to disk, so that their names can
do no harm. A bad member costs that member alone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from rag.articles.files import SUFFIXES, read_data
from rag.articles.formats.zips import MB, Limits, open_zip, read_member
from rag.articles.listing import is_assets
from rag.articles.paths import printable
from rag.articles.reading import Reading
from rag.errors import ArticleError
from rag.schema import Article, FailedFile

_LIMITS = Limits(member=100 * MB, total=1024 * MB, count=20_000)
_BROKEN = "The file is not a readable zip archive; make it anew, or unpack it into the folder."
_MAC = "__MACOSX"  # macOS keeps its own notes there


def read(data: bytes, path: str) -> Reading:
    """Read all members but hidden ones and the assets of saved pages, sorted by their names.

    Raises:
        ArticleError: no archive, or too much in it.

    """
    articles: list[Article] = []
    failed: list[FailedFile] = []
    archive = open_zip(data, _LIMITS, _BROKEN, reads=_is_read)
    for name, item in _members(archive):
        member = f"{path}/{printable(name)}"
        try:
            reading = _read(archive, item, name, member)
        except ArticleError as error:
            failed.append(FailedFile(member, str(error)))
        else:
            articles += reading.articles
            failed += reading.failed
    return Reading(tuple(articles), tuple(failed))


def _read(archive: zipfile.ZipFile, item: zipfile.ZipInfo, name: str, path: str) -> Reading:
    suffix = PurePosixPath(name).suffix
    if suffix.lower() == ".zip":
        raise ArticleError("An archive within an archive is not read; unpack it into the folder.")
    if suffix.lower() not in SUFFIXES:  # refused without being unpacked
        return read_data(b"", suffix, path)
    return read_data(read_member(archive, item, _LIMITS), suffix, path)


def _is_read(name: str) -> bool:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower() in SUFFIXES


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Names as they are cited, and members; of two by one name the last, as unpacking would."""
    named = {_safe(item.filename): item for item in archive.infolist() if not item.is_dir()}
    files: dict[PurePosixPath, set[str]] = {}
    for name in named:
        files.setdefault(PurePosixPath(name).parent, set()).add(PurePosixPath(name).name)
    for name in sorted(named):
        if name and not _is_left_out(PurePosixPath(name), files):
            yield name, named[name]


def _safe(name: str) -> str:
    """Name without anything that leads out of a folder."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _is_left_out(name: PurePosixPath, files: dict[PurePosixPath, set[str]]) -> bool:
    if any(part.startswith(".") or part == _MAC for part in name.parts):
        return True
    folders = list(name.parents)[:-1]
    return any(is_assets(folder.name, files.get(folder.parent, set())) for folder in folders)
