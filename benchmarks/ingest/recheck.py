"""How long an ingest takes when nothing, or one file, has changed.

    python -m benchmarks.ingest.recheck --files 10000 --out benchmarks/results/recheck.json

Writes that many short files to a temporary folder, ingests them once with the bundled models,
then measures three ingests of the unchanged folder and one after a single file was edited.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from rag.pipeline import ingest
from rag.resources import open_resources
from rag.settings import Settings


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as work:
        result = measure(Path(work), given.files)
    print(json.dumps(result, indent=1))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(work: Path, files: int) -> dict[str, object]:
    """Seconds of the first ingest by step, of one that finds nothing changed, and of one edit."""
    folder = work / "articles"
    folder.mkdir()
    for number in range(files):
        (folder / f"{number:05}.txt").write_text(_article(number), encoding="utf-8")
    with open_resources(Settings(index=work / "index"), create=True) as resources:
        first = ingest(folder, resources)
        again = [ingest(folder, resources).seconds["total"] for _ in range(3)]
        (folder / "00007.txt").write_text(_article(files + 7), encoding="utf-8")
        edited = ingest(folder, resources)
    return {
        "files": files,
        "first_seconds": {step: round(value, 2) for step, value in first.seconds.items()},
        "unchanged_seconds_median": round(statistics.median(again), 3),
        "one_edited_seconds": round(edited.seconds["total"], 3),
    }


def _article(number: int) -> str:
    return f"Notice {number}\n\nLot {number * 7919 % 100_003} was sold for {number} crowns today.\n"


if __name__ == "__main__":
    main()
