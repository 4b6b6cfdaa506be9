"""What the interface's description shows as answers: those of the sample articles.

Put in once the description is made: FastAPI leaves out of an example all that is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.export.contract_types import (
    AnswerJSON,
    ArticleJSON,
    ArticlesJSON,
    CitationJSON,
    ComparisonJSON,
    IngestJSON,
    RankedHitJSON,
    RowJSON,
    ScopeJSON,
    SearchJSON,
    WholeArticleJSON,
)
from rag.web.api.jobs import JobJSON

ID = "ea40a80ede47f09d"
_LINK = f"http://127.0.0.1:7860/a/{ID}"
_WORDS = "Police put the number of marchers at 8,500."
_FILE = "2024-03-10-ilvane-courier-march-lantern-square.html"
_TITLE = "Dockers’ march passes off peacefully, say police"
_SEARCHED: ScopeJSON = {
    "articles": 18,
    "of": 18,
    "filters": "",
    "trouble": "",
    "since": "2024-03-04",
    "until": "2024-04-09",
}
_CITATION: CitationJSON = {
    "number": 1,
    "file": _FILE,
    "title": _TITLE,
    "author": "Oskar Lyndhall",
    "outlet": "The Ilvane Courier",
    "published": "2024-03-10",
    "kind": "body",
    "speaker": "Police",
    "page": None,
    "start": 218,
    "end": 261,
    "quote": _WORDS,
    "warning": "",
    "time": None,
    "box": None,
    "article_notes": [],
    "article": ID,
    "url": f"{_LINK}?start=218&end=261",
}
_SAID = f"Oskar Lyndhall, The Ilvane Courier, 10 March 2024: {_WORDS}"
_ANSWER: AnswerJSON = {
    "question": "How many people marched, by the police's count?",
    "standalone_question": "How many people marched, by the police's count?",
    "status": "answered",
    "answer": f"{_SAID} [1]",
    "sentences": [
        {
            "text": _SAID,
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
    "seconds": {"search": 0.02, "rerank": 0.31, "answer": 0.05, "total": 0.38},
    "searched": _SEARCHED,
    "chance": 0.93,
    "disagreements": [],
    "notes": [],
}
_HIT: RankedHitJSON = {
    "file": _FILE,
    "start": 218,
    "end": 261,
    "text": _WORDS,
    "score": 0.81,
    "warning": "",
    "article": ID,
    "url": f"{_LINK}?start=218&end=261",
    "dense_rank": 2,
    "lexical_rank": 1,
    "fused_rank": 1,
    "rerank_score": 2.4,
}
_FOUND: SearchJSON = {
    "question": "How many people marched?",
    "hits": [_HIT],
    "seconds": {"search": 0.02, "rerank": 0.31},
    "searched": _SEARCHED,
}
_ROW: RowJSON = {
    "published": "2024-03-10",
    "outlet": "The Ilvane Courier",
    "author": "Oskar Lyndhall",
    "speaker": "Police",
    "words": _WORDS,
    "bearing": "supports",
    "why": "8,500",
    "reference": False,
    "chance": 0.17,
    "article": ID,
    "file": _FILE,
    "title": _TITLE,
    "url": None,
    "kind": "body",
    "page": None,
    "start": 218,
    "end": 261,
    "copies": [],
    "warning": "",
    "permalink": f"{_LINK}?start=218&end=261",
}
_COMPARED: ComparisonJSON = {
    "question": "8,500 people marched in Lantern Square on Saturday.",
    "held_against": "what the question says",
    "weak": False,
    "rows": [_ROW],
    "seconds": {"search": 0.02, "rerank": 0.31, "compare": 0.2},
    "searched": _SEARCHED,
}
_ARTICLE: ArticleJSON = {
    "id": ID,
    "file": _FILE,
    "title": _TITLE,
    "author": "Oskar Lyndhall",
    "outlet": "The Ilvane Courier",
    "published": "2024-03-10",
    "label": None,
    "language": "en",
    "original": None,
    "url": _LINK,
}
_LISTED: ArticlesJSON = {"articles": [_ARTICLE], "total": 18, "next": 1}
_WHOLE: WholeArticleJSON = {
    **_ARTICLE,
    "updated": None,
    "notes": [],
    "files": [_FILE],
    "text": f"{_TITLE}\n\nStriking dockers and their supporters marched …",
    "parts": [{"kind": "body", "start": 0, "end": 2011, "author": None}],
    "pages": [],
}
_WAITS: JobJSON = {
    "id": "BM1rlR0jzW3XUjrp",
    "status": "waiting",
    "done": 0,
    "total": 0,
    "report": None,
    "detail": None,
}
_REPORT: IngestJSON = {
    "files": 1,
    "added": 1,
    "changed": 0,
    "removed": 0,
    "unchanged": 0,
    "failed": [],
    "articles": 19,
    "passages": 90,
    "seconds": {"read": 0.1, "embed": 0.2, "store": 0.1, "total": 0.4},
    "partly": [],
}
_DONE: JobJSON = {**_WAITS, "status": "done", "done": 1, "total": 1, "report": _REPORT}
ANSWERS: Mapping[str, Any] = {
    "/healthz": {"status": "ok"},
    "/readyz": {"status": "ready"},
    "/ask": _ANSWER,
    "/find": _FOUND,
    "/compare": _COMPARED,
    "/articles": _LISTED,
    "/articles/{id}": _WHOLE,
    "/ingest": _WAITS,
    "/ingest/text": _WAITS,
    "/jobs/{id}": _DONE,
}


def shown_in(description: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI description with an example of each call's answer put in."""
    for path, operations in description["paths"].items():
        for operation in operations.values():
            succeeds = next(iter(operation["responses"].values()))
            if path in ANSWERS:
                succeeds["content"]["application/json"]["example"] = ANSWERS[path]
    return description
