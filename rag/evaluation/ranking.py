"""Rankings of files against the files that answer: hit@k, recall@k, MRR, nDCG, by ir-measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

CUTOFFS = (1, 3, 5, 10)
# Our names for the measures of ir-measures.
MEASURES = {
    **{f"hit@{k}": f"Success@{k}" for k in CUTOFFS},
    "recall@5": "R@5",
    "recall@10": "R@10",
    "mrr@10": "RR@10",
    "ndcg@10": "nDCG@10",
}


def ranking_values(
    rankings: Sequence[Sequence[str]], relevant: Sequence[Iterable[str]]
) -> list[dict[str, float]]:
    """Each measure for each question: `rankings[i]`, best first, against `relevant[i]`.

    A question with nothing found has 0. Raises ValueError for one without relevant files: it has
    no value.
    """
    import ir_measures

    golds = [sorted(set(items)) for items in relevant]
    if not all(golds):
        raise ValueError("a question without relevant files cannot be measured")
    ids = [f"{at:06d}" for at in range(len(golds))]
    qrels = [
        ir_measures.Qrel(q, item, 1) for q, items in zip(ids, golds, strict=True) for item in items
    ]
    run = [
        ir_measures.ScoredDoc(q, item, -float(rank))
        for q, items in zip(ids, rankings, strict=True)
        for rank, item in enumerate(items)
    ]
    names = {ir_measures.parse_measure(theirs): ours for ours, theirs in MEASURES.items()}
    got = {
        (names[value.measure], value.query_id): float(value.value)
        for value in ir_measures.iter_calc(list(names), qrels, run)
    }
    return [{name: got.get((name, q), 0.0) for name in MEASURES} for q in ids]
