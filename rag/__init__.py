"""Byline: ask your articles, and see who said it. Start reading at `rag/pipeline.py`.

From Python (docs/python.md):

    from rag import ask, open_index

    with open_index(".byline") as opened:
        print(ask("What did the minister say about the cost?", opened).text)

Names are loaded when they are first used: `import rag` alone is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.answering.comparison import Comparison as Comparison
    from rag.errors import BylineError as BylineError
    from rag.export.verifying import Verdict as Verdict
    from rag.integrations.python import ask as ask
    from rag.integrations.python import compare as compare
    from rag.integrations.python import ingest as ingest
    from rag.integrations.python import open_index as open_index
    from rag.integrations.python import search as search
    from rag.integrations.python import verify as verify
    from rag.schema import Answer as Answer
    from rag.schema import Article as Article
    from rag.schema import Citation as Citation
    from rag.schema import Done as Done
    from rag.schema import Event as Event
    from rag.schema import Filters as Filters
    from rag.schema import Hit as Hit
    from rag.schema import IngestReport as IngestReport
    from rag.schema import Passage as Passage
    from rag.schema import Sentence as Sentence
    from rag.schema import Token as Token
    from rag.schema import Turn as Turn
    from rag.settings import Settings as Settings

_HOMES = {
    "rag.integrations.python": "ask compare ingest open_index search verify",
    "rag.answering.comparison": "Comparison",
    "rag.errors": "BylineError",
    "rag.export.verifying": "Verdict",
    "rag.schema": (
        "Answer Article Citation Done Event Filters Hit IngestReport Passage Sentence Token Turn"
    ),
    "rag.settings": "Settings",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_HOME_OF)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    """Load a public name from where it lives."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
