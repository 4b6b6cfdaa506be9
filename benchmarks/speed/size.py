"""Bytes that an index takes a passage, by part.

    python -m benchmarks.speed.size INDEX [--out FILE]

`vectors` are the numbers themselves (4 bytes a dimension), `graph` what HNSW adds to find them,
`ids` Chroma's own database, `words` tantivy's two indexes, `truth` the manifest (SQLite: texts,
passages, files). `other`: locks, and what SQLite keeps while it is open.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path

FLOAT = 4  # bytes


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("index", type=Path)
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    result = sizes(given.index)
    print(json.dumps(result, indent=1))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def sizes(index: Path) -> dict[str, object]:
    """Passages, and the bytes of each part in all and a passage."""
    passages, dimension = _counted(index / "manifest.db")
    total = {part: 0 for part in ("vectors", "graph", "ids", "words", "truth", "other")}
    for file in index.rglob("*"):
        if file.is_file():
            total[_part(file.relative_to(index))] += file.stat().st_size
    total["vectors"] = min(total["graph"], passages * dimension * FLOAT)
    total["graph"] -= total["vectors"]
    total["all"] = sum(total.values())
    return {"passages": passages, "bytes": total, "bytes_a_passage": _shared(total, passages)}


def _counted(manifest: Path) -> tuple[int, int]:
    """How many passages there are, and the dimension of their vectors."""
    with sqlite3.connect(f"file:{manifest}?mode=ro", uri=True) as db:
        (passages,) = db.execute("SELECT COUNT(*) FROM passages").fetchone()
        (dimension,) = db.execute(
            "SELECT number FROM meta WHERE key = 'fingerprint.dimension'"
        ).fetchone()
    return int(passages), int(dimension)


def _part(file: Path) -> str:
    match file.parts:
        case ("chroma", name):
            return "ids" if name.startswith("chroma.sqlite3") else "other"
        case ("chroma", *_, name):
            return "graph" if name in ("data_level0.bin", "link_lists.bin") else "ids"
        case ("lexical", *_):
            return "words"
        case ("manifest.db" | "manifest.db-wal",):
            return "truth"
        case _:
            return "other"


def _shared(total: Mapping[str, int], passages: int) -> dict[str, int]:
    return {part: round(size / max(1, passages)) for part, size in total.items()}


if __name__ == "__main__":
    main()
