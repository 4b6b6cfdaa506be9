import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation.matching import contains, exact, located, missing, shared, token_f1


@pytest.mark.parametrize(
    ("text", "must", "expected"),
    [
        ("They sent\u00a0200 men and SEVEN tanks", [["200"], ["7", "seven"]], True),
        ("They sent 200\n  men", [["200 men"]], True),
        ("They sent 200 men", [["200"], ["seven"]], False),
        ("He called it “so-called” peace", [['"so-called" peace']], True),
        ("It cost 1,300 crowns", [["300"]], False),
        ("It cost 1.300 crowns", [["300"]], False),
        ("It cost 3004 crowns", [["300"]], False),
        ("It cost 300. Then it cost more.", [["300"]], True),
        ("two apprenticeships", [["apprenticeship"]], True),
        ("anything", [], True),
    ],
)
def test_contains(text: str, must: list[list[str]], expected: bool) -> None:
    assert contains(text, must) is expected
    assert (missing(text, must) == []) is expected


@given(st.text(), st.text(min_size=1).filter(str.strip))
def test_a_text_contains_what_is_put_between_spaces(text: str, word: str) -> None:
    assert contains(f"{text} - {word} - {text}", [[word]])


def test_words_are_found_though_marks_and_breaks_differ() -> None:
    text = "He said:\n“So it is,”  and left."
    start, end = located(text, '"So it is," and') or (0, 0)
    assert text[start:end] == "“So it is,”  and"
    assert located(text, "so it was") is None
    assert located(text, " ") is None


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        ((0, 10), (5, 15), 0.5),
        ((0, 100), (10, 20), 1.0),
        ((0, 5), (5, 9), 0.0),
        ((3, 3), (0, 9), 0.0),
    ],
)
def test_shared(first: tuple[int, int], second: tuple[int, int], share: float) -> None:
    assert shared(first, second) == shared(second, first) == share


def test_token_f1_by_hand() -> None:
    # "cat sat on mat" (4 words) and "cat lay on mat there" (5) share 3: P 3/4, R 3/5.
    assert token_f1("The cat sat on a mat.", ["the cat lay on mat there"]) == pytest.approx(2 / 3)
    assert token_f1("no", ["yes", "No!"]) == 1.0
    assert token_f1("", ["yes"]) == token_f1("yes", []) == 0.0
    assert exact("The Eiffel Tower.", ["Eiffel tower"])
    assert not exact("The Eiffel Tower in Paris", ["Eiffel tower"])
