"""The queue that holds: who waits is never forgotten, and what breaks off goes on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gradio as gr
from gradio.queueing import Event

from rag.web.queue import SESSIONS, SteadyQueue, steady


def in_a_loop(test: Callable[[SteadyQueue], Any]) -> None:
    """Give `test` a page's queue, in a thread of its own: this one may have the browser's loop."""

    async def run() -> None:
        with gr.Blocks() as page:
            gr.Markdown("Byline")
        queue = steady(page, at_once=2, room=60)
        assert page._queue is queue
        await test(queue)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


def test_a_session_that_waits_is_not_forgotten_for_those_that_do_not() -> None:
    async def tried(queue: SteadyQueue) -> None:
        waiting = Event.__new__(Event)
        waiting.session_hash = "waits"
        queue.event_ids_to_events["1"] = waiting
        sessions = queue.pending_messages_per_session
        sessions["waits"] = None
        for number in range(3 * SESSIONS):
            sessions[f"idle{number}"] = None
        assert "waits" in sessions
        assert len(sessions) <= SESSIONS

    in_a_loop(tried)


def test_a_loop_that_breaks_off_begins_again() -> None:
    tries = []

    async def tried(queue: SteadyQueue) -> None:
        async def work() -> None:
            tries.append(len(tries))
            queue.closed = len(tries) == 3
            raise KeyError("a session")

        await queue._kept_up(work)

    in_a_loop(tried)
    assert tries == [0, 1, 2]
