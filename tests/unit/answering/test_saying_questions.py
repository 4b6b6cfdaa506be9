"""Questions for what people said name a person without titles, and a matter of the article."""

import pytest

from rag.answering.saying_questions import is_person, matters_of, saying_questions, shared
from tests.unit.building import article

TEXT = (
    "The crane contract was signed in December. The cranes arrive in May, and the cranes are dear."
    "\n\n“Nobody on this quay asked for the cranes, and nobody will man them,” said Minister "
    "Philippa Dunmarrow, who spoke in Averstad. Dunmarrow left early.\n\n"
    "“We told the State Department about it last week,” said Marit Oldane, the union’s secretary."
)


def made(text: str, title: str) -> list[str]:
    found = saying_questions(article(text, title=title), frozenset())
    return [item.question for item in found]


def test_a_name_has_no_title_and_the_matter_is_the_headlines() -> None:
    assert made(TEXT, "Who asked for the cranes?") == [
        "What did Philippa Dunmarrow say about the cranes?"
    ]


def test_of_what_is_in_no_headline_nothing_is_asked() -> None:
    assert made(TEXT, "A week in Averstad") == []


@pytest.mark.parametrize(
    "name",
    ["Minister Philippa Dunmarrow", "Financial Analyst Greg McBride", "Minnesota AG", "Oldane",
     "Emmett Till Interpretive Center", "State Department", "gull47 (reader comment)"],
)  # fmt: skip
def test_titles_bodies_and_half_names_are_no_people(name: str) -> None:
    assert not is_person(name)


def test_what_a_question_speaks_of_is_told_as_it_puts_it() -> None:
    assert matters_of("Why did the talks at Hotel Belmarin with Iran collapse?") == [
        "the talks",
        "Iran",
    ]
    assert matters_of("What became of the Adams case?") == ["the Adams case"]


def test_words_of_several_headlines_are_shared() -> None:
    assert shared(["Strike goes on", "Strike over", "Bread is dear"]) == frozenset({"strike"})
