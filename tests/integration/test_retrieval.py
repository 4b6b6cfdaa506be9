"""Question -> hits over a real index with the bundled models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.pipeline import answer, ingest
from rag.resources import Resources, open_resources
from rag.retrieval.explaining import explain, text
from rag.retrieval.finding import find
from rag.schema import Answer, Done, Filters
from rag.settings import Settings

WIRE = (
    "The Corrin reservoir fell to 31 percent of its capacity on Thursday, the water board said, "
    "the lowest level since it was filled in 1974. Hosepipes are banned from Saturday in the whole "
    "valley. The board's engineer, Hedda Roth, said that rain alone would not be enough, and asked "
    "farmers to irrigate at night. Two villages are to be supplied by lorry from Monday."
)
# All invented.
ARTICLES = [
    {"id": "wire", "title": "Corrin reservoir at record low", "outlet": "Meridel Press",
     "published": "2023-08-04", "text": WIRE},
    {"id": "reprint", "title": "Water: record low in the Corrin valley", "outlet": "Valley Post",
     "published": "2023-08-05", "text": WIRE + " Letters on this are on page 12."},
    {"id": "old", "title": "Ferry fares rise", "outlet": "The Harbour Times",
     "published": "2016-02-01", "text": "The ferry company raises its fares. A crossing to Sandray "
     "costs 14 crowns from March, the director, Piet Lund, said on Monday."},
    {"id": "new", "title": "Ferry fares rise again", "outlet": "The Island Star",
     "published": "2024-01-20", "text": "The ferry company raises its fares. A crossing to Sandray "
     "costs 19 crowns from March, the director, Piet Lund, said on Monday."},
    {"id": "bridge", "title": "Bridge to Sandray put off", "outlet": "The Island Star",
     "published": "2024-01-22", "text": "The bridge to Sandray will not be built before 2031, the "
     "minister said. Islanders had counted on 2027. The ferry will stay the only way across."},
    {"id": "school", "title": "School meals", "outlet": "The Harbour Times",
     "published": "2024-01-10", "text": "Meals at the primary school of Sandray are free from "
     "Easter, the council decided by nine votes to two."},
]  # fmt: skip


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    folder = tmp_path_factory.mktemp("articles")
    lines = "\n".join(json.dumps(item) for item in ARTICLES)
    (folder / "news.jsonl").write_text(lines, encoding="utf-8")
    settings = Settings(index=tmp_path_factory.mktemp("index"))
    with open_resources(settings, create=True) as opened:
        ingest(folder, opened)
        yield opened


def ids(question: str, resources: Resources, filters: Filters = Filters()) -> list[str]:  # noqa: B008
    hits = find(question, resources, filters=filters).hits
    return [hit.article.path.partition("#")[2] for hit in hits]


def done(question: str, resources: Resources) -> Answer:
    *_, last = answer(question, resources)
    assert isinstance(last, Done)
    return last.answer


def test_ranks_say_where_a_hit_came_from(resources: Resources) -> None:
    found = find("How full is the Corrin reservoir?", resources)
    best = found.hits[0]
    assert "31 percent" in best.passage.text
    assert best.ranks.dense == best.ranks.lexical == best.ranks.fused == 1
    assert best.ranks.rerank_score is not None
    fused = [hit.ranks.fused for hit in found.hits]
    assert len(set(fused)) == len(fused)


def test_a_reprint_is_folded_into_the_better_hit(resources: Resources) -> None:
    found = find("How full is the Corrin reservoir?", resources)
    kept = {hit.article.path.partition("#")[2] for hit in found.hits}
    assert len(kept & {"wire", "reprint"}) == 1
    folded = [item for item in found.left_out if item.repeats]
    assert [item.repeats for item in folded] == [found.hits[0].passage.id]


def test_a_filter_for_one_outlet_still_finds_its_reprint(resources: Resources) -> None:
    filters = Filters(outlets=("Valley Post",))
    assert ids("How full is the Corrin reservoir?", resources, filters) == ["reprint"]


def test_a_named_outlet_comes_first(resources: Resources) -> None:
    asked = "How much does the ferry to Sandray cost, according to {}?"
    assert ids(asked.format("The Harbour Times"), resources)[0] == "old"
    assert ids(asked.format("The Island Star"), resources)[0] == "new"


def test_a_question_for_the_latest_prefers_the_newer(resources: Resources) -> None:
    assert ids("What does the ferry to Sandray cost now?", resources)[0] == "new"


def test_a_named_day_comes_first(resources: Resources) -> None:
    asked = "What did the ferry to Sandray cost by the report of {}?"
    assert ids(asked.format("1 February 2016"), resources)[0] == "old"
    assert ids(asked.format("20 January 2024"), resources)[0] == "new"


def test_a_question_about_two_reports_finds_both(resources: Resources) -> None:
    question = (
        "Does the report of The Island Star say that the bridge to Sandray is put off until 2031, "
        "while the report of The Harbour Times says that meals at the primary school are free?"
    )
    assert set(ids(question, resources)[:2]) == {"bridge", "school"}


def test_quoted_words_are_found_and_shown(resources: Resources) -> None:
    words = "Islanders had counted on 2027. The ferry will stay the only way across"
    got = done(f"Which article says: “{words.upper()}”?", resources)
    assert got.status == "answered"
    assert [citation.quote for citation in got.citations] == [words]
    assert got.citations[0].article.path == "news.jsonl#bridge"
    assert got.hits[0].article.path == "news.jsonl#bridge"


def test_of_words_in_two_articles_both_are_named(resources: Resources) -> None:
    got = done("The ferry company raises its fares. A crossing to Sandray costs", resources)
    assert {c.article.path for c in got.citations} == {"news.jsonl#old", "news.jsonl#new"}
    assert len({c.quote for c in got.citations}) == 1


def test_every_hit_is_a_slice_of_its_article(resources: Resources) -> None:
    for question in ("ferry", "water", "Which article says: “rain alone would not be enough, and”"):
        for hit in find(question, resources).hits:
            passage = hit.passage
            assert hit.article.text[passage.start : passage.end] == passage.text


def test_without_a_reranker_the_fused_order_stands(resources: Resources) -> None:
    plain = replace(resources, reranker=None)
    hits = find("What does the ferry to Sandray cost?", plain).hits
    assert [hit.ranks.fused for hit in hits] == sorted(hit.ranks.fused or 0 for hit in hits)
    assert all(hit.ranks.rerank_score is None for hit in hits)


def test_nothing_passes_nothing_is_found(resources: Resources) -> None:
    found = find("ferry", resources, filters=Filters(since=date(2030, 1, 1)))
    assert found.hits == found.left_out == ()


# --- explaining


def test_the_explanation_lists_hits_first_and_every_passage_once(resources: Resources) -> None:
    question = "What does the ferry to Sandray cost?"
    rows = explain(question, resources)
    hits = find(question, resources).hits
    assert [row.passage.id for row in rows[: len(hits)]] == [hit.passage.id for hit in hits]
    assert [row.fate for row in rows[:2]] == ["hit 1", "hit 2"]
    assert len({row.passage.id for row in rows}) == len(rows) == resources.index.counts()[2]


def test_it_says_what_was_filtered_and_why(resources: Resources) -> None:
    filters = Filters(since=date(2020, 1, 1), outlets=("The Island Star",))
    rows = explain("What does the ferry to Sandray cost?", resources, filters=filters)
    fates = {row.article.path.partition("#")[2]: row.fate for row in rows}
    assert fates["new"] == "hit 1"
    assert fates["school"] == "filtered: not outlet The Island Star"
    assert fates["old"] == "filtered: not published from 1 January 2020, outlet The Island Star"


def test_it_says_what_was_folded(resources: Resources) -> None:
    rows = explain("How full is the Corrin reservoir?", resources)
    folded = [row for row in rows if "folded" in row.fate]
    assert [row.fate for row in folded] == [f"a copy of {rows[0].article.path}, folded"]


def test_it_explains_one_file_even_if_nothing_of_it_was_found(resources: Resources) -> None:
    narrow = replace(resources, settings=replace(resources.settings, candidates=1, rerank_depth=1))
    rows = explain("How full is the Corrin reservoir?", narrow, file="news.jsonl#school")
    assert [row.article.path for row in rows] == ["news.jsonl#school"]
    assert rows[0].fate.startswith("not found: cosine ")
    assert explain("How full is it?", narrow, file="no such file") == []


def test_the_table_has_two_lines_a_passage(resources: Resources) -> None:
    rows = explain("What does the ferry to Sandray cost?", resources)
    table = text(rows).splitlines()
    assert len(table) == 1 + 2 * len(rows)
    assert "what became of it" in table[0]
    assert text([]) == "Nothing was found."


def test_what_two_files_hold_is_cited_as_the_one_that_was_asked_for(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("Quay shut\n\nThe quay at Merrow was shut at noon on Friday.\n")
    with open_resources(Settings(index=tmp_path / "index"), create=True) as opened:
        ingest(folder, opened)
        for asked in ("When was the quay shut?", "Who said “The quay at Merrow was shut at noon”?"):
            for name in ("a.txt", "b.txt"):
                found = find(asked, opened, filters=Filters(files=(name,)))
                assert {hit.article.path for hit in found.hits} == {name}
                assert {quote.hit.article.path for quote in found.quotes} <= {name}
