"""Questions for figures are made of sentences whose words make an English question."""

import pytest

from rag.answering.figure_questions import asked, base, figure_questions
from tests.unit.building import article


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "Twenty-six ships were at anchor in Ilvane Roads by 4 p.m., nine more than on Monday.",
            "How many ships were at anchor in Ilvane Roads?",
        ),
        (
            "The Harbour Authority counted 41 ships in Ilvane Roads on Tuesday morning.",
            "How many ships did the Harbour Authority count in Ilvane Roads?",
        ),
        (
            "Trump has dispatched 4,000 members of the National Guard to Los Angeles, he said.",
            "How many members of the National Guard has Trump dispatched to Los Angeles?",
        ),
        (
            "Twenty-two thousand people, by the count of the Quay Federation, took part in "
            "Saturday's march for the dockers.",
            "How many people took part in the march for the dockers?",
        ),
        (
            "The standstill in Port Ilvane costs the country 11 million crowns a day, he said.",
            "How much does the standstill in Port Ilvane cost the country a day?",
        ),
        (
            "There were 12 passengers aboard the Morwenna when she sank.",
            "How many passengers were aboard the Morwenna?",
        ),
    ],
)
def test_a_sentence_becomes_the_question_that_it_answers(sentence: str, question: str) -> None:
    assert [made for made, _, _ in asked(sentence)] == [question]


@pytest.mark.parametrize(
    "sentence",
    [
        "He said 40 of them were hired in Port Ilvane last year.",  # of whom?
        "They counted 41 ships in Ilvane Roads.",
        "Hundreds of people gathered in Lantern Square in Port Ilvane.",  # no figure
        "Prices rose by 6.2 percent last year, according to the Office of Statistics.",
        "Marit Oldane spoke for eleven minutes in Lantern Square.",
        "In 1965 the Guard was sent to Los Angeles.",
        "Two officers suffered injuries.",  # where?
    ],
)
def test_what_leans_on_its_article_is_not_asked(sentence: str) -> None:
    assert list(asked(sentence)) == []


@pytest.mark.parametrize(
    ("past", "plain"),
    [
        ("counted", "count"), ("stopped", "stop"), ("moved", "move"), ("carried", "carry"),
        ("sent", "send"), ("killed", "kill"), ("discovered", "discover"), ("charged", "charge"),
        ("used", "use"), ("reported", "report"), ("blue", ""),
    ],
)  # fmt: skip
def test_a_verb_has_its_plain_form(past: str, plain: str) -> None:
    assert base(past) == plain


def test_a_common_word_that_opens_a_sentence_is_no_name() -> None:
    text = "Officials recovered 27 bodies from the plane in Potomac.\n\nThe officials went home."
    assert list(figure_questions(article(text))) == []


def test_quotations_comments_and_headlines_are_not_read() -> None:
    text = "Strike has cost firms 340 million crowns\n\n“The line moved 300 boxes in Port Ilvane.”"
    assert list(figure_questions(article(text))) == []
