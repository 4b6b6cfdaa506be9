import pytest

from rag.answering.followup import standalone
from rag.retrieval import asking
from rag.schema import Turn
from rag.text.names import names
from tests.unit.building import query


def test_the_first_question_stands_alone() -> None:
    assert standalone("And he?", [], None) == "And he?"
    assert standalone("And he?", [Turn("Who is John Kerry?", "…")], None) == "John Kerry?"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What did Angela Merkel say about Latakia?", ["Angela Merkel", "Latakia"]),
        ("Is the UN in New York?", ["New York"]),
        ("Which Libyan city?", ["Libyan"]),
        ("who won", []),
        ("Obama's view", ["Obama"]),
    ],
)
def test_names(question: str, found: list[str]) -> None:
    assert names(question) == found


@pytest.mark.parametrize(
    ("question", "listed"),
    [
        ("Which countries want a seat?", True),
        ("What injuries did Jane Roe suffer?", True),
        ("Name the members of the council", True),
        ("In which building was it held?", False),
        ("What did Jane Roe say?", False),
        ("Which dog won?", False),
    ],
)
def test_several_things_asked_for(question: str, listed: bool) -> None:
    assert asking.asks_list(question) is listed


@pytest.mark.parametrize(
    ("question", "of"),
    [
        ("Who is Jane Roe?", "Jane Roe"),
        ("what is a lashing certificate", "lashing certificate"),
        ("Who is the mayor of Vale?", ""),
        ("What is wrong with him?", ""),
    ],
)
def test_whom_or_what_a_definition_is_asked_of(question: str, of: str) -> None:
    assert asking.defined(question) == of


def test_readers_are_asked_for_in_words() -> None:
    assert asking.asks_readers("What do readers say about Roe in the comments?")
    assert not asking.asks_readers("What did Roe comment on the strike?")


def test_no_one_thing_answers_a_question_for_reasons_or_opinions() -> None:
    assert asking.asks_open("Why did it close?")
    assert asking.asks_open("What does Jane Roe think of the strike?")
    assert not asking.asks_open("How many ships lay there?")
    assert not asking.asks_open("Who won?")


def test_yes_or_no_answers_a_closed_question_alone() -> None:
    assert asking.is_closed("Did the court ban the strike?")
    assert not asking.is_closed("The court banned the strike on Monday.")
    assert not asking.is_closed("Did the court ban or allow the strike?")


@pytest.mark.parametrize(
    "question",
    [
        "How many stories tall is the tower?",
        "How many pieces of evidence were found?",
        "How many reports of abuse were filed?",
    ],
)
def test_not_all_that_is_counted_is_an_article(question: str) -> None:
    assert query(question).intent == "fact"


def test_stories_about_something_are_counted() -> None:
    assert query("How many stories are about the strike?").intent == "catalogue"
