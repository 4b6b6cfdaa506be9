"""What a refusal says is so instead, from made-up articles."""

from datetime import date

import pytest

from rag.answering.alternatives import instead
from rag.answering.candidates import Extract
from rag.schema import Hit
from tests.unit.building import article, hit, query


def there(*texts: str, kind: str = "body") -> list[Hit]:
    """A hit for each text, The Courier's of 3 May 2024 and the days after."""
    return [
        hit(
            article(text, path=f"{n}.txt", outlet="The Courier", published=date(2024, 5, n)),
            kind=kind,  # type: ignore[arg-type]
        )
        for n, text in enumerate(texts, 3)
    ]


def said_instead(question: str, found: list[Hit]) -> str:
    return instead(query(question).premise, found, None)


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        (
            "Why did Jane Roe resign as mayor?",
            "The bells were rung by Mayor Jane Roe.",
            "speaks of “Mayor Jane Roe”.",
        ),
        (
            "Why did Jane Roe step down as chair of the Guild?",
            "The chair of the Guild was there. Jane Roe, its chair, rang the bells.",
            "speaks of “Jane Roe, its chair”.",
        ),
    ],
)
def test_who_is_still_in_office_is_said_with_outlet_and_day(
    question: str, text: str, said: str
) -> None:
    assert said_instead(question, there(text)) == f"The Courier (3 May 2024) {said}"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Why did Jane Roe resign as mayor?", "The former Mayor Jane Roe rang the bells."),
        ("Why did Jane Roe resign as mayor?", "Mayor Roe spoke."),  # perhaps another Roe
        ("Why did Jane Roe resign as mayor?", "Jane Roe resigned. Mayor Jane Roe had rung."),
        ("Why did Jane Roe run as mayor?", "Mayor Jane Roe rang the bells."),
        ("How old is Mayor Jane Roe?", "Mayor Jane Roe rang the bells."),
        ("", "It rained."),
    ],
)
def test_where_nothing_fits_plainly_nothing_is_said(question: str, text: str) -> None:
    assert said_instead(question, there(text)) == ""


def test_the_newest_article_tells_who_is_in_office() -> None:
    found = there("Mayor Jane Roe rang.", "The mayor, Jane Roe, rang again.")
    assert said_instead("Why did Jane Roe resign as mayor?", found) == (
        "The Courier (4 May 2024) speaks of “The mayor, Jane Roe”."
    )


def test_readers_tell_nothing() -> None:
    found = there("Mayor Jane Roe rang.", kind="comment")
    assert said_instead("Why did Jane Roe resign as mayor?", found) == ""


def test_what_denies_the_premise_is_quoted_and_its_markers_are_no_citations() -> None:
    words = "The Terns beat the Anglers [7] in the Harbour Cup."
    (found,) = there(words)
    premise = query("Why did the Anglers win the Harbour Cup?").premise
    assert instead(premise, [found], Extract(found, 0, len(words), 1)) == (
        "The Courier (3 May 2024): “The Terns beat the Anglers (7) in the Harbour Cup.”"
    )
