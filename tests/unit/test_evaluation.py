from pathlib import Path

import pytest

from rag.errors import QuestionsError
from rag.evaluation import Outcome, contains, load_questions, report, table


@pytest.mark.parametrize(
    ("text", "must", "expected"),
    [
        ("They sent\u00a0200 men and SEVEN tanks", [["200"], ["7", "seven"]], True),
        ("They sent 200\n  men", [["200 men"]], True),
        ("They sent 200 men", [["200"], ["seven"]], False),
        ("anything", [], True),
    ],
)
def test_contains(text: str, must: list[list[str]], expected: bool) -> None:
    assert contains(text, must) is expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"question": " "}', "no question"),
        ('{"question": "Why?"}', "needs must_contain and sources"),
        ('{"question": "Why?", "must_abstain": true, "must_contian": []}', "'must_contian'"),
        ('{"question": "Why?", "must_contain": "x", "sources": ["a"]}', "not a list"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"question": "Why?", "must_abstain": true}\n' + line + "\n")
    with pytest.raises(QuestionsError, match="q.jsonl, line 2") as raised:
        load_questions(file)
    assert words in str(raised.value)


def test_the_shipped_questions_load() -> None:
    file = Path(__file__).parents[2] / "examples" / "questions.jsonl"
    questions = load_questions(file)
    assert len(questions) == 30
    assert sum(question.must_abstain for question in questions) == 8
    folder = file.parent / "articles"
    assert all((folder / source).is_file() for q in questions for source in q.sources)


def outcome(**changes: object) -> Outcome:
    base: dict[str, object] = {
        "id": "1", "question": "Why?", "type": "fact", "must_abstain": False, "abstained": False,
        "rank": 1, "answer_found": True, "citation_right": True, "answer": "So.", "error": None,
        "seconds": 0.1,
    }  # fmt: skip
    return Outcome(**{**base, **changes})  # type: ignore[arg-type]


def test_the_figures_of_a_hand_made_case() -> None:
    outcomes = [
        outcome(),
        outcome(rank=4, citation_right=False),
        outcome(rank=None, answer_found=False),
        outcome(abstained=True, answer_found=False, citation_right=False, rank=2),
        outcome(must_abstain=True, abstained=True, rank=None, type="unanswerable"),
        outcome(must_abstain=True, rank=None, type="unanswerable"),
        outcome(error="the model failed", answer_found=False, rank=None),
    ]
    whole = report(outcomes)["summary"]
    assert whole["answerable"] == 5
    assert (whole["hit@1"], whole["hit@3"], whole["hit@5"]) == (0.2, 0.4, 0.6)
    assert (whole["answered_right"], whole["abstained_right"], whole["failed"]) == (1, 1, 1)
    assert whole["right"] == pytest.approx(2 / 7, abs=1e-4)
    text = table(report(outcomes))
    assert "answered right 1 of 5, declined right 1 of 2, failed 1" in text
    assert "the model failed" in text
