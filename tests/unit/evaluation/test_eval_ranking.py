"""The ranking measures against a second library, and one case by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluation.ranking import ranking_values

FILES = [f"{letter}.txt" for letter in "abcdefghijklmn"]
cases = st.lists(
    st.tuples(
        st.lists(st.sampled_from(FILES), unique=True),
        st.lists(st.sampled_from(FILES), unique=True, min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=6,
)


def test_by_hand() -> None:
    # The sources a and b stand at ranks 2 and 6, c is not found.
    found = [["x", "a", "y", "z", "v", "b"]]
    (values,) = ranking_values(found, [["a", "b", "c"]])
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert values == pytest.approx(
        {
            "hit@1": 0.0, "hit@3": 1.0, "hit@5": 1.0, "hit@10": 1.0,
            "recall@5": 1 / 3, "recall@10": 2 / 3, "mrr@10": 1 / 2,
            "ndcg@10": (1 / math.log2(3) + 1 / math.log2(7)) / ideal,
        }
    )  # fmt: skip


def test_nothing_found_is_a_miss_and_nothing_wanted_is_refused() -> None:
    (values,) = ranking_values([[]], [["a"]])
    assert set(values.values()) == {0.0}
    with pytest.raises(ValueError, match="without relevant"):
        ranking_values([["a"]], [[]])


@settings(max_examples=30)
@given(cases)
def test_against_sentence_transformers(found: list[tuple[list[str], list[str]]]) -> None:
    """Its evaluator of retrieval has formulas of its own."""
    from sentence_transformers.sentence_transformer.evaluation import (
        InformationRetrievalEvaluator,
    )

    ids = [str(at) for at in range(len(found))]
    theirs = InformationRetrievalEvaluator(
        queries=dict.fromkeys(ids, "?"),
        corpus=dict.fromkeys(FILES, "text"),
        relevant_docs={q: set(gold) for q, (_, gold) in zip(ids, found, strict=True)},
        mrr_at_k=[10],
        ndcg_at_k=[10],
        accuracy_at_k=[1, 3, 5, 10],
        precision_recall_at_k=[5, 10],
        map_at_k=[10],
    ).compute_metrics(
        [
            [{"corpus_id": item, "score": -float(rank)} for rank, item in enumerate(ranking)]
            for ranking, _ in found
        ]
    )
    ours = ranking_values([ranking for ranking, _ in found], [gold for _, gold in found])

    def mean(name: str) -> float:
        return sum(item[name] for item in ours) / len(ours)

    for k in (1, 3, 5, 10):
        assert mean(f"hit@{k}") == pytest.approx(theirs["accuracy@k"][k])
    for k in (5, 10):
        assert mean(f"recall@{k}") == pytest.approx(theirs["recall@k"][k])
    assert mean("mrr@10") == pytest.approx(theirs["mrr@k"][10])
    assert mean("ndcg@10") == pytest.approx(theirs["ndcg@k"][10])
