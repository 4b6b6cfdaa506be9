"""The reader's text begins below what its card says already, and never loses another word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.schema import Article, Part
from rag.web.html.heads import below_head
from tests.unit.building import article

TITLE, BODY = "Two weeks of silence at the quay", "The quay closed on Monday."


def written(head: str, **known: object) -> Article:
    made = article(
        f"{head}\n\n{BODY}",
        title=TITLE,
        author="Jane Roe, Ann Poe",
        outlet="The Harbour Gazette",
        published=date(2024, 3, 4),
    )
    return replace(made, **known)  # type: ignore[arg-type]


def shown(given: Article, *cited: tuple[int, int]) -> str:
    return given.text[below_head(given, cited) :].strip()


@pytest.mark.parametrize(
    "head",
    [
        TITLE,
        TITLE.upper(),
        "Two weeks of silence\nat the quay",
        f"{TITLE} | The Harbour Gazette",
        f"{TITLE}\n\nBy Jane Roe and Ann Poe",
        f"{TITLE}\nJane ROE, Ann POE | 04.03.2024\nThe Harbour Gazette",
        f"{TITLE}\n\nBy Ann Poe. Published Monday, 4 March 2024",
        f"The Harbour Gazette\n\n{TITLE}\n \nMarch 4, 2024",
        f"{TITLE}\n{TITLE}",
    ],
)
def test_what_the_card_says_is_not_said_again(head: str) -> None:
    assert shown(written(head)) == BODY


@pytest.mark.parametrize(
    ("head", "left"),
    [
        ("By Jane Roe, Port Ilvane", "By Jane Roe, Port Ilvane"),
        (f"{TITLE}: what it cost", f"{TITLE}: what it cost"),
        ("Two weeks of silence\nand nobody knew", "Two weeks of silence\nand nobody knew"),
        (f"{TITLE}\n5 March 2024", "5 March 2024"),
        (f"{TITLE}\nBy Jane Roe, with Meridel Press", "By Jane Roe, with Meridel Press"),
        ("At the quay two weeks of silence", "At the quay two weeks of silence"),
        ("* * *", "* * *"),
    ],
)
def test_what_says_more_is_shown(head: str, left: str) -> None:
    assert shown(written(head)) == f"{left}\n\n{BODY}"


def test_cited_words_are_shown_wherever_they_stand() -> None:
    given = written(f"The Harbour Gazette\n\n{TITLE}")
    start = given.text.index(TITLE)
    assert shown(given, (start, start + 3)) == f"{TITLE}\n\n{BODY}"
    assert shown(given, (0, 3)) == given.text


def test_what_is_all_head_and_what_begins_with_a_caption_is_shown_whole() -> None:
    assert shown(article(TITLE, title=TITLE)) == TITLE
    caption = Part("caption", 0, len(TITLE))
    given = written(TITLE, parts=(caption, Part("body", len(TITLE), len(TITLE) + 20)))
    assert shown(given) == given.text


@given(st.text("ab .\n", max_size=60), st.text("ab ", max_size=6), st.integers(0, 60))
def test_no_cited_word_and_no_other_word_is_left_out(text: str, title: str, at: int) -> None:
    begins = below_head(article(text, title=title), [(at, at + 1)])
    assert begins <= at or not text[:begins].strip()
    assert {*text[:begins].replace(".", " ").split()} <= {*title.split()}
