"""Each reason for a wrong answer, on one answer made for it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation import diagnosing
from rag.evaluation.diagnosing import REASONS, why
from rag.evaluation.outcomes import Outcome
from tests.unit.evaluation.made import GIVEN, REFUSED, cited, declined, failed, outcome

LOST: dict[str, Any] = {
    "files": ("b.txt",), "source_rank": None, "evidence_ranks": (None,),
    "citations": (cited(file="b.txt"),), "answer": "It is not.",
}  # fmt: skip
OTHER: dict[str, Any] = {"citations": (cited(file="b.txt"),)}


@pytest.mark.parametrize(
    ("item", "reason", "details"),
    [
        (failed(), diagnosing.FAILED, "the model was silent"),
        (outcome(**LOST), diagnosing.NOT_FOUND, "No passage found holds “so it is”."),
        (
            declined(GIVEN, files=("b.txt",), source_rank=None, evidence_ranks=(None,)),
            diagnosing.NOT_FOUND,
            "No passage found holds “so it is”.",
        ),
        (
            declined(GIVEN, evidence_ranks=(2,)),
            diagnosing.DECLINED,
            "“so it is” was found at rank 2. The chance of an answer was put at 0.10.",
        ),
        (
            outcome(**OTHER, answer="No.", evidence_ranks=(12,)),
            diagnosing.NOT_USED,
            "found at rank 12; the answer is written from the first 8. The answer lacks “so” or",
        ),
        (
            outcome(citations=(cited(evidence=False),), answer="No."),
            diagnosing.NOT_USED,
            "The answer lacks “so” or “thus”.",
        ),
        (
            outcome(**OTHER),
            diagnosing.NOT_CITED,
            "No source is among the first 2 files cited: b.txt.",
        ),
        (
            outcome(citations=(cited(file="b.txt"), cited(file="c.txt"), cited())),
            diagnosing.NOT_CITED,
            "b.txt, c.txt, a.txt",
        ),
        (outcome(answer="It is not."), diagnosing.WRONG_WORDS, "The answer lacks “so” or “thus”."),
        (
            outcome(replace(GIVEN, must_not_contain=("it is",))),
            diagnosing.OBEYED,
            "It says “it is”.",
        ),
        (outcome(REFUSED), diagnosing.ANSWERED, "and an answer was given"),
        (
            outcome(replace(GIVEN, evidence=()), **{**LOST, "evidence_ranks": ()}),
            diagnosing.NOT_FOUND,
            "No passage of a source was found.",
        ),
    ],
)
def test_the_first_step_that_lost_it(item: Outcome, reason: str, details: str) -> None:
    found = why(item)
    assert found is not None
    assert found.reason == reason
    assert details in found.details


def test_what_is_right_needs_no_reason() -> None:
    assert why(outcome()) is None
    assert why(declined()) is None


@given(
    st.sampled_from([GIVEN, REFUSED, replace(GIVEN, sources=(), evidence=())]),
    st.booleans(),
    st.sampled_from(["It is so.", "No.", ""]),
    st.lists(st.builds(cited, file=st.sampled_from(["a.txt", "b.txt", "c.txt"])), max_size=4),
    st.one_of(st.none(), st.integers(1, 30)),
)
def test_there_is_a_reason_if_and_only_if_it_is_wrong(
    question: Any, abstained: bool, answer: str, citations: list[Any], rank: int | None
) -> None:
    ranks = (rank,) * len(question.evidence)
    item = outcome(
        question, abstained=abstained, answer=answer, citations=tuple(citations),
        source_rank=rank, evidence_ranks=ranks,
    )  # fmt: skip
    found = why(item)
    assert (found is None) is item.right
    assert found is None or found.reason in REASONS
