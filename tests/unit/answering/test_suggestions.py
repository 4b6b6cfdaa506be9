"""Questions to ask next come from the passages, are not repeated, and only likely ones are kept."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering import suggestions
from rag.schema import Answer
from tests.unit.building import article, hit

TEXT = (
    "Marit Oldane said the order for Gannet Dock was a slap in the face.\n\n"
    "“We will not reopen before the brakes are checked,” said Ruta Salloway.\n\n"
    "Tobin Raskey fell from the crane on 15 March 2024."
)


def answered(question: str, *texts: str) -> Answer:
    hits = tuple(hit(article(text, path=f"{n}.txt")) for n, text in enumerate(texts))
    return Answer(question, question, "answered", "x", (), (), hits, (), "extractive")


def always(_: str, texts: Sequence[str]) -> list[float]:
    return [0.9 for _ in texts]


def test_who_is_quoted_and_what_happened_on_a_day_can_be_asked() -> None:
    found = suggestions.follow_ups(answered("Who closed the dock?", TEXT), [], always)
    assert found == [
        "What did Marit Oldane say about Gannet Dock?",
        "What did Ruta Salloway say?",
        "What happened to Tobin Raskey on 15 March 2024?",
    ]


def test_whom_the_question_names_is_not_asked_about_again() -> None:
    found = suggestions.follow_ups(answered("What did Marit Oldane say?", TEXT), [], always)
    assert not any("Oldane" in question for question in found)


def test_nothing_is_suggested_twice_nor_what_was_asked() -> None:
    asked = ["what did ruta salloway say?"]
    found = suggestions.follow_ups(answered("Who closed the dock?", TEXT, TEXT), asked, always)
    assert len(found) == len(set(found)) == 2
    assert not any("Salloway" in question for question in found)


def test_only_what_the_passage_is_likely_to_answer_is_suggested_best_first() -> None:
    def by_name(question: str, _: Sequence[str]) -> list[float]:
        return [0.6 if "Oldane" in question else 0.8 if "Salloway" in question else 0.4]

    found = suggestions.follow_ups(answered("Who closed the dock?", TEXT), [], by_name)
    assert [question.split()[3] for question in found] == ["Salloway", "Oldane"]


def test_without_passages_there_is_nothing_to_suggest() -> None:
    assert suggestions.follow_ups(answered("Who?"), [], always) == []
