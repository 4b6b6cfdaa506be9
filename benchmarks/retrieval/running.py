"""What the three benchmarks share: options, asking every system, tables and result files."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.retrieval import peers
from benchmarks.retrieval.data import Asked, Data, Source, digest
from benchmarks.retrieval.runs import (
    DEPTH,
    WIDER,
    Ask,
    Run,
    ask_all,
    file_name,
    read_run,
    write_run,
)
from benchmarks.retrieval.vectors import Encoder
from rag.models.embedding import Embedder

_RESULTS = Path(__file__).parent / "results"
_PACKAGES = ("byline", "sentence-transformers", "torch", "openvino", "ir-measures")
Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Options:
    """The command line. `limited`: a trial on a part of the data."""

    name: str
    folder: Path
    work: Path
    out: Path
    peers: tuple[str, ...]
    reuse_peers: bool
    limit_articles: int | None
    limit_questions: int | None

    @property
    def limited(self) -> bool:
        """Whether only a part of the data is used."""
        return self.limit_articles is not None or self.limit_questions is not None


def options(name: str, about: str | None) -> Options:
    """Parse the command line of the benchmark `name`; a trial's results go to the work folder."""
    parser = argparse.ArgumentParser(description=(about or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="folder of the data set")
    parser.add_argument("--out", type=Path, help="result file, with the tables beside it as .md")
    parser.add_argument(
        "--work", type=Path, default=Path(".byline/benchmarks"), help="indexes, vectors, runs"
    )
    parser.add_argument(
        "--peers", default=",".join(peers.SYSTEMS), help=f"of {', '.join(peers.SYSTEMS)}; or none"
    )
    parser.add_argument(
        "--reuse-peers", action="store_true", help="take peers' runs in --work that still hold"
    )
    parser.add_argument("--limit-articles", type=int, help="a trial; gold articles are kept")
    parser.add_argument("--limit-questions", type=int, help="a trial")
    given = parser.parse_args()
    chosen = () if given.peers == "none" else tuple(given.peers.split(","))
    unknown = set(chosen) - set(peers.SYSTEMS)
    if unknown:
        parser.error(f"--peers: no such peer: {', '.join(sorted(unknown))}")
    limited = given.limit_articles is not None or given.limit_questions is not None
    folder = given.work if limited else _RESULTS
    return Options(
        name=name,
        folder=given.folder,
        work=given.work,
        out=given.out or folder / f"{name}.json",
        peers=chosen,
        reuse_peers=given.reuse_peers,
        limit_articles=given.limit_articles,
        limit_questions=given.limit_questions,
    )


def own_runs(
    systems: Mapping[str, Ask], questions: Sequence[Asked], chosen: Options
) -> dict[str, Run]:
    """Runs of Byline and its parts; also written to the work folder."""
    runs = {}
    for name, ask in systems.items():
        _say(f"asking {name}")
        runs[name] = ask_all(ask, questions)
        write_run(chosen.work / "runs" / file_name(chosen.name, name), runs[name])
    return runs


def peer_runs(
    data: Data, questions: Sequence[Asked], chosen: Options, *, depth: int = DEPTH
) -> tuple[dict[str, Run], dict[str, str]]:
    """Runs of the chosen peers by system, and why the others have none."""
    runs: dict[str, Run] = {}
    missing = {
        system: "not chosen by --peers"
        for peer, systems in peers.SYSTEMS.items()
        if peer not in chosen.peers
        for system in systems
    }
    with Encoder(Embedder(), chosen.work) as encoder:
        for peer in chosen.peers:
            try:
                runs.update(_runs_of(peer, data, questions, chosen, encoder, depth))
            except peers.NotInstalled as error:
                missing.update(dict.fromkeys(peers.SYSTEMS[peer], str(error)))
                _say(f"{peer}: {error}")
            gc.collect()  # a peer's index in memory goes before the next is built
    return runs, missing


def _runs_of(
    peer: str,
    data: Data,
    questions: Sequence[Asked],
    chosen: Options,
    encoder: Encoder,
    depth: int,
) -> dict[str, Run]:
    module = peers.open_peer(peer)
    asked = [(q.id, q.question) for q in questions]
    key = digest([data.key, asked, module.ADAPTER, depth, encoder.embedder.weights])
    files = {name: chosen.work / "runs" / file_name(chosen.name, name) for name in _systems(peer)}
    if chosen.reuse_peers:
        kept = {name: read_run(file, key) for name, file in files.items()}
        there = {name: run for name, run in kept.items() if run is not None}
        if len(there) == len(files):
            _say(f"{peer}: runs taken from {chosen.work / 'runs'}")
            return there
    _say(f"{peer}: indexing {len(data.articles)} articles")
    started = time.perf_counter()
    facts = {"key": key, "versions": peers.versions(module)}
    runs = {}
    systems = module.build(data.articles, encoder)
    _say(f"{peer}: indexed in {time.perf_counter() - started:.0f} s")
    for name, ask in systems.items():
        _say(f"asking {name}")
        run = ask_all(ask, questions, depth=depth, wider=WIDER if depth == DEPTH else 0)
        runs[name] = Run(run.results, {**facts, **run.facts})
        write_run(files[name], runs[name])
    return runs


def _systems(peer: str) -> tuple[str, ...]:
    return peers.SYSTEMS[peer]


def about(data: Data, chosen: Options) -> dict[str, Any]:
    """What was asked of what, on which machine, with which versions."""
    return {
        "data": {
            "folder": chosen.folder.name,
            "articles": len(data.articles),
            "different texts": len(set(data.first_copy.values())),
            "questions": len(data.questions),
            "trial": chosen.limited,
            "key": data.key,
        },
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "versions": dict(_versions()),
    }


def _versions() -> Iterator[tuple[str, str]]:
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):  # openvino is optional
            yield name, version(name)


def table(head: Cells, lines: Sequence[Cells]) -> str:
    """A Markdown table."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in rows)


def cell(value: object) -> str:
    """A share as ".577"; None as a dash; anything else as it is."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}".removeprefix("0") if value < 10 else f"{value:.0f}"
    return str(value)


def named_missing(missing: Mapping[str, str]) -> str:
    """Each system that was not run, by the reason why."""
    reasons = dict.fromkeys(missing.values())
    return "\n".join(
        f"Not run: {', '.join(name for name in missing if missing[name] == reason)}: {reason}."
        for reason in reasons
    )


def publish(chosen: Options, results: Mapping[str, Any], tables: Sequence[str]) -> None:
    """Print the tables; write them and the results."""
    text = "\n\n".join(part for part in tables if part) + "\n"
    print(text)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    body = json.dumps(results, indent=1, ensure_ascii=False)
    chosen.out.write_text(body + "\n", encoding="utf-8")
    chosen.out.with_suffix(".md").write_text(text, encoding="utf-8")
    _say(f"written: {chosen.out} and {chosen.out.with_suffix('.md').name}")


def trial_name(chosen: Options, articles: Sequence[Source]) -> str:
    """Name of the index folder: of the whole set, or of this part of it."""
    return chosen.name if not chosen.limited else f"{chosen.name}-{digest(articles)}"


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
