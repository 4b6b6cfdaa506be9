"""A reply of a chat model, read so that it ends: in time, in length, or when nobody listens.

Every model is asked on one event loop, in a thread of its own: what is given up there is cancelled,
wherever it waits, and its connection closed. Knows nothing of providers and their errors.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator
from contextlib import AbstractContextManager, aclosing, nullcontext
from dataclasses import dataclass
from functools import cache
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any

from rag.errors import LLMCutOff, LLMTimeout

MOST = 200_000  # characters of one reply, thoughts and calls of tools included
BEAT = 0.5  # seconds of silence after which whoever listens may have left
_THREAD = "byline-language-models"
_STARTING = threading.Lock()

# What a chat model streams, asked anew at each call.
Asking = Callable[[], AsyncIterator[Any]]
# Seconds to wait before asking again after an error (the how-manieth, from 0); None: give up.
Pause = Callable[[Exception, int], float | None]
Aside = Callable[[], AbstractContextManager[None]]


@dataclass(slots=True)
class Allowance:
    """How long all replies to one question may take together; `left` shrinks as they come."""

    seconds: float
    left: float

    @classmethod
    def of(cls, seconds: float) -> Allowance:
        """A whole one."""
        return cls(seconds, seconds)


@dataclass(frozen=True, slots=True)
class _Ended:
    """Nothing more comes, because of `error` or because all of it came."""

    error: Exception | None = None


def streamed(
    name: str, ask: Asking, allowance: Allowance, pause: Pause, aside: Aside = nullcontext
) -> Generator[Any, None, None]:
    """The chunks of a reply as they come; None after each `BEAT` without one.

    Waits inside `aside()`. The connection is closed when the last was read, nothing is left of
    `allowance`, or the generator is closed.

    Raises:
        LLMTimeout: the allowance is used up.
        LLMCutOff: it is longer than `MOST`.
        Exception: what the chat model raised.

    """
    if not allowance.left:  # nobody is asked for what there is no time to hear
        raise _timeout(name, allowance)
    told: SimpleQueue[Any] = SimpleQueue()
    until = time.monotonic() + allowance.left
    reading = asyncio.run_coroutine_threadsafe(_read(name, ask, told, pause), _loop())
    try:
        while (item := _next(told, until, aside)) is not _OUT_OF_TIME:
            if isinstance(item, _Ended) and item.error is None:
                return
            if isinstance(item, _Ended):
                raise item.error  # type: ignore[misc]  # looked at above
            yield item
    finally:
        reading.cancel()
        allowance.left = max(0.0, until - time.monotonic())
    raise _timeout(name, allowance)


def _timeout(name: str, allowance: Allowance) -> LLMTimeout:
    return LLMTimeout(
        f"{name} did not finish within {allowance.seconds:g} seconds and was stopped. Ask again, "
        "or raise BYLINE_LLM_DEADLINE."
    )


_OUT_OF_TIME = object()


def _next(told: SimpleQueue[Any], until: float, aside: Aside) -> Any:
    """The next item; None after a beat without one."""
    left = until - time.monotonic()
    if left <= 0:
        return _OUT_OF_TIME
    try:
        return told.get_nowait()
    except Empty:
        pass
    try:
        with aside():
            return told.get(timeout=min(left, BEAT))
    except Empty:
        return None


async def _read(name: str, ask: Asking, told: SimpleQueue[Any], pause: Pause) -> None:
    """Pass a reply on; one that fails before its first chunk is asked for again."""
    try:
        for attempt in count():
            started = False
            try:
                async with aclosing(_within(name, ask())) as chunks:
                    async for chunk in chunks:
                        started = True
                        told.put(chunk)
                break
            except Exception as error:
                wait = None if started else pause(error, attempt)
                if wait is None:
                    raise
            await asyncio.sleep(wait)
        told.put(_Ended())
    except Exception as error:
        told.put(_Ended(error))


async def _within(name: str, chunks: AsyncIterator[Any]) -> AsyncGenerator[Any, None]:
    """The chunks, up to `MOST` characters."""
    read = 0
    try:
        async for chunk in chunks:
            read += _size(chunk)
            if read > MOST:
                raise LLMCutOff(f"{name} wrote more than {MOST:,} characters and was stopped.")
            yield chunk
    finally:
        closing = getattr(chunks, "aclose", None)
        if closing is not None:
            await closing()


def _size(chunk: Any) -> int:
    """Characters of text, thoughts and calls of tools; a chunk without any counts for one."""
    content = getattr(chunk, "content", chunk.text)
    calls = getattr(chunk, "tool_call_chunks", ())
    beside = getattr(chunk, "additional_kwargs", {})
    return max(1, _letters(content) + _letters(calls) + _letters(beside))


def _letters(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_letters, value.values()))
    return sum(map(_letters, value)) if isinstance(value, list | tuple) else 0


def is_reading() -> bool:
    """Whether this is the thread that reads what models reply."""
    return threading.current_thread().name == _THREAD


def _loop() -> asyncio.AbstractEventLoop:
    """The loop that every model is asked on: a client's open connections belong to one loop."""
    with _STARTING:  # two threads at once must not start two
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name=_THREAD, daemon=True).start()
    return loop
