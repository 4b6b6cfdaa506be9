import pytest

from rag.retrieval.sides import Sides, sides
from tests.unit.building import query


@pytest.mark.parametrize(
    ("asked", "names", "topics"),
    [
        ("Compare what the Chamber and Ann Roe say about cost", ("Chamber", "Ann Roe"), ("cost",)),
        ("What is Roe's view on rain compared to snow?", ("Roe",), ("rain", "snow")),
        ("How do Roe and Lund differ on tariffs?", ("Roe", "Lund"), ("tariffs",)),
        ("Compare the views of Roe and Lund on the bridge", ("Roe", "Lund"), ("bridge",)),
        ("difference between Roe and Lund on the bridge", ("Roe", "Lund"), ("bridge",)),
        ("what do the authors think about the bridge", (), ("bridge",)),
        ("What do different outlets say about the march?", (), ("march",)),
    ],
)  # fmt: skip
def test_who_is_compared_on_what(
    asked: str, names: tuple[str, ...], topics: tuple[str, ...]
) -> None:
    assert sides(query(asked)) == Sides(names, topics)
