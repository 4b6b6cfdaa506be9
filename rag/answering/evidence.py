"""What an answer may be written from: gathered once, for whoever decides and for every writer.

Query, Found -> Evidence
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.answering import catalogue, elapsed
from rag.answering.extractive import Extract, extract, quoted, ranked
from rag.answering.fact import Fact
from rag.answering.refusal import Lack
from rag.resources import Resources
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.schema import Hit


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages found, their sentences, and what Byline itself can say of the articles.

    `hits`, best first, are what a language model is shown; `sentences`, best first, are theirs;
    `extracts` those that answer. `facts`: the whole answer, or `lack`: why there is none.
    `settled`: what is here answers the question, no chance need be weighed. `parts`: of a question
    with several, the evidence for each.
    """

    found: Found
    hits: tuple[Hit, ...]
    sentences: tuple[Extract, ...] = ()
    extracts: tuple[Extract, ...] = ()
    facts: tuple[Fact, ...] = ()
    lack: Lack | None = None
    settled: bool = False
    parts: tuple[Evidence, ...] = ()


def gather(query: Query, found: Found, resources: Resources) -> Evidence:
    """Take what the question asks for, by its intent; passages stand in where that is not there.

    Each part of a question is taken by itself.
    """
    if query.parts:
        return _of_parts(query, found, resources)
    blank = Evidence(found, found.hits[: resources.settings.passages])
    given = _by_intent(query, blank, resources)
    return given if given is not None else _from_passages(query, blank, resources)


def _of_parts(query: Query, found: Found, resources: Resources) -> Evidence:
    most = max(1, resources.settings.answer_sentences + 1 - len(query.parts))
    fewer = replace(
        resources, settings=replace(resources.settings, answer_sentences=most), model=None
    )
    parts = tuple(
        gather(part, of_part, fewer) for part, of_part in zip(query.parts, found.parts, strict=True)
    )
    blank = Evidence(found, found.hits[: resources.settings.passages])
    if query.elapsed:
        events = [(item.extracts, item.found.hits) for item in parts]
        if fact := elapsed.fact(query, events):
            return replace(blank, facts=(fact,), settled=True)
    return replace(blank, parts=parts)


def _by_intent(query: Query, blank: Evidence, resources: Resources) -> Evidence | None:
    """What the intent has a writer of its own for; None: the passages are to answer."""
    match query.intent:
        case "catalogue":
            fact = catalogue.fact(query, blank.found, resources.index)
            if isinstance(fact, Fact):
                return replace(blank, facts=(fact,), settled=True)
            return replace(blank, lack=fact) if fact else None
        case _:
            return None


def _from_passages(query: Query, blank: Evidence, resources: Resources) -> Evidence:
    """The words that the question repeats, or the sentences that answer it."""
    reranker, most = resources.reranker, resources.settings.answer_sentences
    repeated = quoted(blank.found.quotes, most=most)
    if repeated:
        return replace(blank, extracts=tuple(repeated), settled=True)
    sentences = ranked(query, blank.hits, reranker)
    extracts = extract(query, sentences, most=most)
    return replace(blank, sentences=tuple(sentences), extracts=tuple(extracts))
