"""How a folder that holds an index is told from others; how the manifest keeps a folder."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

MANIFEST = "manifest.db"
_OTHERS = frozenset(("chroma", "chroma.lock", "lexical", "shelf.json", "write.lock"))
_BYTES = "bytes:"  # no absolute path begins so


def is_index(names: Collection[str]) -> bool:
    """Whether a folder that holds these names is an index, also one that was never finished."""
    return MANIFEST in names and not _OTHERS.isdisjoint(names)


def as_text(folder: Path | None) -> str | None:
    """A path as the manifest keeps it: as it is, or its bytes in hex where they are no UTF-8."""
    if folder is None:
        return None
    raw = os.fsencode(folder)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return f"{_BYTES}{raw.hex()}"


def from_text(kept: str | None) -> Path | None:
    """The path that `as_text` kept, whatever encoding this machine's file names have now."""
    if kept is None:
        return None
    is_hex = kept.startswith(_BYTES)
    return Path(os.fsdecode(bytes.fromhex(kept.removeprefix(_BYTES)) if is_hex else kept.encode()))
