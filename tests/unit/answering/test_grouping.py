"""Articles that are about the same, and what a group is called."""

import numpy as np

from rag.answering.grouping import grouped


def _near(*directions: int) -> np.ndarray:
    """A unit vector a little off each direction, always the same."""
    made = np.random.default_rng(7).normal(0, 0.05, (len(directions), 16))
    made[np.arange(len(directions)), list(directions)] += 1
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


TITLES = [
    "Super Bowl draws record crowd", "Who won the Super Bowl", "Super Bowl ads ranked",
    "Plane crash in the bay", "Plane crash: what is known",
    "A recipe for soup",
]  # fmt: skip


def test_the_largest_groups_come_first_with_what_sets_them_apart() -> None:
    found = grouped(_near(0, 0, 0, 1, 1, 2), TITLES)
    assert [sorted(group.members) for group in found] == [[0, 1, 2], [3, 4]]
    assert found[0].label.startswith("Super Bowl")
    assert found[1].label.startswith("Plane crash")


def test_nothing_alike_makes_no_group() -> None:
    assert grouped(_near(0, 1, 2), TITLES[:3]) == []
    assert grouped(np.zeros((0, 16), np.float32), []) == []
