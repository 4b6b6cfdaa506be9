"""Many people at once: each must be told what he would be told alone; how long he waits.

    python -m benchmarks.serving.load --out benchmarks/serving/results/load.json

Each of the fixed questions on the sample articles is asked once, one after another. Then `--people`
ask them for `--seconds`, each the next as soon as he has his answer. Who is told 429 or 503 waits
as long as it says and asks again: that wait counts in his time. Any other status ends the run.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.serving.server import Caller, Serving, questions, serving, told


@dataclass
class Seen:
    """What all of them saw."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def one_by_one(server: Serving, asked: list[str]) -> tuple[dict[str, object], list[float]]:
    """Return what each question is answered with, and the seconds that it took alone."""
    caller, answers, seconds = Caller(server.port), {}, []
    for question in asked:
        started = time.perf_counter()
        reply = caller.ask(question)
        seconds.append(time.perf_counter() - started)
        assert reply.answer is not None, reply
        answers[question] = told(reply.answer)
    caller.close()
    return answers, seconds


def person(
    number: int, server: Serving, alone: dict[str, object], until: float, seen: Seen
) -> None:
    """Ask one question after another, from an address of his own, beginning elsewhere."""
    address = f"127.0.1.{number % 250 + 1}" if sys.platform == "linux" else "127.0.0.1"
    caller, asked = Caller(server.port, address), [*alone]
    at = number * 7
    try:
        while time.monotonic() < until:
            question = asked[at % len(asked)]
            started = time.perf_counter()
            reply = caller.ask(question)
            while reply.status in (429, 503):
                seen.statuses[reply.status] += 1
                assert reply.again > 0, f"{reply.status} without Retry-After"
                time.sleep(reply.again)
                reply = caller.ask(question)
            seen.statuses[reply.status] += 1
            assert reply.answer is not None, reply
            seen.seconds.append(time.perf_counter() - started)
            if told(reply.answer) != alone[question]:
                seen.different.append(question)
            at += 1
    except Exception as error:
        seen.errors.append(f"{type(error).__name__}: {error}")
    finally:
        caller.close()


def measure(people: int, seconds: float) -> dict[str, object]:
    """Run both parts against one server."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), calls=1000) as server,
    ):
        one_by_one(server, questions()[:3])  # warm
        alone, took = one_by_one(server, questions())
        seen, until = Seen(), time.monotonic() + seconds
        crowd = [
            threading.Thread(target=person, args=(number, server, alone, until, seen))
            for number in range(people)
        ]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
    p50, p95 = (float(np.percentile(seen.seconds, q)) for q in (50, 95))
    return {
        "people": people,
        "seconds": seconds,
        "answers": len(seen.seconds),
        "answers_a_second": round(len(seen.seconds) / seconds, 2),
        "statuses": {str(status): n for status, n in sorted(seen.statuses.items())},
        "different_from_alone": len(seen.different),
        "errors": seen.errors,
        "p50_seconds": round(p50, 2),
        "p95_seconds": round(p95, 2),
        "alone_p50_seconds": round(float(np.percentile(took, 50)), 3),
        "alone_p95_seconds": round(float(np.percentile(took, 95)), 3),
    }


def main() -> None:
    """Measure, print, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    result = measure(given.people, given.seconds)
    print(json.dumps(result, indent=1))
    if given.out:
        given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if result["errors"] or result["different_from_alone"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
