"""A question held against an open index: where it looks, and what is found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from rag.models.vocabulary import vocabulary_of
from rag.resources import Resources
from rag.retrieval.foreign import foreign
from rag.retrieval.query import NO_FILTERS, Query, read
from rag.retrieval.search import Found, search
from rag.retrieval.spelling import mended
from rag.schema import Filters
from rag.text.typed import storable


def understand(
    question: str, resources: Resources, *, filters: Filters = NO_FILTERS, as_typed: bool = False
) -> Query:
    """Read a question that stands alone by what the index knows. Raises ModelError.

    Unless `as_typed`, misspelt words are searched as the index spells them, and a note says so.
    """
    index, question = resources.index, storable(question)
    known, embedder = index.catalogue(), resources.embedder
    tongue = foreign(question, known)
    if as_typed or tongue:
        return read(question, known, filters=filters, embedder=embedder, foreign=tongue)
    right = mended(question, index, vocabulary_of(embedder.folder))
    query = read(right.text, known, filters=filters, embedder=embedder)
    return replace(query, notes=(*query.notes, right.note)) if right.words else query


def find(question: str, resources: Resources, *, filters: Filters = NO_FILTERS) -> Found:
    """The best passages for `question`, with ranks and times."""
    return found_for(understand(question, resources, filters=filters), resources)


def found_for(query: Query, resources: Resources, *, depth: int = 0, read: int = 0) -> Found:
    """Search for a question that was read already; `depth`: rerank so many passages at least.

    Each part of a question is searched by itself. `read`: as for `search`.
    """
    if query.parts:
        return _merged([found_for(part, resources, depth=depth, read=read) for part in query.parts])
    return search(
        query,
        index=resources.index,
        embedder=resources.embedder,
        reranker=resources.reranker,
        candidates=resources.settings.candidates,
        depth=max(depth, resources.settings.rerank_depth),
        read=read,
    )


def found_to_answer(query: Query, resources: Resources) -> Found:
    """Search as `found_for` does, but not for what no passage answers.

    Where the first passages are all that is read, the others are not reranked: a language model
    is shown more, and what is not a question for a fact asks of many articles. Nor are few enough
    where it is declined for what the best passages lack: a figure, what it takes for granted.
    """
    if not query.searched:
        return Found((), {"search": 0.0, "rerank": 0.0})
    declined = query.wanted or query.payment or query.premise or query.age_of
    few = resources.model is None and query.intent == "fact" and not declined
    return found_for(query, resources, read=resources.settings.passages if few else 0)


def _merged(parts: Sequence[Found]) -> Found:
    """What was found for the parts of a question: the best of each, then the second of each."""
    turns = zip_longest(*(found.hits for found in parts))
    hits = {hit.passage.id: hit for turn in turns for hit in turn if hit}
    left_out = {item.passage.id: item for found in parts for item in found.left_out}
    return Found(
        tuple(hits.values()),
        {step: sum(found.seconds[step] for found in parts) for step in parts[0].seconds},
        tuple(item for id_, item in left_out.items() if id_ not in hits),
        coverage=max(found.coverage for found in parts),
        nearest=max(found.nearest for found in parts),
        unknown=tuple(dict.fromkeys(name for found in parts for name in found.unknown)),
        parts=tuple(parts),
    )
