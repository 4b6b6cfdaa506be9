"""What corrections take back, on made-up articles."""

from datetime import date

from rag.answering.candidates import Extract
from rag.answering.corrections import bears_on, corrected, corrections, remark, taken_back
from rag.retrieval.asking import wanted
from rag.schema import Article, Hit
from tests.unit.building import article, hit

PRINTED = article(
    "The barge is to bring 310 contract workers. It sails on Monday.",
    title="Talks collapse over barge plan",
    outlet="The Courier",
    published=date(2024, 3, 15),
)
NOTE = article(
    "In our article “Talks collapse over barge plan” we wrote that 310 contract workers were to "
    "be brought. That was wrong. The memorandum speaks of 130 workers.\n"
    "On 4 March we gave the age of the judge as 68. She is 66.",
    path="note.txt",
    title="Corrections and clarifications",
    outlet="The Courier",
    published=date(2024, 3, 23),
    label="correction",
)


def said(of: Article, words: str, score: float = 1.0) -> Extract:
    start = of.text.index(words)
    return Extract(Hit(hit(of).passage, of, 1.0), start, start + len(words), 1, score)


WRONG = said(PRINTED, "The barge is to bring 310 contract workers.", 2.0)
OTHER = said(PRINTED, "It sails on Monday.")
RIGHT = said(NOTE, "The memorandum speaks of 130 workers.", 0.5)
TAKEN = said(NOTE, NOTE.text[: NOTE.text.index(" That")], 3.0)
HITS = (WRONG.hit, RIGHT.hit)


def test_a_correction_gives_the_figure_taken_back_and_the_right_one() -> None:
    (found,) = corrections(HITS)
    assert (found.of, found.wrong.text, found.right.text) == (PRINTED, "310", "130")
    assert NOTE.text[found.start : found.end] == RIGHT.words


def test_the_right_figure_stands_in_the_place_of_the_wrong_one() -> None:
    kept = corrected([TAKEN, WRONG, OTHER, RIGHT], corrections(HITS), figure=True)
    assert [item.words for item in kept] == [RIGHT.words, OTHER.words]


def test_asked_for_something_else_the_corrected_article_keeps_its_words() -> None:
    kept = corrected([TAKEN, WRONG, OTHER, RIGHT], corrections(HITS), figure=False)
    assert [item.words for item in kept] == [WRONG.words, OTHER.words, RIGHT.words]


def test_the_remark_says_who_printed_what_and_cites_the_correction() -> None:
    known = taken_back(WRONG, corrections(HITS))
    assert known is not None
    fact = remark(known)
    assert fact.text == "The Courier (15 March 2024) first printed 310 and corrected it to 130."
    ((place, start, end),) = fact.places
    assert place.article.text[start:end] == RIGHT.words


def test_without_the_corrected_article_nothing_is_taken_back() -> None:
    assert corrections([RIGHT.hit]) == []


def test_a_figure_of_another_unit_is_not_the_right_one() -> None:
    note = article(
        "In our article “Talks collapse over barge plan” we wrote that 310 contract workers were "
        "to be brought. That was wrong. The barge is 84 metres long.",
        path="note.txt",
        title="Correction",
        label="correction",
    )
    assert corrections([WRONG.hit, hit(note)]) == []


def test_it_is_told_where_that_thing_is_counted() -> None:
    (found,) = corrections(HITS)
    assert bears_on(found, wanted("How many contract workers were to be brought?"))
    assert not bears_on(found, wanted("How many votes were there for the settlement?"))
    assert not bears_on(found, wanted("How much did the barge cost?"))
