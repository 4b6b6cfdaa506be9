"""Feeds looked at again and again in a thread of its own, while something else is served."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rag.errors import BylineError
from rag.indexing import feeds_pulled
from rag.indexing.feeds_pulled import Halt
from rag.indexing.web_feeds import Allowed
from rag.resources import Resources


@contextmanager
def following(
    resources: Resources, tell: Callable[[str], None], is_allowed: Allowed | None = None
) -> Iterator[None]:
    """Take what is new in the feeds, at once and every `feed_minutes`; `tell` what failed.

    What is being fetched at the end is let go of, and taken next time.
    """
    halt, minutes = Halt(), resources.settings.feed_minutes

    def follow() -> None:
        while not halt.asked.is_set():
            try:
                done = feeds_pulled.pull(resources, is_allowed, halt)
                for item in done.failed:
                    tell(f"feed: {item.file}: {item.reason}")
            except BylineError as error:
                tell(f"feed: {error}")
            halt.asked.wait(minutes * 60)

    if minutes:
        threading.Thread(target=follow, daemon=True).start()
    try:
        yield
    finally:
        halt.now()
