"""Whether the process lives, and whether a question could be answered now, for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response
from typing_extensions import TypedDict

from rag.web.api.examples import HEALTH


class AliveJSON(TypedDict):
    """That the process lives."""

    status: str


class ReadyJSON(TypedDict, total=False):
    """`status`: "ready", or "not ready" with the reason in `detail`."""

    status: str
    detail: str


def router(ready: Callable[[], Response]) -> APIRouter:
    """Return the routes; the same stand at /healthz and /readyz, for whom no door is set."""
    routes = APIRouter(tags=["health"])

    @routes.get("/healthz", responses=HEALTH)
    def healthz() -> AliveJSON:
        """Say that the process lives."""
        return {"status": "ok"}

    unready: dict[int | str, dict[str, Any]] = {**HEALTH, 503: {"model": ReadyJSON}}

    @routes.get("/readyz", response_model=ReadyJSON, responses=unready)
    def readyz() -> Response:
        """Say whether a question could be answered now; 503 if not."""
        return ready()

    return routes
