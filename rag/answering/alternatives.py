"""What the articles say instead of what a question takes for granted; for a refusal.

"Why did Jane Roe resign as mayor?" – the newest speaks of Mayor Jane Roe; "Why did the Anglers win
the cup?" – a sentence says that they lost it. It quotes words of an article that was found and
names its outlet and day. Where nothing fits plainly, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.answering.candidates import Extract
from rag.answering.leads import credit
from rag.retrieval.presumed import Premise
from rag.schema import Article, Hit
from rag.text.injection import disarmed
from rag.text.words import last_stem, stems

_SHOWN = 180  # characters of a sentence that are quoted
_LEAVING = frozenset(
    stem
    for word in "resign quit step stand leave retire dismiss sack fire remove replace".split()
    for stem in stems(word)
)
_FORMER = re.compile(r"\b(?:former|ex|then|late|deputy|acting)[ -]?$", re.IGNORECASE)


def instead(premise: Premise | None, hits: Sequence[Hit], denial: Extract | None) -> str:
    """One sentence on what is not as `premise` has it, or nothing. `denial`: what denies it."""
    if premise is None:
        return ""
    if denial is not None:
        return disarmed(f"{credit(denial.hit.article)}: {_quoted(denial.words)}")
    return disarmed(_in_office(premise, hits))


def _in_office(premise: Premise, hits: Sequence[Hit]) -> str:
    """Of "Why did Jane Roe resign as mayor?" that the newest article calls her mayor."""
    if not premise.role or not premise.acts & _LEAVING:
        return ""
    key = last_stem(premise.subject)
    sound = [hit for hit in hits if not hit.warning and hit.passage.kind != "comment"]
    for hit in sound:
        found = frozenset(stems(hit.passage.text))
        if key <= found and found & _LEAVING:
            return ""
    articles = {hit.article.id: hit.article for hit in sound}.values()
    held = [
        (article, words)
        for article in articles
        if premise.subject in article.text and (words := _held(article, premise))
    ]
    if not held:
        return ""
    article, words = max(held, key=lambda pair: pair[0].published or date.min)
    return f"{credit(article)} speaks of “{words}”."


def _held(article: Article, premise: Premise) -> str:
    """Where an article puts the role beside the name: "the minister, Lucan Ferreby"."""
    office, name = (re.escape(words.split()[-1]) for words in (premise.role, premise.subject))
    titles, first_names = r"(?:[A-Z][\w’'-]+ (?:and )?)*", r"(?:[A-Z][\w’'.-]+ ){0,2}"
    before = rf"{titles}\b(?i:{office}),? {first_names}{name}\b"
    behind = rf"{first_names}{name}, (?:the |its |their )(?:[\w’'-]+ ){{0,2}}{office}\b"
    for match in re.finditer(rf"{before}|{behind}", article.text):
        if not _FORMER.search(article.text[: match.start()][-10:]):
            return match[0]
    return ""


def _quoted(words: str) -> str:
    """In quotation marks if they have none; of a long sentence the beginning."""
    if len(words) > _SHOWN:
        words = f"{words[:_SHOWN].rsplit(' ', 1)[0]} …"
    return words if re.search(r"[“”\"]", words) else f"“{words}”"
