"""Work that takes a while, told as it goes: it runs in a thread of its own."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from rag.schema import Progress

Result = TypeVar("Result")
_SOONEST = 1.0  # seconds before the time left is worth guessing


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is: `done` of `total` files, the last one, and seconds left, if known."""

    done: int
    total: int
    name: str
    left: float | None


@dataclass(frozen=True, slots=True)
class Finished(Generic[Result]):
    """The last thing told: what the work gave."""

    result: Result


def running(work: Callable[[Progress], Result]) -> Iterator[Step | Finished[Result]]:
    """Steps as `work` reports them, the newest alone if several wait, then what it returns.

    What `work` raises is raised here. If nobody listens any more the work goes on to its end: half
    an ingest is worth less than a whole one.
    """
    told: queue.SimpleQueue[Step | Finished[Result] | BaseException] = queue.SimpleQueue()
    started = time.monotonic()

    def progress(done: int, total: int, name: str) -> None:
        spent = time.monotonic() - started
        left = spent / done * (total - done) if done and spent >= _SOONEST else None
        told.put(Step(done, total, name, left))

    def run() -> None:
        try:
            told.put(Finished(work(progress)))
        except BaseException as error:  # handed to who listens
            told.put(error)

    threading.Thread(target=run, daemon=True).start()
    while True:
        item = told.get()
        while isinstance(item, Step) and not told.empty():
            item = told.get()
        if isinstance(item, BaseException):
            raise item
        yield item
        if isinstance(item, Finished):
            return
