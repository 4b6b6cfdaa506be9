"""What an answer may be written from: gathered once, for whoever decides and for every writer.

Query, Found -> Evidence
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.answering import catalogue
from rag.answering.catalogue import Fact
from rag.answering.extractive import Extract, extract, quoted, ranked
from rag.answering.refusal import Lack
from rag.resources import Resources
from rag.retrieval.query import Query
from rag.retrieval.search import Found
from rag.schema import Hit


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages found, their sentences, and what is known of the articles themselves.

    `hits`, best first, are what a language model is shown; `sentences`, best first, are theirs;
    `extracts` those that answer. `fact`: what the question asks of the articles themselves, or
    that it is unknown. `repeated`: the extracts are words that the question repeats.
    """

    found: Found
    hits: tuple[Hit, ...]
    sentences: tuple[Extract, ...] = ()
    extracts: tuple[Extract, ...] = ()
    fact: Fact | Lack | None = None
    repeated: bool = False


def gather(query: Query, found: Found, resources: Resources) -> Evidence:
    """Take what the question asks for from what was found; sentences only where they are needed."""
    settings, reranker = resources.settings, resources.reranker
    hits, most = found.hits[: settings.passages], settings.answer_sentences
    fact = catalogue.fact(query, found, resources.index)
    if fact:
        return Evidence(found, hits, fact=fact)
    repeated = quoted(found.quotes, most=most)
    if repeated:
        return Evidence(found, hits, extracts=tuple(repeated), repeated=True)
    sentences = ranked(query, hits, reranker)
    extracts = extract(query, sentences, reranker, most=most)
    return Evidence(found, hits, tuple(sentences), tuple(extracts))
