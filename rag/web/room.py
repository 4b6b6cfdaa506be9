"""How many answers are under way at once: few that compute, more that wait for a language model.

Each step of an answer takes a place to compute, and leaves it to others while it waits for its
model. So models that never finish keep nobody waiting who asks without one, or asks another.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from threading import BoundedSemaphore, Condition
from typing import Any

from rag import pipeline
from rag.errors import LLMRateLimited
from rag.resources import Resources
from rag.schema import Answer, Done, Event
from rag.web.conversation import Waiting

COMPUTING = 2  # what two cores can do
WRITING = 16  # answers that models write: each holds a thread and a connection, and no core
AT_ONCE = COMPUTING + WRITING  # of gradio's forty threads
_BEAT = 0.5  # seconds: gradio cannot end a step that waits, so no step waits longer for its turn


class _Line:
    """Who answers, and who waits for it in the order in which they came."""

    def __init__(self, places: int) -> None:
        """At most `places` are inside at once."""
        self._places = places
        self._tickets: list[object] = []  # inside, then waiting
        self._moved = Condition()

    def join(self) -> object:
        """Come, behind all others."""
        ticket = object()
        with self._moved:
            self._tickets.append(ticket)
        return ticket

    def ahead(self, ticket: object, seconds: float) -> int:
        """How many are before this ticket, after so long a wait at most; 0: it is inside."""
        with self._moved:
            self._moved.wait_for(lambda: self._tickets.index(ticket) < self._places, seconds)
            at = self._tickets.index(ticket)
        return at if at >= self._places else 0

    def wait_until_empty(self) -> None:
        """Wait until nobody is inside or before it."""
        with self._moved:
            self._moved.wait_for(lambda: not self._tickets)

    def leave(self, ticket: object) -> None:
        """Go, answered or not."""
        with self._moved:
            self._tickets.remove(ticket)
            self._moved.notify_all()


_computing = BoundedSemaphore(COMPUTING)  # steps of any answer; held within a step
_alone = _Line(COMPUTING)  # answers without a model; held to their end
_writing = BoundedSemaphore(WRITING)  # answers by a model; held to their end


def answered(
    question: str, resources: Resources, **how: Any
) -> Generator[Event | Waiting, None, None]:
    """As `pipeline.answer`, when it is its turn; until it is, now and then how many are ahead.

    Where models write too many answers already, the articles' own sentences stand in.
    """
    with ExitStack() as held:
        if resources.model is None:
            ticket = _alone.join()
            held.callback(_alone.leave, ticket)
            while ahead := _alone.ahead(ticket, _BEAT):
                yield Waiting(ahead)
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


def give_way() -> None:
    """Wait until nobody answers, or waits to, in the articles' own words."""
    _alone.wait_until_empty()


def answered_aside(question: str, resources: Resources) -> Answer:
    """The answer in the articles' own words, worked on step by step while nobody asks anything."""
    resources = replace(resources, model=None, entailment=None)
    with closing(pipeline.answer(question, resources)) as events:
        while True:
            give_way()
            with _computing:
                event = next(events)
            if isinstance(event, Done):
                return event.answer


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
