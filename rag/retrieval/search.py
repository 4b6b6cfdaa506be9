"""Question -> Hits: dense and lexical search, fused, copies folded, reranked.

`search` puts the steps in order. How scores become a ranking is in `rag.retrieval.fusion`.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from rag.models.embedding import Embedder
from rag.models.reranking import Reranker
from rag.retrieval.excerpts import Excerpt, locate, runs, share, shared
from rag.retrieval.fusion import covering, fused, ranked, similarity_score
from rag.retrieval.query import Boosts, Query
from rag.schema import Article, Filters, Hit, LeftOut, Passage, Quote, Ranks
from rag.text.injection import passage_warning
from vectorstore.index import Index
from vectorstore.looked_up import Candidates
from vectorstore.selecting import Facts, passing_paths, tests_of

# Weights on the scale of the fused score (cosine + BM25 + article, each 0..1); measured, as is
# the order of the steps: see benchmarks/LOG.md.
NAMED = 0.2  # for an article of an outlet, or of a day, that the question names; or by an author
RECENT = 0.1  # less for each year of age, if the question asks for what is recent
FUSED_WEIGHT = 1.5  # of the fused score beside the reranker's logit
OLDEST = 6.0  # years: what is older counts as so old
# Reranking a passage takes as long as all else that a question does to it, many times over.
_FIRST, _NEXT = 8, 4  # passages reranked at first, and then as often as needed
NEAR = 2.5  # passages whose logit is so close to the best one's are read for sentences
_SELDOM = -1.5  # a logit that few passages so far down have
# A passage repeats another, of a near-copy, if it shares this much of its runs of words.
REPEATED = 0.6
_COVERED_FROM = 30  # passages that a composite question's ranking is made from
_COVERING = 8  # hits of which one shall hold many of the question's words
_QUOTED_FROM = 60  # passages looked at for words that the question quotes
# Whoever repeats words repeats more of a passage's than this share: of a question's nine runs of
# four words one stands somewhere by chance ("the president of the").
_BY_CHANCE = 0.12
_FEW_RUNS, _RUNS_OF_A_PASSAGE = 12, 100


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first; what else was found and why it is no hit; seconds by step.

    `quotes`: where words of the question stand in articles, if it repeats any. `coverage` (0..1):
    the share of the question's words, the rare ones counting more, that the one of the first hits
    with most of them holds. `nearest`: the greatest cosine of a passage with the question.
    `unknown`: names of the question that no article of the index has.
    `parts`: of a question with several, what was found for each.
    """

    hits: tuple[Hit, ...]
    seconds: Mapping[str, float]
    left_out: tuple[LeftOut, ...] = ()
    quotes: tuple[Quote, ...] = ()
    coverage: float = 0.0
    nearest: float = 0.0
    unknown: tuple[str, ...] = ()
    parts: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    ranks: Ranks
    score: float  # fused, with what the question's names and dates add
    cosine: float  # to the question; 0 if only the lexical search found it
    origin: str
    repeats: str = ""  # id of the better passage that this is a copy of


def search(
    query: Query,
    *,
    index: Index,
    embedder: Embedder,
    reranker: Reranker | None,
    candidates: int,
    depth: int,
    read: int = 0,
) -> Found:
    """The best passages for `query`, at most `depth`, of so many `candidates` of either search.

    With `read`, where no more than the first so many are read, reranking ends once what is left
    would hardly be among them: it then follows in the order of the first stage.
    """
    started = time.perf_counter()
    looked_at = _folded(_candidates(query, index, embedder, candidates))
    kept = list(islice((item for item in looked_at if not item.repeats), depth))
    articles = _read({item.passage.article_id for item in kept}, query.filters, index)
    # What another thread has removed from the index since it was found is no longer there.
    kept = [item for item in kept if item.passage.article_id in articles]
    searched = time.perf_counter()
    hits = _reranked(query, kept, articles, reranker, read)
    reranked = time.perf_counter()
    quotes = _quotes(query, looked_at, articles, index)
    hits = _quoted_first(hits, quotes)[:depth]
    shown = {hit.passage.id for hit in hits}
    left_out = tuple(
        LeftOut(item.passage, item.ranks, item.repeats)
        for item in looked_at
        if item.passage.id not in shown
    )
    coverage = _coverage(query.text, hits[:_COVERING], index)
    seconds = {
        "search": searched - started + time.perf_counter() - reranked,
        "rerank": reranked - searched,
    }
    nearest = max((item.cosine for item in looked_at), default=0.0)
    unknown = tuple(name for name in query.names if index.lacks(name))
    return Found(tuple(hits), seconds, left_out, quotes, coverage, nearest, unknown)


