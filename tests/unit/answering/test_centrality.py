import numpy as np

from rag.answering.centrality import Floats, lexrank, spread


def unit(*rows: tuple[float, ...]) -> Floats:
    found = np.asarray(rows, np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_the_sentence_like_most_others_is_central() -> None:
    rank = lexrank(unit((1, 0.1, 0), (1, 0, 0.1), (1, 0.1, 0.1), (0, 0, 1)))

    assert rank.argmax() == 2
    assert rank.argmin() == 3
    assert lexrank(np.zeros((0, 3), np.float32)).size == 0


def test_what_says_the_same_is_never_taken_twice() -> None:
    vectors = unit((1, 0), (1, 0.01), (0, 1))

    assert spread(np.array([1.0, 0.9, 0.1], np.float32), vectors, most=3) == [0, 2]


def test_what_leans_on_another_comes_only_after_it() -> None:
    vectors = unit((1, 0, 0), (0, 1, 0), (0, 0, 1))
    worth = np.array([0.1, 1.0, 0.5], np.float32)

    assert spread(worth, vectors, most=1, after={1: 0}) == [2]
    assert spread(worth, vectors, most=2, first=[0], after={1: 0}) == [0, 1]
