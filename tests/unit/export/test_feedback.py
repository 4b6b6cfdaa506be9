"""Verdicts on answers: kept, replaced, listed, exported."""

from __future__ import annotations

import csv
import io
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import StoreUnavailable
from rag.export import feedback
from rag.export.feedback import FILE, as_csv, as_json, as_text, listed, record
from rag.export.spreadsheet import csv_text
from vectorstore.beside import InFolder

ANSWER = {"answer": "412 crowns. [1]", "citations": [{"file": "a.txt"}, {"file": "a.txt"}]}


def give(folder: Path, number: int, verdict: feedback.Verdict = "good", reason: str = "") -> None:
    record(
        InFolder(folder),
        question=f"Question {number}?",
        answer_json={**ANSWER, "seconds": {"total": number}},
        verdict=verdict,
        reason=reason,
        model="extractive",
    )


def give_many(folder: Path, first: int) -> None:
    for number in range(first, first + 20):
        give(folder, number)


def test_what_is_recorded_is_listed_whole(tmp_path: Path) -> None:
    give(tmp_path, 1, "bad", "  not the paint  ")
    (item,) = listed(InFolder(tmp_path))
    assert (item.question, item.verdict, item.reason) == ("Question 1?", "bad", "not the paint")
    assert item.answer == {**ANSWER, "seconds": {"total": 1}}
    assert item.model == "extractive"
    assert item.given.endswith("+00:00")


def test_a_second_word_on_the_same_answer_replaces_the_first(tmp_path: Path) -> None:
    give(tmp_path, 1, "good")
    give(tmp_path, 2, "good")
    give(tmp_path, 1, "bad", "wrong")
    assert sorted((item.question, item.verdict) for item in listed(InFolder(tmp_path))) == [
        ("Question 1?", "bad"),
        ("Question 2?", "good"),
    ]
    assert [item.question for item in listed(InFolder(tmp_path), verdict="bad")] == ["Question 1?"]


def test_processes_may_write_at_once(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        list(pool.map(give_many, [tmp_path] * 3, (0, 100, 200)))
    assert len(listed(InFolder(tmp_path))) == 60


def test_nothing_is_there_before_the_first(tmp_path: Path) -> None:
    assert listed(InFolder(tmp_path)) == []
    assert not (tmp_path / FILE).exists()
    assert "No feedback yet" in as_text([])


def test_an_unknown_verdict_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="good or bad"):
        give(tmp_path, 1, "meh")  # type: ignore[arg-type]


def test_a_file_of_a_later_version_or_of_something_else_is_named(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreUnavailable, match="later Byline"):
        give(tmp_path, 1)
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(StoreUnavailable, match=FILE):
        listed(InFolder(tmp_path))


def test_a_lone_surrogate_costs_nothing(tmp_path: Path) -> None:
    record(InFolder(tmp_path), question="\ud800?", answer_json={"answer": "\udfff"}, verdict="good")
    assert len(listed(InFolder(tmp_path))) == 1


def test_as_csv_json_and_text(tmp_path: Path) -> None:
    give(tmp_path, 1, "bad", "=1+1")
    (row,) = csv.DictReader(io.StringIO(as_csv(listed(InFolder(tmp_path)))))
    assert (row["files"], row["reason"], row["answer"]) == ("a.txt", "'=1+1", ANSWER["answer"])
    assert as_json(listed(InFolder(tmp_path)))[0]["answer"]["seconds"] == {"total": 1}
    assert "Why: =1+1" in as_text(listed(InFolder(tmp_path)))
    assert "0 good, 1 bad" in as_text(listed(InFolder(tmp_path)))


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))))
def test_no_cell_is_a_formula_and_nothing_is_lost(cells: list[str]) -> None:
    _, *lines = csv.reader(io.StringIO(csv_text(["cell"], ([cell] for cell in cells)), newline=""))
    read = [line[0] if line else "" for line in lines]
    assert [cell.removeprefix("'") if cell[:1] == "'" else cell for cell in read] == [
        cell.removeprefix("'") if cell[:1] == "'" else cell for cell in cells
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in read)
