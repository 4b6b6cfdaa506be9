import pytest

from rag.questions import examples, narrowed, parts
from rag.schema import Article, Filters


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who opposed the agreement between Lavrov and Kerry?", []),
        (
            "What injuries did Pavel Ennisk suffer, and how was he doing in April?",
            [
                "What injuries did Pavel Ennisk suffer",
                "How was Pavel Ennisk doing in April?",
            ],
        ),
        ("How many came and when?", ["How many came", "When (How many came)?"]),
    ],
)
def test_parts(question: str, found: list[str]) -> None:
    got = parts(question)
    assert [part.casefold().rstrip("?") for part in got] == [
        part.casefold().rstrip("?") for part in found
    ]


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
    assert narrowed(question, Filters()).kinds == kinds


def test_a_filter_that_is_set_stays() -> None:
    assert narrowed("Which reader comment?", Filters(kinds=("body",))).kinds == ("body",)


def test_examples_ask_what_quoted_people_said() -> None:
    texts = [
        "“This bridge will stand for a hundred years,” Ada Brook said at the opening.",
        "“This bridge will stand for a hundred years,” Ada Brook said. Nothing else was said.",
        "No quotation in here, only a bridge.",
        "“We were never asked about the colour of it,” said Karl Moss, who lives there.",
    ]
    articles = [
        Article(str(n), f"{n}.txt", None, None, None, None, None, text)
        for n, text in enumerate(texts)
    ]
    assert examples(articles, 4) == ["What did Ada Brook say?", "What did Karl Moss say?"]
    assert examples(articles, 1) == ["What did Ada Brook say?"]
    assert examples([], 4) == []
