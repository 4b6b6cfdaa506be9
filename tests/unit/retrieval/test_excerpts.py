"""Words that a question repeats, and where they stand in a text."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.excerpts import SHORTEST, Excerpt, excerpt, locate, share, words_of

TEXT = (
    "Ferry service to the islands will resume on Monday, the harbour master said. "
    "“We don’t expect ice before the new year,” Mara Quell told reporters — and nobody asked "
    "her what would happen if it came sooner. Two engineers were still at work in the engine "
    "room of the larger ferry, and a third was on her way from the city with a spare pump."
)
WORDS = words_of(TEXT)


def span(first: int, last: int) -> tuple[int, int]:
    """Offsets of the words first..last of TEXT."""
    return WORDS.spans[first][0], WORDS.spans[last][1]


def found(question: str, text: str = TEXT) -> tuple[int, int] | None:
    asked = excerpt(question)
    place = locate(asked, text) if asked else None
    return (place.start, place.end) if place else None


@given(st.integers(0, len(WORDS.spans) - SHORTEST), st.integers(SHORTEST, 40))
def test_a_verbatim_excerpt_is_found_to_the_letter(first: int, count: int) -> None:
    last = min(first + count, len(WORDS.spans)) - 1
    start, end = span(first, last)
    assert found(f"Find “{TEXT[start:end]}”") == (start, end)


@given(st.integers(0, len(WORDS.spans) - 26), st.randoms(use_true_random=False))
def test_case_quotes_dashes_and_one_dropped_word_do_not_matter(
    first: int, chance: random.Random
) -> None:
    start, end = span(first, first + 25)
    words = TEXT[start:end].split()
    del words[chance.randrange(5, len(words) - 5)]
    altered = " ".join(words).replace("—", "-").replace("’", "'")
    altered = altered.replace("“", '"').replace("”", '"')
    assert found(chance.choice([altered.upper(), altered.lower()])) == (start, end)


@pytest.mark.parametrize(
    "question",
    [
        "When will the ferry service to the islands start again?",
        "What did Mara Quell say about the ice that nobody expected before the year was out?",
        "Who was on the way from the city with something for the engine room of the ferry?",
        "",
        "Ferry service to the islands",
    ],
)
def test_a_question_in_its_own_words_is_no_excerpt(question: str) -> None:
    assert found(question) is None


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("Which article says: “Ferry service to the islands will resume on Monday”?", True),
        ("Ferry service to the islands will resume on Monday, the harbour master", True),
        ("Why does it say “Ferry service to the islands will resume on Monday”?", False),
    ],
)
def test_only_where_words_are_from_is_answered_by_showing_them(question: str, alone: bool) -> None:
    asked = excerpt(question)
    assert asked is not None
    assert asked.alone == alone
    assert locate(asked, TEXT) is not None


def test_the_frame_of_a_question_is_not_searched() -> None:
    asked = excerpt("Which article says: “Two engineers were still at work in the engine room”?")
    assert asked is not None
    assert asked.words.folded[0] == "two"
    assert asked.words.folded[-1] == "room"


def test_an_excerpt_with_a_quotation_in_it_is_searched_whole() -> None:
    start, end = span(9, 35)
    assert TEXT[start:end].count("“") == 1
    assert found(TEXT[start:end]) == (start, end)


def test_what_the_text_repeats_elsewhere_does_not_widen_the_place() -> None:
    again = "The ferry will not sail today because of the ice in the harbour. "
    text = again + "Much else was said in the town hall that evening. " * 3 + again + "It was late."
    start = text.rindex("The ferry will")
    words = text[start:]
    assert found(words, text) == (start, len(text) - 1)


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_fails(question: str, text: str) -> None:
    asked = excerpt(question)
    if asked is None:
        return
    assert 0 <= share(asked.words, text) <= 1
    place = locate(asked, text)
    if place is not None:
        assert 0 <= place.start < place.end <= len(text)
        assert asked.least <= place.share <= 1


def test_too_few_words_tell_nothing() -> None:
    assert excerpt("the ice before the new year") is None
    assert isinstance(excerpt("We do not expect any ice before the new year"), Excerpt)


def test_a_few_quoted_words_are_a_question_like_others() -> None:
    assert excerpt("Who said “The chairs stay where they are” in the council?") is None


def test_a_question_is_no_excerpt_though_an_article_may_ask_the_same() -> None:
    assert excerpt("What do we call the first ten amendments to the constitution?") is None
