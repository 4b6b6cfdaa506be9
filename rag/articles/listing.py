"""Which files a folder of articles holds, and what in it is left alone, by name."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.articles.paths import cited
from rag.errors import ArticleError
from rag.schema import FailedFile
from vectorstore.index_folder import is_index

_PAGES = (".html", ".htm", ".xhtml")  # what a browser saves beside a folder of assets
_ASSETS = ("_files", ".files")
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """`files` by the path each is cited as, in order; `skipped` by path: what is not read, and why.

    A skipped folder's path ends in "/". Whether what lies in it is still there is not known.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    skipped: Mapping[str, FailedFile] = field(default_factory=dict)

    def is_unknown(self, path: str) -> bool:
        """Whether `path` is skipped, or lies in a folder that is."""
        if not self.skipped or path in self.skipped:
            return bool(self.skipped)
        folders = (path[: n + 1] for n, char in enumerate(path) if char == "/")
        return any(folder in self.skipped for folder in folders)


def listed(folder: Path) -> Listing:
    """All regular files below `folder`, readable or not, sorted by what they are cited as.

    Left out without a word: hidden files and folders, the asset folder beside a saved page,
    folders that hold an index of Byline, and links to a folder inside, whose files are read there.
    Skipped by name: links that lead outside or nowhere, pipes, sockets, devices, folders that may
    not be listed.

    Raises:
        ArticleError: `folder` is not a folder, or may not be listed.

    """
    if not is_folder(folder):
        raise ArticleError(f"{folder} is not a folder; name the folder that holds the articles.")
    files, skipped, home = dict[str, Path](), dict[str, FailedFile](), folder.resolve()
    for entry in _walk(folder):
        if isinstance(entry, OSError):
            path = f"{cited(Path(os.fsdecode(entry.filename)), folder)}/"
            skipped[path] = FailedFile(path, f"the folder cannot be listed: {_said(entry)}")
        elif reason := _reason(entry, home):
            path = f"{cited(entry, folder)}{'/' if os.path.isdir(entry) else ''}"
            skipped[path] = FailedFile(path, reason)
        elif not entry.is_dir():
            files[cited(entry, folder)] = entry
    return Listing(dict(sorted(files.items())), dict(sorted(skipped.items())))


def find_files(folder: Path) -> list[Path]:
    """The `files` of `listed`, which says more. Raises ArticleError."""
    return [*listed(folder).files.values()]


def is_folder(folder: Path) -> bool:
    """Whether `folder` is one; not so where a folder above it may not be entered."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def _walk(folder: Path) -> Iterator[Path | OSError]:
    """Every file and every link below `folder`, and the error of what cannot be listed."""
    failed: list[OSError] = []
    for here, folders, names in os.walk(folder, onerror=failed.append):
        if here != str(folder) and is_index({*folders, *names}):
            folders.clear()
            continue
        files = {name for name in names if not name.startswith(".")}
        folders[:] = [
            name for name in folders if not name.startswith(".") and not is_assets(name, files)
        ]
        yield from (Path(here, name) for name in files)
        yield from (Path(here, name) for name in folders if os.path.islink(Path(here, name)))
    for error in failed:
        if os.fsdecode(error.filename) == str(folder):
            raise ArticleError(f"{folder} cannot be listed: {_said(error)}.") from error
        yield error


def is_assets(name: str, files: set[str]) -> bool:
    """Whether a folder belongs to a page saved beside it, one of the `files`."""
    pages = (name.removesuffix(end) for end in _ASSETS if name.endswith(end))
    return any(page + suffix in files for page in pages for suffix in _PAGES)


def _reason(file: Path, home: Path) -> str:
    """Why this is not read; empty for a regular file in `home`, and for a link to a folder in it.

    `file` is reached by way of no link, so that only itself can lead elsewhere.
    """
    try:
        kind = stat.S_IFMT(file.lstat().st_mode)
        if kind == stat.S_IFLNK:
            return _reason_of_link(file, home)
    except OSError as error:
        return f"cannot be looked at: {_said(error)}"
    return "" if kind == stat.S_IFREG else _not_a_file(kind)


def _reason_of_link(file: Path, home: Path) -> str:
    try:
        kind = stat.S_IFMT(file.stat().st_mode)
        is_inside = file.resolve(strict=True).is_relative_to(home)
    except FileNotFoundError:
        return "a link that leads to nothing: copy the file in"
    except (OSError, RuntimeError) as error:  # RuntimeError: a link in a circle
        said = _said(error) if isinstance(error, OSError) else "it leads in a circle"
        return f"a link that cannot be followed: {said}"
    if not is_inside:
        what = "folder" if kind == stat.S_IFDIR else "file"
        return f"leads outside the folder: copy the {what} in"
    return "" if kind in (stat.S_IFREG, stat.S_IFDIR) else _not_a_file(kind)


def _not_a_file(kind: int) -> str:
    return f"{_KINDS.get(kind, 'something else')}, not a file: take it out of the folder"


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
