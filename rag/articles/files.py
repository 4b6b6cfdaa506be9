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
    ".html": "webpages.html",
    ".htm": "webpages.html",
    ".xhtml": "webpages.html",
    ".pdf": "paged.pdf",
    ".docx": "office.docx",
    ".docm": "office.docx",
    ".dotx": "office.docx",
    ".doc": "office.old_word",
    ".dot": "office.old_word",
    ".xlsx": "office.xlsx",
    ".xlsm": "office.xlsx",
    ".xltx": "office.xlsx",
    ".xls": "office.old_sheets",
    ".ods": "office.ods",
    ".ots": "office.ods",
    ".fods": "office.ods",
    ".ppt": "office.old_slides",
    ".pps": "office.old_slides",
    ".pptx": "office.pptx",
    ".pptm": "office.pptx",
    ".ppsx": "office.pptx",
    ".potx": "office.pptx",
    ".odp": "office.odp",
    ".otp": "office.odp",
    ".fodp": "office.odp",
    ".odt": "office.odt",
    ".ott": "office.odt",
    ".fodt": "office.odt",
    ".rtf": "office.rtf",
    ".epub": "webpages.epub",
    ".eml": "mails.mail",
    ".emlx": "mails.mail",
    ".mbox": "mails.mbox",
    ".msg": "mails.msg",
    ".mhtml": "webpages.mhtml",
    ".mht": "webpages.mhtml",
    ".webarchive": "webpages.webarchive",
    ".xml": "webpages.feeds",
    ".rss": "webpages.feeds",
    ".atom": "webpages.feeds",
    ".ris": "exported.bibliography",
    ".enex": "webpages.notebooks",
    ".json": "exported.json_document",
    ".js": "exported.json_document",
    ".jsonl": "exported.json_lines",
    ".csv": "exported.csv_table",
    ".tsv": "exported.csv_table",
    ".srt": "spoken.subtitles",
    ".vtt": "spoken.subtitles",
    ".sbv": "spoken.subtitles",
    ".ass": "spoken.subtitles",
    ".ssa": "spoken.subtitles",
    ".zip": "archives",
    ".png": "paged.images",
    ".jpg": "paged.images",
    ".jpeg": "paged.images",
    ".tif": "paged.images",
    ".tiff": "paged.images",
    ".webp": "paged.images",
    ".bmp": "paged.images",
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
    return read_data(read_bytes(file), file.suffix, path)


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


def read_bytes(file: Path) -> bytes:
    """Everything in a file. Raises ArticleError."""
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
