"""How long an ingest still takes, and how that is said."""

from __future__ import annotations

import pytest

from rag.indexing.pace import Pace, time_left


def test_what_waits_to_be_encoded_counts_once_all_is_read() -> None:
    pace = Pace()
    pace.queued(400)
    pace.read(10, 2.0)
    assert pace.left(0) is None  # nothing was encoded yet
    pace.encoded(100, 5.0)
    assert pace.left(0) == pytest.approx(300 * 0.05)


def test_files_to_come_are_read_and_encoded_like_those_before() -> None:
    pace = Pace()
    pace.queued(100)
    pace.read(10, 2.0)
    pace.encoded(100, 5.0)
    assert pace.left(20) == pytest.approx((100 - 100 + 200) * 0.05)
    pace.read(10, 10.0)  # reading takes longer
    assert pace.left(20) == pytest.approx(20 * 1.0)


def test_a_moments_work_tells_nothing() -> None:
    pace = Pace()
    assert pace.left(3) is None
    pace.read(1, 0.5)
    assert pace.left(3) is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (2.0, "a few seconds left"),
        (42.0, "about 40 seconds left"),
        (170.0, "about 3 minutes left"),
        (7300.0, "about 2 hours left"),
    ],
)
def test_time_left_is_said_roughly(seconds: float | None, said: str) -> None:
    assert time_left(seconds) == said
