import pytest

from rag.answering.followup import standalone
from rag.retrieval.asking import by_rule
from rag.schema import Turn
from rag.text.names import names

LAVROV = "What did Sergei Lavrov say about ground operations?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("and what did he say about oil?", "What did Sergei Lavrov say about oil?"),
        ("What is his position on Kiev?", "What is Sergei Lavrov's position on Kiev?"),
        ("Why?", f"Why ({LAVROV[:-1]})?"),
        ("And when was it broadcast?", f"When was it broadcast ({LAVROV[:-1]})?"),
        ("What about Jeff Rathke?", "Jeff Rathke?"),
        (
            "Which city did Islamic State militants seize in June?",
            "Which city did Islamic State militants seize in June?",
        ),
    ],
)
def test_by_rule(question: str, expected: str) -> None:
    assert by_rule(question, [LAVROV]) == expected


def test_the_name_may_be_further_back() -> None:
    assert by_rule("Did she agree?", ["Who is Maria Zakharova?", "why?"]) == (
        "Did Maria Zakharova agree?"
    )


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
