"""Bytes to text where nobody says in which encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.formats.decoding import decode
from rag.errors import ArticleError

GERMAN = "Der Hafenmeister erklärte, dass die Fähre – „endlich“ – wieder fährt; es kostet 3 €. "
RUSSIAN = "Начальник порта заявил в понедельник, что паром снова выйдет в море, как позволит лёд. "
GREEK = "Ο λιμενάρχης δήλωσε τη Δευτέρα ότι το πλοίο θα αποπλεύσει ξανά μόλις το επιτρέψει. "
JAPANESE = (
    "港長は月曜日、氷の状態が許せばフェリーは再び運航すると述べた。二人の技師がまだ作業していた。"
)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode()) == text
    assert decode(text.encode("utf-8-sig")) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == GERMAN


@pytest.mark.parametrize("text", ["«LIBERTÉ» été élu à Paris – voilà", "“É”", GERMAN, "naïve"])
def test_windows_1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == text
    assert decode(text.encode("cp1252"), "iso-8859-1") == text  # what pages say and do not mean


def test_a_file_of_two_encodings() -> None:
    mixed = GERMAN.encode() * 3 + GERMAN.encode("cp1252")
    assert decode(mixed) == GERMAN * 4
    assert decode(GERMAN.encode() + GERMAN.encode("cp1252") * 3, "iso-8859-1") == GERMAN * 4


def test_a_character_cut_off_at_the_end_is_left_out() -> None:
    assert decode((GERMAN + "é").encode()[:-1]) == GERMAN


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (GREEK, "cp1253"), (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
    ],
)  # fmt: skip
def test_other_scripts_are_detected(text: str, encoding: str) -> None:
    assert decode((text * 3).encode(encoding)) == text * 3


def test_a_long_foreign_text_is_decoded_whole() -> None:
    lines = "\n".join([RUSSIAN] * 3000)
    assert decode(lines.encode("cp1251")) == lines


def test_one_bad_byte_does_not_undo_a_declaration() -> None:
    text = decode(RUSSIAN.encode("cp1251") * 2 + b"\x98", "windows-1251")
    assert text == RUSSIAN * 2 + "\ufffd"


@pytest.mark.parametrize("name", ["utf-7", "unicode_escape", "hex", "idna", "no such", "\0", ""])
def test_a_declaration_that_is_none_is_ignored(name: str) -> None:
    assert decode(GERMAN.encode("cp1252"), name) == GERMAN


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "cp1251", "gb2312", "utf-16"]))
def test_bytes_are_text_or_refused(data: bytes, declared: str | None) -> None:
    try:
        text = decode(data, declared)
    except ArticleError:
        return
    assert text.encode().decode() == text  # no half characters are left


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", [RUSSIAN, "港口委员会购买第二艘渡轮，价格是1800万克朗。\n新渡轮明年四月投入使用。\n"]
)
def test_utf_16_without_a_mark_in_other_scripts(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    assert decode(text.encode(encoding) + b"\n") == text


def test_stray_nuls_are_left_out() -> None:
    assert decode(GERMAN.encode() + b"\0" * 500) == GERMAN
    assert decode((GERMAN + "\0" + GERMAN).encode()) == GERMAN * 2
    assert decode((GERMAN + "\0" + GERMAN).encode("cp1252")) == GERMAN * 2


def test_a_byte_too_many_after_utf_16() -> None:
    assert decode(GERMAN.encode("utf-16") + b"\n") == GERMAN
