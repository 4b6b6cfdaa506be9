from datetime import date

import pytest

from rag.retrieval.limits import limited
from rag.retrieval.query import Boosts, read
from rag.schema import Filters
from tests.unit.building import article, catalogue


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Which reader comment quotes Napoleon?", ("comment",)),
        ("What does a reader claim about the figures?", ("comment",)),
        ("What do commenters think?", ("comment",)),
        ("What did the minister comment on?", ()),
        ("How many readers does the paper have?", ()),
    ],
)
def test_readers_comments_are_searched_when_asked_for(
    question: str, kinds: tuple[str, ...]
) -> None:
    assert limited(question, Filters())[1].kinds == kinds


def test_a_filter_that_is_set_stays() -> None:
    assert limited("Which reader comment?", Filters(kinds=("body",)))[1].kinds == ("body",)


@pytest.mark.parametrize(
    ("question", "bare", "since", "until"),
    [
        ("As of 1 June 2015, who led the party?", "Who led the party?", "", "2015-06-01"),
        ("as of June 2015 who led it?", "Who led it?", "", "2015-06-30"),
        ("Who led it as of the end of 2014?", "Who led it?", "", "2014-12-31"),
        ("Who, as of 2015-06-01, led it?", "Who led it?", "", "2015-06-01"),
        ("As at May 3, 2016, what is known?", "What is known?", "", "2016-05-03"),
        ("But why (As of June 2015, who won)?", "But why (who won)?", "", "2015-06-30"),
        ("As of June 2015?", "As of June 2015?", "", "2015-06-30"),
        ("In articles from 2015, who spoke?", "Who spoke?", "2015-01-01", "2015-12-31"),
        ("What do articles from 2015 say?", "What do articles say?", "2015-01-01", "2015-12-31"),
        (
            "What was published between March and May 2015 about X?",
            "What was published between March and May 2015 about X?",
            "",
            "",
        ),
        (
            "What was published in March 2015 about it?",
            "What was published about it?",
            "2015-03-01",
            "2015-03-31",
        ),
        (
            "According to reports published between March 2015 and May 2015, who fell?",
            "Who fell?",
            "2015-03-01",
            "2015-05-31",
        ),
        ("Articles published before 2015 say what?", "Articles say what?", "", "2014-12-31"),
        ("Do stories published after 2015 say so?", "Do stories say so?", "2016-01-01", ""),
        ("Do articles published since May 2015 say so?", "Do articles say so?", "2015-05-01", ""),
        (
            "As of 2016, what do articles published since 2015 say?",
            "What do articles say?",
            "2015-01-01",
            "2016-12-31",
        ),
    ],
)
def test_words_that_limit_the_dates(question: str, bare: str, since: str, until: str) -> None:
    text, filters = limited(question, Filters())
    assert text == bare
    assert (str(filters.since or ""), str(filters.until or "")) == (since, until)
    assert limited(text, filters) == (text, filters)


@pytest.mark.parametrize(
    "question",
    [
        "What is known as of today?",
        "Was it known as of 03/04/2015?",
        "Which studies were published in 2015?",
        "What stories from 1945 did he tell?",
        "Who was known as Mother of 2015?",
        "What will it cost by the end of 2014?",
        "Do articles published in 2014 and articles published in 2016 differ?",
        "Did the report published on 7 October 2023 say so?",
        "What may the march on the capital cost?",
    ],
)
def test_words_that_limit_nothing(question: str) -> None:
    assert limited(question, Filters()) == (question, Filters())


def test_the_questions_limits_only_narrow_those_given() -> None:
    given = Filters(since=date(2015, 3, 1), until=date(2015, 4, 1), outlets=("A",))
    _, got = limited("As of 2016, who won?", given)
    assert got == given
    assert limited("As of 20 March 2015, who won?", given)[1].until == date(2015, 3, 20)


def test_what_a_question_names_are_boosts_and_no_filters() -> None:
    question = "According to The Verge, what did Jane Doe write on 3 May 2023?"
    known = catalogue(
        article("Words.", path="a", outlet="The Verge", author="Jane Doe"),
        article("Words.", path="b", outlet="Wired", author="John Roe"),
    )
    asked = read(question, known)
    day = date(2023, 5, 3)
    assert (asked.text, asked.filters) == (question, Filters())
    assert asked.boosts == Boosts(("The Verge",), ("Jane Doe",), ((day, day),))
