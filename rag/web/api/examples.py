"""What the interface's description shows of each call: an example, and what can fail."""

from __future__ import annotations

from typing import Any

from rag.export.contract_types import ProblemJSON
from rag.web.replies import MEDIA

_CITATION = {
    "number": 1,
    "file": "2024-03-23-courier-corrections.txt",
    "title": "Corrections and clarifications",
    "author": "Philippa Dunmarrow",
    "outlet": "The Ilvane Courier",
    "published": "2024-03-23",
    "kind": "body",
    "speaker": None,
    "page": None,
    "start": 305,
    "end": 367,
    "quote": "The memorandum of Ilvane Terminal Holding speaks of 130 workers.",
    "warning": "",
    "time": None,
    "box": None,
    "article_notes": [],
    "article": "6f3a1c0d2b7e4f59",
    "url": "http://127.0.0.1:7860/a/6f3a1c0d2b7e4f59?start=305&end=367",
}
_SEARCHED = {
    "articles": 18,
    "of": 18,
    "filters": "",
    "trouble": "",
    "since": "2024-03-04",
    "until": "2024-04-06",
}
_ANSWER = {
    "question": "How many workers came by barge?",
    "standalone_question": "How many workers came by barge?",
    "status": "answered",
    "answer": "The memorandum of Ilvane Terminal Holding speaks of 130 workers. [1]",
    "sentences": [
        {
            "text": "The memorandum of Ilvane Terminal Holding speaks of 130 workers.",
            "citations": [1],
            "support": "supported",
            "reasons": [],
            "judged_by": "rules",
        }
    ],
    "citations": [_CITATION],
    "hits": [],
    "dropped_markers": [],
    "model": "extractive",
    "seconds": {"search": 0.08, "rerank": 0.31, "answer": 0.05, "total": 0.44},
    "searched": _SEARCHED,
    "chance": 0.93,
    "disagreements": [],
    "notes": [],
}


def _fails(*statuses: int) -> dict[int | str, dict[str, Any]]:
    words = {
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


def _shows(value: Any, *others: str) -> dict[str, Any]:
    """A reply with its example; `others` are the media types in which it can come too."""
    forms: dict[str, Any] = {media: {} for media in others}
    return {"content": {"application/json": {"example": value}, **forms}}


ASKED: Any = {
    "a question": {"value": {"question": "How many workers came by barge?"}},
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
ANSWER = {200: _shows(_ANSWER, "text/event-stream"), **_fails(422, 502, 503)}
FOUND = _fails(422, 503)
COMPARED = _fails(422, 503)
ARTICLES = _fails(422)
ARTICLE = _fails(404, 422)
JOB = _fails(404, 422, 503)
