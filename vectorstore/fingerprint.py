"""What an index was built with, and whether that is what is asked for now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from rag.errors import IndexMismatch

_PREFIX = "fingerprint."


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an index was built with; passages and vectors of another cannot be mixed in."""

    embedding: str  # name of the model, with its precision where that matters
    weights: str  # sha256 of the model's weights, hex
    dimension: int
    passage_words: int
    overlap_sentences: int
    reader: int  # rises when reading or splitting changes


def as_meta(fingerprint: Fingerprint) -> dict[str, str | int]:
    """Return the keys and values that the manifest keeps."""
    return {f"{_PREFIX}{key}": value for key, value in asdict(fingerprint).items()}


def of_meta(meta: Mapping[str, Any]) -> Fingerprint:
    """Return the fingerprint that a manifest keeps. Raises KeyError if it keeps none."""
    return Fingerprint(**{item.name: meta[_PREFIX + item.name] for item in fields(Fingerprint)})


def match(folder: Path, meta: Mapping[str, Any], fingerprint: Fingerprint) -> None:
    """Raise IndexMismatch, with both values and the command, if the index is of another one."""
    for key, value in as_meta(fingerprint).items():
        if meta.get(key) != value:
            name = key.removeprefix(_PREFIX)
            articles = meta.get("folder") or "FOLDER"
            raise IndexMismatch(
                f"The index in {folder} was built with {name} {meta.get(key)}, but {name} is"
                f" {value} now. Set it back, or build the index again:"
                f" byline ingest {articles} --index {folder} --rebuild"
            )
