"""The judge's replies are read strictly, and a judge that fails gives no verdict."""

from dataclasses import replace

import pytest

from rag.evaluation.judging import expectation, judge_with, read_verdict
from rag.evaluation.report import agreement
from rag.evaluation.table import text
from rag.models.llm import LanguageModel
from tests.unit.evaluation.made import GIVEN, REFUSED, declined, failed, made, outcome


@pytest.mark.parametrize(
    ("reply", "verdict", "reason"),
    [
        ("right: it names the sum", "right", "it names the sum"),
        ("**Wrong** – it declines.", "wrong", "it declines."),
        ("Right", "right", ""),
        ("wrong.\nIt says\notherwise", "wrong", "It says otherwise"),
        ("The answer is right", "none", "no verdict in “The answer is right”"),
        ("rightly so", "none", "no verdict in “rightly so”"),
        ("", "none", "no verdict in “”"),
    ],
)
def test_verdicts(reply: str, verdict: str, reason: str) -> None:
    assert read_verdict(reply) == (verdict, reason)


def test_what_the_judge_is_told_to_expect() -> None:
    assert expectation(REFUSED) == "The articles do not answer this question."
    assert expectation(GIVEN) == "It has: so or thus. The articles say: “so it is”"
    some = replace(GIVEN, must_contain=(("so", "thus"), ("here",)), need=1, evidence=())
    assert expectation(some) == "It has at least 1 of: so or thus; here."
    assert expectation(replace(GIVEN, answers=("It is so.", "So."))) == "It is so. / So."


def test_a_judge_that_fails_gives_no_verdict() -> None:
    class Broken:
        def astream(self, _: object) -> object:
            raise ConnectionError("nobody there")

    verdict, reason = judge_with(LanguageModel("x:y", Broken(), 1.0))(GIVEN, "It is so.")
    assert verdict == "none"
    assert "nobody there" in reason


def test_agreement_by_hand() -> None:
    """Of 10: both right 4, both wrong 3, rules alone 2, judge alone 1: kappa .4 by hand."""
    right, wrong = outcome(), outcome(answer="No.")
    items = [
        *(replace(o, got=replace(o.got, judge=says)) for o, says, times in (
            (right, "right", 4), (wrong, "wrong", 3), (right, "wrong", 2), (wrong, "right", 1),
            (right, "none", 1),
        ) for _ in range(times)),
        failed(),
    ]  # fmt: skip
    named = [replace(o, asked=replace(o.asked, id=str(n))) for n, o in enumerate(items)]
    found = agreement(named)
    assert found is not None
    # Rules say right 6 of 10, the judge 5 of 10: by chance .5 agree, .7 do.
    assert (found["agree"], found["kappa"]) == (0.7, 0.4)
    assert (found["judged"], found["no_verdict"]) == (10, 1)
    assert found["only_rules_say_right"] == ["7", "8"]
    assert found["only_judge_says_right"] == ["9"]
    assert "judge: agrees with the rules on 0.70 of 10 (Cohen's kappa 0.40)" in text(made(*items))
    assert agreement([declined()]) is None


def test_kappa_is_none_where_both_always_say_the_same() -> None:
    found = agreement([replace(outcome(), got=replace(outcome().got, judge="right"))])
    assert found is not None
    assert (found["agree"], found["kappa"]) == (1.0, None)
