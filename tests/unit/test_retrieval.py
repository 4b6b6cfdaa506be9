from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval import RRF_K, reciprocal_rank_fusion

RANKING = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


def test_a_worked_example() -> None:
    # 1/61 + 1/62 = .03252 for both a and b; c 1/63 + 1/63 = .03175
    assert reciprocal_rank_fusion([["a", "b", "c"], ["b", "a", "c"]]) == ["a", "b", "c"]
    # found by both, though never first, beats found first by one alone
    assert reciprocal_rank_fusion([["x", "m"], ["y", "m"]])[0] == "m"


@given(st.lists(RANKING, max_size=3))
def test_agrees_with_the_formula(rankings: list[list[str]]) -> None:
    fused = reciprocal_rank_fusion(rankings)
    score = {
        item: sum(1 / (RRF_K + r.index(item) + 1) for r in rankings if item in r) for item in fused
    }
    assert sorted(fused) == sorted({item for ranking in rankings for item in ranking})
    assert all(score[a] >= score[b] - 1e-12 for a, b in zip(fused, fused[1:], strict=False))


@given(RANKING)
def test_one_ranking_stays_as_it_is(ranking: list[str]) -> None:
    assert reciprocal_rank_fusion([ranking]) == ranking
