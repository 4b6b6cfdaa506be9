"""Files added on the page: copied into the index folder under names that cannot do harm.

Where several machines share a database their bytes are there, and each machine keeps a copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rag.articles.paths import UPLOADS, file_of, is_upload
from rag.errors import ArticleError, StoreUnavailable
from rag.schema import FailedFile
from rag.settings import Settings
from rag.text.dates import parse_date
from rag.text.words import dashed
from vectorstore import beside, privacy
from vectorstore.beside import Held, InDatabase

COPIES = "uploads-copied"  # in the index folder: what is not in the database is deleted from it
_ROWS = f"{UPLOADS}/"
_ODD = re.compile(r"[^\w.-]+")
_LONGEST = 120  # characters of a kept name, its suffix included
_DEEPEST = 8  # parts of a kept path; of a longer one the last


def keep(files: Sequence[tuple[Path, str]], settings: Settings) -> list[FailedFile]:
    """Copy each file to its `safe_path` in the folder of added ones; those refused, and why.

    A file of the same path replaces the one before, as a newer version of it.
    """
    folder = _made(settings)
    refused = []
    for file, name in files:
        if file.stat().st_size > settings.max_upload_mb * 1_000_000:
            refused.append(FailedFile(name, too_large(settings)))
            continue
        try:
            _share(_copy(file, folder, safe_path(name)), settings)
        except OSError as error:
            why = f"cannot be kept ({(error.strerror or str(error)).lower()}): give it another name"
            refused.append(FailedFile(name, why))
    return refused


def too_large(settings: Settings) -> str:
    """Why a file larger than an upload may be is refused."""
    return f"larger than {settings.max_upload_mb} MB: split it, or raise BYLINE_MAX_UPLOAD_MB."


def _copy(file: Path, folder: Path, path: str) -> Path:
    """Copy `file` to `path` below `folder`. Raises OSError, also where a link there leads out."""
    kept = folder / path
    privacy.make_private(kept.parent)
    if not kept.resolve().is_relative_to(folder.resolve()):
        raise OSError("it would lie outside of the folder of added files")
    shutil.copyfile(file, kept)
    kept.chmod(privacy.FILE)
    return kept


def store(data: bytes, name: str, settings: Settings) -> str:
    """Keep `data` as a file of this name; returns the name it got. One of the same name goes."""
    kept = _made(settings) / safe_name(name)
    kept.write_bytes(data)
    kept.chmod(privacy.FILE)
    _share(kept, settings)
    return kept.name


def folder(settings: Settings) -> Path:
    """Where added files lie on this machine."""
    return settings.index / (COPIES if settings.database else UPLOADS)


def _made(settings: Settings) -> Path:
    made = folder(settings)
    privacy.make_private(made)
    return made


# --- shared by several machines


def bring(settings: Settings, paths: Collection[str] | None = None) -> None:
    """Bring added files to this machine as the others have them, and delete those that went.

    `paths`, as files are cited, limits it to these. Without a database nothing is to be done.

    Raises:
        StoreUnavailable: the database cannot be used, or no file written here.

    """
    kept, root = beside.of(settings.index, settings.database), folder(settings)
    if not isinstance(kept, InDatabase) or (paths is not None and not paths):
        return
    if paths is None or any(path.endswith("/") for path in paths):  # of a whole folder
        here, held = set(_files(root)), kept.held(_ROWS)
    else:
        named = (file_of(path, None, root) for path in paths)
        here = {file for file in named if file is not None and _is_inside(file, root)}
        held = kept.held_of([_row(file, root) for file in here])
    try:
        for name, known in held.items():
            _bring(kept, name, known, root)
        for file in here - {_file(name, root) for name in held}:
            file.unlink(missing_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"{root} cannot be written ({error.strerror or error}): check the disk and your rights"
            " there."
        ) from error


def discard(path: str, settings: Settings) -> None:
    """Delete an added file; `path` as it is cited. Any other stays."""
    kept, root = beside.of(settings.index, settings.database), folder(settings)
    if not is_upload(path):
        return
    file = file_of(path, None, root)
    assert file is not None
    if isinstance(kept, InDatabase):
        kept.remove(_row(file, root))
    file.unlink(missing_ok=True)


def _share(file: Path, settings: Settings) -> None:
    """Keep the bytes of an added file, and its time, where other machines find them."""
    kept = beside.of(settings.index, settings.database)
    if isinstance(kept, InDatabase):
        name = _row(file, folder(settings))
        kept.write(name, file.read_bytes(), file.stat().st_mtime_ns)


def _bring(kept: InDatabase, name: str, known: Held, root: Path) -> None:
    file = _file(name, root)
    if _is_same(file, known) or not _is_inside(file, root):
        return
    content = kept.read(name)
    if content is None:  # it went meanwhile
        return
    privacy.make_private(file.parent)
    handle, fresh = tempfile.mkstemp(prefix=".bringing-", dir=root.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    os.utime(fresh, ns=(known.mtime_ns, known.mtime_ns))  # by which an ingest knows it
    os.replace(fresh, file)


def _is_same(file: Path, known: Held) -> bool:
    try:
        stat = file.stat()
        if (stat.st_size, stat.st_mtime_ns) == (known.size, known.mtime_ns):
            return True
        return hashlib.sha256(file.read_bytes()).hexdigest() == known.sha256
    except OSError:
        return False


def _is_inside(file: Path, root: Path) -> bool:
    return file.resolve().is_relative_to(root.resolve())


def _files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file()) if root.is_dir() else iter(())


def _row(file: Path, root: Path) -> str:
    return f"{_ROWS}{file.relative_to(root).as_posix()}"


def _file(name: str, root: Path) -> Path:
    return root / name.removeprefix(_ROWS)


@dataclass(frozen=True, slots=True)
class Pasted:
    """An article as somebody types it in; what is unknown is empty."""

    text: str
    headline: str = ""
    outlet: str = ""
    author: str = ""
    published: str = ""  # a full date, however it is written


def as_file(pasted: Pasted) -> tuple[str, bytes]:
    """The name and the bytes of a file that reads back as what was pasted.

    Raises:
        ArticleError: there is no text, or the date cannot be read.

    """
    if not pasted.text.strip():
        raise ArticleError("There is no text. Paste the article into the large field.")
    published = parse_date(pasted.published)
    if pasted.published.strip() and published is None:
        raise ArticleError(
            f"“{pasted.published.strip()[:40]}” is no full date. Write it like 3 May 2024 or "
            "2024-05-03, or leave it out."
        )
    values = {
        "title": pasted.headline.strip(),
        "author": pasted.author.strip(),
        "outlet": pasted.outlet.strip(),
        "published": published.isoformat() if published else "",
        "text": pasted.text,
    }
    given = {name: value for name, value in values.items() if value}
    data = json.dumps(given, ensure_ascii=False, indent=1).encode(errors="backslashreplace")
    # The text's hash keeps apart what has the same headline, and makes one of what is pasted twice.
    mark = hashlib.sha256(pasted.text.encode(errors="backslashreplace")).hexdigest()[:8]
    words = dashed((pasted.headline or pasted.text)[:200])
    return f"pasted-{words or 'text'}-{mark}.json", data


def safe_path(path: str) -> str:
    """`path` as it is kept below the folder of added files: a `safe_name`, in folders of such.

    None of its parts leads upwards, is hidden or begins anew, whatever `path` says.
    """
    parts = [part for part in path.replace("\\", "/").split("/") if part.strip(" .")]
    *folders, name = parts[-_DEEPEST:] or [""]
    return "/".join([*(safe_name(folder, "folder") for folder in folders), safe_name(name)])


def safe_name(name: str, nameless: str = "article.txt") -> str:
    """`name` without folders, leading dots and characters that file systems or pages dislike.

    Where nothing is left of it, it is called `nameless`.
    """
    base = PurePosixPath(name.replace("\\", "/")).name
    plain = _ODD.sub("-", base).strip("-.") or nameless
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[: _LONGEST - len(suffix) - 1]}.{suffix}" if dot else plain[:_LONGEST]
