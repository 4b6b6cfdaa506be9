"""What is offered first was asked and well answered; it stays with the index as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag import pipeline
from rag.answering import starters
from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.schema import Answer, Done
from rag.settings import Settings
from rag.web import start
from tests import samples

SHIPS = """Ships wait off Port Ilvane

The Pelican Gazette, 2 March 2024

Thirty-one ships were at anchor in Ilvane Roads on Friday evening, the Harbour Authority said.
"""


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    with samples.opened(tmp_path_factory.mktemp("starters") / "index") as opened:
        yield opened


def ask(question: str, resources: Resources) -> Answer:
    *_, done = answer(question, resources)
    assert isinstance(done, Done)
    return done.answer


def test_each_kind_is_offered_and_well_answered(resources: Resources) -> None:
    found = pipeline.example_questions(resources)
    figure, difference, saying, summary = (ask(question, resources) for question in found)
    assert "11 million crowns" in figure.sentences[0].text
    assert difference.disagreements
    assert {"8,500", "Twenty-two thousand"} <= {
        side.value for item in difference.disagreements for side in item.sides
    }
    assert found[2].startswith("What did Marit Oldane say about")
    assert {item.speaker for item in saying.citations} == {"Marit Oldane"}
    assert found[3].startswith("Summarise “")
    assert len({item.article.id for item in summary.citations}) == 1
    for given in (figure, difference, saying, summary):
        assert starters.is_sound(given)


def test_what_was_found_stays_with_the_index_as_long_as_that_is_the_same(
    resources: Resources,
) -> None:
    found = pipeline.example_questions(resources)

    def never(question: str) -> Answer:
        raise AssertionError(question)

    assert pipeline.example_questions(resources, 2, ask=never) == found[:2]
    assert start.Finding(resources).offered() == tuple(found)
    talk = ask("What can you do?", resources)
    assert found[0] in talk.text


def test_of_another_index_others_are_found_and_none_where_nothing_is_answered_well(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ships.txt").write_text(SHIPS, encoding="utf-8")
    with open_resources(Settings(index=tmp_path / "index"), create=True) as opened:
        ingest(folder, opened)
        assert pipeline.example_questions(opened) == [
            "How many ships were at anchor in Ilvane Roads?"
        ]
        (folder / "ships.txt").write_text("A quiet day in the harbour.\n", encoding="utf-8")
        ingest(folder, opened)
        assert starters.kept(opened.index) is None
        assert pipeline.example_questions(opened) == []


def test_the_front_says_what_is_loaded(resources: Resources) -> None:
    front = start.front(resources.index.catalogue())
    assert (front.articles, front.undated, front.more) == (18, 2, 3)
    assert [name for name, _ in front.outlets[:2]] == [
        "The Ilvane Courier",
        "The Averstad Sentinel",
    ]
    assert [item.title for item in front.newest][:2] == [
        "After 36 days the cranes turn again",
        "Deal at dawn: dockers to get 7.2 percent",
    ]
