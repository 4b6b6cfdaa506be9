"""Questions about one article: who wrote it, when."""

from datetime import date

import pytest

from rag.answering.catalogue import about, facts, of_article
from rag.answering.fact import Fact
from rag.answering.refusal import Lack, worded
from rag.retrieval.search import Found
from rag.schema import Scope
from tests.unit.building import article, hit, query

DAM = article(
    "By Ada Roe\n\nThe dam held all night. Tom Hale was there.",
    path="dam.txt",
    title="The dam holds",
    author="Ada Roe",
    outlet="The Echo",
    published=date(2024, 3, 4),
)
TRAM = article("The tram stopped.", path="tram.txt", title="No tram", label="opinion")


def test_known_fields_are_said_with_their_place() -> None:
    author = of_article("author", hit(DAM))
    assert author is not None
    assert author.text == "“The dam holds” is by Ada Roe (The Echo, 4 March 2024)."
    ((found, start, end),) = author.places
    assert found.article.text[start:end] == "By Ada Roe"
    day = of_article("date", hit(DAM))
    assert day is not None
    assert day.text == "“The dam holds” was published on 4 March 2024 (The Echo)."


def test_unknown_fields_are_said_to_be_so() -> None:
    assert of_article("author", hit(TRAM)) is None
    found = Found((hit(TRAM),), {}, coverage=0.5)
    lack = facts(query("Who wrote the article on trams?"), found, None)  # type: ignore[arg-type]
    assert lack == Lack("author", "No tram")
    assert worded(Scope(2, 2), [lack]).endswith("“No tram” does not say who wrote it.")


def test_a_quoted_headline_or_a_label_decides_which_article_is_meant() -> None:
    hits = [hit(TRAM), hit(DAM)]
    assert about(query("Who wrote “The dam holds”?"), hits) == hits[1]
    assert about(query("Who wrote the article on trams?"), hits) == hits[0]
    assert about(query("Who wrote “Another day”?"), hits) is None
    assert about(query("Who wrote the column on dams?"), hits[::-1]) == hits[0]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who wrote the article about Tom Hale?", "“The dam holds” is by Ada Roe"),
        ("Who wrote the article about Ann Vale?", None),
    ],
)
def test_an_article_that_has_the_names_is_meant(question: str, text: str | None) -> None:
    found = Found((hit(DAM),), {}, coverage=0.1)
    got = facts(query(question), found, None)  # type: ignore[arg-type]  # others ask it
    if text is None:
        assert got is None
    else:
        assert isinstance(got, tuple)
        (fact,) = got
        assert isinstance(fact, Fact)
        assert fact.text.startswith(text)
