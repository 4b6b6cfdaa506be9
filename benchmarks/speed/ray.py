"""One process beside one and two workers of a Ray cluster, all on this machine's cores.

    python -m benchmarks.speed.ray ../shared/bench/news2025/articles.jsonl.xz --out FILE

Each worker is a node of one core, on loopback. `start_seconds`: until the first file came back,
workers and their models loaded; `passages_a_second`: after that. CPU seconds are of all processes,
`here` of the one that looks for files and writes. `most_a_second` is how many passages that one
could take if it had nothing to wait for: more workers than make so many are of no use.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psutil

from rag.indexing import ray_cluster
from rag.pipeline import ingest
from rag.resources import open_resources
from rag.settings import Settings


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("articles", type=Path, help=".jsonl or .jsonl.xz of articles")
    options.add_argument("--count", type=int, default=80)
    options.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2], help="0: none")
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = _folder(Path(work, "articles"), given.articles, given.count)
        runs = []
        for workers in given.workers:
            runs.append(_measured(folder, Path(work), workers))
            print(json.dumps(runs[-1]), flush=True)
    result = {"articles": given.count, "cores": os.cpu_count(), "runs": runs}
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _folder(folder: Path, articles: Path, count: int) -> Path:
    """The first articles, a file each."""
    folder.mkdir()
    opened = lzma.open if articles.suffix == ".xz" else open
    with opened(articles, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(itertools.islice(lines, count)):
            (folder / f"{number:05}.jsonl").write_text(line, encoding="utf-8")
    return folder


def _measured(folder: Path, work: Path, workers: int) -> dict[str, Any]:
    settings, first = Settings(index=work / f"index-{workers}"), list[float]()
    with _cluster(workers, settings) as joining:
        before, cpu, here = time.perf_counter(), _cpu(), time.process_time()
        with joining as machines, open_resources(settings, create=True) as resources:
            report = ingest(
                folder, resources, progress=lambda _: first.append(_now()), machines=machines
            )
        total, cpu = time.perf_counter() - before, _cpu() - cpu
        here = time.process_time() - here
    start = first[0] - before
    return {
        "workers": workers,
        "seconds": round(total, 1),
        "start_seconds": round(start, 1),
        "cpu_seconds": round(cpu, 1),
        "cpu_seconds_here": round(here, 1),
        "passages": report.passages,
        "passages_a_second": round(report.passages / (total - start), 1),
        "most_a_second": round(report.passages / here) if workers else None,
    }


def _now() -> float:
    return time.perf_counter()


@contextmanager
def _cluster(workers: int, settings: Settings) -> Iterator[AbstractContextManager[Any]]:
    """What joins so many workers, started outside what is measured."""
    if not workers:
        yield nullcontext()
        return
    os.environ.update({**ray_cluster.QUIET, **ray_cluster.LOOPBACK})
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "node_ip_address": "127.0.0.1", "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    try:
        for _ in range(workers - 1):
            cluster.add_node(**node)
        yield ray_cluster.connected(cluster.address, settings)
    finally:
        cluster.shutdown()


def _cpu() -> float:
    """CPU seconds of this process and of all that it started, also of those that have ended."""
    here = psutil.Process()
    return sum(sum(process.cpu_times()[:4]) for process in (here, *here.children(recursive=True)))


if __name__ == "__main__":
    main()
