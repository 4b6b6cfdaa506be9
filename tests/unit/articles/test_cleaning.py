"""Bytes to text, and text to its one clean form."""

import re
import textwrap
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.cleaning import clean_text, decode, one_line, paragraphs

SENTENCE = "The harbour master said that the well-known ferry – the last of its kind – will sail. "


@given(st.text())
def test_cleaning_is_idempotent(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@given(st.text())
def test_clean_text_is_normal(text: str) -> None:
    clean = clean_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert clean == clean.strip()
    assert not re.search(r"\n{3}|[^\S\n]{2}| \n|\n |[^\S\n ]|[\u200b\u00ad\ufeff]", clean)
    clean.encode()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\u00a0b\u2009c\u3000d\te", "a b c d e"),
        ("zero\u200bwidth so\u00adft \ufeffmark", "zerowidth soft mark"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one \n  \n\n\n two", "one\n\ntwo"),
        ("cafe\u0301", "café"),
        ("lone \ud800 half", "lone half"),
        ("line\u2028break\u2029paragraph", "line\nbreak\n\nparagraph"),
    ],
)
def test_what_cleaning_changes(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


def test_one_line_has_no_breaks() -> None:
    assert one_line(" a\n\n b\u00a0 c ") == "a b c"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Brüssel – “so”"),
        ("utf-8-sig", "Brüssel – “so”"),
        ("utf-16", "Brüssel – “so”"),
        ("utf-32", "Brüssel – “so”"),
        ("cp1252", "Brüssel – “so” €"),
    ],
)
def test_encodings_without_a_declaration(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_big_endian_utf_16() -> None:
    assert decode(b"\xfe\xff" + "Zürich".encode("utf-16-be")) == "Zürich"


def test_a_declared_encoding_counts_only_where_utf_8_fails() -> None:
    assert decode("Москва".encode("cp1251"), "windows-1251") == "Москва"
    assert decode("Москва".encode(), "windows-1251") == "Москва"
    assert decode("Zürich".encode("cp1252"), "no-such-encoding") == "Zürich"


def test_wrapped_paragraphs_are_unwrapped() -> None:
    whole = [(SENTENCE * 4).strip(), (SENTENCE * 3).strip(), (SENTENCE * 5).strip()]
    wrapped = "\n\n".join(textwrap.fill(text, 72) for text in whole)
    assert paragraphs(wrapped) == whole


def test_a_break_that_is_meant_survives_unwrapping() -> None:
    wrapped = "By Jane Doe\nMay 30, 2015\n\n" + textwrap.fill(SENTENCE * 6, 72)
    assert paragraphs(wrapped) == ["By Jane Doe\nMay 30, 2015", (SENTENCE * 6).strip()]


def test_unwrapped_lines_are_left_as_they_are() -> None:
    text = "Building Bridges\n" + SENTENCE * 3 + "\n\nThen\nthis\nshort\nlist"
    assert paragraphs(text) == [
        "Building Bridges\n" + (SENTENCE * 3).strip(),
        "Then\nthis\nshort\nlist",
    ]


def test_without_blank_lines_each_line_is_a_paragraph() -> None:
    assert paragraphs("Headline\nBy Jane Doe\nText.") == ["Headline", "By Jane Doe", "Text."]
