"""Candidate questions: each names a source, and its evidence stands there word for word."""

import json
from datetime import date
from pathlib import Path

from rag.evaluation.drafting import as_jsonl, drafts
from rag.evaluation.fixed_questions import load_questions
from rag.evaluation.matching import contains, located
from tests.unit.building import article

ARTICLES = [
    article(
        "The Tarn Pass was closed at noon after 42 centimetres of snow fell in a few hours. "
        "“Nobody should drive up there tonight,” said Ilse Brandt, the roads chief of the county.",
        path="storm.txt", title="Storm closes Tarn Pass", author="Ada Fenwick and Bo Lund",
        published=date(2021, 5, 3),
    ),
    article(
        "Jonas Lindow won the golden loaf for his rye bread on Friday before 7 strict judges. "
        "“I only ever baked what I like to eat myself,” said Jonas Lindow after the ceremony.",
        path="bread.txt", title="Bakery prize goes to Lindow",
    ),
]  # fmt: skip


def test_every_kind_and_the_evidence_stands() -> None:
    found = drafts(ARTICLES, 50)
    by_path = {item.path: item for item in ARTICLES}
    assert {item["type"] for item in found} == {"who_said", "fact", "metadata", "unanswerable"}
    for item in found:
        for words in item.get("evidence", []):
            (source,) = item["sources"]
            assert located(by_path[source].text, words)
            assert contains(words, item["must_contain"])
    asked = {item["question"] for item in found}
    assert {"What did Ilse Brandt say?", "Who wrote “Storm closes Tarn Pass”?"} <= asked
    assert len(asked) == len(found)


def test_what_is_drafted_can_be_evaluated(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(as_jsonl(drafts(ARTICLES, 5)), encoding="utf-8")
    questions = load_questions(file)
    assert [q.id for q in questions] == ["q-01", "q-02", "q-03", "q-04", "q-05"]
    assert len({json.loads(line)["type"] for line in file.read_text().splitlines()}) == 4


def test_no_articles_no_questions() -> None:
    assert drafts([], 5) == []
    assert drafts([article("Nothing much.")], 5) == []
