"""What a question asks for: where to look, its parts; and questions to begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.schema import Filters
from vectorstore.index import ArticleSummary

_ASKS_READERS = re.compile(
    r"\b(?:reader(?:s|s’|s')?(?:['’]s)? comment|commenter|comments?\b.*\b(?:reader|below|under)|"
    r"reader(?:s|['’]s)? (?:say|said|write|wrote|think|quote|reply|replied|call|claim|"
    r"complain|argue))",
    re.IGNORECASE,
)
_AND = re.compile(
    r",?\s+and\s+(?=(?:by |in |on |at |for )?"
    r"(?:who|whom|what|when|where|why|which|how|did|was|were|is)\b)",
    re.IGNORECASE,
)


def parts(question: str) -> list[str]:
    """The questions within a question: "Who …, and when …?" has two; a simple one has none."""
    found = _AND.split(question)
    return found if len(found) > 1 else []


def narrowed(question: str, filters: Filters) -> Filters:
    """`filters`, limited to reader comments where the question asks for them."""
    if not filters.kinds and _ASKS_READERS.search(question):
        return replace(filters, kinds=("comment",))
    return filters


def examples(summaries: Sequence[ArticleSummary], count: int) -> list[str]:
    """Up to `count` questions from the headlines at hand, spread over the articles."""
    titled = [item for item in summaries if item.title]
    step = max(1, len(titled) // max(1, count))
    return [_question(item) for item in titled[::step][:count]]


def _question(item: ArticleSummary) -> str:
    return f"What is reported about “{item.title}”?"
