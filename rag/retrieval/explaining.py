"""Why a passage was found, and why another was not: `byline search --explain`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.resources import Resources
from rag.retrieval.filters import described
from rag.retrieval.finding import found_for, understand
from rag.retrieval.query import NO_FILTERS, Query
from rag.schema import Article, Filters, LeftOut, Passage, Ranks
from vectorstore.holdings import Chosen
from vectorstore.selecting import Facts, tests_of

_UNSEEN = 100  # articles of a file that are told of
_EVERY = 1_000_000  # more passages than any article has
_LONGEST = 120  # characters of a passage in a line


@dataclass(frozen=True, slots=True)
class Explained:
    """A passage and what became of it: "hit", "repeats …", "filtered: …", "too far down …"."""

    article: Article
    passage: Passage
    ranks: Ranks
    fate: str


def explain(
    question: str,
    resources: Resources,
    *,
    filters: Filters = NO_FILTERS,
    file: str = "",
) -> list[Explained]:
    """Every passage that the search looked at, hits first, then in the fused order.

    What filters kept out is searched for again without them. With `file` (a path, a pattern or a
    folder) only passages of that; if the search looked at none of them, the best one of each of
    its articles, with what it lacked.
    """
    query = understand(question, resources, filters=filters)
    rows = _looked_at(query, resources)
    if query.filters != NO_FILTERS:
        seen = {row.passage.id for row in rows}
        wide = _looked_at(replace(query, filters=NO_FILTERS), resources)
        facts = resources.index.catalogue().facts({row.article.id for row in wide})
        rows += [
            replace(row, fate=f"filtered: not {why}")
            for row in wide
            if row.passage.id not in seen
            and (why := _failed(query.filters, facts.get(row.article.id), row.passage))
        ]
    if not file:
        return rows
    named = resources.index.catalogue().chosen(Filters(files=(file,)))
    among = named.among({row.article.id for row in rows})
    own = [row for row in rows if row.article.id in among]
    return own or list(_unseen(query.text, resources, named))


def text(rows: Sequence[Explained]) -> str:
    """The rows as a table for the terminal."""
    head = f"{'dense':>5} {'lexical':>7} {'fused':>5} {'rerank':>7}  what became of it"
    return "\n".join([head, *map(_line, rows)]) if rows else "Nothing was found."


def row_json(row: Explained) -> dict[str, object]:
    """`byline search --explain --json`: one row."""
    ranks = row.ranks
    score = ranks.rerank_score
    return {
        "file": row.article.path,
        "start": row.passage.start,
        "end": row.passage.end,
        "dense_rank": ranks.dense,
        "lexical_rank": ranks.lexical,
        "fused_rank": ranks.fused,
        "rerank_score": None if score is None else round(score, 4),
        "fate": row.fate,
    }


def _looked_at(query: Query, resources: Resources) -> list[Explained]:
    found = found_for(query, resources)
    shown = resources.settings.passages
    hits = [
        Explained(
            hit.article,
            hit.passage,
            hit.ranks,
            f"hit {place}" if place <= shown else f"hit {place}, beyond the {shown} answered from",
        )
        for place, hit in enumerate(found.hits, start=1)
    ]
    return [*hits, *_rest(found.left_out, resources)]


def _rest(left_out: Sequence[LeftOut], resources: Resources) -> Iterator[Explained]:
    """What was found and is no hit: copies, and what is too far down."""
    index, depth = resources.index, resources.settings.rerank_depth
    originals = index.passages(item.repeats for item in left_out if item.repeats)
    ids = {passage.article_id for passage in originals.values()}
    articles = index.articles(ids | {item.passage.article_id for item in left_out})
    for item in left_out:
        article = articles.get(item.passage.article_id)
        if article is None:
            continue  # removed by another thread meanwhile
        original = originals.get(item.repeats)
        fate = f"too far down: the best {depth} are reranked"
        if item.repeats:
            source = articles[original.article_id].path if original else "a better hit"
            fate = f"a copy of {source}, folded"
        yield Explained(article, item.passage, item.ranks, fate)


def _failed(filters: Filters, facts: Facts | None, passage: Passage) -> str:
    """The filters that this passage does not pass, in words; empty if it passes all."""
    if facts is None:
        return ""
    of_article = replace(filters, kinds=())
    failed = [name for name, test in tests_of(of_article).items() if not test(facts)]
    if filters.kinds and passage.kind not in filters.kinds:
        failed.append("kinds")
    fields = {"dates": ("since", "until")}
    kept = {field for name in failed for field in fields.get(name, (name,))}
    only = replace(
        NO_FILTERS, **{field: getattr(filters, field) for field in kept}
    )  # the same filters without those that it passes
    return described(only)


def _unseen(question: str, resources: Resources, named: Chosen) -> Iterator[Explained]:
    """The best passage of each article that no search took, and what it lacked."""
    index, take = resources.index, resources.settings.candidates
    vector = resources.embedder.query(question)
    near, worded = index.dense(vector, take), index.lexical(question, take)
    for item in named.facts("path", _UNSEEN):
        article_id, alone = item.id, named.these([item.id])
        own = index.dense(vector, 1, alone)
        if not own:
            continue
        words = dict(index.lexical(question, _EVERY, alone))
        passage = index.passages([own[0][0]])[own[0][0]]
        lacked = (
            f"not found: cosine {own[0][1]:.2f} (the {len(near)}th nearest has {near[-1][1]:.2f}), "
            f"words {max(words.values(), default=0.0):.1f} "
            f"(the {len(worded)}th best has {worded[-1][1] if worded else 0.0:.1f})"
        )
        yield Explained(index.articles([article_id])[article_id], passage, Ranks(), lacked)


def _line(row: Explained) -> str:
    ranks = row.ranks
    score = "–" if ranks.rerank_score is None else f"{ranks.rerank_score:.2f}"
    places = [str(rank or "–") for rank in (ranks.dense, ranks.lexical, ranks.fused)]
    words = " ".join(row.passage.text.split())[:_LONGEST]
    where = f"{row.article.path} {row.passage.start}-{row.passage.end}"
    return (
        f"{places[0]:>5} {places[1]:>7} {places[2]:>5} {score:>7}  {row.fate}\n"
        f"{'':29}{where}: {words}"
    )
