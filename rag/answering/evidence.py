"""What an answer may be written from: gathered once, for whoever decides and for every writer.

Query, Found -> Evidence
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.answering import catalogue, overview, talk
from rag.answering.corrections import corrected, corrections, remark, taken_back
from rag.answering.extractive import Extract, extract, quoted, ranked
from rag.answering.fact import Fact
from rag.answering.languages import sentence
from rag.answering.refusal import Lack
from rag.answering.timing import not_reached, timely
from rag.models.weights import BUNDLED
from rag.resources import Resources
from rag.retrieval.foreign import languages
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.schema import Hit


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages found, their sentences, and what Byline itself can say of the articles.

    `hits`, best first, are what a language model is shown; `sentences`, best first, are theirs;
    `extracts` those that answer; `remarks`: what a reader of theirs should know of corrections.
    `facts`: the whole answer, or `lack`: why there is none.
    `settled`: what is here answers the question, no chance need be weighed.
    """

    found: Found
    hits: tuple[Hit, ...]
    sentences: tuple[Extract, ...] = ()
    extracts: tuple[Extract, ...] = ()
    remarks: tuple[Fact, ...] = ()
    facts: tuple[Fact, ...] = ()
    lack: Lack | None = None
    settled: bool = False


def gather(query: Query, found: Found, resources: Resources) -> Evidence:
    """Take what the question asks for, by its intent; passages stand in where that is not there."""
    blank = Evidence(found, found.hits[: resources.settings.passages])
    if query.foreign and resources.model is None and resources.embedder.name == BUNDLED:
        held = languages(resources.index.catalogue())
        return replace(blank, lack=Lack("language", sentence(query.foreign, held)))
    given = _by_intent(query, blank, resources)
    return given if given is not None else _from_passages(query, blank, resources)


def _by_intent(query: Query, blank: Evidence, resources: Resources) -> Evidence | None:
    """What the intent has a writer of its own for; None: the passages are to answer."""
    match query.intent:
        case "catalogue":
            given = catalogue.facts(query, blank.found, resources.index)
            return _known(blank, given) if given else None
        case "overview":
            return _known(blank, overview.facts(query, resources.index))
        case "talk":
            return _known(blank, talk.facts(query, resources.index))
        case _:
            return None


def _known(blank: Evidence, given: tuple[Fact, ...] | Lack) -> Evidence:
    """What Byline itself can say, or why it cannot."""
    if isinstance(given, Lack):
        return replace(blank, lack=given)
    return replace(blank, facts=given, settled=True)


def _from_passages(query: Query, blank: Evidence, resources: Resources) -> Evidence:
    """The words that the question repeats, or the sentences that answer it."""
    reranker, most = resources.reranker, resources.settings.answer_sentences
    repeated = quoted(blank.found.quotes, most=most)
    if repeated:
        return replace(blank, extracts=tuple(repeated), settled=True)
    known = corrections(blank.found.hits)
    if gone := not_reached(query, blank.found.hits):
        return replace(blank, lack=gone)
    best_first = timely(query, ranked(query, blank.hits, reranker), reranker)
    sentences = corrected(best_first, known, figure=query.figure)
    extracts = extract(query, sentences, reranker, most=most)
    back = [taken_back(item, known) for item in (best_first[:1] if query.figure else extracts)]
    remarks = tuple(remark(item) for item in dict.fromkeys(back) if item)
    return replace(blank, sentences=tuple(sentences), extracts=tuple(extracts), remarks=remarks)
