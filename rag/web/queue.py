"""gradio's queue, made to hold: one lost session ends nothing, and what ends begins again.

gradio keeps the messages of its 2,000 newest sessions. A session that waited and was forgotten
ended the loop that hands out work, for everybody and for good, with a KeyError.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Container
from typing import Any

import gradio as gr
from gradio.queueing import Event, Queue
from gradio.server_messages import EventMessage, ProcessCompletedMessage
from gradio.utils import LRUCache, run_coro_in_background

TITLE = "Byline"  # of errors that are worded here; gradio's own are not shown
SESSIONS = 600  # whose messages are kept; a page that is open and idle needs none
NOT_ANSWERED = "This could not be answered: a value does not fit."

logger = logging.getLogger(__name__)


class SteadyQueue(Queue):
    """Put in the place of a `gr.Blocks`' own by `steady`."""

    def __init__(self, *args: Any, **named: Any) -> None:
        """As gradio's."""
        super().__init__(*args, **named)
        self.closed = False
        self.pending_messages_per_session = _Sessions(SESSIONS, _Busy(self))

    def start(self) -> None:
        """Begin to hand out work."""
        self.active_jobs = [None] * self.max_thread_count
        for work in (self.start_processing, self.start_progress_updates, self.notify_clients):
            run_coro_in_background(self._kept_up, work)

    def close(self) -> None:
        """Stop for good, with the server."""
        self.closed = True
        super().close()  # type: ignore[no-untyped-call]

    async def _kept_up(self, work: Callable[[], Awaitable[None]]) -> None:
        while not self.closed:
            try:
                await work()
            except Exception:
                logger.exception("gradio's queue broke off; it goes on")
            if not self.closed:
                self.stopped = False
                await asyncio.sleep(0.05)

    def send_message(self, event: Event, event_message: EventMessage) -> None:
        """Send unless nobody listens any more; errors in gradio's words are put into ours."""
        if isinstance(event_message, ProcessCompletedMessage) and not event_message.success:
            event_message.output = _worded(event_message.output)
        if event.session_hash in self.pending_messages_per_session:
            super().send_message(event, event_message)
        else:
            event.alive = False

    def opened(self, session: str) -> None:
        """Note that the page of a session is open again: gradio forgets it an hour after it closed.

        gradio takes a connection that broke off for a closed page.
        """
        if self.server_app is not None:
            held = self.server_app.state_holder.session_data.get(session)
            if held is not None:
                held.is_closed = False

    def ahead(self, event_id: str) -> int:
        """How many are answered, or wait, before this event; 0 once its own answer has begun."""
        event = self.event_ids_to_events.get(event_id)
        waiting = self.event_queue_per_concurrency_id.get(event.concurrency_id) if event else None
        if event is None or waiting is None or event not in waiting.queue:
            return 0
        return waiting.queue.index(event) + waiting.current_concurrency


class _Busy(Container[str]):
    """The sessions that still wait for an answer."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue

    def __contains__(self, session: object) -> bool:
        return any(e.session_hash == session for e in self.queue.event_ids_to_events.values())


class _Sessions(LRUCache[str, Any]):
    """Messages by session; for a new one the oldest goes that waits for nothing."""

    def __init__(self, most: int, busy: _Busy) -> None:
        super().__init__(most)
        self.busy = busy

    def __setitem__(self, session: str, messages: Any) -> None:
        if session not in self and len(self) >= self.max_size:
            idle = next((known for known in self if known not in self.busy), None)
            if idle is None:
                self.max_size += 1
            else:
                del self[idle]
                self.busy.queue.pending_event_ids_session.pop(idle, None)
        super().__setitem__(session, messages)


def _worded(output: Any) -> dict[str, Any]:
    own = isinstance(output, dict) and output.get("title") == TITLE
    return output if own else {"error": NOT_ANSWERED, "title": TITLE, "duration": 10}


def steady(page: gr.Blocks, *, at_once: int, room: int) -> SteadyQueue:
    """Give the page a queue that holds: `at_once` of each event run, and `room` of all wait."""
    page.queue(default_concurrency_limit=at_once, max_size=room)
    page._queue = SteadyQueue(
        live_updates=False,
        concurrency_count=page.max_threads,
        update_intervals=1,
        max_size=room,
        blocks=page,
        default_concurrency_limit=at_once,
    )
    return page._queue
