"""What a question takes for granted, and what its answer must therefore hold: age, sum, premise.

Pure functions over text; `rag.retrieval.query` calls them once, `rag.answering.needs` weighs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text import lexicon
from rag.text.words import fold, stems

_OLD = re.compile(r"\bhow old (?:is|was)\b|\b(?:what|which) age\b|\bthe age of\b", re.IGNORECASE)
_HOW_MUCH = re.compile(r"\bhow much\b(?! (?:of|time|longer|more|water|snow|rain))", re.IGNORECASE)
_WORTH = re.compile(r"\bmoney\b|\bfor how much\b|\bworth\b", re.IGNORECASE)
# What else a payment is told by, as beginnings of words.
_PAYING = {
    "pay": "pay paid wage salar earn receiv fee rate remuner bonus",
    "paid": "pay paid wage salar earn receiv fee rate remuner bonus",
    "sell": "sell sold sale buy bought price acquir purchas",
    "sold": "sell sold sale buy bought price acquir purchas",
    "buy": "sell sold sale buy bought price acquir purchas",
    "earn": "pay paid wage salar earn receiv income",
    "cost": "cost loss lost lose damag pric expens spend spent charg bear worth los paid pay bill",
}
_WHY = re.compile(r"^why (?P<aid>did|does|do|was|were) (?:the )?(?P<rest>.+)$", re.IGNORECASE)
_VERB = re.compile(r"(?:['’]s)?\s+(?:[a-z]+ly\s+)?([a-z]+)\b")
_DULL = frozenset(
    (
        "say tell think want make get give go take call have do be become come see know feel use "
        "mean try keep let put seem need ask answer describe mention claim believe not ever still "
        "also really actually then just respond react reply expect plan hope consider refer write "
        "speak talk argue suggest report explain warn like find look work show help add announce"
    ).split()
)
_PEOPLE = re.compile(r"(?:[iae]an|ish|ese|ch|Greek|Thai|Arab|Iraqi)$")  # Russian, British
_PAST = frozenset(
    form for forms in lexicon.groups("irregular", "forms") for form in forms[1:]
)  # "sold", "fired" aside


_AS = re.compile(
    r"\bas (?:the )?(?P<role>[\w ’'-]+?)(?= (?:of|during|in|after|before|on|over|from|at)\b|[?.]|$)"
)


@dataclass(frozen=True, slots=True)
class Payment:
    """A sum that is asked for; `verbs`: beginnings of words that tell the payment, if any do."""

    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Premise:
    """What "Why did Jane Roe resign as mayor?" takes for granted: that Jane Roe did resign."""

    subject: str
    acts: frozenset[str]  # stems of the verb
    statement: str  # "Jane Roe resign as mayor"
    role: str = ""  # "mayor"


def age_of(question: str, names: Sequence[str]) -> str:
    """Whose age is asked for; empty: nobody's."""
    return names[-1] if names and _OLD.search(question) else ""


def payment(question: str) -> Payment | None:
    """The payment whose sum is asked for."""
    if not _HOW_MUCH.search(question):
        return None
    verbs = next((_PAYING[w] for w in fold(question).split() if w in _PAYING), "").split()
    return Payment(tuple(verbs)) if verbs or _WORTH.search(question) else None


def premise(question: str, names: Sequence[str]) -> Premise | None:
    """What a question for a reason says of somebody; None: of nobody by name, or no deed."""
    match = _WHY.match(" ".join(question.split()).rstrip("?. "))
    rest = match["rest"] if match else ""
    subject = next((name for name in names if rest.startswith(name)), "")
    if match is None or not subject or (" " not in subject and _PEOPLE.search(subject)):
        return None  # "the Russian operation"
    verb = _VERB.match(rest, len(subject))
    if verb is None or verb[1] in _DULL:
        return None
    passive = match["aid"].casefold() in ("was", "were")
    if passive and not (verb[1].endswith("ed") or verb[1] in _PAST):
        return None  # "Why was Jane Roe angry?"
    role = _AS.search(rest)
    return Premise(subject, frozenset(stems(verb[1])), rest, role["role"] if role else "")
