"""The rules by which the reading benchmarks count."""

import pytest

from benchmarks.reading.metadata import is_right
from benchmarks.reading.scoring import averages, compare, shingles, words


def test_words_count_as_often_as_they_occur() -> None:
    score = compare("a b b c", "a b d", words)
    assert (score.precision, score.recall) == (2 / 3, 2 / 4)


def test_runs_of_four_see_order() -> None:
    assert compare("a b c d e", "a b c d e", shingles).f1 == 1
    assert compare("a b c d e", "e d c b a", shingles).f1 == 0
    assert compare("a b", "a b", shingles).f1 == 1


def test_empty_texts() -> None:
    assert compare("", "", words).f1 == 1
    assert compare("a", "", words).f1 == 0
    assert compare("", "a", words).f1 == 0


def test_the_sets_f1_is_that_of_the_averages() -> None:
    scores = [compare("a b", "a", words), compare("a", "a b", words)]
    assert averages(scores) == {"precision": 0.75, "recall": 0.75, "f1": 0.75, "page_f1": 0.6667}


@pytest.mark.parametrize(
    ("field", "gold", "found", "right"),
    [
        ("title", "Ferry  Sails", "ferry sails", True),
        ("title", "Ferry sails | Gazette", "Ferry sails", True),
        ("title", "Ferry sails", "Ferry sails - Gazette", True),
        ("title", "Ferry sails", "Ferry", False),
        ("title", "Ferry sails | Gazette", "Gazette", False),
        ("byline", "By Jane Doe and John Roe", "John Roe, Jane Doe", True),
        ("byline", "By Jane Doe March 25, 2015", "Jane Doe", True),
        ("byline", "Jane Doe (with John Roe)", "jane doe", True),
        ("byline", "Jane Doe", "Jane Doe, John Roe", False),
        ("byline", "Jane Doe", "Doe", False),
        ("date", "2015-05-30T23:00:00-04:00", "2015-05-30", True),
        ("date", "2015-05-30T23:00:00-04:00", "2015-05-31", False),
    ],
)
def test_what_is_right(field: str, gold: str, found: str, right: bool) -> None:
    assert is_right(field, gold, found) is right
