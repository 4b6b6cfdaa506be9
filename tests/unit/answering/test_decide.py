"""The decision to answer, from made-up hits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.candidates import Extract
from rag.answering.decide import (
    COMPOSITE,
    SIMPLE,
    Decision,
    Features,
    chance,
    decide,
    described,
    missing_names,
)
from rag.answering.evidence import Evidence
from rag.answering.refusal import Lack
from rag.retrieval.search import Found
from rag.schema import Hit, Scope
from tests.unit.building import article, hit, query

TEXT = "Russian tanks were seen near Latakia. Josh Earnest of the White House warned Moscow."
PLAIN = Features(0.0, 0.5, 0.4, 2.0, 0.0, 0.0, 0.0)


def tanks() -> Hit:
    return hit(article(TEXT, title="Tanks"), header="Tanks")


def found(coverage: float = 0.5) -> Found:
    return Found((tanks(),), {}, coverage=coverage)


def decided(
    question: str, there: Found, *extracts: Extract, articles: int = 10, composite: bool = False
) -> Decision:
    asked = replace(query(question), scope=Scope(articles, articles), composite=composite)
    return decide(asked, Evidence(there, there.hits, extracts=extracts), 0.5)


def likely(decision: Decision) -> float:
    assert decision.chance is not None
    return decision.chance


def extract(chance: float) -> Extract:
    return Extract(tanks(), 0, 37, 1, 0.0, chance)


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
    assert missing_names(query(question).names, [tanks()]) == missing


def test_a_name_that_no_article_has_is_told_and_weighs() -> None:
    known = decided("Where were the tanks seen?", found(), extract(0.6))
    there = replace(found(), unknown=("Angela Merkel",))
    strange = decided("Where did Angela Merkel see the tanks?", there, extract(0.6))
    assert strange.lacking == (Lack("name", "Angela Merkel"),)
    # What other articles may mention is not said to be mentioned by none.
    elsewhere = decided("Where did Angela Merkel see the tanks?", found(), extract(0.6))
    assert elsewhere.lacking == ()
    assert likely(elsewhere) == likely(strange)
    assert known.lacking == ()
    assert likely(strange) < likely(known) / 4


def test_better_words_are_likelier_and_nothing_found_is_hardly_likely() -> None:
    weak, strong = (likely(decided("Where?", found(), extract(p))) for p in (0.2, 0.8))
    assert likely(decided("Where?", Found((), {}))) < weak < strong


def test_without_words_that_answer_there_is_no_answer() -> None:
    assert not decided("Where?", found(1.0)).answers


def test_a_composite_question_is_weighed_by_what_its_passages_cover() -> None:
    low, high = (
        likely(decided("Where?", found(share), extract(0.3), composite=True))
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
    for name in ("missing", "strangers"):
        assert chance(replace(features, **{name: 1.0}), weights) <= whole


def test_weights_and_features_match() -> None:
    assert len(SIMPLE) == len(COMPOSITE) == len(Features.__slots__) + 1


def test_the_best_extract_counts() -> None:
    asked = replace(query("Where?"), scope=Scope(100, 100))
    features, _ = described(asked, Evidence(found(), (), extracts=(extract(0.5), extract(0.2))))
    assert features.log_odds == pytest.approx(0)
    assert features.articles == pytest.approx(2)
