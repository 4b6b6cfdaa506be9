"""What a question asks for: where to look, its parts; and questions to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.attribution import READER, speaker
from rag.followup import by_rule
from rag.schema import Article, Filters
from rag.sentences import sentence_spans

_ASKS_READERS = re.compile(
    r"\b(?:reader(?:s|s’|s')?(?:['’]s)? comment|commenter|comments?\b.*\b(?:reader|below|under)|"
    r"reader(?:s|['’]s)? (?:say|said|write|wrote|think|quote|reply|replied|call|claim|"
    r"complain|argue))",
    re.IGNORECASE,
)
_QUOTATION = re.compile(r"[“\"][^“”\"]{20,}[”\"]")
_LONGEST = 1000  # characters of a sentence worth looking at for who speaks in it
_AND = re.compile(
    r",?\s+and\s+(?=(?:by |in |on |at |for )?"
    r"(?:who|whom|what|when|where|why|which|how|did|was|were|is)\b)",
    re.IGNORECASE,
)


def parts(question: str) -> list[str]:
    """The questions within a question, each standing alone; a simple question has none.

    "Who was hurt, and how is he now?" has two; the second is understood as a follow-up.
    """
    first, *rest = _AND.split(question)
    return [first, *(by_rule(part, [first]) for part in rest)] if rest else []


def narrowed(question: str, filters: Filters) -> Filters:
    """`filters`, limited to reader comments where the question asks for them."""
    if not filters.kinds and _ASKS_READERS.search(question):
        return replace(filters, kinds=("comment",))
    return filters


def examples(articles: Sequence[Article], count: int) -> list[str]:
    """Up to `count` questions that these articles answer: what people quoted in them said.

    One question an article at most, each about another person, spread over the articles.
    """
    asked: dict[str, str] = {}
    for article in articles:
        person = next((name for name in _quoted(article) if name not in asked), None)
        if person:
            asked[person] = f"What did {person} say?"
    found = list(asked.values())
    return found[:: max(1, len(found) // max(1, count))][:count]


def _quoted(article: Article) -> Iterator[str]:
    """People whom the article quotes word for word, by first and last name."""
    for start, end in sentence_spans(article.text):
        if end - start <= _LONGEST and _QUOTATION.search(article.text, start, end):
            name = speaker(article, start, end)
            if name and name.count(" ") == 1 and READER not in name:
                yield name
