"""What stands beside a sentence: how far its sources bear it out, and who says so if not the rules.

"partly backed by its sources", "not backed by its sources, says openai:gpt-4o"
"""

from __future__ import annotations

from rag.schema import Sentence

_LABELS = {"partial": "partly backed by its sources", "unsupported": "not backed by its sources"}
_BACKED = "backed by its sources"
_CITES_NONE = "without a source"


def label(item: Sentence) -> str:
    """The verdict; empty for a sentence that the rules support."""
    doubt = _LABELS.get(item.support, "")
    verdict = _CITES_NONE if doubt and not item.citations else doubt
    return f"{verdict or _BACKED}, says {item.judged_by}" if item.judged_by else verdict


def remark(item: Sentence) -> str:
    """The verdict with its reasons; empty if there is nothing to say.

    A supported sentence of another language than its sources has a reason: what was not checked.
    """
    return ": ".join(filter(None, (label(item), "; ".join(item.reasons))))


def unsettled(item: Sentence) -> bool:
    """Whether nothing speaks against it, but not all of it could be checked."""
    return item.support == "supported" and bool(item.reasons) and not item.judged_by
