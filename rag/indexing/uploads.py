"""Files added on the page: copied into the index folder under names that cannot do harm."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rag.articles.paths import UPLOADS
from rag.errors import ArticleError
from rag.schema import FailedFile
from rag.settings import Settings
from rag.text.dates import parse_date
from rag.text.words import dashed
from vectorstore import privacy

_ODD = re.compile(r"[^\w.-]+")
_LONGEST = 120  # characters of a kept name, its suffix included
_DEEPEST = 8  # parts of a kept path; of a longer one the last


def keep(files: Sequence[tuple[Path, str]], settings: Settings) -> list[FailedFile]:
    """Copy each file to its `safe_path` in `<index>/uploads/`; return those refused, and why.

    A file of the same path replaces the one before, as a newer version of it.
    """
    folder = _folder(settings)
    refused = []
    for file, name in files:
        if file.stat().st_size > settings.max_upload_mb * 1_000_000:
            refused.append(FailedFile(name, too_large(settings)))
            continue
        try:
            _copy(file, folder, safe_path(name))
        except OSError as error:
            why = f"cannot be kept ({(error.strerror or str(error)).lower()}): give it another name"
            refused.append(FailedFile(name, why))
    return refused


def too_large(settings: Settings) -> str:
    """Why a file larger than an upload may be is refused."""
    return f"larger than {settings.max_upload_mb} MB: split it, or raise BYLINE_MAX_UPLOAD_MB."


def _copy(file: Path, folder: Path, path: str) -> None:
    """Copy `file` to `path` below `folder`. Raises OSError, also where a link there leads out."""
    kept = folder / path
    privacy.make_private(kept.parent)
    if not kept.resolve().is_relative_to(folder.resolve()):
        raise OSError("it would lie outside of the folder of added files")
    shutil.copyfile(file, kept)
    kept.chmod(privacy.FILE)


def store(data: bytes, name: str, settings: Settings) -> str:
    """Keep `data` as a file of this name; returns the name it got. One of the same name goes."""
    kept = _folder(settings) / safe_name(name)
    kept.write_bytes(data)
    kept.chmod(privacy.FILE)
    return kept.name


def _folder(settings: Settings) -> Path:
    folder = settings.index / UPLOADS
    privacy.make_private(folder)
    return folder


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
