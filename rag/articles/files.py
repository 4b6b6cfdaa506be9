"""Which module reads a file, by its suffix."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from rag.articles.reading import Reading
from rag.errors import ArticleError
from rag.schema import Article

Reader = Callable[[bytes, str], list[Article] | Reading]

_MODULES = {
    ".txt": "plain_text",
    ".text": "plain_text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".doc": "old_word",
    ".dot": "old_word",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xltx": "xlsx",
    ".xls": "old_sheets",
    ".ods": "ods",
    ".ots": "ods",
    ".fods": "ods",
    ".ppt": "old_slides",
    ".pps": "old_slides",
    ".pptx": "pptx",
    ".pptm": "pptx",
    ".ppsx": "pptx",
    ".potx": "pptx",
    ".odp": "odp",
    ".otp": "odp",
    ".fodp": "odp",
    ".odt": "odt",
    ".ott": "odt",
    ".fodt": "odt",
    ".rtf": "rtf",
    ".epub": "epub",
    ".eml": "mail",
    ".emlx": "mail",
    ".mbox": "mbox",
    ".msg": "msg",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".webarchive": "webarchive",
    ".xml": "feeds",
    ".rss": "feeds",
    ".atom": "feeds",
    ".ris": "bibliography",
    ".enex": "notebooks",
    ".json": "json_document",
    ".js": "json_document",
    ".jsonl": "json_lines",
    ".csv": "csv_table",
    ".tsv": "csv_table",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".sbv": "subtitles",
    ".ass": "subtitles",
    ".ssa": "subtitles",
    ".zip": "archives",
    ".png": "images",
    ".jpg": "images",
    ".jpeg": "images",
    ".tif": "images",
    ".tiff": "images",
    ".webp": "images",
    ".bmp": "images",
}
SUFFIXES = tuple(_MODULES)
LARGEST = 1_000_000_000  # bytes of a file: it is held in memory several times over


def read_file(file: Path, path: str) -> Reading:
    """Read one file; `path` (relative, posix) is what its articles are cited as.

    What is bad in a file of many articles (a line, a row, a member) costs that alone.

    Raises:
        ArticleError: the file cannot be read as what its suffix says. Nothing else, ever.

    """
    _reader(file.suffix)  # refuse it before it is read
    return read_data(_read_bytes(file), file.suffix, path)


def read_articles(file: Path, path: str) -> list[Article]:
    """The articles of one file, where nobody asks what of it was bad.

    Raises:
        ArticleError: there is no article in it.

    """
    reading = read_file(file, path)
    if not reading.articles:
        first = reading.failed[0]
        raise ArticleError(f"{first.file.removeprefix(path).lstrip(', /')}: {first.reason}")
    return list(reading.articles)


def read_data(data: bytes, suffix: str, path: str) -> Reading:
    """Read what a file with that suffix holds; see `read_file`."""
    from rag.articles.formats.signatures import true_suffix

    _reader(suffix)  # refuse it, whatever is in it
    if not data.strip():
        raise ArticleError("The file is empty: save the article again from where it came.")
    found = _reader(true_suffix(data, suffix.lower()))(data, path)
    reading = found if isinstance(found, Reading) else Reading(tuple(found))
    if not reading.articles and not reading.failed:
        raise ArticleError("There is no article in the file.")
    return reading


def _reader(suffix: str) -> Reader:
    if not (module := _MODULES.get(suffix.lower())):
        what = f"{suffix} files" if suffix else "files without a suffix"
        raise ArticleError(
            f"Byline does not read {what}. Save it as .docx, .pdf, .html or .txt, or move it out of"
            " the folder."
        )
    return cast(Reader, import_module(f"rag.articles.formats.{module}").read)


def must_be_readable(size: int) -> None:
    """Raises ArticleError if a file of `size` bytes is too large."""
    if size > LARGEST:
        raise ArticleError(f"The file is larger than {LARGEST // 1_000_000:,} MB: split it.")


def _read_bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)  # it may have grown since it was looked at
        must_be_readable(len(data))
        return data
    except FileNotFoundError as error:
        raise ArticleError("The file has gone since the folder was listed.") from error
    except PermissionError as error:
        raise ArticleError("No permission to read the file; change its access rights.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ArticleError(f"The file cannot be read: {reason or error}.") from error
