"""How an index of 10,000, 100,000 and a million passages is written, opened and asked.

    python -m benchmarks.speed.growth SOURCE --work DIR --questions ../shared/bench/news2025 \
        [--sizes 10000 100000 1000000] [--out FILE]

SOURCE is an index of real articles. The first passages of each size are its own; what it has not is
made of it: the same articles with three words in ten exchanged for others as long, and vectors
turned by a made-up amount (`TURNED`, the cosine to the real one is .96). The result says how many
of each. Vectors are not computed here, so that the rate of writing is that of the stores alone.
Asked are real questions, one at a time, in a process of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.retrieval.data import load_news
from benchmarks.speed.asking import ROOT, started, steps
from benchmarks.speed.size import sizes
from rag.models.embedding import Embedder
from rag.resources import fingerprint
from rag.schema import FileRecord
from rag.settings import load_settings
from vectorstore.index import Index, Prepared

SIZES = (10_000, 100_000, 1_000_000)
QUESTIONS, WARM_UP = 120, 10
TURNED = 0.3  # length of what is added to a vector of length 1
SWAPPED = 0.3  # of the words
NEAREST = 10
_BATCH = 4_000  # passages that are stored at once
_COMMITS = 25  # batches from one commit to the next
_WORD = re.compile(r"[A-Za-z]{3,}")


def main() -> None:
    """Make what is lacking, measure, print, and keep."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("source", type=Path)
    options.add_argument("--work", type=Path, required=True)
    options.add_argument("--questions", type=Path, required=True, help="folder of news2025")
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    data = load_news(given.questions, articles=0, questions=QUESTIONS)
    asked = [item.question for item in data.questions]
    result = {}
    for size in given.sizes:
        folder = given.work / str(size)
        written = folder / "written.json"
        if not written.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            written.write_text(json.dumps(grown(given.source, folder / "index", size)))
        result[str(size)] = {
            "written": json.loads(written.read_text()),
            "bytes_a_passage": sizes(folder / "index")["bytes_a_passage"],
            **asked_of(folder / "index", asked),
        }
        text = json.dumps(result, indent=1)
        if given.out:
            given.out.write_text(f"{text}\n", encoding="utf-8")
    print(text)


# --- writing


def grown(source: Path, folder: Path, size: int) -> dict[str, Any]:
    """Write an index of `size` passages, or a few more; how it went."""
    seconds, passages, real, commits = 0.0, 0, 0, 0
    with Index.open(source, None) as own:
        built = fingerprint(load_settings(), Embedder())
        made = Index.open(folder, built, create=True)
        with made, made.writing():
            for batch, copy in _batches(own, size):
                before = time.perf_counter()
                files = {item.article.path: [item] for item in batch}
                made.add_files(files)
                made.finish_files([_record(item) for item in batch])
                commits += 1
                if commits % _COMMITS == 0:
                    made.commit()
                seconds += time.perf_counter() - before
                count = sum(len(item.passages) for item in batch)
                passages, real = passages + count, real + (0 if copy else count)
            before = time.perf_counter()
        seconds += time.perf_counter() - before
    return {
        "passages": passages,
        "real": real,
        "seconds": round(seconds),
        "passages_a_second": round(passages / seconds),
    }


def _batches(own: Index, size: int) -> Iterator[tuple[list[Prepared], int]]:
    """Articles with their vectors, so many at a time, and which copy they are (0: none)."""
    ids, total, copy = own.article_ids(), 0, 0
    swap = _swapping(own, ids[:500])
    while True:
        waiting: list[Prepared] = []
        for id_ in ids:
            waiting.append(_prepared(own, id_, copy, swap))
            total += len(waiting[-1].passages)
            if sum(len(item.passages) for item in waiting) >= _BATCH or total >= size:
                yield waiting, copy
                waiting = []
            if total >= size:
                return
        if waiting:
            yield waiting, copy
        copy += 1


