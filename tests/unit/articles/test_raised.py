"""Raised characters never join the word or the figure before them."""

from __future__ import annotations

import pytest

from rag.articles.raised import raised


@pytest.mark.parametrize(
    ("before", "text", "read"),
    [
        ("fell to 6,200", "3", ""),
        ("in 2019", "4", ""),
        ("the ministry said.", "12", ""),
        ("the ministry said", "1,2", ""),
        ("the ministry said", "[7]", ""),
        ("the harbour", "*", ""),
        ("the harbour", "a", ""),
        ("10", "6", "^6"),
        ("10", "−9", "^-9"),
        ("210", "6", ""),
        ("12 km", "2", "²"),
        ("30 cm", "3", "³"),
        ("shows that the ", "14", "¹⁴"),
        ("(", "137", "¹³⁷"),
        ("a jar costs £4", "99", ".99"),
        ("a fine of $500", "12", ""),
        ("the cm", "12", ""),
        ("the 1", "st", "st"),
        ("le XX", "e", "e"),
        ("le XXI", "e", "e"),
        ("le XVIII", "ème", "ème"),
        ("le 1", "er", "er"),
        ("M", "me", "me"),
        ("M", "e", "e"),
        ("le n", "o", "o"),
        ("a 2", "nd", "nd"),
        ("el 3", "a", "a"),
        ("D", "r", "r"),
        ("sent to", "a", ""),
        ("In 2015", "a", ""),
        ("sold 6,200", "b", ""),
        ("the Ravn", "TM", "TM"),
    ],
)
def test_what_is_written_for_raised_characters(before: str, text: str, read: str) -> None:
    assert raised(before, text) == read


def test_what_the_file_calls_a_note_is_one() -> None:
    assert raised("10", "6", note=True) == ""
    assert raised("the word", "th", note=True) == ""
