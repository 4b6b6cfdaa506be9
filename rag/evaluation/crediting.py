"""Whether each citation of a sentence bears it out, and whether a sentence needs one at all.

Citation precision and recall as ALCE defines them (Gao et al., 2023), with Byline's own check of
figures, names, dates, quotations and words in place of a language model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.leads import lead
from rag.checking.support import check
from rag.models.prompts import is_refusal
from rag.schema import Answer, Citation, Hit, Sentence
from rag.text.words import fold, plain_words

_FEWEST = 3  # words; less is a label
_ADDED = re.compile(r"\s\[[^\]]+\]")  # "He [Lavrov] said": a name put in for the reader


def needs_citation(text: str) -> bool:
    """Whether a sentence says something: no refusal, label, question or opening of a list."""
    said = text.strip()
    if is_refusal(said) or said.endswith((":", "?")):
        return False
    return sum(not word[0].isdigit() for word in plain_words(said)) >= _FEWEST


def precise(sentence: Sentence, answer: Answer) -> tuple[int, ...]:
    """The numbers of the citations that bear `sentence` out.

    None do unless all together do. Then one does if it does so alone, or if without it the others
    no longer do. What is said of the articles as such ("3 articles mention …") cites them whole:
    there each counts.
    """
    if sentence.support != "supported":
        return ()
    by_number = {item.number: item for item in answer.citations}
    cited = [by_number[number] for number in sentence.citations if number in by_number]
    if len(cited) == 1 or all(_is_whole(item) for item in cited):
        return tuple(item.number for item in cited)
    return tuple(
        item.number
        for item in cited
        if bears_out(sentence.text, [item])
        or not bears_out(sentence.text, [other for other in cited if other is not item])
    )


def _is_whole(item: Citation) -> bool:
    return (item.passage.start, item.passage.end) == (0, len(item.article.text))


def bears_out(text: str, cited: Sequence[Citation]) -> bool:
    """Whether the cited passages support the sentence, what Byline put before it left out."""
    words = _ADDED.sub("", _without_lead(text, cited))
    if any(fold(item.quote) == fold(words) for item in cited):
        return True
    verdict, _ = check(words, [Hit(item.passage, item.article, 1.0) for item in cited])
    return verdict == "supported"


def _without_lead(text: str, cited: Sequence[Citation]) -> str:
    """`text` without "Jane Doe, The Gazette, 4 March 2024: " in front."""
    hits = ((Hit(item.passage, item.article, 1.0), item) for item in cited)
    leads = (f"{lead(hit, item.quote_start, item.quote_end).text}: " for hit, item in hits)
    return next((text[len(each) :] for each in leads if text.startswith(each)), text)
