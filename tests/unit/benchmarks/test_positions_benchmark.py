"""The questions of position, and how what is said on them is counted."""

from benchmarks.positions.__main__ import HERE, Saying, summary
from benchmarks.retrieval.data import rows

ASKED = rows(HERE / "questions.jsonl")


def test_half_of_the_questions_have_articles_on_both_sides() -> None:
    sided = [row for row in ASKED if row["sided"]]
    assert (len(ASKED), len(sided)) == (60, 30)
    assert len({row["id"] for row in ASKED}) == 60
    for row in sided:
        assert set(row["for"]) - set(row["against"])
        assert set(row["against"]) - set(row["for"])


def test_sayings_are_counted_by_kind_and_those_not_judged_are_named() -> None:
    found = [Saying("p01", "compare", "not judged yet"), Saying("p31", "note", "nor this")]
    answer, note, compare = summary(ASKED, found).splitlines()
    assert answer.startswith("answer: 0 sayings on 0 of 30 questions with sides and 0 of 30")
    assert note == (
        "note: 1 sayings on 0 of 30 questions with sides and 1 of 30 without; {'not judged': 1}"
    )
    assert "1 of 30 questions with sides" in compare