def _read(ids: Collection[str], filters: Filters, index: Index) -> dict[str, Article]:
    """Articles by their ids; one that several files hold under a path that the filter lets pass."""
    articles = index.articles(ids)
    if not filters.files:
        return articles
    return {
        id_: replace(article, path=next(passing_paths(index.files_of(id_), filters), article.path))
        for id_, article in articles.items()
    }


# --- finding


def _candidates(query: Query, index: Index, embedder: Embedder, take: int) -> list[_Candidate]:
    """Every passage that either search found, best first."""
    allowed = index.catalogue().chosen(replace(query.filters, kinds=()))
    kinds = query.filters.kinds
    vector = embedder.query(query.text)
    found = index.candidates(query.text, vector, take, allowed, kinds)
    article_of = {item: passage.article_id for item, passage in found.passages.items()}
    scores = fused(found.dense, found.lexical, found.whole, article_of)
    if query.boosts != Boosts():
        facts = index.catalogue().facts(set(article_of.values()))
        bonus = {each: _bonus(item, query.boosts, query.now) for each, item in facts.items()}
        scores = {item: score + bonus.get(article_of[item], 0.0) for item, score in scores.items()}
    order = ranked(scores)
    if query.composite:
        order = _covering(query.text, order, scores, found, index)
    dense, lexical, place = (
        {item: rank for rank, item in enumerate(ranking, start=1)}
        for ranking in (found.dense, found.lexical, order)
    )
    return [
        _Candidate(
            found.passages[item],
            Ranks(dense.get(item), lexical.get(item), place[item]),
            scores[item],
            found.dense.get(item, 0.0),
            found.origins.get(article_of[item], ""),
        )
        for item in order
    ]


def _bonus(facts: Facts, boosts: Boosts, now: date | None) -> float:
    """What the question's words about outlet, author, day and recency add for an article."""
    named = [Filters(outlets=boosts.outlets), Filters(authors=boosts.authors)]
    days = [Filters(since=since, until=until) for since, until in boosts.dates]
    of_names = sum(_passes(facts, each) for each in named)
    of_a_day = any(_passes(facts, each) for each in days)
    return NAMED * (of_names + of_a_day) - RECENT * _age(facts, now) * boosts.recent


def _passes(facts: Facts, filters: Filters) -> bool:
    """Whether the article passes the one filter that is set; False if none is."""
    return any(test(facts) for test in tests_of(filters).values())


def _age(facts: Facts, now: date | None) -> float:
    """Years before `now`, 0 to OLDEST; half of that for an article without date."""
    if facts.published is None or now is None:
        return OLDEST / 2
    return min((now - facts.published).days / 365.25, OLDEST)


def _covering(
    question: str,
    order: Sequence[str],
    scores: Mapping[str, float],
    found: Candidates,
    index: Index,
) -> list[str]:
    """`order` with its first passages chosen to cover the question's words together."""
    rarity = index.rarity(index.words(question))
    head = list(order[:_COVERED_FROM])
    best = max(found.lexical.values(), default=1.0)
    return [
        *covering(
            head,
            rarity,
            {item: frozenset(index.words(found.passages[item].indexed_text)) for item in head},
            {item: scores[item] - found.lexical.get(item, 0.0) / best for item in head},
        ),
        *order[_COVERED_FROM:],
    ]


def _coverage(question: str, hits: Sequence[Hit], index: Index) -> float:
    rarity = index.rarity(index.words(question))
    held = [
        sum(rarity[word] for word in rarity.keys() & set(index.words(hit.passage.indexed_text)))
        for hit in hits
    ]
    return max(held, default=0.0) / (sum(rarity.values()) or 1.0)


