"""How many answers are under way at once: few that compute, more that wait for a language model.

An answer takes a place to compute, and leaves it to others while it waits for its model. So models
that never finish keep nobody waiting who asks without one, or asks another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore
from types import TracebackType
from typing import Any

from rag import pipeline
from rag.errors import LLMRateLimited
from rag.resources import Resources
from rag.schema import Event

COMPUTING = 2  # what two cores can do
WRITING = 16  # answers that models write: each holds a thread and a connection, and no core
AT_ONCE = COMPUTING + WRITING  # of gradio's forty threads

_computing = BoundedSemaphore(COMPUTING)
_writing = BoundedSemaphore(WRITING)


def answered(question: str, resources: Resources, **how: Any) -> Iterator[Event]:
    """As `pipeline.answer`, as soon as there is a place.

    Where models write too many answers already, the articles' own sentences stand in.
    """
    place = _Place()
    if resources.model:
        resources = replace(resources, model=resources.model.waiting_in(place.aside))
    with place:
        yield from pipeline.answer(question, resources, **how)


class _Place:
    """One answer's place. Given back when its generator ends or is closed, by whatever thread."""

    def __init__(self) -> None:
        self._writes = False

    def __enter__(self) -> None:
        _computing.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _computing.release()
        if self._writes:
            _writing.release()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Wait for the model in here. Raises LLMRateLimited."""
        if not self._writes:
            self._writes = _writing.acquire(blocking=False)
        if not self._writes:
            raise LLMRateLimited(f"Language models are writing {WRITING} answers already.")
        _computing.release()
        try:
            yield
        finally:
            _computing.acquire()
