"""Articles read per second, with one process and with two, beside trafilatura alone.

    python -m benchmarks.reading.speed ../shared/bench/html/scrapinghub \
        --out benchmarks/reading/results/speed.json

Reading is the whole way from bytes to an `Article`: decoding, metadata, text, comments, captions,
bylines, offsets. trafilatura's `bare_extraction` does text and comments only. Every round runs
all contenders in turn on the same pages, in fresh processes that have read ten pages first; the
ratio is taken within a round, and the table shows medians.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from benchmarks.reading.running import quiet, versions, write
from benchmarks.reading.text import pages
from rag.articles.formats.webpages import html

_WARM_UP = 10  # pages
_CHUNK = 8  # pages handed to a process at a time


def read_page(data: bytes) -> int:
    """Read as Byline does; return the length of the text."""
    (article,) = html.read(data, "page.html")
    return len(article.text)


def extract_page(data: bytes) -> int:
    """Extract with trafilatura alone; return the length of the text."""
    import trafilatura

    page = trafilatura.bare_extraction(data)
    return len(getattr(page, "text", None) or "")


CONTENDERS: dict[str, tuple[Callable[[bytes], int], int]] = {
    "byline, 1 process": (read_page, 1),
    "byline, 2 processes": (read_page, 2),
    "trafilatura, 1 process": (extract_page, 1),
    "trafilatura, 2 processes": (extract_page, 2),
}


def rate(read: Callable[[bytes], int], processes: int, data: list[bytes]) -> float:
    """Pages per second."""
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=quiet) as pool:
        list(pool.map(read, data[:_WARM_UP] * processes))
        start = time.perf_counter()
        list(pool.map(read, data, chunksize=_CHUNK))
        return len(data) / (time.perf_counter() - start)


def main() -> None:
    """Run the rounds, print medians and ratios, write the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    data = [page.data for page in pages(options.folder)]
    rounds = [
        {name: rate(read, processes, data) for name, (read, processes) in CONTENDERS.items()}
        for _ in range(options.rounds)
    ]
    results = {}
    for name in CONTENDERS:
        rates = [each[name] for each in rounds]
        ratios = [each[name] / each["trafilatura, 1 process"] for each in rounds]
        results[name] = {
            "pages_per_second": round(median(rates), 1),
            "rounds": [round(value, 1) for value in rates],
            "ratio": round(median(ratios), 2),
        }
        print(f"{name:<26}{median(rates):7.1f} pages/s   ratio {median(ratios):.2f}")
    machine = {"cpus": os.cpu_count(), "pages": len(data), "versions": versions()}
    write(options.out, {**machine, "contenders": results})


if __name__ == "__main__":
    main()
