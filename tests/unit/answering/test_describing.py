"""Definitions and enumerations, told by their form."""

import pytest

from rag.answering.describing import describes, enumerates


@pytest.mark.parametrize(
    "words",
    [
        "The mediator, Odile Harte, looked tired.",
        "It is led by the retired judge Odile Harte.",
        "Odile Harte, the mediator, looked tired.",
        "Odile Harte, 68, a retired judge, looked tired.",
        "Harte is a retired judge.",
        "Odile Harte, who chairs it, chief of the court, was there.",
    ],
)
def test_what_says_who_somebody_is(words: str) -> None:
    assert describes(words, "Odile Harte")


@pytest.mark.parametrize(
    "words", ["As Odile Harte said, it rained.", "Odile Harte looked tired.", "It rained."]
)
def test_what_does_not(words: str) -> None:
    assert not describes(words, "Odile Harte")


def test_three_in_a_row_are_a_list() -> None:
    assert enumerates("It is sought by Brazil, India, Germany and Japan.")
    assert not enumerates("It is sought by Brazil and India.")
