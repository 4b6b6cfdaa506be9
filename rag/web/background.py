"""Work that takes a while, told as it goes: it runs in a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from rag.schema import Progress, Step

Result = TypeVar("Result")


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

    def run() -> None:
        try:
            told.put(Finished(work(told.put)))
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
