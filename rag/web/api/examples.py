"""What the interface's description shows of each call: what is sent, and what can fail."""

from __future__ import annotations

from typing import Any

from rag.export.contract_types import ProblemJSON
from rag.web.replies import MEDIA


def _fails(*statuses: int) -> dict[int | str, dict[str, Any]]:
    words = {
        400: "The body is not what its type says",
        401: "No token, or one that is not known",
        403: "The token may not do this",
        404: "There is no such thing",
        422: "The call cannot be read",
        429: "Too many calls",
        502: "The language model failed",
        503: "Too busy, or the index cannot be opened; ask again",
    }
    content: dict[str, Any] = {MEDIA: {}}
    return {
        status: {"model": ProblemJSON, "description": words[status], "content": content}
        for status in (401, 403, *statuses, 429)
    }


def _may_be(media: str) -> dict[str, Any]:
    """A reply that can come in another form than JSON too."""
    return {"content": {media: {}}}


ASKED: Any = {
    "a question": {"value": {"question": "How many people marched?"}},
    "with filters": {
        "value": {
            "question": "What did the union say?",
            "filters": {"since": "March 2024", "outlets": ["The Ilvane Courier"]},
        }
    },
    "a follow-up": {
        "value": {
            "question": "How old is she?",
            "history": [{"question": "Who is the mediator?", "answer": "Odile Hartsgrave [1]"}],
        }
    },
}
SOUGHT: Any = {
    "passages": {"value": {"question": "strike ballot", "k": 3}},
    "with filters": {
        "value": {
            "question": "strike ballot",
            "filters": {"until": "March 2024", "kinds": ["body"]},
        }
    },
}
COMPARING: Any = {
    "a statement": {"value": {"question": "8,500 people marched in Lantern Square on Saturday."}},
    "a question": {"value": {"question": "How many people marched?"}},
}
TEXT: Any = {
    "a text": {
        "value": {
            "text": "The pilot boat Sandrail sank.",
            "headline": "Boat lost",
            "outlet": "The Gazette",
            "published": "3 May 2024",
        }
    }
}
ANSWER = {200: _may_be("text/event-stream"), **_fails(400, 422, 502, 503)}
FOUND = _fails(400, 422, 503)
COMPARED = _fails(400, 422, 503)
ARTICLES = _fails(422)
ARTICLE = _fails(404, 422)
ORDERED = _fails(400, 422, 503)
JOB = _fails(404, 422)
HEALTH = _fails()
