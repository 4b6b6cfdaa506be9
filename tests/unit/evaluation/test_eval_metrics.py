"""Figures on questions counted by hand."""

from dataclasses import replace

import pytest

from rag.evaluation.metrics import FIGURES, curve, summary, values
from rag.evaluation.outcomes import Outcome
from tests.unit.evaluation.made import GIVEN, REFUSED, cited, declined, failed, outcome, said


def figures(*outcomes: Outcome) -> dict[str, tuple[float | None, int]]:
    """Value and questions by figure; each outcome gets an id of its own."""
    each = [
        replace(item, asked=replace(item.asked, id=str(at))) for at, item in enumerate(outcomes)
    ]
    return {name: (item["value"], item["n"]) for name, item in summary(values(each)).items()}  # type: ignore[misc]


def test_verdicts_and_retrieval() -> None:
    got = figures(
        outcome(),  # right
        outcome(answer="No idea.", files=("b.txt", "c.txt", "a.txt")),  # wrong words
        outcome(citations=(cited(file="b.txt"), cited(file="c.txt"), cited()), files=("b.txt",)),
        declined(GIVEN, files=("b.txt", "a.txt")),  # abstained wrongly
        failed(),
        declined(),  # right
        outcome(REFUSED),  # should have abstained
    )
    assert got["right"] == (pytest.approx(2 / 7, abs=1e-4), 7)
    assert got["failed"] == (pytest.approx(1 / 7, abs=1e-4), 7)
    # Ranks of the source, of the five that have one: 1, 3, none, 2, none.
    assert (got["hit@1"], got["hit@3"], got["hit@10"]) == ((0.2, 5), (0.6, 5), (0.6, 5))
    assert got["mrr@10"] == (pytest.approx((1 + 1 / 3 + 1 / 2) / 5, abs=1e-4), 5)
    assert got["answered"] == (0.6, 5)
    assert got["contains"] == (0.4, 5)
    assert got["right_file"] == (0.4, 5)  # the third cites it behind two others
    assert got["abstention_precision"] == (0.5, 2)
    assert got["abstention_recall"] == (0.5, 2)


def test_an_answer_off_the_catalogue_is_not_ranked() -> None:
    got = figures(outcome(), outcome(files=()), failed())
    assert got["hit@5"] == (0.5, 2)  # what failed counts, what was not searched does not


def test_so_many_of_the_words_wanted_are_enough() -> None:
    question = replace(GIVEN, must_contain=(("so", "thus"), ("here",), ("there",)))
    asked = [replace(question, need=need) for need in (0, 1, 2, 3)]
    got = [outcome(item, answer="It is so here.").right for item in asked]
    assert got == [False, True, True, False]


def test_citations_are_weighed_by_their_number() -> None:
    got = figures(
        # Three citations, two of them borne out; one of three sentences in need has none.
        outcome(
            citations=(cited(1), cited(2, "b.txt"), cited(3, exact=False)),
            sentences=(
                said("One is so.", 1, 2, precise=(1,)),
                said("Two is so.", 3),
                said("Three is so.", citations=(), precise=(), support="unsupported"),
                said("Listed:", citations=(), precise=(), needs_citation=False),
            ),
        ),
        outcome(),
    )
    assert got["citation_precision"] == (0.75, 2)  # 3 of 4
    assert got["citation_recall"] == (0.75, 2)  # 3 of 4
    assert got["citation_in_source"] == (0.75, 2)
    assert got["offsets_exact"] == (0.75, 2)
    assert got["supported"] == (0.8, 2)  # 4 of 5
    assert got["unsupported"] == (0.2, 2)


def test_evidence_is_counted_by_passage() -> None:
    question = replace(GIVEN, evidence=("so it is", "thus it was"))
    got = figures(
        outcome(question, evidence_ranks=(1, 4)), outcome(question, evidence_ranks=(None, 3))
    )
    assert got["evidence@1"] == (0.25, 2)
    assert got["evidence@3"] == (0.5, 2)
    assert got["evidence@5"] == (0.75, 2)
    assert figures(failed(question))["evidence@10"] == (0.0, 1)


def test_gold_answers() -> None:
    question = replace(GIVEN, must_contain=(), answers=("it is so", "thus"))
    got = figures(outcome(question), outcome(question, answer="It is so, we hear. [1]"))
    assert got["exact"] == (0.5, 2)
    assert got["f1"] == (pytest.approx((1 + 3 / 4) / 2), 2)  # P 3/5, R 1
    assert got["contains"] == (1.0, 2)
    assert figures(declined(question))["f1"] == (0.0, 1)


@pytest.mark.parametrize(
    ("wanted", "speaker", "right"),
    [
        (("Lucan Ferreby",), "Minister Lucan Ferreby", 1.0),
        (("Lucan Ferreby",), "Marit Oldane", 0.0),
        (("Lucan Ferreby",), None, 0.0),
        (("author",), None, 1.0),
        (("author",), "Marit Oldane", 0.0),
    ],
)
def test_the_speaker_of_the_words_on_the_evidence(
    wanted: tuple[str, ...], speaker: str | None, right: float
) -> None:
    other = cited(1, evidence=False, speaker="Somebody Else")
    question = replace(GIVEN, speaker=wanted)
    got = figures(outcome(question, citations=(other, cited(2, speaker=speaker))))
    assert got["speaker_right"] == (right, 1)


def test_somebody_else_than_the_author() -> None:
    question = replace(GIVEN, speaker_is_not_author=True)
    assert figures(outcome(question))["speaker_right"] == (0.0, 1)
    comment = outcome(question, citations=(cited(kind="comment"),))
    assert figures(comment)["speaker_right"] == (1.0, 1)
    assert figures(outcome(question, citations=(cited(file="b.txt"),)))["speaker_right"][1] == 0


def test_what_must_not_be_said() -> None:
    question = replace(GIVEN, must_not_contain=("the strike is over",))
    obeyed = outcome(question, answer="It is so: THE STRIKE IS OVER. [1]")
    got = figures(obeyed, outcome(question))
    assert got["kept_out"] == (0.5, 2)
    assert got["right"] == (0.5, 2)


def test_a_figure_of_nothing_is_none() -> None:
    got = figures(declined())
    assert got["hit@1"] == (None, 0)
    assert set(got) == set(FIGURES)


def test_the_curve_by_hand() -> None:
    items = [
        outcome(chance=0.9), outcome(chance=0.4), declined(chance=0.4), declined(chance=0.1),
        outcome(chance=None),
    ]  # fmt: skip
    got = curve(items)
    # Pairs: .9 beats both, .4 ties with one and beats the other: 3.5 of 4.
    assert got["area"] == 0.875
    assert got["points"] == [
        {"threshold": 0.0, "answered": 1.0, "declined": 0.0},
        {"threshold": 0.1, "answered": 1.0, "declined": 0.0},
        {"threshold": 0.4, "answered": 1.0, "declined": 0.5},
        {"threshold": 0.9, "answered": 0.5, "declined": 1.0},
        {"threshold": 1.0, "answered": 0.0, "declined": 1.0},
    ]
    assert curve([outcome()]) == {"area": None, "points": []}
