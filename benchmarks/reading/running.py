"""What the reading benchmarks share: quiet peers, their versions, and where results go."""

from __future__ import annotations

import json
import logging
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

_PACKAGES = ("trafilatura", "readability-lxml", "beautifulsoup4", "lxml")


def quiet() -> None:
    """Keep the peers' warnings about odd pages off the table."""
    logging.disable(logging.ERROR)


def versions() -> dict[str, str]:
    """Versions of what was compared.

    Raises:
        PackageNotFoundError: a peer is not installed: pip install readability-lxml beautifulsoup4.

    """
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}


def write(file: Path | None, results: dict[str, Any]) -> None:
    """Write results as JSON with sorted keys, if a file is named."""
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8")
