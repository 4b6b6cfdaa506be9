"""Ingest of news by Byline beside other frameworks', and beside the encoder alone.

    python -m benchmarks.speed.ingest ../shared/bench/news2025 --out FILE

The first `--articles` of the set are written as text files (headline, blank line, text). Each
system then reads, splits, encodes and stores them in a process of its own, one after the other, in
each of `--rounds`; its model is loaded before the clock starts. All encode with the same packaged
weights on the processor. `encoder`: Byline's passages given to Byline's encoder in one call, which
is as fast as an ingest with that encoder could be.

The encoder drops what is beyond 256 tokens. `covered` characters are those of the articles that it
saw, each counted once, white space left out; the rates are in these.

    python -m benchmarks.speed.ingest ../shared/bench/news2025 --memory 500,5000 --out FILE

Memory alone, of Byline and its reading processes: the model is loaded, but its vectors are made up.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.retrieval.data import load_news

SYSTEMS = ("encoder", "byline", "langchain", "llamaindex", "haystack", "txtai")
SYSTEM = "benchmarks.speed.ingest_system"
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Measure, print and write."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("news", type=Path, help="folder of articles.jsonl.xz and questions.jsonl")
    options.add_argument("--articles", type=int, default=800)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--systems", default=",".join(SYSTEMS))
    options.add_argument("--prefix", default="", help="put before each system's command: taskset …")
    options.add_argument("--peers-python", default=sys.executable, help="that has the peers")
    options.add_argument("--memory", default="", help="numbers of articles, such as 500,5000")
    options.add_argument("--out", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as work:
        result = memory(given, Path(work)) if given.memory else speed(given, Path(work))
    print(json.dumps(result, indent=1))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def speed(given: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Each system in each round."""
    names = [name for name in SYSTEMS if name in given.systems.split(",")]
    folder = write_articles(given.news, work, given.articles)
    rounds = [
        one_round(names, folder, work / str(number), given.prefix, given.peers_python)
        for number in range(given.rounds)
    ]
    return summary(given.articles, rounds)


def memory(given: argparse.Namespace, work: Path) -> dict[str, Any]:
    """The most that Byline takes (MB) for each number of articles, and the last to the first."""
    most = {}
    for count in given.memory.split(","):
        folder = write_articles(given.news, work, int(count))
        own = [sys.executable, "-m", SYSTEM, "stand-in", str(folder), str(work / f"index-{count}")]
        most[count] = figures_of([*shlex.split(given.prefix), *own])
    first, *_, last = (figures["megabytes"] for figures in most.values())
    return {"articles": most, "last_to_first": round(last / first, 3)}


def write_articles(news: Path, work: Path, count: int) -> Path:
    """Write the first articles of the set, a file each, to a folder in `work`."""
    folder = work / f"articles-{count}"
    folder.mkdir()
    for number, article in enumerate(islice(load_news(news).articles, count)):
        (folder / f"{number:05}.txt").write_text(article.content + "\n", encoding="utf-8")
    return folder


def one_round(
    names: Sequence[str], folder: Path, work: Path, prefix: str, peers_python: str
) -> dict[str, dict[str, Any]]:
    """Run each system once; `encoder` after Byline, whose passages it encodes."""
    order = sorted(names, key=lambda name: (name != "byline", SYSTEMS.index(name)))
    found = {}
    for name in order:
        python = sys.executable if name in ("byline", "encoder") else peers_python
        command = [*shlex.split(prefix), python, "-m", SYSTEM, name, str(folder), str(work)]
        found[name] = figures_of(command)
        print(f"{name}: {json.dumps(found[name])}", file=sys.stderr, flush=True)
    return found


def figures_of(command: Sequence[str]) -> dict[str, Any]:
    """What a system prints of its ingest."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "HF_HUB_OFFLINE": "1",
        "ANONYMIZED_TELEMETRY": "False",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "LANGSMITH_TRACING": "false",
    }
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{shlex.join(command)} failed with exit code {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def summary(articles: int, rounds: Sequence[Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Medians over the rounds, and how Byline's rates stand to each other system's."""
    names = list(rounds[0])
    systems = {
        name: {
            key: round(median(item[name][key] for item in rounds), 2)
            for key, value in rounds[0][name].items()
            if isinstance(value, int | float)
        }
        for name in names
    }
    for figures in systems.values():
        for clock in ("wall", "cpu"):
            rate = figures["covered"] / figures[f"{clock}_seconds"]
            figures[f"characters_a_{clock}_second"] = round(rate)
    return {
        "articles": articles,
        "rounds": len(rounds),
        "systems": systems,
        "byline_to": {
            name: {clock: ratio(rounds, name, clock) for clock in ("wall", "cpu")}
            for name in names
            if name != "byline" and "byline" in names
        },
        "versions": rounds[0][names[-1]]["versions"] | _versions(rounds[0]),
    }


def ratio(rounds: Sequence[Mapping[str, Mapping[str, Any]]], name: str, clock: str) -> float:
    """Byline's characters a second to another system's: the median of the rounds' ratios."""

    def rate(figures: Mapping[str, Any]) -> float:
        return float(figures["covered"] / figures[f"{clock}_seconds"])

    return round(median(rate(item["byline"]) / rate(item[name]) for item in rounds), 3)


def _versions(found: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {name: of for item in found.values() for name, of in item["versions"].items()}


if __name__ == "__main__":
    main()
