import pytest

from rag.answerable import answerable, missing_names
from rag.extractive import Extract
from rag.schema import Article, Hit, Passage

TEXT = "Russian tanks were seen near Latakia. Josh Earnest of the White House warned Moscow."


def extracts(chance: float) -> list[Extract]:
    return [Extract(hits()[0], 0, 37, 1, 0.0, chance)]


def hits() -> list[Hit]:
    article = Article("i", "a.txt", "Tanks", None, None, None, None, TEXT)
    return [Hit(Passage("i-0", "i", 0, 0, len(TEXT), TEXT, "Tanks", "body"), article, 0.9)]


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
    assert missing_names(question, hits()) == missing


def test_the_threshold_decides() -> None:
    assert answerable(extracts(0.5), 0.5)
    assert not answerable(extracts(0.49), 0.5)
    assert not answerable([], 0.0)
