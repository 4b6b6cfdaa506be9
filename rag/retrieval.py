"""Question -> Hits: dense and lexical search, fused, reranked.

The steps are plain functions over ranked lists of passage ids; `search` puts them in order.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.embedding import Embedder
from rag.questions import parts
from rag.reranking import Reranker
from rag.schema import Article, Filters, Hit, Passage, Ranks
from rag.settings import Settings
from vectorstore.index import Index

RRF_K = 60  # Cormack, Clarke, Buettcher 2009
# Weight of the fused rank beside the reranker's logit; measured best on news questions
# (see the reranker's model card).
RANK_WEIGHT = 0.35


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, and the seconds of each step (search, rerank)."""

    hits: tuple[Hit, ...]
    seconds: Mapping[str, float]


def search(
    question: str,
    *,
    index: Index,
    embedder: Embedder,
    reranker: Reranker | None,
    settings: Settings,
    filters: Filters = Filters(),  # noqa: B008 - frozen
) -> Found:
    """The best passages for `question`, at most `settings.rerank_depth`."""
    started = time.perf_counter()
    candidates = _candidates(question, index, embedder, settings, filters)
    searched = time.perf_counter()
    hits = _reranked(question, candidates, reranker)
    seconds = {"search": searched - started, "rerank": time.perf_counter() - searched}
    return Found(tuple(hits), seconds)


def reciprocal_rank_fusion(rankings: Iterable[Sequence[str]], k: int = RRF_K) -> list[str]:
    """Ids by the sum of 1 / (k + rank) over the rankings, best first; ties keep first-seen order.

    Cormack, Clarke, Buettcher: Reciprocal Rank Fusion outperforms Condorcet, SIGIR 2009.
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (k + rank)
    return sorted(scores, key=lambda item: -scores[item])


def similarity_score(cosine: float) -> float:
    """A cosine as a score in 0..1, so that the threshold means about the same unreranked.

    With all-MiniLM-L6-v2 few answers lie below a cosine of .35, which gives .14.
    """
    return 1 / (1 + math.exp(-12 * (cosine - 0.5)))


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    article: Article
    ranks: Ranks
    similarity: float  # cosine to the question; 0 if only the lexical search found it
    origin: str


def _candidates(
    question: str, index: Index, embedder: Embedder, settings: Settings, filters: Filters
) -> list[_Candidate]:
    """Fused candidates with their passages and articles, best first."""
    allowed = index.select(filters)
    take, kinds = settings.candidates, filters.kinds
    dense = dict(index.dense(embedder.query(question), take, allowed, kinds=kinds))
    lexical = [item for item, _ in index.lexical(question, take, allowed, kinds=kinds)]
    fused = reciprocal_rank_fusion([list(dense), lexical])[: settings.rerank_depth]
    place = {
        name: {item: rank for rank, item in enumerate(ranking, start=1)}
        for name, ranking in (("dense", list(dense)), ("lexical", lexical), ("fused", fused))
    }
    passages = index.passages(fused)
    ids = {passage.article_id for passage in passages.values()}
    articles, origins = index.articles(ids), index.origins(ids)
    # What another thread has removed from the index since it was found is no longer there.
    there = [item for item in fused if item in passages and passages[item].article_id in articles]
    return [
        _Candidate(
            passages[item],
            articles[passages[item].article_id],
            Ranks(place["dense"].get(item), place["lexical"].get(item), place["fused"][item]),
            dense.get(item, 0.0),
            origins.get(passages[item].article_id, ""),
        )
        for item in there
    ]


def _reranked(
    question: str, candidates: Sequence[_Candidate], reranker: Reranker | None
) -> list[Hit]:
    """Order by the reranker's logit less a little for a low fused rank; without one as fused."""
    if reranker is None:
        return [
            Hit(
                item.passage,
                item.article,
                similarity_score(item.similarity),
                item.ranks,
                item.origin,
            )
            for item in candidates
        ]
    texts = [item.passage.indexed_text for item in candidates]
    asked = [question, *parts(question)]  # a passage may answer one part of a question alone
    logits = np.max([reranker.logits(each, texts) for each in asked], axis=0).tolist()
    order = sorted(range(len(logits)), key=lambda at: RANK_WEIGHT * math.log(1 + at) - logits[at])
    return [
        Hit(
            candidates[at].passage,
            candidates[at].article,
            reranker.probability(logits[at]),
            _with_score(candidates[at].ranks, logits[at]),
            candidates[at].origin,
        )
        for at in order
    ]


def _with_score(ranks: Ranks, logit: float) -> Ranks:
    return Ranks(ranks.dense, ranks.lexical, ranks.fused, logit)
