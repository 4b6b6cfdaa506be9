"""Intervals and tests against formulas."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluation.significance import Part, interval, significance

shares = st.lists(st.booleans(), min_size=2, max_size=30)


def parts(values: list[bool] | list[float]) -> list[Part]:
    return [(float(value), 1.0) for value in values]


def test_where_all_are_alike_it_is_wilsons() -> None:
    # Wilson's lower end for n of n is n / (n + z²), z the 97.5 % point of the normal.
    low, high = interval(parts([True] * 18))
    assert (low, high) == (pytest.approx(18 / (18 + 1.959964**2), abs=1e-4), 1.0)
    assert interval(parts([False] * 18)) == (0.0, pytest.approx(1 - 18 / (18 + 3.841459), abs=1e-4))
    assert interval(parts([0.25, 0.25])) == (None, None)


def test_it_is_near_the_normal_interval_of_many() -> None:
    low, high = interval(parts([True] * 300 + [False] * 100))
    half = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert low == pytest.approx(0.75 - half, abs=0.006)
    assert high == pytest.approx(0.75 + half, abs=0.006)


@settings(max_examples=40)
@given(shares)
def test_it_holds_the_figure_and_is_the_same_again(values: list[bool]) -> None:
    low, high = interval(parts(values))
    assert low is not None
    assert high is not None
    assert 0 <= low <= sum(values) / len(values) <= high <= 1
    assert interval(parts(values)) == (low, high)


def test_a_ratio_weighs_questions_by_what_they_count() -> None:
    low, high = interval([(9.0, 10.0), (0.0, 1.0)])
    assert (low, high) == (0.0, 0.9)


@pytest.mark.parametrize(
    ("won", "lost", "p"),
    # Twice the binomial tail: 2 · (1/2)^6 · 1, and 2 · (1 + 8) / 2^8.
    [(6, 0, 2 / 64), (7, 1, 2 * 9 / 256), (0, 0, 1.0), (3, 3, 1.0)],
)
def test_mcnemar_by_hand(won: int, lost: int, p: float) -> None:
    before = [False] * won + [True] * lost + [True] * 5
    now = [True] * won + [False] * lost + [True] * 5
    got, test = significance(parts(before), parts(now))
    assert test == "McNemar"
    assert got == pytest.approx(p, rel=0.01)


def test_the_permutation_test_by_hand() -> None:
    # Of the 2^4 ways to swap, two are as far from zero as this one.
    before, now = [0.1, 0.2, 0.3, 0.4], [0.2, 0.4, 0.6, 0.8]
    assert significance(parts(before), parts(now)) == (pytest.approx(2 / 16), "permutation")
    assert significance(parts(before), parts(before)) == (1.0, "permutation")
