"""Who says what, on the example articles (which are fiction) with the bundled models."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.answering.comparison import Comparison, compare
from rag.cli import main
from rag.export import contract
from rag.export.comparison_text import HEAD, as_csv, as_text
from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.schema import Done, Filters
from rag.settings import Settings
from tests import samples


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    with samples.opened(tmp_path_factory.mktemp("index") / "index") as opened:
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


# --- what an answer tells of sources that differ

CLASHING = (
    "How many people took part in the march of the dockers on 9 March?",
    "How many contract workers did the company bring in by barge?",
    "Was the Courier right about the number of workers who were to come on the barge Marigold?",
    "What did the Courier correct about the contract workers?",
)
OWN = {
    "gazette.txt": """Footbridge at Ostermoor opens

The Valley Gazette, 4 March 2024

The footbridge over the Osk at Ostermoor opened on Monday. The town paid 61,000 crowns for the \
footbridge at Ostermoor, Mayor Henrike Vos said.""",
    "post.txt": """A bridge too dear

The Ostermoor Post, 6 March 2024

Mayor Henrike Vos cut the ribbon in the rain. The town paid 90,000 crowns for the footbridge at \
Ostermoor, the auditors found.""",
    "echo.txt": """Ferry to Ostermoor stops

The Drennick Echo, 8 March 2024

The last ferry to Ostermoor carried 48 passengers across the Osk on Friday evening, its captain \
Ole Brandt said.""",
    "corrections.txt": """Corrections

The Drennick Echo, 10 March 2024

Correction

In our article “Ferry to Ostermoor stops” of 8 March we wrote that the last ferry carried 48 \
passengers. It carried 84 passengers.""",
}
OF_OWN = (
    "How much did the town pay for the footbridge at Ostermoor?",
    "How many passengers did the last ferry to Ostermoor carry?",
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    folder = tmp_path_factory.mktemp("own")
    for name, text in OWN.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = Settings(index=tmp_path_factory.mktemp("index-of-own"))
    with open_resources(settings, create=True) as opened:
        ingest(folder, opened)
        yield opened


def check_that_clashes_are_marked(question: str, resources: Resources) -> None:
    *_, done = answer(question, resources)
    assert isinstance(done, Done)
    found = compare(question, resources)
    marked = [row for row in found.rows if row.bearing == "contradicts"]
    told = 0
    for item in done.answer.disagreements:
        sides = [
            next(cited.article.id for cited in done.answer.citations if cited.number == side.number)
            for side in item.sides
        ]
        assert {row.article.id for row in found.rows if row.reference} <= {*sides}
        assert len({row.article.id for row in marked} & {*sides}) == len({*sides}) - 1
        told += 1
    for wrong, right in re.findall(
        r"first printed (\S+) and corrected it to (\S+)\.", done.answer.text
    ):
        assert any(f"{wrong}, corrected to {right}" in row.judged.why for row in marked)
        assert any(right in row.words and row.article.label == "correction" for row in found.rows)
        told += 1
    assert told


@pytest.mark.parametrize("question", CLASHING)
def test_no_clash_is_told_that_is_not_marked(resources: Resources, question: str) -> None:
    check_that_clashes_are_marked(question, resources)


@pytest.mark.parametrize("question", OF_OWN)
def test_no_clash_of_other_articles_is_told_that_is_not_marked(
    own: Resources, question: str
) -> None:
    check_that_clashes_are_marked(question, own)


def test_a_wrong_figure_bears_out_a_statement_but_is_said_to_be_corrected(
    own: Resources,
) -> None:
    found = compare("The last ferry to Ostermoor carried 48 passengers.", own)
    said = {row.article.path: (row.bearing, row.judged.why) for row in found.rows}
    assert said["echo.txt"] == ("supports", "48, corrected to 84 on 10 March 2024")
    assert said["corrections.txt"] == ("contradicts", "84, not 48")


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
    values = contract.compare_json(found, "")
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
