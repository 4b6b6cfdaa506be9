"""What is asked of the articles themselves."""

import pytest

from rag.retrieval.cataloguing import Request, field_of, request

NAMES = ("The Ilvane Courier", "Ada Roe")


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("Who wrote the article about the dam?", "author"),
        ("Who is the author of “The dam holds”?", "author"),
        ("Who wrote the articles on the dam?", "authors"),
        ("When was the report on the dam published?", "date"),
        ("Which newspaper reported on the dam?", "outlet"),
        ("How many articles mention Tom Hale?", "count"),
        ("How many stories tall is the tower?", None),
        ("What does the author of the article say about dams?", None),
        ("Who wrote the memorandum?", None),
        ("When was the dam built?", None),
        ("How many people were there?", None),
        ("Which newspaper did he read?", None),
    ],
)
def test_which_field_is_surely_asked_for(question: str, field: str | None) -> None:
    assert field_of(question) == field


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What is the latest article about measles?", Request("newest", "measles")),
        ("latest measles story", Request("newest", "measles")),
        ("Which article about dams is the oldest?", Request("oldest", "dams")),
        ("the longest piece please", Request("longest")),
        ("list the articles", Request("list")),
        ("articles from 15 January 2025", Request("list")),
        ("articles on 15 January 2025 about bird flu", Request("list", "bird flu")),
        ("Which articles mention Tom Hale?", Request("list", "Tom Hale", mentions=True)),
        ("list everything by Roe on the dam", Request("list", "dam")),
        ("what articles about dams did the Ilvane Courier publish?", Request("list", "dams")),
        ("which outlets wrote about the dam in March 2024?", Request("outlets", "dam")),
        ("who writes about dams?", Request("authors", "dams")),
        ("list the opinion pieces", Request("list", label="opinion")),
        ("which articles are undated", Request("list", lacking="date")),
        ("from when to when are the articles?", Request("span")),
        ("number of articles about dams", Request("count", "dams")),
    ],
)
def test_what_is_asked_and_of_which(question: str, meant: Request) -> None:
    assert request(question, NAMES, is_likely=True) == meant


def test_a_source_that_nobody_knows_is_kept() -> None:
    assert request("anything by Jane Doe?", is_likely=True) == Request("list", source="Jane Doe")
    assert request("articles from last week", is_likely=True) == Request("list")


def test_who_wrote_what_is_asked_only_of_known_authors_or_days() -> None:
    assert request("What did Lavrov write?", is_likely=True) is None
    assert request("What did Roe write?", NAMES, is_likely=True) == Request("list")
    assert request("What was published on 3 May 2024?", is_likely=True) == Request("list")
    assert request("What did Roe write?", NAMES) is None