def _folded(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Mark what repeats, in a near-copy of its article, a passage that ranks higher."""
    marked: list[_Candidate] = []
    articles = {(item.origin, item.passage.article_id) for item in candidates if item.origin}
    copied = Counter(origin for origin, _ in articles)
    by_origin: dict[str, list[tuple[Passage, frozenset[tuple[str, ...]]]]] = {}
    for item in candidates:
        if copied[item.origin] < 2:  # nothing else is a near-copy of its article
            marked.append(item)
            continue
        own, better = runs(item.passage.text), by_origin.setdefault(item.origin, [])
        repeated = (
            other.id
            for other, held in better
            if other.article_id != item.passage.article_id and shared(own, held) >= REPEATED
        )
        marked.append(replace(item, repeats=next(repeated, "")))
        better.append((item.passage, frozenset(own)))
    return marked


# --- reranking


def _reranked(
    query: Query,
    candidates: Sequence[_Candidate],
    articles: Mapping[str, Article],
    reranker: Reranker | None,
    read: int,
) -> list[Hit]:
    """Order by the reranker's logit and the fused score; without a reranker as fused.

    So is a composite question, of which a passage answers a part only: the reranker, which asks
    whether a passage answers the question, then ranks worse than its words do.
    """
    if reranker is None or not candidates:
        return [_hit(item, articles, similarity_score(item.cosine)) for item in candidates]
    logits = _logits(query, candidates, reranker, read)
    hits = [
        _hit(item, articles, reranker.probability(logit), logit)
        for item, logit in zip(candidates, logits, strict=False)
    ]
    least = min(hit.score for hit in hits)
    rest = [
        _hit(item, articles, min(least, similarity_score(item.cosine)))
        for item in candidates[len(hits) :]
    ]
    if query.composite:
        return [*hits, *rest]
    scores = [
        logit + FUSED_WEIGHT * item.score for item, logit in zip(candidates, logits, strict=False)
    ]
    return [*(hits[at] for at in sorted(range(len(hits)), key=lambda at: -scores[at])), *rest]


def _logits(
    query: Query, candidates: Sequence[_Candidate], reranker: Reranker, read: int
) -> list[float]:
    """The reranker's, of the first of them: of all without `read`."""
    most = len(candidates)
    if read and query.composite:  # the order is known already
        most = min(most, read)
    step = max(_FIRST, read) if read and not query.each else most
    logits: list[float] = []
    while len(logits) < most and not (logits and _is_clear(candidates, logits)):
        texts = [item.passage.indexed_text for item in candidates[len(logits) : most][:step]]
        logits += reranker.logits(query.text, texts).tolist()
        step = _NEXT
    return logits


def _is_clear(candidates: Sequence[_Candidate], logits: Sequence[float]) -> bool:
    """Whether the next would need a logit such as they seldom have to come near the best."""
    best = max(
        logit + FUSED_WEIGHT * item.score for item, logit in zip(candidates, logits, strict=False)
    )
    return best - NEAR - FUSED_WEIGHT * candidates[len(logits)].score >= _SELDOM


def _hit(
    item: _Candidate, articles: Mapping[str, Article], score: float, logit: float | None = None
) -> Hit:
    ranks = replace(item.ranks, rerank_score=logit)
    article = articles[item.passage.article_id]
    warning = passage_warning(article, item.passage)
    return Hit(item.passage, article, score, ranks, item.origin, warning)


# --- quoted words


def _quotes(
    query: Query,
    candidates: Sequence[_Candidate],
    articles: Mapping[str, Article],
    index: Index,
) -> tuple[Quote, ...]:
    """Where the words that the question repeats stand, the article with most of them first."""
    asked = query.excerpt
    if asked is None:
        return ()
    least = _of_a_passage(asked)
    near = [
        item for item in candidates[:_QUOTED_FROM] if share(asked.words, item.passage.text) > least
    ]
    missing = {item.passage.article_id for item in near} - set(articles)
    known = {**articles, **_read(missing, query.filters, index)}
    found: dict[str, Quote] = {}
    for item in near:
        article = known.get(item.passage.article_id)
        if article is None or article.id in found:
            continue
        place = locate(asked, article.text)
        if place is not None:
            hit = _holding(near, article, item, place.start)
            found[article.id] = Quote(hit, place.start, place.end, place.share, asked.alone)
    return tuple(sorted(found.values(), key=lambda quote: -quote.share))


def _of_a_passage(asked: Excerpt) -> float:
    """The share of the words that one passage holds where its article holds enough of them.

    They may run over two passages, over more if they are many. Of few, a cut may leave hardly any.
    """
    count = len(asked.words.runs)
    if count < _FEW_RUNS:
        return _BY_CHANCE
    return max(_BY_CHANCE, asked.least / (2.5 + count // _RUNS_OF_A_PASSAGE))


def _holding(near: Sequence[_Candidate], article: Article, first: _Candidate, start: int) -> Hit:
    """The passage of `article`, among those found, that holds `start`; else the first of them."""
    own = (item for item in near if item.passage.article_id == article.id)
    held = next((i for i in own if i.passage.start <= start < i.passage.end), first)
    return _hit(held, {article.id: article}, 1.0)


def _quoted_first(hits: Sequence[Hit], quotes: Sequence[Quote]) -> list[Hit]:
    """`hits` behind the passages that hold the question's own words."""
    scored = {hit.passage.id: hit for hit in hits}
    front = [
        replace(quote.hit, score=quote.share, ranks=_ranks(quote.hit, scored)) for quote in quotes
    ]
    ahead = {hit.passage.id for hit in front}
    return [*front, *(hit for hit in hits if hit.passage.id not in ahead)]


def _ranks(hit: Hit, scored: Mapping[str, Hit]) -> Ranks:
    same = scored.get(hit.passage.id)
    return same.ranks if same else hit.ranks
