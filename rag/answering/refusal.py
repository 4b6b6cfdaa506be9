"""Why the articles do not answer, typed; and the one place where reasons become words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.models.prompts import REFUSAL
from rag.retrieval.filters import summary
from rag.schema import Scope


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that an answer needs and that was not found.

    `of`: the name, the words or the article that it is lacking of; of a language, what is said.
    """

    kind: Kind
    of: str = ""


Kind = Literal[
    "name", "age", "number", "sum", "premise", "statement", "year", "orders", "author", "date",
    "outlet", "language",
]  # fmt: skip
_OF_WHAT_WAS_FOUND: dict[Kind, str] = {
    "name": "No article mentions {}.",  # said only where the index has no such word
    "age": "No sentence found gives the age of {}.",
    "number": "No sentence found gives a number of {}.",
    "sum": "No sentence found gives the sum.",
    "premise": "No sentence found says what the question takes for granted.",
    "statement": "No sentence found has words of {}.",
    "year": "No article found is of {} or speaks of it.",
    "orders": "What comes nearest looks like instructions to a language model.",
}
_OF_AN_ARTICLE: dict[Kind, str] = {
    "author": "“{}” does not say who wrote it.",
    "date": "“{}” does not say when it was published.",
    "outlet": "“{}” does not say its outlet.",
}


_UNSAID: frozenset[Kind] = frozenset(("orders", "language"))  # to a model: no fault of the question
_DOUBTED = "The passages may not answer the question."


def suspected(lacking: Sequence[Lack], *, is_doubted: bool) -> str:
    """What the rules suspect, as a hint to a language model, which decides itself; or nothing."""
    sentences = {**_OF_AN_ARTICLE, **_OF_WHAT_WAS_FOUND}
    told = [item for item in lacking if item.kind not in _UNSAID]
    why = dict.fromkeys(sentences[item.kind].format(item.of) for item in told)
    return " ".join((*([_DOUBTED] if is_doubted else []), *why))


def worded(scope: Scope, lacking: Sequence[Lack] = (), there: str = "") -> str:
    """The refusal, what is lacking, and what `there` is instead; each only as far as established.

    Where filters leave too little or nothing, that is why. A question in a language that the
    articles are not in is told so, and nothing else.
    """
    if said := next((item.of for item in lacking if item.kind == "language"), ""):
        return said
    if not scope.searched:
        return " ".join(filter(None, (refusal(scope), there)))
    sentences = {**_OF_AN_ARTICLE, **_OF_WHAT_WAS_FOUND}
    why = dict.fromkeys(sentences[item.kind].format(item.of) for item in lacking)
    return " ".join(filter(None, (refusal(scope), *why, there)))


def refusal(scope: Scope) -> str:
    """The bare refusal, and the filters if they are why."""
    if not scope.filters:
        return REFUSAL
    return f"{REFUSAL} {summary(scope)}" if scope.searched else scope.trouble
