"""Follow-up questions, made to stand alone by rule."""

import pytest

from rag.schema import Turn
from rag.speakers.coreference import by_rule

ENNISK = Turn(
    "Who is Pavel Ennisk?",
    "Meridel Press Agency, 21 March 2024: The man, named as Pavel Ennisk, 29, suffered a broken "
    "leg. [1]",
)
TAKEN = Turn(
    "Where was he taken?", "Meridel Press Agency: He was taken to the Sisters of the Lamp. [1]"
)
EMPLOYED = Turn(
    "who employed him?", "Meridel Press Agency: They are employed by Ropewalk Staffing. [1]"
)
MEDIATOR = Turn(
    "Who mediates in the dispute?",
    "The Averstad Sentinel: Odile Hartsgrave, 68, sat for fourteen years on the bench. [1]",
)


def asked(question: str, answer: str = "") -> Turn:
    return Turn(question, answer)


@pytest.mark.parametrize(
    ("question", "turns", "expected"),
    [
        ("Where was he taken?", [ENNISK], "Where was Pavel Ennisk taken?"),
        ("who employed him?", [ENNISK, TAKEN], "who employed Pavel Ennisk?"),
        ("is he better now?", [ENNISK, TAKEN, EMPLOYED], "is Pavel Ennisk better now?"),
        ("and his parents?", [ENNISK], "Pavel Ennisk’s parents?"),
        ("where is it based?", [ENNISK, EMPLOYED], "where is Ropewalk Staffing based?"),
        ("how old is she?", [MEDIATOR], "how old is Odile Hartsgrave?"),
        (
            "what is wrong with him?",
            [asked("When was the pope taken to hospital?")],
            "what is wrong with the pope?",
        ),
        (
            "what did it do?",
            [asked("When was resolution 2118 passed?")],
            "what did resolution 2118 do?",
        ),
        (
            "how long did it last?",
            [asked("When did the strike begin?")],
            "how long did the strike last?",
        ),
        (
            "what did they do then?",
            [asked("How many nurses were hired in Tarsk?")],
            "what did the nurses do then?",
        ),
        (
            "how many of them?",
            [asked("Which ships were diverted to Drennick?")],
            "how many of the ships?",
        ),
        (
            "what happened there?",
            [asked("Who closed Gannet Dock?")],
            "what happened at Gannet Dock?",
        ),
    ],
)
def test_a_pronoun_stands_for_what_fits_it(question: str, turns: list[Turn], expected: str) -> None:
    assert by_rule(question, turns) == expected


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("why?", "When did the talks collapse?", "Why did the talks collapse?"),
        ("Why?", "Did Marit Oldane resign?", "Why did Marit Oldane resign?"),
        (
            "and in Paris?",
            "How many people marched in Averstad?",
            "How many people marched in Paris?",
        ),
        ("what about 2024?", "What was the profit in 2023?", "What was the profit in 2024?"),
        (
            "And John Kerry?",
            "What did Sergei Lavrov say about oil?",
            "What did John Kerry say about oil?",
        ),
        (
            "And when was it broadcast?",
            "What did Sergei Lavrov say?",
            "When was it broadcast (What did Sergei Lavrov say)?",
        ),
    ],
)
def test_a_fragment_takes_the_place_of_its_like(question: str, before: str, expected: str) -> None:
    assert by_rule(question, [asked(before)]) == expected


@pytest.mark.parametrize(
    "question",
    [
        "thanks!",
        "I'm writing a piece on ports",
        "summarise all five",
        "Which city did Islamic State militants seize in June?",
        "What did Sergei Lavrov say about his meeting?",
        "Is it true that the dock closed?",
        "How many ships are there in the roads?",
    ],
)
def test_what_stands_alone_is_left_alone(question: str) -> None:
    assert by_rule(question, [ENNISK]) == question


def test_two_turns_back_and_no_further() -> None:
    other = asked("How many ships waited?")
    assert by_rule("is he better?", [ENNISK, other]) == "is Pavel Ennisk better?"
    assert "Ennisk" not in by_rule("is he better?", [ENNISK, other, other, other, other])
