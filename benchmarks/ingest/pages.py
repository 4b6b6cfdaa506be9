"""How long an ingest of web pages takes beside the encoder's own time for the same passages.

    python -m benchmarks.ingest.pages ../shared/bench/html/scrapinghub --pages 1000 \
        --out benchmarks/results/ingest-pages.json

Fewer pages than that are taken again with their common words changed, so that none is a copy.
Each round ingests all of them into a new index, then encodes all of its passages in one call with
the same model; the ratio is taken within the round, and medians are shown. Alone on a machine.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.settings import Settings


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pages_in", type=Path, help="folder of .html or .html.gz files")
    options.add_argument("--pages", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--readers", type=int, default=0, help="processes that read; 0: by cores")
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work, "pages")
        write_pages(given.pages_in, folder, given.pages)
        rounds = [
            measure(folder, Path(work, f"index-{number}"), given.readers)
            for number in range(given.rounds)
        ]
    result = {
        "pages": given.pages,
        "ratio_median": median(item["ratio"] for item in rounds),
        "rounds": rounds,
    }
    print(json.dumps(result, indent=1))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def write_pages(source: Path, folder: Path, count: int) -> None:
    """Write `count` different pages to `folder`."""
    files = sorted(file for file in source.rglob("*") if file.name.endswith((".html", ".html.gz")))
    folder.mkdir()
    for number in range(count):
        file, again = files[number % len(files)], number // len(files)
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix == ".gz" else data
        if again:
            data = data.replace(b" the ", b" the" + b"x" * again + b" ")
        (folder / f"{number:05}.html").write_bytes(data)


def measure(folder: Path, index: Path, readers: int) -> dict[str, Any]:
    """Seconds of an ingest by step, and of the encoder alone on the same passages."""
    with open_resources(Settings(index=index, readers=readers), create=True) as resources:
        resources.embedder.documents(["a first text loads the model"])
        report = ingest(folder, resources)
        alone = encoding(resources)
    total = report.seconds["total"]
    return {
        "passages": report.passages,
        "seconds": {step: round(value, 2) for step, value in report.seconds.items()},
        "encoder_seconds": round(alone, 2),
        "ratio": round(total / alone, 3),
    }


def encoding(resources: Resources) -> float:
    """Seconds that the encoder takes over every passage of the index, in batches as an ingest's."""
    articles = resources.index.article_ids()
    texts = [item.indexed_text for id_ in articles for item in resources.index.passages_of(id_)]
    began = time.perf_counter()
    for start in range(0, len(texts), 512):
        resources.embedder.documents(texts[start : start + 512])
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
