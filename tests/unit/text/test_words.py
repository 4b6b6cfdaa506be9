"""Words made comparable."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.text import words


@pytest.mark.parametrize(
    "forms",
    [
        "vote votes voted voting vote's votes'",
        "company companies company's",
        "city cities",
        "give gave given giving",
        "stop stopped stopping",
        "woman women women's",
        "nation national",
    ],
)
def test_every_form_of_a_word_has_one_stem(forms: str) -> None:
    assert len(set(map(words.stem, forms.split()))) == 1


@pytest.mark.parametrize("pair", ["press pressure", "organ organic-farm", "new news", "rise arise"])
def test_other_words_have_other_stems(pair: str) -> None:
    one, other = map(words.stem, pair.split())
    assert one != other


@pytest.mark.parametrize("word", ["companies", "company", "votes", "c.i.", "alumni"])
def test_a_stem_is_how_its_words_begin(word: str) -> None:
    assert re.match(words.beginning(words.stem(word)), word)


def test_stems_are_the_same_in_every_thread() -> None:
    asked = [
        f"{start}{end}" for start in ("vot", "runn", "nation") for end in ("ing", "ed", "ally")
    ]
    asked = [f"{chr(97 + n)}{word}" for n in range(26) for word in asked]
    alone = list(map(words.stem.__wrapped__, asked))
    with ThreadPoolExecutor(8) as pool:
        assert all(found == alone for found in pool.map(lambda _: _stems(asked), range(24)))


def _stems(asked: list[str]) -> list[str]:
    return list(map(words.stem.__wrapped__, asked))


def test_what_only_looks_different_folds_to_one() -> None:
    assert words.fold("“Élan”  –\nDon’t") == words.fold('"ÉLAN" - don\'t')


def test_words_are_cut_and_stand_where_they_say() -> None:
    text = "Ms O’Brien’s 1,130 boats — “don’t”."
    found = words.words(text)
    assert [word.plain for word in found] == ["ms", "o'brien", "s", "1,130", "boats", "don't"]
    assert all(text[word.start : word.end] == word.text for word in found)
    assert words.plain_words(text) == ["ms", "o'brien", "1,130", "boats", "don't"]


@pytest.mark.parametrize(
    ("text", "name"), [("Who closed the dock?", "Who-closed-the-dock"), ("…", "")]
)
def test_first_words_name_a_file(text: str, name: str) -> None:
    assert words.dashed(text) == name
