"""The answers of a question's parts, put together."""

from dataclasses import replace

from rag.answering.generate import whole
from rag.answering.subanswers import together
from rag.schema import Answer, Article, Citation, Passage, Sentence

TEXT = "The dock was closed on Monday. The ships left on Tuesday. Nobody was hurt."
ARTICLE = Article("a", "a.txt", None, None, None, None, None, TEXT)
PASSAGE = Passage("a-0", "a", 0, 0, len(TEXT), TEXT, "", "body")
BLANK = Answer("q", "q", "answered", "", (), (), (), (), "extractive")


def answer(*quotes: str) -> Answer:
    places = [(TEXT.find(quote), TEXT.find(quote) + len(quote)) for quote in quotes]
    return replace(
        BLANK,
        sentences=tuple(Sentence(q, (n,), "supported") for n, q in enumerate(quotes, start=1)),
        citations=tuple(
            Citation(n, ARTICLE, PASSAGE, *place) for n, place in enumerate(places, start=1)
        ),
    )


CLOSED, LEFT = "The dock was closed on Monday.", "The ships left on Tuesday."
NOTHING = replace(BLANK, status="not_in_articles")


def test_each_part_stands_under_its_label_and_numbers_run_on() -> None:
    got = whole(together(BLANK, [("the dock", answer(CLOSED)), ("the ships", answer(LEFT))]))
    assert got.text == f"the dock:\n{CLOSED} [1]\n\nthe ships:\n{LEFT} [2]"
    assert [item.number for item in got.citations] == [1, 2]
    assert [item.quote for item in got.citations] == [CLOSED, LEFT]


def test_what_has_no_answer_is_named() -> None:
    got = whole(together(BLANK, [("the dock", answer(CLOSED)), ("the crew", NOTHING)]))
    assert got.text.endswith("On “the crew” I found no sentence.")
    assert got.sentences[-1].citations == ()


def test_a_sentence_that_answers_both_is_said_once_without_a_label() -> None:
    got = whole(together(BLANK, [("when", answer(CLOSED)), ("why", answer(CLOSED))]))
    assert got.text == f"{CLOSED} [1]"
    assert len(got.citations) == 1


def test_what_was_said_for_an_earlier_part_is_not_said_again() -> None:
    parts = [("when", answer(CLOSED)), ("and then", answer(CLOSED, LEFT))]
    got = whole(together(BLANK, parts))
    assert got.text == f"when:\n{CLOSED} [1]\n\nand then:\n{LEFT} [2]"
