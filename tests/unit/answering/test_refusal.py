"""Reasons in words: to a reader, and as a hint to a language model."""

import pytest

from rag.answering.languages import to_write_in
from rag.answering.refusal import Lack, suspected


def test_a_hint_says_what_is_suspected_once() -> None:
    age = Lack("age", "Ada Vell")
    hint = suspected([age, Lack("premise"), age], is_doubted=False)
    assert hint == (
        "No sentence found gives the age of Ada Vell. "
        "No sentence found says what the question takes for granted."
    )
    assert suspected([age], is_doubted=True).startswith("The passages may not answer")


def test_where_nothing_is_suspected_there_is_no_hint() -> None:
    assert suspected([], is_doubted=False) == ""


@pytest.mark.parametrize("kind", ["orders", "language"])
def test_what_a_model_judges_itself_is_no_hint(kind: str) -> None:
    assert suspected([Lack(kind, "Deutsch")], is_doubted=False) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "language"),
    [
        ((), ""),
        (("en",), "English"),
        (("en", "de"), "English (or Deutsch, if it is in that)"),
        (("xx",), "xx"),
    ],
)
def test_a_question_is_searched_in_the_language_of_most_articles(
    held: tuple[str, ...], language: str
) -> None:
    assert to_write_in(held) == language
