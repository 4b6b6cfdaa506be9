"""What a cut-off run leaves behind is taken up again, and that of another run is not."""

from dataclasses import replace
from pathlib import Path

from rag.evaluation.resuming import FILE, Kept
from tests.unit.evaluation.made import GIVEN, cited, declined, failed, outcome, said, shown

FULL = outcome(
    GIVEN, tokens={"input": 3, "output": 1}, notes=("Written twice.",), semantic=0.25,
    citations=(cited(), cited(2, "b.txt", speaker="Jane Roe")), hits=(shown(), shown("b.txt")),
    sentences=(said("So.", 1, 2, reasons=("a", "b")),), evidence_ranks=(None,),
)  # fmt: skip
QUESTIONS = [GIVEN, declined().asked, replace(GIVEN, id="f")]


def test_outcomes_come_back_as_they_were(tmp_path: Path) -> None:
    with Kept(tmp_path, "key", QUESTIONS) as kept:
        kept.add(FULL)
        kept.add(declined())
    with Kept(tmp_path, "key", QUESTIONS) as again:
        assert again.done == {"1": FULL, "n": declined()}
    with Kept(tmp_path, "key", QUESTIONS) as third:  # nothing was lost by opening it
        assert third.done == again.done


def test_failed_questions_are_asked_again(tmp_path: Path) -> None:
    with Kept(tmp_path, "key", QUESTIONS) as kept:
        kept.add(failed(QUESTIONS[2]))
        kept.add(FULL)
    with Kept(tmp_path, "key", QUESTIONS) as again:
        assert list(again.done) == ["1"]


def test_another_run_begins_anew(tmp_path: Path) -> None:
    with Kept(tmp_path, "key", QUESTIONS) as kept:
        kept.add(FULL)
    with Kept(tmp_path, "other settings", QUESTIONS) as other:
        assert other.done == {}


def test_a_line_cut_off_in_the_middle_is_left_out(tmp_path: Path) -> None:
    with Kept(tmp_path, "key", QUESTIONS) as kept:
        kept.add(FULL)
        kept.add(declined())
    file = tmp_path / FILE
    for length in range(len(file.read_bytes())):
        short = tmp_path / str(length)
        short.mkdir()
        (short / FILE).write_bytes(file.read_bytes()[:length])
        with Kept(short, "key", QUESTIONS) as again:
            assert set(again.done) <= {"1", "n"}
            assert all(item in (FULL, declined()) for item in again.done.values())
