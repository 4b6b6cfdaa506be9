from datetime import date

import pytest

from rag.answering.event_dates import dated
from rag.answering.prose import prose
from tests.unit.building import article

DAY = date(2025, 2, 11)  # a Tuesday


def read(text: str, published: date | None = DAY) -> list[tuple[str, str]]:
    of = article(text, published=published)
    return [(item.printed, of.text[item.start : item.end]) for item in dated(of, prose(of))]


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        ("The mayor resigned on Monday after a vote.", "10 February 2025"),
        ("The mayor resigned on 4 March 2024 after a vote.", "4 March 2024"),
        ("The mayor was indicted in September on five counts.", "September 2024"),
        ("He was elected mayor of the city in 2013.", "2013"),
        ("The town bought the bridge last month for a song.", "January 2025"),
        ("The council will vote on Friday on the plan.", "14 February 2025"),
    ],
)
def test_the_date_is_that_of_the_event(sentence: str, printed: str) -> None:
    assert read(sentence) == [(printed, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ann Roe has led the town hall since 2013 without a rival.",
        "The men unload ships held up by a strike that began on March 4.",
        "The town must pay the builders by Friday or lose the contract.",
        "The council cited Resolution 1973 in its letter to the port.",
        "A strike that asks for yesterday will get yesterday's wages.",
        "“It all began in 2013 with a letter,” the mayor told the council.",
        "The bridge is the longest in the north of the country.",
    ],
)
def test_a_date_beside_the_event_does_not_count(sentence: str) -> None:
    assert read(sentence) == []


def test_a_label_or_a_heading_dates_what_stands_behind_and_below() -> None:
    found = read(
        "The case in short, for those who are new to it.\n\n"
        "September 2024: Roe was indicted on five counts.\n\n"
        "2013\n\nRoe was elected president of the borough."
    )

    assert found == [
        ("September 2024", "Roe was indicted on five counts."),
        ("2013", "Roe was elected president of the borough."),
    ]


def test_the_date_under_the_headline_dates_no_paragraph() -> None:
    assert (
        read("May 30, 2015\n\nThe ministry wants a new plan for the port.", date(2015, 5, 30)) == []
    )


def test_an_article_without_a_date_gives_day_and_month_alone() -> None:
    sentence = "The council voted on December 5th on the plan."

    assert read(sentence, None) == [("5 December", sentence)]
    assert read("The council voted on Monday on the plan.", None) == []
