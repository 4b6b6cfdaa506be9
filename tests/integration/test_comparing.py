"""Who says what, on the example articles (which are fiction) with the bundled models."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.answering.comparison import Comparison, compare
from rag.cli import main
from rag.export import contract
from rag.export.comparison_text import HEAD, as_csv, as_text
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.schema import Filters
from rag.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles"


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    with open_resources(Settings(index=tmp_path_factory.mktemp("index")), create=True) as opened:
        ingest(EXAMPLES, opened)
        yield opened


QUESTIONS = (
    "How many people marched to Lantern Square?",
    "How many contract workers were on the barge?",
    "8,500 people marched in Lantern Square on Saturday.",
    "Did the court reject the injunction?",
    "What did Raskey say about the mediator?",
    "Who won the football?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_rows_are_verbatim_by_date_and_two_of_a_source_at_most(
    resources: Resources, question: str
) -> None:
    found = compare(question, resources)
    days = [row.article.published or date.max for row in found.rows]
    assert days == sorted(days)
    origins = resources.index.origins({row.article.id for row in found.rows})
    sources = [origins.get(row.article.id, row.article.id) for row in found.rows]
    assert all(sources.count(source) <= 2 for source in sources)
    for row in found.rows:
        assert row.article.text[row.start : row.end] == row.words
        assert row.words.strip() == row.words
        assert row.words
    assert sum(row.reference for row in found.rows) <= 1
    if not found.against:
        assert all(row.bearing == "neither" for row in found.rows)


def rows(found: Comparison) -> dict[str, str]:
    return {row.words: row.bearing for row in found.rows}


def test_a_statement_is_held_against_each_source(resources: Resources) -> None:
    found = compare("8,500 people marched in Lantern Square on Saturday.", resources)
    assert "8,500 people marched" in found.against
    bearing = {words[:30]: side for words, side in rows(found).items()}
    assert bearing["Twenty-two thousand people, by"] == "contradicts"
    assert bearing["Police put the number of march"] == "supports"
    assert next(row.judged.why for row in found.rows if row.bearing == "contradicts") == (
        "Twenty-two thousand, not 8,500"
    )


def test_who_says_it_is_named(resources: Resources) -> None:
    found = compare("How many people marched to Lantern Square?", resources)
    said = {row.words: row.speaker for row in found.rows}
    assert said["Police put the number of marchers at 8,500."] == "Police"


def test_a_copy_is_folded_into_the_row_of_its_text(resources: Resources) -> None:
    found = compare("How many contract workers were brought to the city by barge?", resources)
    copied = [row for row in found.rows if row.copies]
    assert copied
    for row in copied:
        for copy in row.copies:
            assert copy.id not in {other.article.id for other in found.rows}
            assert row.words.split()[0] in copy.text


def test_filters_limit_what_is_compared(resources: Resources) -> None:
    only = Filters(outlets=("Slackwater Weekly",))
    found = compare("How many people marched to Lantern Square?", resources, filters=only)
    assert {row.article.outlet for row in found.rows} == {"Slackwater Weekly"}
    assert found.scope.searched < found.scope.articles


def test_an_empty_index_has_nothing_to_compare(tmp_path: Path) -> None:
    with open_resources(Settings(index=tmp_path / "index"), create=True) as empty:
        found = compare("Who marched?", empty)
    assert (found.rows, found.against) == ((), "")
    assert "No article" in as_text(found)


def test_it_works_without_a_reranker(resources: Resources) -> None:
    found = compare("How many people marched to Lantern Square?", replace(resources, reranker=None))
    assert found.rows


def test_csv_and_json_hold_the_same_rows(resources: Resources) -> None:
    found = compare("How many contract workers were on the barge?", resources)
    lines = list(csv.DictReader(io.StringIO(as_csv(found), newline="")))
    values = contract.compare_json(found)
    assert list(lines[0]) == list(HEAD)
    assert [line["words"] for line in lines] == [row["words"] for row in values["rows"]]
    assert [int(line["start"]) for line in lines] == [row["start"] for row in values["rows"]]
    json.dumps(values)


def test_the_command_prints_what_is_asked_for(
    resources: Resources, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    index = ["--index", str(resources.settings.index)]
    question = "How many contract workers were on the barge?"
    assert main(["compare", question, *index]) == 0
    assert b"Held against" in capfdbinary.readouterr().out
    assert main(["compare", question, *index, "--json"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["question"] == question
    assert main(["compare", question, *index, "--csv", "--outlet", "Ilvane Courier"]) == 0
    out = capfdbinary.readouterr().out.decode("utf-8")
    assert {line["outlet"] for line in csv.DictReader(io.StringIO(out))} == {"The Ilvane Courier"}
    assert main(["feedback", *index, "--csv"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"given,verdict,question")
