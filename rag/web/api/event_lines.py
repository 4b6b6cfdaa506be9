"""The events of an answer under way as JSON: they mirror those of `pipeline.answer`."""

from __future__ import annotations

from typing import Any

from rag.export import contract
from rag.schema import Checked, Done, Event, Preview, Restarted, Searched, Token
from rag.web.conversation import Waiting


def event_json(event: Event | Waiting, base: str) -> tuple[str, Any]:
    """Return the event's name and what it says."""
    match event:
        case Waiting():
            return "waiting", {"ahead": event.ahead}
        case Searched():
            return "searched", {
                "standalone_question": event.standalone_question,
                "articles": event.articles,
                "read": [contract.hit_json(hit, base) for hit in event.read],
            }
        case Preview():
            return "preview", contract.answer_json(event.answer, base)
        case Token():
            cited = [contract.citation_json(item, base) for item in event.citations]
            return "token", {"text": event.text, "citations": cited}
        case Checked():
            return "checked", contract.sentence_json(event.sentence)
        case Restarted():
            return "restarted", {"reason": event.reason}
        case Done():
            return "done", contract.answer_json(event.answer, base)
