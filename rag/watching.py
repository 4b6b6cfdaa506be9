"""A folder that changes while Byline runs: each change is ingested soon after it is saved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from rag.errors import BylineError
from rag.pipeline import ingest
from rag.resources import Resources
from rag.schema import IngestReport

QUIET_MS = 1000  # how long nothing must have changed: a file being saved is left to finish


def watch(
    folder: Path,
    resources: Resources,
    *,
    on_report: Callable[[IngestReport], None],
    on_problem: Callable[[BylineError], None],
    stop: threading.Event,
) -> None:
    """Ingest `folder` after every change in it, until `stop` is set.

    A problem (another writer at work, the Chroma server gone) is told, and the next change tried.
    """
    from watchfiles import watch as changes

    for _ in changes(
        folder, stop_event=stop, debounce=QUIET_MS, rust_timeout=500, ignore_permission_denied=True
    ):
        try:
            on_report(ingest(folder, resources))
        except BylineError as error:
            on_problem(error)
