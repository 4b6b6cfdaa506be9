"""Files of questions: the three formats say the same, and a bad line is named by its number."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import QuestionsError
from rag.evaluation.fixed_questions import Question, load_questions
from rag.schema import Filters

ROOT = Path(__file__).parents[3]
ROW = {
    "id": "a-1",
    "question": "How many men were sent?",
    "type": "fact",
    "must_contain": [["200", "two hundred"], ["men"]],
    "sources": ["a.txt", "b.txt"],
    "evidence": ["sending 200 men"],
    "filters": {"since": "2015-03-01", "outlets": "The Gazette"},
}
READ = Question(
    id="a-1",
    question="How many men were sent?",
    type="fact",
    must_contain=(("200", "two hundred"), ("men",)),
    sources=("a.txt", "b.txt"),
    evidence=("sending 200 men",),
    filters=Filters(since=date(2015, 3, 1), outlets=("The Gazette",)),
)
NO_ANSWER = {"id": "a-2", "question": "Who?", "must_abstain": True}


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_the_formats_say_the_same(tmp_path: Path) -> None:
    lines = f"{json.dumps(ROW)}\n\n{json.dumps(NO_ANSWER)}\n"
    table = (
        "\ufeffid,question,type,must_contain,sources,evidence,filters,must_abstain\n"
        "a-1,How many men were sent?,fact,200 / two hundred | men,a.txt | b.txt,sending 200 men,"
        "since=2015-03-01 | outlets=The Gazette,\n"
        "\n"
        "a-2,Who?,,,,,,yes\n"
    )
    expected = [READ, Question(id="a-2", question="Who?", must_abstain=True)]
    assert load_questions(written(tmp_path, "q.jsonl", lines)) == expected
    assert load_questions(written(tmp_path, "q.yaml", yaml.safe_dump([ROW, NO_ANSWER]))) == expected
    assert load_questions(written(tmp_path, "q.csv", table)) == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"question": " "}', "no question"),
        ('{"question": "Why?"}', "needs must_contain, answers or sources, or must_abstain"),
        (
            '{"question": "Why?", "must_abstain": true, "must_contian": []}',
            "did you mean 'must_con",
        ),
        ('{"question": "Why?", "must_contain": "x", "sources": ["a"]}', "not a list"),
        ('{"question": "Why?", "must_contain": [[]], "sources": ["a"]}', "not a list of texts"),
        ('{"question": "Why?", "must_contain": ["a"], "need": 2}', "need is 2; write how many"),
        ('{"question": "Why?", "must_contain": ["a"], "need": true}', "need is True"),
        ('{"question": "Why?", "sources": ["a"], "need": 1}', "need is 1"),
        ('{"question": "Why?", "must_abstain": "no"}', "must_abstain is 'no'; write true or false"),
        ('{"question": "Why?", "must_abstain": true, "sources": ["a"]}', "keep one"),
        (
            '{"question": "Why?", "sources": ["a"], "filters": {"since": "soon"}}',
            "since soon is no",
        ),
        ('{"question": "Why?", "sources": ["a"], "filters": {"outlet": "x"}}', "mean outlets?"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    good = json.dumps(NO_ANSWER)
    with pytest.raises(QuestionsError, match="q.jsonl, line 2: ") as raised:
        load_questions(written(tmp_path, "q.jsonl", f"{good}\n{line}\n"))
    assert words in str(raised.value)


def test_every_bad_line_is_named_up_to_five(tmp_path: Path) -> None:
    file = written(tmp_path, "q.jsonl", "{\n" * 7)
    with pytest.raises(QuestionsError) as raised:
        load_questions(file)
    assert [f"line {n}:" in str(raised.value) for n in range(1, 8)] == [True] * 5 + [False] * 2
    assert str(raised.value).endswith("And 2 more.")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("q.yaml", "- question: Why?\n  must_abstain: true\n- question: [\n", "line 4: not YAML"),
        ("q.yaml", "question: Why?\n", "line 1: not a list"),
        (
            "q.yaml",
            "- question: Why?\n  must_abstain: true\n\n- type: fact\n",
            "line 4: no question",
        ),
        ("q.csv", 'id,question,must_abstain\n1,"Who\nis it?",yes\n2,,yes\n', "line 4: no question"),
        ("q.csv", "question,must_abstain\nWho?,yes,x\n", "line 2: has 3 cells, the header 2"),
        ("q.txt", "Who?\n", "end its name in .jsonl, .yaml, .yml, .csv"),
        ("q.jsonl", "\n", "holds no question"),
        (
            "q.jsonl",
            '{"id": "b", "question": "Why?", "must_abstain": true, "follows": "a"}\n',
            "question b: follows 'a', which does not stand before it",
        ),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(QuestionsError) as raised:
        load_questions(written(tmp_path, name, text))
    assert words in str(raised.value)


def test_so_many_are_needed(tmp_path: Path) -> None:
    row = {"question": "Why?", "must_contain": ["a", "b"], "need": 1}
    (from_json,) = load_questions(written(tmp_path, "q.jsonl", json.dumps(row)))
    (from_csv,) = load_questions(
        written(tmp_path, "q.csv", "question,must_contain,need\nWhy?,a | b,1\n")
    )
    assert from_json.need == from_csv.need == 1


def test_an_id_comes_once(tmp_path: Path) -> None:
    line = json.dumps(NO_ANSWER)
    with pytest.raises(QuestionsError, match="question a-2: the id is there twice"):
        load_questions(written(tmp_path, "q.jsonl", f"{line}\n{line}\n"))


words = st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(str.strip)


@given(rows=st.lists(st.tuples(words, st.lists(words, min_size=1)), min_size=1, max_size=5))
def test_any_text_comes_back_from_jsonl(
    rows: list[tuple[str, list[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = [
        json.dumps({"id": str(n), "question": question, "must_contain": [wanted]})
        for n, (question, wanted) in enumerate(rows)
    ]
    file = written(tmp_path_factory.mktemp("q"), "q.jsonl", "\n".join(lines))
    got = load_questions(file)
    assert [(q.question, list(q.must_contain[0])) for q in got] == [
        (question.strip(), wanted) for question, wanted in rows
    ]


def test_the_shipped_questions() -> None:
    questions = load_questions(ROOT / "examples/questions.jsonl")
    types = {question.type for question in questions}
    assert len(questions) == 120
    assert sum(question.must_abstain for question in questions) == 16
    assert types == {
        "fact", "who_said", "multi_source", "disagreement", "temporal", "metadata", "comment",
        "follow_up", "unanswerable", "false_premise", "injection", "summary", "timeline",
        "overview", "catalogue", "talk", "parts", "yes_no", "definition", "correction",
        "development", "spelling", "language",
    }  # fmt: skip
    folder = ROOT / "examples/articles"
    assert all((folder / source).is_file() for q in questions for source in q.sources)
