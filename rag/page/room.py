"""How many answers are under way at once: few that compute, more that wait for a language model.

Each step of an answer takes a place to compute, and leaves it to others while it waits for its
model. So models that never finish keep nobody waiting who asks without one, or asks another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from threading import BoundedSemaphore
from typing import Any

from rag import pipeline
from rag.errors import LLMRateLimited
from rag.resources import Resources
from rag.schema import Event, Token

COMPUTING = 2  # what two cores can do
WRITING = 16  # answers that models write: each holds a thread and a connection, and no core
AT_ONCE = COMPUTING + WRITING  # of gradio's forty threads
_BEAT = 0.5  # seconds: gradio cannot end a step that waits, so no step waits longer for its turn

_computing = BoundedSemaphore(COMPUTING)  # steps of any answer; held within a step
_alone = BoundedSemaphore(COMPUTING)  # answers without a model; held to their end
_writing = BoundedSemaphore(WRITING)  # answers by a model; held to their end


def answered(question: str, resources: Resources, **how: Any) -> Iterator[Event]:
    """As `pipeline.answer`, when it is its turn; an empty Token now and then until it is.

    Where models write too many answers already, the articles' own sentences stand in.
    """
    with ExitStack() as held:
        if resources.model is None:
            while not _alone.acquire(timeout=_BEAT):
                yield Token("")
            held.callback(_alone.release)
        else:
            model = resources.model.waiting_in(_Writer(held).aside)
            resources = replace(resources, model=model)
        events = held.enter_context(closing(pipeline.answer(question, resources, **how)))
        while True:
            with _computing:
                event = next(events, None)
            if event is None:
                return
            yield event


class _Writer:
    """One answer's place among those that models write, taken when it first waits for its model."""

    def __init__(self, held: ExitStack) -> None:
        """`held` gives the place back in the end."""
        self._held = held
        self._writes = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Wait for the model in here, within a step. Raises LLMRateLimited."""
        if not self._writes:
            if not _writing.acquire(blocking=False):
                raise LLMRateLimited(f"Language models are writing {WRITING} answers already.")
            self._held.callback(_writing.release)
            self._writes = True
        _computing.release()
        try:
            yield
        finally:
            _computing.acquire()
