"""Files added on the page: copied into the index folder under names that cannot do harm."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from rag.ingest import UPLOADS
from rag.schema import FailedFile
from rag.settings import Settings

_ODD = re.compile(r"[^\w.-]+")
_LONGEST = 120  # characters of a kept name, its suffix included


def keep(files: Sequence[tuple[Path, str]], settings: Settings) -> list[FailedFile]:
    """Copy each file to `<index>/uploads/`; return those refused for their size.

    A file of the same name replaces the one before, as a newer version of it.
    """
    folder = settings.index / UPLOADS
    folder.mkdir(parents=True, exist_ok=True)
    refused = []
    for file, name in files:
        if file.stat().st_size > settings.max_upload_mb * 1_000_000:
            refused.append(
                FailedFile(
                    name,
                    f"larger than {settings.max_upload_mb} MB: split it, "
                    "or raise BYLINE_MAX_UPLOAD_MB.",
                )
            )
        else:
            shutil.copyfile(file, folder / safe_name(name))
    return refused


def safe_name(name: str) -> str:
    """`name` without folders, leading dots and characters that file systems or pages dislike."""
    base = PurePosixPath(name.replace("\\", "/")).name
    plain = _ODD.sub("-", base).strip("-.") or "article.txt"
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[: _LONGEST - len(suffix) - 1]}.{suffix}" if dot else plain[:_LONGEST]
