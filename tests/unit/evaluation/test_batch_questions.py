"""Files of questions for `byline ask --batch`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from rag.commands.batch import Asked, load
from rag.errors import QuestionsError
from rag.evaluation.fixed_questions import load_questions
from rag.schema import Filters

EXAMPLES = Path(__file__).parents[3] / "examples" / "questions.jsonl"


def written(folder: Path, text: str, name: str = "q.jsonl") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_what_eval_asks_can_be_asked() -> None:
    fixed, asked = load_questions(EXAMPLES), load(EXAMPLES)
    assert [(q.id, q.question, q.filters) for q in fixed] == [
        (q.id, q.question, q.filters) for q in asked
    ]
    assert [q.follows for q in fixed] == [q.history[-1] if q.history else "" for q in asked]


def test_only_a_question_must_be_there(tmp_path: Path) -> None:
    text = '\n{"question": "Who?"}\n{"id": 0, "question": "Why?", "gold": {"story": 1}}\n'
    assert load(written(tmp_path, text)) == [Asked("line 2", "Who?"), Asked(0, "Why?")]


def test_a_file_of_any_other_name_has_an_object_a_line(tmp_path: Path) -> None:
    assert load(written(tmp_path, '{"id": "a", "question": "Who?"}', "q")) == [Asked("a", "Who?")]


def test_a_follow_up_takes_all_that_was_asked_before_it(tmp_path: Path) -> None:
    rows = "- {id: 1, question: A}\n- {id: 2, question: B, follows: 1}\n"
    rows += "- {id: 3, question: C, follows: 2}\n- {id: 4, question: D, history: [3, 1]}\n"
    found = load(written(tmp_path, rows, "q.yaml"))
    assert [q.history for q in found] == [(), ("1",), ("1", "2"), ("3", "1")]


def test_a_question_has_filters_of_its_own(tmp_path: Path) -> None:
    table = "question,filters\nWho?,since = 2015 | outlets = The Gull Post\n"
    (asked,) = load(written(tmp_path, table, "q.csv"))
    assert asked.filters == Filters(since=date(2015, 1, 1), outlets=("The Gull Post",))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("q.jsonl", '{"question": "Who?"}\n{', "q.jsonl, line 2: not JSON"),
        ("q.jsonl", "[" * 100_000, "q.jsonl, line 1: not JSON"),
        ("q.jsonl", "[]", "q.jsonl, line 1: not an object"),
        ("q.jsonl", '{"id": 1}', "q.jsonl, line 1: no question"),
        ("q.jsonl", '{"question": 5}', "q.jsonl, line 1: no question"),
        ("q.jsonl", '{"id": [], "question": "Who?"}', "the id is neither text nor a number"),
        ("q.jsonl", '{"question": "Who?", "filter": {}}', "did you mean 'filters'?"),
        ("q.jsonl", '{"question": "Who?", "filters": {"outlet": "x"}}', "mean outlets?"),
        ("q.jsonl", '{"question": "Who?", "history": "a"}', "history is not a list of ids"),
        ("q.jsonl", '{"question": "Who?", "follows": "z"}', "follows names 'z', which no earl"),
        ("q.yaml", "- question: Who?\n- id: 3\n", "q.yaml, line 2: no question"),
        ("q.yaml", "- question: Who?\n  filters: {since: 2015-02-31}\n", "not YAML"),
        ("q.yaml", "[" * 5_000, "not YAML"),
        ("q.csv", "id,question\n1,\n", "q.csv, line 2: no question"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(QuestionsError) as raised:
        load(written(tmp_path, text, name))
    assert words in str(raised.value)


def test_bad_lines_are_told_together_before_anything_is_asked(tmp_path: Path) -> None:
    rows = [{"id": "a", "question": "Who?"}, {"id": "b"}, {"id": "c"}]
    with pytest.raises(QuestionsError, match=r"line 2: no question. line 3: no question."):
        load(written(tmp_path, "\n".join(map(json.dumps, rows))))


def test_one_question_does_not_follow_two_ways(tmp_path: Path) -> None:
    rows = '{"id": "a", "question": "A?"}\n{"question": "B?", "follows": "a", "history": ["a"]}'
    with pytest.raises(QuestionsError, match="keep one"):
        load(written(tmp_path, rows))
