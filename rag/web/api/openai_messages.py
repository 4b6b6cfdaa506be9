"""Byline as a model of OpenAI's protocol: a list of messages is a question and what came before.

Reads requests, and writes an answer as a text with footnotes and one annotation a citation. Both
chat completions and responses speak so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.responses import Response
from typing_extensions import TypedDict

from rag.export.permalinks import permalink
from rag.schema import Answer, Citation, Turn
from rag.web.api.problems import ProblemError
from rag.web.api.sound_text import Sound
from rag.web.replies import NOT_KEPT, said

MODEL = "byline"
LONGEST = 100_000  # characters of a message
MOST = 400  # messages of a conversation
_NONE = "There is no question: the last message must be the user's, with text."
_SOURCES = re.compile(r"\n+Sources\n\[1\] [\s\S]*\Z")  # our own footnotes under an earlier answer


def _words(content: Any) -> Any:
    """A content of parts as its text; pictures and the like are no words."""
    if not isinstance(content, list):
        return "" if content is None else content
    parts = (part for part in content if isinstance(part, dict))
    return "\n".join(str(part["text"]) for part in parts if isinstance(part.get("text"), str))


class Message(BaseModel):
    """One message; what clients add to it beside role and text is left alone."""

    model_config = ConfigDict(extra="ignore")

    role: str = "user"
    content: Annotated[Sound, BeforeValidator(_words)] = Field(default="", max_length=LONGEST)


class UrlCitation(TypedDict):
    """What one number of the text stands for: `text[start_index:end_index]` is its first `[n]`."""

    type: Literal["url_citation"]
    start_index: int
    end_index: int
    url: str
    title: str


def refusal(words: str, status: int, headers: Mapping[str, str] = NOT_KEPT) -> Response:
    """Return a failure as clients of the protocol read it."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": words, "type": kind, "param": None, "code": None}
    return said({"error": error}, status, headers)


def asked(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """Return the question and the turns before it. Raises ProblemError where there is none."""
    speakers = ("user", "assistant")
    spoken = [item for item in messages if item.role in speakers and item.content.strip()]
    if not spoken or spoken[-1].role != "user":
        raise ProblemError(422, _NONE)
    turns = [
        Turn(before.content.strip()[:2000], _SOURCES.sub("", after.content))
        for before, after in zip(spoken, spoken[1:], strict=False)
        if before.role == "user" and after.role == "assistant"
    ]
    return spoken[-1].content.strip()[:2000], turns


def footnotes(citations: Iterable[Citation], base: str) -> str:
    """Return the sources to stand under an answer; empty for none."""
    lines = [f"[{item.number}] {_source(item)}\n{_link(item, base)}" for item in citations]
    return "\n".join(["\n\nSources", *lines]) if lines else ""


def annotated(text: str, answer: Answer, base: str) -> list[UrlCitation]:
    """Return one annotation a citation, at the first place where `text` has its number."""
    found: list[UrlCitation] = []
    for item in answer.citations:
        mark = f"[{item.number}]"
        start = text.find(mark)
        if start >= 0:
            found.append(
                {
                    "type": "url_citation",
                    "start_index": start,
                    "end_index": start + len(mark),
                    "url": _link(item, base),
                    "title": item.article.name,
                }
            )
    return found


def _link(item: Citation, base: str) -> str:
    return permalink(base, item.article.id, item.quote_start, item.quote_end)


def _source(item: Citation) -> str:
    article = item.article
    words = " ".join(item.quote.split())
    known = ". ".join(filter(None, (article.name, article.credits)))
    says = f" {item.speaker}:" if item.speaker else ""
    return f"{known}.{says} “{words}”"
