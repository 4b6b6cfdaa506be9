"""How much of what files hold for a reader is kept, by format.

    python -m benchmarks.reading.coverage ../shared/files/files --out FILE.json

Each reader counts the letters and digits that its container holds (Word's text runs, a mail's
parts, the cells of a sheet, the characters of a PDF's pages …), in another way than it reads them,
and how many of them are in the articles; what is left out on purpose (hidden, deleted and
struck-out text) is not held. Formats without such a count (web pages: what is around the article
goes on purpose; see `benchmarks.reading.text`) show files alone.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from rag.articles import Reading, listed, read_file
from rag.articles.reading import Coverage
from rag.errors import ArticleError


def main() -> None:
    """Read every file below a folder and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    rows = by_format(given.folder)
    print(f"{'format':12}{'files':>6}{'articles':>9}{'failed':>7}{'in part':>8}{'kept':>8}")
    for suffix, row in rows.items():
        share = f"{row['kept_share']:.1%}" if row["kept_share"] is not None else "-"
        print(
            f"{suffix:12}{row['files']:6}{row['articles']:9}{row['failed']:7}"
            f"{row['in_part']:8}{share:>8}"
        )
    if given.out:
        given.out.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def by_format(folder: Path) -> dict[str, dict[str, Any]]:
    """Counts of the files below `folder` by suffix."""
    found: dict[str, list[Reading | None]] = defaultdict(list)
    for path, file in listed(folder).files.items():
        try:
            found[file.suffix.lower()].append(read_file(file, path))
        except ArticleError:
            found[file.suffix.lower()].append(None)
    return {suffix: _row(found[suffix]) for suffix in sorted(found)}


def _row(readings: list[Reading | None]) -> dict[str, Any]:
    read = [reading for reading in readings if reading]
    counted = sum((item.coverage for item in read if item.coverage), Coverage())
    return {
        "files": len(readings),
        "articles": sum(len(reading.articles) for reading in read),
        "failed": sum(reading is None or not reading.articles for reading in readings),
        "in_part": sum(bool(reading.partly or reading.failed) for reading in read),
        "held": counted.held,
        "kept": counted.kept,
        "kept_share": round(counted.kept / counted.held, 4) if counted.held else None,
    }


if __name__ == "__main__":
    main()
