"""Citation precision and recall on cases counted by hand."""

from datetime import date

import pytest

from rag.evaluation.crediting import needs_citation, precise
from rag.models.prompts import REFUSAL
from rag.schema import Answer, Citation, Sentence
from tests.unit.building import article, hit

STORM = article(
    "Storm closes Tarn Pass\n\nThe Tarn Pass was closed at noon on Sunday. Snow fell for six hours."
    " Two lorries had to be pulled out of the ditch.",
    path="storm.txt", author="Ada Fenwick", outlet="The Fell Courier", published=date(2021, 5, 3),
)  # fmt: skip
BREAD = article(
    "Jonas Lindow won the golden loaf for his rye bread. The jury praised it.", path="b"
)
CLOSED, FELL, WON = (
    "The Tarn Pass was closed at noon on Sunday.",
    "Snow fell for six hours.",
    ("Jonas Lindow won the golden loaf for his rye bread."),
)


def citation(number: int, source: object, words: str) -> Citation:
    found = STORM if source is STORM else BREAD
    start = found.text.index(words)
    passage = hit(found, start, start + len(words)).passage
    return Citation(number, found, passage, start, start + len(words))


def answered(sentence: Sentence, *citations: Citation) -> tuple[int, ...]:
    answer = Answer("?", "?", "answered", sentence.text, (sentence,), citations, (), (), "model")
    return precise(sentence, answer)


def test_one_citation_of_a_supported_sentence() -> None:
    lead = "Ada Fenwick, The Fell Courier, 3 May 2021: "
    sentence = Sentence(lead + CLOSED, (1,), "supported")
    assert answered(sentence, citation(1, STORM, CLOSED)) == (1,)


def test_none_where_the_sentence_is_not_supported() -> None:
    sentence = Sentence("The pass was opened at noon.", (1,), "unsupported", ("turned round",))
    assert answered(sentence, citation(1, STORM, CLOSED)) == ()


def test_a_citation_that_adds_nothing_is_not_precise() -> None:
    """The sentence stands in [1]; [2] is about bread, and [1] does without it."""
    sentence = Sentence(CLOSED, (1, 2), "supported")
    both = citation(1, STORM, CLOSED), citation(2, BREAD, WON)
    assert answered(sentence, *both) == (1,)


def test_citations_that_bear_it_out_only_together_are_precise() -> None:
    sentence = Sentence(
        "The Tarn Pass was closed, and Jonas Lindow won the golden loaf.", (1, 2), "supported"
    )
    both = citation(1, STORM, CLOSED), citation(2, BREAD, WON)
    assert answered(sentence, *both) == (1, 2)


def test_articles_cited_whole_each_count() -> None:
    whole = [
        Citation(n, item, hit(item).passage, 0, 5) for n, item in enumerate((STORM, BREAD), start=1)
    ]
    sentence = Sentence("There are 2 articles.", (1, 2), "supported")
    assert answered(sentence, *whole) == (1, 2)


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("The pass was closed at noon.", True),
        (REFUSAL, False),
        ("The articles say:", False),
        ("Sources", False),
        ("Is the pass open?", False),
        ("3,112 of 3,406", False),
    ],
)
def test_which_sentences_need_a_citation(text: str, needs: bool) -> None:
    assert needs_citation(text) is needs
