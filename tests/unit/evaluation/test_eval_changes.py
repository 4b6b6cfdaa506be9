"""Two runs side by side: what turned, what moved, and what a table says of it."""

from dataclasses import replace

from rag.evaluation.changes import changes
from rag.evaluation.report import scores
from rag.evaluation.table import changed
from tests.unit.evaluation.made import GIVEN, declined, failed, made, outcome

WRONG = outcome(answer="No.")


def test_what_turned_and_what_moved() -> None:
    before = made(*[WRONG] * 6, outcome(), declined(GIVEN), WRONG)
    now = made(*[outcome()] * 6, WRONG, WRONG, WRONG)
    found = changes(before, now)
    assert [(item.id, item.better) for item in found.turned] == [
        *((str(n), True) for n in range(6)), ("6", False), ("7", None),
    ]  # fmt: skip
    right = next(item for item in found.moved if item.figure == "right")
    assert (right.before, right.now, right.n, right.test) == (0.1111, 0.6667, 9, "McNemar")
    assert right.p == 0.125  # 6 won, 1 lost: 2 · (1 + 7) / 2^7
    assert right.change == 0.5556
    text = changed(found)
    assert "compared: 6 better, 1 worse, 1 wrong for another reason" in text
    assert "- 6  Why?  (right → wrong words)" in text
    assert "McNemar; may be chance" in text


def test_scores_do_for_a_report() -> None:
    before, now = made(WRONG, outcome()), made(outcome(), outcome())
    assert changes(scores(before), now) == changes(before, scores(now)) == changes(before, now)


def test_a_report_and_itself() -> None:
    whole = made(outcome(), failed(), declined())
    found = changes(whole, whole)
    assert found.turned == ()
    assert all(item.change == 0 and item.p == 1 for item in found.moved)
    assert changed(found).endswith("No figure changed.")


def test_questions_that_one_of_them_lacks() -> None:
    other = replace(outcome(), asked=replace(GIVEN, question="Why not?"))
    found = changes(made(outcome(), outcome()), made(other, outcome(), threshold=0.3))
    assert (found.only_before, found.only_now, found.same_settings) == (("0",), ("0",), False)
    assert "gone: 0\nnew: 0\nThe two were made with other settings" in changed(found)
