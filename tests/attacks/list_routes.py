"""Prints every method and path of the application as JSON: `list_routes FOLDER`, as a module."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.resources import open_resources
from rag.settings import Settings
from rag.web import page


def routes(application: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Those of an application and of what is mounted in it; a path's parameters are "x"."""
    for route in application.routes:
        if hasattr(route, "original_router"):  # how newer FastAPIs hold a router
            yield from routes(route.original_router, before + route.include_context.prefix)
            continue
        if hasattr(route, "routes"):
            yield from routes(route, before + route.path.rstrip("/"))
        for method in getattr(route, "methods", None) or ["GET"]:
            yield method, re.sub(r"\{[^}]*\}", "x", before + route.path) or "/"


if __name__ == "__main__":
    with open_resources(Settings(index=Path(sys.argv[1])), create=True) as resources:
        json.dump(sorted(set(routes(page.application(resources)))), sys.stdout)
