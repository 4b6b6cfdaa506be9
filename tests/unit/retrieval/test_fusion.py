"""From the scores of three searches to one ranking."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import (
    ARTICLE_WEIGHT,
    NEAR_WEIGHT,
    UNSEEN,
    covering,
    fused,
    ranked,
    similarity_score,
)

IDS = st.sampled_from("abcdef")
COSINES = st.dictionaries(IDS, st.floats(0.1, 1), max_size=6)
BM25 = st.dictionaries(IDS, st.floats(0.1, 40), max_size=6)
ARTICLES = {item: item.upper() for item in "abcdef"}


def test_a_worked_example() -> None:
    scores = fused({"a": 0.8, "b": 0.5}, {"b": 10.0, "c": 5.0}, {"C": 4.0, "A": 2.0}, ARTICLES)
    floor = UNSEEN * 0.5
    assert scores == {
        "a": pytest.approx(0.8 + 0 + ARTICLE_WEIGHT * 0.5 + NEAR_WEIGHT * (0.8 + 2 * floor) / 3),
        "b": pytest.approx(0.5 + 1 + 0 + NEAR_WEIGHT * (0.5 + 2 * floor) / 3),
        "c": pytest.approx(floor + 0.5 + ARTICLE_WEIGHT + NEAR_WEIGHT * floor),
    }
    assert ranked(scores) == ["b", "c", "a"]


def test_an_article_with_several_near_passages_gains() -> None:
    one, many = {"a": "A", "b": "B"}, {"a": "A", "b": "B", "c": "B", "d": "B"}
    alone = fused({"a": 0.7, "b": 0.7}, {}, {}, one)
    assert alone["a"] == alone["b"]
    joined = fused({"a": 0.7, "b": 0.7, "c": 0.6, "d": 0.6}, {}, {}, many)
    assert joined["b"] > joined["a"]


@given(COSINES, BM25)
def test_everything_found_is_scored_once_and_nothing_else(
    dense: dict[str, float], lexical: dict[str, float]
) -> None:
    scores = fused(dense, lexical, {}, ARTICLES)
    assert set(scores) == set(dense) | set(lexical)
    assert all(math.isfinite(score) for score in scores.values())
    assert sorted(ranked(scores)) == sorted(scores)


@given(COSINES, BM25, st.floats(0.5, 50))
def test_the_scale_of_bm25_does_not_matter(
    dense: dict[str, float], lexical: dict[str, float], scale: float
) -> None:
    scaled = {item: score * scale for item, score in lexical.items()}
    assert fused(dense, scaled, {}, ARTICLES) == pytest.approx(fused(dense, lexical, {}, ARTICLES))


@given(COSINES, BM25)
def test_better_in_both_is_better_fused(dense: dict[str, float], lexical: dict[str, float]) -> None:
    scores = fused(dense, lexical, {}, ARTICLES)
    both = [item for item in dense if item in lexical]
    for a in both:
        for b in both:
            if dense[a] >= dense[b] and lexical[a] >= lexical[b]:
                assert scores[a] >= scores[b] - 1e-9


def test_what_another_thread_removed_is_left_out() -> None:
    assert fused({"a": 0.5, "gone": 0.9}, {}, {}, ARTICLES).keys() == {"a"}


def test_the_next_passage_is_the_one_with_the_other_half_of_the_question() -> None:
    rarity = {"tariff": 1.0, "steel": 1.0, "strike": 1.5}
    words = {"both": {"tariff", "steel"}, "same": {"tariff", "steel"}, "other": {"strike"}}
    nothing = dict.fromkeys(words, 0.0)
    # the two words of "same" are covered, and count COVERED each: 1.2 against 1.5
    assert covering(["both", "same", "other"], rarity, words, nothing) == ["both", "other", "same"]
    # but the order stays if the other half tells little
    plain = {**rarity, "strike": 1.0}
    assert covering(["both", "same", "other"], plain, words, nothing) == ["both", "same", "other"]


@given(st.permutations("abcdef"), st.dictionaries(IDS, st.floats(0, 1)))
def test_covering_only_reorders(order: list[str], bonus: dict[str, float]) -> None:
    words = {item: {item} for item in order}
    extra = {item: bonus.get(item, 0.0) for item in order}
    assert sorted(covering(order, dict.fromkeys(order, 1.0), words, extra)) == sorted(order)


@given(st.permutations("abcdef"))
def test_without_words_the_bonus_decides(order: list[str]) -> None:
    bonus = {item: 1 - place / 10 for place, item in enumerate(order)}
    assert covering(order, {}, {item: set() for item in order}, bonus) == list(order)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_nearer_passage_scores_higher(a: float, b: float) -> None:
    assert 0 < similarity_score(a) < 1
    assert (similarity_score(a) <= similarity_score(b)) or a > b
