"""How Chroma's graph files looked when Byline last had them open: sizes and times.

A graph file that something else has written to makes Chroma end the whole process without a word.
Where the files are not as they were left, they are tried in a child process before they are opened.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

NAME = "vectors.json"  # in the index folder

State = dict[str, list[int]]  # "folder/file" -> size in bytes, time of the last change in ns


def state(chroma: Path) -> State:
    """How the graph files in Chroma's folder look now; empty where there are none."""
    found: State = {}
    if not chroma.is_dir():
        return found
    with os.scandir(chroma) as segments:  # each search looks twice; pathlib would take longer
        for segment in segments:
            if segment.is_dir():
                with os.scandir(segment.path) as files:
                    for file in files:
                        known = file.stat()
                        name = f"{segment.name}/{file.name}"
                        found[name] = [known.st_size, known.st_mtime_ns]
    return found


def read(folder: Path) -> State | None:
    """How they were left; None if that was never written or cannot be read."""
    try:
        kept = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None


def write(folder: Path, left: State) -> None:
    """Keep how they were left. Raises OSError."""
    fresh = folder / f"{NAME}.new"
    fresh.write_text(json.dumps(left), encoding="utf-8")
    os.replace(fresh, folder / NAME)  # never half of one
