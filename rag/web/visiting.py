"""Who stands behind an event of the page, and the record of what he changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import gradio as gr

from rag.export.permalinks import base_of, base_seen
from rag.schema import IngestReport
from rag.settings import Settings
from rag.web import audit
from rag.web.audit import Who


def who(request: gr.Request | None) -> Who:
    """Return the user, if one is signed in, and his address; both empty outside of a request."""
    if request is None:
        return Who()
    client = request.client
    return Who(request.username or "", client.host if client else "")


def base(settings: Settings, request: gr.Request | None) -> str:
    """Return what permalinks begin with, as the reader of the page sees it."""
    if request is None:
        return base_of(settings)
    url = request.url
    return base_seen(settings, url.scheme, url.netloc)


def noted(
    folder: Path,
    visitor: Who,
    action: str,
    targets: Sequence[str],
    work: Callable[[], IngestReport],
) -> IngestReport:
    """Do `work` and record it in the index folder, also where it fails; `targets` are files."""
    done = False
    try:
        report = work()
        done = not report.failed
        return report
    finally:
        audit.record(folder, visitor, action, targets, done=done)
