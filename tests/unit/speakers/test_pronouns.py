"""Whom he and she mean, in fiction."""

import pytest

from rag.speakers.pronouns import helped
from tests.unit.building import article

TEXT = (
    "Sergei Volnov, the minister, met Jane Roe, the mayor, on Monday.\n\n"
    "Mr Volnov opened the dam. He said that it would hold. “It is wrong,” Roe said.\n\n"
    "Ms Roe closed the road. She left.\n\n"
    "The dam was built in 1990. It is old. He knows it."
)


def of(sentence: str, text: str = TEXT) -> str:
    start = text.index(sentence)
    return helped(article(text), start, start + len(sentence))


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("He said that it would hold.", "He [Sergei Volnov] said that it would hold."),
        ("“It is wrong,” Roe said.", "“It is wrong,” Roe said."),
        ("Mr Volnov opened the dam.", "Mr Volnov opened the dam."),
        ("She left.", "She [Jane Roe] left."),
        ("He knows it.", "He knows it."),  # nobody is named just before
    ],
)
def test_a_name_is_put_where_it_is_clear(sentence: str, shown: str) -> None:
    assert of(sentence) == shown


def test_two_who_fit_are_too_many() -> None:
    text = "Tom Hale met Ben Arden in the hall. He left early."
    assert of("He left early.", text) == "He left early."


def test_the_words_themselves_stay() -> None:
    text = "Tom Hale ran the port.\n\nHe   sold\nit."
    assert of("He   sold\nit.", text).replace(" [Tom Hale]", "") == "He sold it."
