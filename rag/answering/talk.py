"""Words that ask nothing of the articles: a greeting, thanks, what Byline can do.

Answered in a sentence or two, with what there is and what could be asked.
"""

from __future__ import annotations

import re

from rag.answering import starters
from rag.answering.fact import Fact
from rag.retrieval.query import Query
from rag.schema import printed_day
from vectorstore.index import Index

_EXAMPLES = 3
_ALWAYS = (
    "What are these articles about?",
    "What is the latest article?",
    "Which outlets are there?",
)
# What is said first; the first that fits.
_OPENINGS = (
    (r"\b(?:bye|goodbye|good night|see you|nice day)\b", "Goodbye."),
    (r"\b(?:thanks?|thx|ty|cheers|appreciated|merci|danke|gracias)\b", "You are welcome."),
    (
        r"\b(?:who|what) (?:are|made) you\b|\byour name\b|\byourself\b|\bchatgpt\b|"
        r"\bare you\b(?! doing| there)",
        "I am Byline, a program that answers questions from a folder of articles.",
    ),
    (r"\b(?:useless|wrong|bad|no help|not help)\b", "I am sorry."),
    (
        r"\b(?:great|good (?:job|answer|question|one)|well done|perfect|"
        r"awesome|helpful|nice|cool|love)\b",
        "Glad to help.",
    ),
    (r"\b(?:how|what) (?:can|do|does|should|kind|questions)\b|\bhelp\b|\bexample", ""),
    (r"\b(?:sorry|no problem|never ?mind)\b", "No problem."),
    (r"\b(?:ok|okay|got it|i see|test|testing)\b", "All right."),
    (r"", "Hello."),
)
_OPENINGS_READ = tuple((re.compile(words, re.IGNORECASE), said) for words, said in _OPENINGS)
_ENDS = ("Goodbye.",)  # after which nothing is offered


def facts(query: Query, index: Index) -> tuple[Fact, ...]:
    """What is said in return, without a citation."""
    opening = next(said for words, said in _OPENINGS_READ if words.search(query.asked))
    there = _there(query)
    if opening in _ENDS:
        return (_said(opening),)
    sentences = [f"{opening} {there}".strip(), _asked_for(index) if query.scope.articles else ""]
    return tuple(_said(text) for text in sentences if text)


def _there(query: Query) -> str:
    """How many articles there are, and from when to when."""
    scope = query.scope
    if not scope.articles:
        return "There are no articles yet: add some, then ask me about them."
    number = f"{scope.articles:,} article{'' if scope.articles == 1 else 's'}"
    first, last = printed_day(scope.since), printed_day(scope.until)
    run = "" if not first else f" of {first}" if first == last else f" from {first} to {last}"
    return (
        f"Ask me about the {number} here{run}: for facts, who said what, summaries, timelines or "
        "lists. Each sentence of an answer opens its source."
    )


def _asked_for(index: Index) -> str:
    """Three questions that could be asked."""
    offered = [*(starters.kept(index) or ()), *_ALWAYS][:_EXAMPLES]
    return f"For example: {' '.join(offered)}"


def _said(text: str) -> Fact:
    return Fact(text, is_known=True)
