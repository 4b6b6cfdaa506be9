"""Time and memory of a process and of those that it started, on Linux."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_EVERY = 1.0  # seconds between two looks at the memory: a look takes some milliseconds

Result = TypeVar("Result")


def measured(work: Callable[[], Result]) -> tuple[dict[str, float], Result]:
    """Seconds by the clock and of all cores that work takes, and the most memory (MB) meanwhile.

    Child processes count.
    """
    ended, seen = threading.Event(), [memory_of(os.getpid())]

    def look() -> None:
        while not ended.wait(_EVERY):
            seen.append(memory_of(os.getpid()))

    looking = threading.Thread(target=look)
    looking.start()
    before, started = _cpu(), time.perf_counter()
    result = work()
    wall, cpu = time.perf_counter() - started, _cpu() - before
    seen.append(memory_of(os.getpid()))
    ended.set()
    looking.join()
    figures = {
        "wall_seconds": round(wall, 2),
        "cpu_seconds": round(cpu, 2),
        "megabytes": round(max(seen) / 1e6),
        "megabytes_before": round(seen[0] / 1e6),
    }
    return figures, result


def _cpu() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, both))


def memory_of(pid: int) -> int:
    """Bytes that the process and its descendants take, what they share counted once."""
    total = 0
    for one in (pid, *descendants(pid)):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has ended
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def descendants(pid: int) -> list[int]:
    """Processes that `pid` started, and those that they started."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in file.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found
