"""What a file is cited as: its path in characters that can be stored, printed and found again.

A name may hold bytes that are no UTF-8, line breaks, or orders to a terminal. Such a path is
percent-encoded, and so is every other that could be taken for an encoded one: no two files are
cited alike, and `original` leads back to the one that is meant. All other paths stay as they are.

Files that were added on the page are cited as "uploads:NAME"; no relative path begins so.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from rag.errors import ArticleError

UPLOADS = "uploads"  # folder in the index folder for files added on the page
_UPLOADED = "uploads:"
# control characters, line and paragraph separators, turns of the direction of writing, and what
# stands for bytes that are no UTF-8
_ODD = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ENCODED = re.compile(f"%|{_ODD.pattern}")


def cited(file: Path, root: Path) -> str:
    """What a file below `root` is cited as; always storable, whatever this machine's encoding."""
    return _cited(os.fsencode(file.relative_to(root).as_posix()))


def original(path: str) -> str:
    """The path below the folder, for the file system, of what is cited as `path`."""
    raw = path.encode("utf-8", "surrogatepass")
    decoded = unquote_to_bytes(raw)
    return os.fsdecode(decoded if decoded != raw and _cited(decoded) == path else raw)


def is_upload(path: str) -> bool:
    """Whether a file was added on the page."""
    return path.startswith(_UPLOADED)


def upload(name: str) -> str:
    """What a file in the folder of added ones is cited as."""
    return f"{_UPLOADED}{name}"


def without_mark(path: str) -> str:
    """The path as people know it: an added file's name."""
    return path.removeprefix(_UPLOADED)


def file_of(path: str, articles: Path | None, uploads: Path) -> Path | None:
    """The file that is cited as `path`, in the folder of articles or of added ones.

    None if no folder of articles is known.
    """
    root = uploads if is_upload(path) else articles
    return root / original(without_mark(path)) if root is not None else None


def contained_file_of(path: str, articles: Path | None, uploads: Path) -> Path | None:
    """Likewise, links followed. Raises ArticleError if it leads out of its folder."""
    file = file_of(path, articles, uploads)
    root = uploads if is_upload(path) else articles
    if file is None or root is None:
        return None
    if not file.resolve().is_relative_to(root.resolve()):
        raise ArticleError(f"{path} leads out of {root}.")
    return file.resolve()


def as_typed(path: str) -> str:
    """A path of the command line as files are cited, where its bytes are not what Python expects.

    Any other stays as it is: it may be what Byline printed, and be encoded already.
    """
    return _cited(os.fsencode(path)) if _ODD.search(path) else path


def printable(text: str) -> str:
    """`text` with whatever a terminal would act on, or could not show, percent-encoded."""
    return _ODD.sub(_percent, text)


def _cited(raw: bytes) -> str:
    name = raw.decode("utf-8", "surrogateescape")
    return _ENCODED.sub(_percent, name) if _is_odd(name) else name


def _is_odd(name: str) -> bool:
    """Whether the name, or what percent signs in it stand for, must not be printed."""
    while not _ODD.search(name):
        decoded = unquote_to_bytes(name).decode("utf-8", "surrogateescape")
        if decoded == name:
            return False
        name = decoded
    return True


def _percent(match: re.Match[str]) -> str:
    try:
        raw = match[0].encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a pair, not a byte of a name
        raw = match[0].encode("utf-8", "surrogatepass")
    return quote_from_bytes(raw, safe="")
