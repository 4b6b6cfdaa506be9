"""What a question says of the form of its answer."""

import pytest

from rag.retrieval.form_words import without_form


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Summarise the talks in two sentences.", "Summarise the talks."),
        ("Who won? Use bullet points.", "Who won?"),
        ("In three bullet points, what happened in the strike?", "What happened in the strike?"),
        ("List the demands in a table", "List the demands"),
        ("Please list in a table who died", "Please list who died"),
        ("Briefly explain why the strike began", "Explain why the strike began"),
        ("What are the arguments, briefly?", "What are the arguments?"),
        ("Why did it start? Please answer in German.", "Why did it start?"),
        ("Keep it short: who won?", "Who won?"),
        ("Give me a timeline of the strike as a bulleted list", "Give me a timeline of the strike"),
        ("What does it cost in no more than 50 words?", "What does it cost?"),
        ("Fasse den Artikel in zwei Sätzen zusammen", "Fasse den Artikel zusammen"),
        ("Warum streiken sie? Bitte in Stichpunkten.", "Warum streiken sie?"),
        ("Résume la grève en deux phrases.", "Résume la grève."),
        ("Qui a gagné, sous forme de tableau ?", "Qui a gagné?"),
        ("Resume la huelga en dos frases", "Resume la huelga"),
        ("¿Por qué hay huelga? Responde con viñetas.", "¿Por qué hay huelga?"),
    ],
)  # fmt: skip
def test_words_of_form_are_not_searched(question: str, searched: str) -> None:
    assert without_form(question) == searched


@pytest.mark.parametrize(
    "question",
    [
        "What stands in a table of the report?",
        "What did she say in two words about the court?",
        "How many sentences were passed in one day?",
        "Who stood in line?",
        "How long was the route of the march on 9 March?",
        "Write a list of all deaths",
        "Who won  and why?",
        "Use a table.",
        "Briefly?",
        "",
    ],
)
def test_words_of_the_matter_stay(question: str) -> None:
    assert without_form(question) == question