def _prepared(own: Index, id_: str, copy: int, swap: Any) -> Prepared:
    article, passages = own.article(id_), own.passages_of(id_)
    held = own.vectors([passage.id for passage in passages])
    vectors = np.array([held[passage.id] for passage in passages], np.float32)
    vectors = vectors.reshape(len(passages), -1)
    if not copy:
        return Prepared(article, tuple(passages), vectors)
    new = hashlib.sha256(f"{id_} {copy}".encode()).hexdigest()[:16]
    text = swap(article.text, new)
    noise = np.random.default_rng(int(new, 16)).standard_normal(vectors.shape).astype(np.float32)
    vectors = vectors + TURNED * noise / (np.linalg.norm(noise, axis=1, keepdims=True) + 1e-9)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    own_passages = tuple(
        replace(p, id=f"{new}-{p.number:04d}", article_id=new, text=text[p.start : p.end])
        for p in passages
    )
    return Prepared(
        replace(article, id=new, path=f"{copy}/{article.path}", text=text), own_passages, vectors
    )


def _swapping(own: Index, ids: Sequence[str]) -> Any:
    """What exchanges words of a text for others of the same length, so that all offsets hold."""
    known: dict[int, list[str]] = defaultdict(list)
    for article in own.articles(ids).values():
        for word in _WORD.findall(article.text):
            known[len(word)].append(word)

    def swap(text: str, seed: str) -> str:
        rng = random.Random(seed)

        def other(match: re.Match[str]) -> str:
            same = known.get(len(match[0]))
            return rng.choice(same) if same and rng.random() < SWAPPED else match[0]

        return _WORD.sub(other, text)

    return swap


def _record(item: Prepared) -> tuple[FileRecord, list[str]]:
    path = item.article.path
    return FileRecord(path, item.article.id, 1, 1, (item.article.id,)), [path]


# --- asking


def asked_of(index: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Start-up, memory and milliseconds by step of a process that answers; the graph's recall."""
    found: dict[str, Any] = {"load": _loadavg()}
    for mode in ("search", "answer"):
        with ExitStack() as stack:
            before = time.perf_counter()
            child = started(stack, ROOT, index, mode, sys.executable)
            first = child.ask(questions[0])
            found[f"{mode}: seconds to the first"] = round(time.perf_counter() - before, 2)
            rows = [child.ask(question) for question in questions[1:]]
            found[mode] = steps(rows[WARM_UP:])
            found[f"{mode}: megabytes"] = _megabytes(child.process)
            assert first
    return {**found, f"recall@{NEAREST}": recall(index, questions)}


def recall(index: Path, questions: Sequence[str]) -> float:
    """The share of the nearest passages by exact search that the graph finds."""
    with Index.open(index, None) as opened:
        asked = Embedder().documents(list(questions))
        best: list[list[tuple[float, str]]] = [[] for _ in questions]
        with opened._vectors.current() as store:
            ids = sorted(store.ids())
        for first in range(0, len(ids), 1_000):
            held = opened.vectors(ids[first : first + 1_000])
            names, rows = list(held), np.array(list(held.values()))
            near = asked @ rows.T
            for at, scores in enumerate(near):
                top = np.argpartition(-scores, min(NEAREST, len(scores) - 1))[:NEAREST]
                best[at] = sorted([*best[at], *((float(scores[n]), names[n]) for n in top)])[
                    -NEAREST:
                ]
        shares = [
            len({id_ for _, id_ in near} & {id_ for id_, _ in opened.dense(vector, NEAREST)})
            for near, vector in zip(best, asked, strict=True)
        ]
    return round(sum(shares) / (NEAREST * len(questions)), 4)


def _megabytes(process: subprocess.Popen[str]) -> int:
    """What the process holds in memory."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    (kilobytes,) = re.findall(r"VmRSS:\s+(\d+)", status)
    return int(kilobytes) // 1024


def _loadavg() -> str:
    return Path("/proc/loadavg").read_text().split()[0]


if __name__ == "__main__":
    main()
