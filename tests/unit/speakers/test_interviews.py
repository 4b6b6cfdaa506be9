"""Labels of interviews and transcripts, and names printed below a quotation."""

import pytest

from rag.articles.files import read_data
from rag.speakers.attribution import speaker

QUESTION, ANSWER = "Have you signed the contract?", "No, we have not signed any contract."
INTRO = "Tove Brandt has led the harbour of Kolvik since 2019. We met her at the quay."


def who(text: str, words: str) -> str | None:
    (article,) = read_data(text.encode(), ".txt", "a.txt").articles
    start = article.text.index(words)
    return speaker(article, start, start + len(words))


@pytest.mark.parametrize(
    ("asks", "answers"),
    [("Q:", "A:"), ("Frage:", "Antwort:"), ("Question :", "Réponse :"), ("Ostpost:", "Brandt:")],
)
def test_questions_and_answers(asks: str, answers: str) -> None:
    text = (
        f"No contract yet\n\nBy Mira Olsen\n\n{INTRO}\n\n{asks} {QUESTION}\n\n{answers} "
        f"{ANSWER}\n\n"
        f"We want the best price.\n\n{asks} Will you resign?\n\n{answers} I will not resign.\n"
    )
    assert who(text, QUESTION) is None
    assert who(text, ANSWER) == "Tove Brandt"
    assert who(text, "We want the best price.") == "Tove Brandt"
    assert who(text, "I will not resign.") == "Tove Brandt"


def test_nobody_answers_where_two_are_introduced() -> None:
    text = (
        "Talk\n\nGerda Holm runs the brewery in Ostby and Nils Berg works there as a cooper.\n\n"
        f"Q: {QUESTION}\n\nA: {ANSWER}\n\nQ: Why?\n\nA: It costs too much.\n"
    )
    assert who(text, ANSWER) is None


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("LISE MOE:", "JON KERR:"),
        ("Lise Moe:", "Jon Kerr:"),
        ("[Lise Moe]", "[Jon Kerr]"),
        (">> LISE MOE:", ">> JON KERR:"),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_labels_of_a_transcript(one: str, two: str, gap: str) -> None:
    lines = [f"{one} The nets were cut.", f"{two} We saw a boat.", f"{one} Who?", f"{two} Nobody."]
    text = "Hearing of 6 May\n\n" + gap.join(lines) + "\n"
    assert who(text, "The nets were cut.") == "Lise Moe"
    assert who(text, "We saw a boat.") == "Jon Kerr"


def test_lists_have_no_speakers() -> None:
    text = (
        "What to do\n\nThe town has much to offer in the summer, the tourist office says.\n\n"
        "Monday: The museum is open.\n\nNote: Bring a coat.\n\nKolvik: The harbour is free.\n\n"
        "Price: It costs 12 crowns.\n"
    )
    for words in ("The museum is open.", "Bring a coat.", "The harbour is free."):
        assert who(text, words) is None


@pytest.mark.parametrize(
    "quoted",
    [f'"{ANSWER}"\n— Tove Brandt, harbour leader', f"“{ANSWER}”\n\n– Tove Brandt"],
)
def test_a_name_below_a_quotation(quoted: str) -> None:
    around = "The council has spent 31 million crowns on the terminal since January, it said."
    text = f"A year of the terminal\n\n{around}\n\n{quoted}\n\nThe union did not answer.\n"
    assert who(text, ANSWER) == "Tove Brandt"
    assert who(text, "The union did not answer.") is None
