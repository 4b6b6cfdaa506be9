"""What stands before an article's words, from made-up articles."""

from datetime import date

import pytest

from rag.answering.leads import lead
from rag.schema import Article, Part
from tests.unit.building import article, hit

TEXT = "“The quay is shut,” said Jane Roe. “It will open on Monday.” It rained."


def before(words: str, source: Article, kind: str = "body") -> str:
    start = source.text.index(words)
    return lead(hit(source, kind=kind), start, start + len(words)).text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            article(TEXT, author="Ada Vale", outlet="The Echo", published=date(2024, 3, 4)),
            "Ada Vale, The Echo, 4 March 2024",
        ),
        (article(TEXT, author="Ada Vale"), "Ada Vale, undated"),
        (article(TEXT, title="The quay is shut"), "“The quay is shut”, undated"),
        (article(TEXT, outlet="The Echo", label="opinion"), "The Echo, undated (opinion)"),
    ],
)
def test_who_published_it_where_and_when(source: Article, said: str) -> None:
    assert before("It rained.", source) == said


def test_who_is_speaking_is_said_where_the_words_do_not_name_him() -> None:
    source = article(TEXT, outlet="The Echo", author="Ada Vale")
    assert before("“It will open on Monday.”", source) == "Jane Roe, in The Echo, undated"
    assert before("“The quay is shut,” said Jane Roe.", source) == "Ada Vale, The Echo, undated"


def test_a_reader_is_called_one() -> None:
    parts = (Part("comment", 0, len(TEXT), "gull47"),)
    source = article(TEXT, title="Strike", parts=parts)
    assert before("It rained.", source, "comment") == "gull47, in a reader comment under “Strike”"


def test_a_lead_is_not_said_again_for_the_same_source_and_speaker() -> None:
    source = article(TEXT, outlet="The Echo")
    found = hit(source)
    named, quoted = lead(found, 0, 34), lead(found, 35, 60)
    own = lead(found, 61, len(TEXT))
    assert quoted.covers(quoted)
    assert quoted.covers(named)  # her words too
    assert not quoted.covers(own)  # the author's, which are not hers
    assert not own.covers(lead(hit(article(TEXT, path="b.txt", outlet="The Echo")), 61, len(TEXT)))
