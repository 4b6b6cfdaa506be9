"""A long day: what the server keeps of 2,000 questions and 50 ingests in a row.

    python -m benchmarks.serving.soak --out benchmarks/serving/results/soak.json \
        --plot benchmarks/serving/results/soak.svg

The server watches its folder; after every so many questions one article is written anew, and the
next question waits until that is in the index. Memory (MB resident), threads and open handles of
the process are read from /proc as it goes. Growth is from the median of the first tenth (the first
questions, which load and warm, left out) to that of the last.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.serving.server import Caller, Serving, questions, serving

NAMES = ("memory_mb", "threads", "handles")
EVERY = 10  # questions from one look at the process to the next
WARM = 200  # questions before anything is compared
STORY = """Ferry {0} delayed

The Gull Post, 4 May 2024

Ferry {0} was late by {0} minutes on Friday.
"""
MARK = "By how many minutes was ferry {} late?"

Sample = dict[str, float]


def looked(server: Serving, asked: int) -> Sample:
    """Read the process's memory, threads and handles."""
    proc = Path("/proc", str(server.process))
    status = dict(
        line.split(":", 1) for line in (proc / "status").read_text().splitlines() if ":" in line
    )
    return {
        "questions": asked,
        "memory_mb": round(int(status["VmRSS"].split()[0]) / 1024, 1),
        "threads": int(status["Threads"]),
        "handles": len([*(proc / "fd").iterdir()]),
    }


def ingested(server: Serving, caller: Caller, number: int) -> None:
    """Write an article and wait until it is found."""
    (server.articles / "ferry.txt").write_text(STORY.format(number), encoding="utf-8")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        answer = caller.ask(MARK.format(number)).answer or {}
        if any(f"Ferry {number} was" in hit["text"] for hit in answer.get("hits", ())):
            return
        time.sleep(0.1)
    raise SystemExit(f"Article {number} was not found within two minutes.")


def run(server: Serving, total: int, ingests: int) -> Iterator[Sample]:
    """Ask and ingest; yield how the process stands every `EVERY` questions."""
    caller = Caller(server.port)
    step = max(total // ingests, 1)
    for at, question in zip(range(total), itertools.cycle(questions()), strict=False):
        if at % step == step - 1:
            ingested(server, caller, at // step + 1)
        reply = caller.ask(question)
        assert reply.status == 200, reply
        if at % EVERY == EVERY - 1:
            yield looked(server, at + 1)


def growth(samples: list[Sample]) -> dict[str, dict[str, float]]:
    """From the first tenth after the warming to the last, by figure."""
    warm = [one for one in samples if one["questions"] > WARM] or samples
    tenth = max(len(warm) // 10, 1)
    grown = {}
    for name in NAMES:
        first = median(one[name] for one in warm[:tenth])
        last = median(one[name] for one in warm[-tenth:])
        most = max(one[name] for one in samples)
        grown[name] = {"first": first, "last": last, "growth": round(last - first, 1), "most": most}
    return grown


def plot(samples: list[Sample]) -> str:
    """Draw the three figures over the questions asked, each on its own scale from 0."""
    wide, high = 720, 130
    end = samples[-1]["questions"]
    rows = []
    for row, name in enumerate(NAMES):
        top = max(one[name] for one in samples) * 1.1
        points = " ".join(
            f"{70 + one['questions'] / end * (wide - 90):.1f},"
            f"{row * high + high - 20 - one[name] / top * (high - 40):.1f}"
            for one in samples
        )
        rows.append(
            f"<text x='8' y='{row * high + 16}'>{name.replace('_', ' ')}</text>"
            f"<text x='8' y='{row * high + 36}'>{samples[-1][name]:g}</text>"
            f"<polyline points='{points}' fill='none' stroke='#1f5fa8' stroke-width='1.5'/>"
            f"<path d='M70 {row * high + high - 20}H{wide - 20}' stroke='#999'/>"
        )
    below = f"<text x='70' y='{3 * high + 4}'>questions asked, 0 to {end:g}</text>"
    style = "style='background:#fff;font:13px system-ui,sans-serif'"
    size = f"viewBox='0 0 {wide} {3 * high + 14}'"
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size} {style}>{''.join(rows)}{below}</svg>\n"


def main() -> None:
    """Run, print the growth, and keep result and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--questions", type=int, default=2000)
    parser.add_argument("--ingests", type=int, default=50)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), calls=1000) as server,
    ):
        samples = [looked(server, 0), *run(server, given.questions, given.ingests)]
    result = {
        "questions": given.questions,
        "ingests": given.ingests,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "growth": growth(samples),
    }
    print(json.dumps(result, indent=1))
    if given.out:
        kept = {**result, "samples": samples}
        given.out.write_text(json.dumps(kept) + "\n", encoding="utf-8")
    if given.plot:
        given.plot.write_text(plot(samples), encoding="utf-8")


if __name__ == "__main__":
    main()
