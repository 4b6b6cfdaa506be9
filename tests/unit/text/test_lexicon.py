"""The word lists: what holds for all of them, and what spoils one."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.text import lexicon
from rag.text.words import stem

PLAIN = ("within", "saying", "naming", "abbreviations")  # lists of single words
ONE_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # as the tokenizer cuts: no other is found


def pairs(line: lexicon.Group) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in itertools.combinations(map(stem, line), 2)}


def lists() -> Iterator[tuple[str, str]]:
    for file in sorted(lexicon.FOLDER.glob("*.toml")):
        for key in lexicon._tables(file.stem):
            yield file.stem, key


@pytest.mark.parametrize(("file", "key"), list(lists()))
def test_every_list_is_sound(file: str, key: str) -> None:
    if file == "numbers":
        assert lexicon.numbers(file, key)
    elif file in ("openers", "titles") or key in PLAIN:
        assert lexicon.words(file, key)
    else:
        assert lexicon.sides(file, key)


@pytest.mark.parametrize("file", ["synonyms", "opposites"])
def test_every_word_is_one_that_a_text_can_have(file: str) -> None:
    (key,) = lexicon._tables(file)
    every = [word for line in lexicon.sides(file, key) for side in line for word in side]
    assert [word for word in every if not ONE_WORD.fullmatch(word)] == []


def test_no_line_of_synonyms_says_what_the_others_say() -> None:
    lines = lexicon.groups("synonyms", "alike")
    count = Counter(pair for line in lines for pair in pairs(line))
    assert [line for line in lines if all(count[pair] > 1 for pair in pairs(line))] == []


@pytest.mark.parametrize("file", ["synonyms", "opposites"])
def test_no_word_stands_beside_another_form_of_itself(file: str) -> None:
    (key,) = lexicon._tables(file)
    every = [side for line in lexicon.sides(file, key) for side in line]
    assert [side for side in every if len(set(map(stem, side))) < len(side)] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('alike = "big large big"', "has big twice"),
        ('alike = """\nbig large\nbig large\n"""', "has big large twice"),
        ('alike = "Big large"', "small letters"),
        ("alike = 3", "no text"),
        ('alike = "big large"\nother = "a"', "other unknown"),
        ('alike = "big"\nalike = "large"', "overwrite"),
    ],
)
def test_a_spoilt_list_is_refused(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "synonyms.toml").write_text(text)
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    lexicon._tables.cache_clear()
    try:
        with pytest.raises(ValueError, match=message):
            lexicon.groups("synonyms", "alike")
    finally:
        lexicon._tables.cache_clear()
