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
    """Something that an answer needs and that none of the articles found has.

    `of`: the name, the words or the article that it is lacking of; of a language, what is said.
    """

    kind: Kind
    of: str = ""


Kind = Literal[
    "name", "age", "number", "sum", "reason", "statement", "year", "author", "date", "outlet",
    "count", "language",
]  # fmt: skip
_OF_THE_FOUND: dict[Kind, str] = {
    "name": "mentions {}",
    "age": "gives the age of {}",
    "number": "gives a number of {}",
    "sum": "gives the sum",
    "reason": "says that {}",
    "statement": "has words of {}",
    "year": "is of {} or speaks of it",
}
_OF_AN_ARTICLE: dict[Kind, str] = {
    "author": "“{}” does not say who wrote it.",
    "date": "“{}” does not say when it was published.",
    "outlet": "“{}” does not say its outlet.",
}


def worded(scope: Scope, lacking: Sequence[Lack] = (), there: str = "") -> str:
    """The refusal, what is lacking, and what `there` is instead; each only as far as established.

    Where filters leave too little or nothing, that is why. A question in a language that the
    articles are not in is told so, and nothing else.
    """
    if said := next((item.of for item in lacking if item.kind == "language"), ""):
        return said
    about = [_OF_AN_ARTICLE[i.kind].format(i.of) for i in lacking if i.kind in _OF_AN_ARTICLE]
    found = [_OF_THE_FOUND[i.kind].format(i.of) for i in lacking if i.kind in _OF_THE_FOUND]
    none = f"None of the articles found {' or '.join(dict.fromkeys(found))}." if found else ""
    return " ".join(filter(None, (refusal(scope), *about, none if scope.searched else "", there)))


def refusal(scope: Scope) -> str:
    """The bare refusal, and the filters if they are why."""
    if not scope.filters:
        return REFUSAL
    return f"{REFUSAL} {summary(scope)}" if scope.searched else scope.trouble
