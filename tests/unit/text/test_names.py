"""Names in questions and sentences."""

import pytest

from rag.text.names import names, names_asked, names_one
from rag.text.words import stem


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Summary of the article by Akulov", ["Akulov"]),
        ("Combien de grues l'accord prévoit-il ?", []),
        ("Trump's tariffs?", ["Trump"]),
        ("Marit Oldane resigned why?", ["Marit Oldane"]),
        ("What did Jane Roe say?", ["Jane Roe"]),
    ],
)
def test_a_capital_at_the_start_makes_no_name(question: str, found: list[str]) -> None:
    assert names_asked(question) == found


def test_port_of_somewhere_is_one_name() -> None:
    assert names("He runs the Port of Vale in Norway.") == ["Port of Vale", "Norway"]
    assert names("The minister of Norway spoke.") == ["Norway"]


def test_a_country_its_people_and_its_capital_are_alike() -> None:
    def stems(*words: str) -> frozenset[str]:
        return frozenset(map(stem, words))

    assert names_one(stems("russia"), stems("moscow", "tanks"))
    assert names_one(stems("moscow"), stems("russian"))
    assert not names_one(stems("moscow"), stems("norwegian"))
