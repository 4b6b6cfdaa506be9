"""The decision to answer, from made-up hits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.decide import (
    COMPOSITE,
    SIMPLE,
    Features,
    chance,
    described,
    missing_names,
    verdict,
)
from rag.answering.extractive import Extract
from rag.retrieval.search import Found
from rag.schema import Hit
from tests.unit.building import article, hit

TEXT = "Russian tanks were seen near Latakia. Josh Earnest of the White House warned Moscow."
PLAIN = Features(0.0, 0.5, 0.4, 2.0, 0.0, 0.0, 0.0, 0.0)


def tanks() -> Hit:
    return hit(article(TEXT, title="Tanks"), header="Tanks")


def found(coverage: float = 0.5, *, composite: bool = False) -> Found:
    return Found((tanks(),), {}, coverage=coverage, composite=composite)


def extract(likely: float) -> Extract:
    return Extract(tanks(), 0, 37, 1, 0.0, likely)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What did Angela Merkel say about tanks near Latakia?", ["Angela Merkel"]),
        ("What did Josh Earnest say?", []),
        ("What does Russia say?", []),
        ("What did the UN say?", []),
    ],
)
def test_missing_names(question: str, missing: list[str]) -> None:
    assert missing_names(question, [tanks()]) == missing


def test_a_name_that_no_article_has_is_told_and_weighs() -> None:
    known = verdict("Where were the tanks seen?", found(), [extract(0.6)], 10)
    strange = verdict("Where did Angela Merkel see the tanks?", found(), [extract(0.6)], 10)
    assert "mentions Angela Merkel" in strange.lacking
    assert known.lacking == ()
    assert strange.chance < known.chance / 4


def test_better_words_are_likelier_and_nothing_found_is_hardly_likely() -> None:
    weak, strong = (verdict("Where?", found(), [extract(p)], 10).chance for p in (0.2, 0.8))
    assert verdict("Where?", Found((), {}), [], 10).chance < weak < strong


def test_a_composite_question_is_weighed_by_what_its_passages_cover() -> None:
    low, high = (
        verdict("Where?", found(share, composite=True), [extract(0.3)], 10).chance
        for share in (0.05, 0.5)
    )
    assert low < 0.3 < high


@given(st.floats(-7, 7), st.floats(0, 1), st.floats(0, 6), st.sampled_from([SIMPLE, COMPOSITE]))
def test_the_chance_is_one_and_falls_with_what_is_missing(
    odds: float, coverage: float, articles: float, weights: tuple[float, ...]
) -> None:
    features = replace(PLAIN, log_odds=odds, coverage=coverage, articles=articles)
    whole = chance(features, weights)
    assert 0 < whole < 1
    for name in ("missing", "doubtful", "strangers"):
        assert chance(replace(features, **{name: 1.0}), weights) <= whole


def test_weights_and_features_match() -> None:
    assert len(SIMPLE) == len(COMPOSITE) == len(Features.__slots__) + 1


def test_the_best_extract_counts() -> None:
    features, _ = described("Where?", found(), [extract(0.5), extract(0.2)], 100)
    assert features.log_odds == pytest.approx(0)
    assert features.articles == pytest.approx(2)
