import pytest

from rag.answering.followup import standalone
from rag.schema import Turn
from rag.text.names import names


def test_the_first_question_stands_alone() -> None:
    assert standalone("And he?", [], None) == "And he?"
    assert standalone("And he?", [Turn("Who is John Kerry?", "…")], None) == "John Kerry?"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What did Angela Merkel say about Latakia?", ["Angela Merkel", "Latakia"]),
        ("Is the UN in New York?", ["New York"]),
        ("Which Libyan city?", ["Libyan"]),
        ("who won", []),
        ("Obama's view", ["Obama"]),
    ],
)
def test_names(question: str, found: list[str]) -> None:
    assert names(question) == found
