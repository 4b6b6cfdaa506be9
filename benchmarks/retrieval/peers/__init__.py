"""What users would pick instead, one file each, all behind the same small interface.

A peer's file has `ADAPTER` (raise it when the adapter changes: kept runs are then not reused),
`PACKAGES` (whose versions are reported) and `build(articles, encoder)`, which indexes the articles
with the peer's own splitter and returns one `Ask` for each of the names below.
"""

from __future__ import annotations

import importlib
import os
from importlib.metadata import version
from types import ModuleType

# --peers name -> the systems that its file builds, by their names in the tables.
SYSTEMS = {
    "langchain": ("LangChain Chroma", "LangChain ensemble"),
    "llamaindex": ("LlamaIndex", "LlamaIndex fusion"),
    "haystack": ("Haystack embedding", "Haystack hybrid"),
    "txtai": ("txtai hybrid",),
}
_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "true",
}


class NotInstalled(Exception):
    """A peer cannot be imported; the message says what is missing and how to get it."""


def open_peer(name: str) -> ModuleType:
    """Import the file of one of `SYSTEMS`, its telemetry and downloads off.

    Raises:
        NotInstalled: one of its packages is missing.

    """
    os.environ.update(_QUIET)
    try:
        return importlib.import_module(f"{__name__}.{name}_rag")
    except ImportError as error:
        raise NotInstalled(
            f"not installed ({error}): pip install -r benchmarks/retrieval/requirements.txt"
        ) from error


def versions(peer: ModuleType) -> dict[str, str]:
    """Versions of the packages that make up the peer."""
    return {name: version(name) for name in peer.PACKAGES}
