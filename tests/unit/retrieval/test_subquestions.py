"""The questions within a question."""

import pytest

from rag.retrieval.subquestions import split


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When was resolution 2118 passed and what did it do?",
            ["When was resolution 2118 passed?", "What did resolution 2118 do?"],
        ),
        (
            "Who is Marit Oldane? And what does she want?",
            ["Who is Marit Oldane?", "What does Marit Oldane want?"],
        ),
        (
            "Why is the café charging extra and how much?",
            ["Why is the café charging extra?", "How much is the café charging extra?"],
        ),
        (
            "How much will the raise add, and what percentage increase will the dockers get?",
            ["How much will the raise add?", "What percentage increase will the dockers get?"],
        ),
        (
            "How many marched according to police, and how many according to the union?",
            ["How many marched according to police?", "How many marched according to the union?"],
        ),
        ("When and where was she hurt?", ["When was she hurt?", "Where was she hurt?"]),
        (
            "When did the strike begin and end?",
            ["When did the strike begin?", "When did the strike end?"],
        ),
        (
            "Is the strike over, and if so, when did it end?",
            ["Is the strike over?", "When did the strike end?"],
        ),
        (
            "How old is Odile Hartsgrave, where does she work and what did she say?",
            [
                "How old is Odile Hartsgrave?",
                "Where does Odile Hartsgrave work?",
                "What did Odile Hartsgrave say?",
            ],
        ),
        (
            "Who are Pavel Ennisk and Odile Hartsgrave?",
            ["Who is Pavel Ennisk?", "Who is Odile Hartsgrave?"],
        ),
        (
            "Compare what the Chamber of Commerce and Professor Dellmore say about the cost",
            [
                "What does the Chamber of Commerce say about the cost?",
                "What does Professor Dellmore say about the cost?",
            ],
        ),
        (
            "When did these happen: the walkout, the march and the accident?",
            [
                "When did the walkout happen?",
                "When did the march happen?",
                "When did the accident happen?",
            ],
        ),
        (
            "How many ships were waiting on 4, 5 and 12 March?",
            [
                "How many ships were waiting on 4 March?",
                "How many ships were waiting on 5 March?",
                "How many ships were waiting on 12 March?",
            ],
        ),
        ("What happened in 2019 and 2021?", ["What happened in 2019?", "What happened in 2021?"]),
    ],
)
def test_each_part_stands_alone(question: str, parts: list[str]) -> None:
    assert [part.text for part in split(question)] == parts


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote War and Peace?",
        "Why did Simon and Garfunkel split?",
        "Who chairs the Quay and Crane Workers’ Federation?",
        "What do the Quay and Crane Workers’ Federation say?",
        "What does the company say about when the cranes arrive and what they cost?",
        "Which firm was bought and is now closed?",
        "Who was the man who fell in 2019?",
        "What happened between 2019 and 2021?",
        "Which ships left between 4 and 12 March?",
        "What is the difference between who and whom?",
        "Which article says “he came and what did he see”?",
        "how much do bread and butter cost",
    ],
)
def test_a_name_and_a_noun_phrase_stay_whole(question: str) -> None:
    assert split(question) == ()


def test_the_parts_of_a_list_are_called_by_what_differs() -> None:
    labels = [part.label for part in split("How many ships came on 4 and 5 March?")]
    assert labels == ["4 March", "5 March"]


def test_a_part_is_called_without_what_is_searched_with_it() -> None:
    first, second = split("When did the strike begin, and how many marched?")
    assert (first.label, second.label) == ("When did the strike begin", "How many marched")
    assert "strike" in second.text
