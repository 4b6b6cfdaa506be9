"""Adding, removing, leaving out and reading again, on a real index with the bundled models."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError, SettingsError, StoreUnavailable
from rag.indexing import file_states, library
from rag.indexing.astray import Astray
from rag.indexing.file_states import Shelf, load, save
from rag.indexing.library import (
    Asked,
    Source,
    coverage,
    page,
    read_again,
    remove,
    retry,
    take_back,
)
from rag.indexing.uploads import Pasted
from rag.pipeline import add_page, add_text, add_uploads, ingest
from rag.resources import Resources, open_resources
from rag.settings import Settings
from vectorstore.beside import InFolder
from vectorstore.source_list import Sought

STORM = (
    "Storm closes Tarn Pass\n\nBy Ada Fenwick\n3 May 2021\n\nThe Tarn Pass was closed at noon.\n"
)
BAKERY = "Bakery prize goes to Lindow\n\nBy Karl Moss\n9 June 2021\n\nThe jury praised the crust.\n"
ROWS = [
    {"id": n, "title": f"Ferry {n} repainted", "text": f"Ferry number {n} was painted red in May."}
    for n in (1, 2, 3)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "storm.txt").write_text(STORM, encoding="utf-8")
    (folder / "bakery.txt").write_text(BAKERY, encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 not really")
    lines = [json.dumps(row) for row in ROWS]
    (folder / "ferries.jsonl").write_text("\n".join([*lines, "{"]), encoding="utf-8")
    return folder


@pytest.fixture
def resources(tmp_path: Path, folder: Path) -> Iterator[Resources]:
    with open_resources(Settings(index=tmp_path / "index"), create=True) as opened:
        ingest(folder, opened)
        yield opened


def listed(resources: Resources) -> list[Source]:
    astray = Astray(most=2)
    for _ in range(4):
        astray.look_on(resources)
    return list(page(resources, Asked(), astray).sources)


def find(name: str, resources: Resources) -> Source:
    return next(item for item in listed(resources) if item.name == name)


def names(resources: Resources) -> set[str]:
    return {item.name for item in listed(resources)}


EVERYTHING = {
    "Storm closes Tarn Pass", "Bakery prize goes to Lindow", "Ferry 1 repainted",
    "Ferry 2 repainted", "Ferry 3 repainted",
}  # fmt: skip


def test_the_list_says_what_there_is(resources: Resources) -> None:
    item = find("Storm closes Tarn Pass", resources)
    assert (item.author, item.published) == ("Ada Fenwick", date(2021, 5, 3))
    assert (item.kind, item.state, item.added, item.copies) == ("Article", "", False, 0)
    assert item.files == ("storm.txt",)
    assert names(resources) == EVERYTHING


def test_failures_and_the_last_ingest_are_remembered(folder: Path, resources: Resources) -> None:
    kept = library.shelf(resources)
    assert set(kept.failed) == {"broken.pdf", "ferries.jsonl"}
    assert kept.last is not None
    assert (kept.last.files, kept.last.added) == (4, 3)
    ingest(folder, resources)  # the unchanged file is not read, and its bad line is still known
    again = library.shelf(resources)
    assert again.failed == kept.failed
    assert again.last is not None
    assert again.last.added == 0
    (folder / "broken.pdf").unlink()
    ingest(folder, resources)
    assert set(library.shelf(resources).failed) == {"ferries.jsonl"}


def test_a_file_that_is_mended_is_no_longer_failed(folder: Path, resources: Resources) -> None:
    os.replace(folder / "broken.pdf", folder / "mended.txt")
    (folder / "broken.pdf").write_text("now it is text", encoding="utf-8")
    assert retry("broken.pdf", resources).failed
    (folder / "ferries.jsonl").write_text(json.dumps(ROWS[0]), encoding="utf-8")
    report = retry("ferries.jsonl", resources)
    assert (report.changed, report.failed) == (1, ())
    assert set(library.shelf(resources).failed) == {"broken.pdf"}
    assert "Ferry 2 repainted" not in names(resources)


def test_a_file_of_the_users_folder_is_left_out_and_comes_back(
    folder: Path, resources: Resources
) -> None:
    remove(find("Storm closes Tarn Pass", resources).id, resources)
    assert names(resources) == EVERYTHING - {"Storm closes Tarn Pass"}
    assert (folder / "storm.txt").read_text(encoding="utf-8") == STORM
    assert library.shelf(resources).left_out == {"storm.txt"}
    assert ingest(folder, resources).added == 0
    assert names(resources) == EVERYTHING - {"Storm closes Tarn Pass"}
    take_back("storm.txt", resources)
    assert names(resources) == EVERYTHING
    assert library.shelf(resources).left_out == frozenset()


def test_what_was_left_out_stays_so_when_the_index_is_built_again(
    tmp_path: Path, folder: Path, resources: Resources
) -> None:
    remove(find("Ferry 2 repainted", resources).id, resources)
    resources.index.close()
    with open_resources(Settings(index=tmp_path / "index"), create=True, rebuild=True) as again:
        ingest(folder, again)
        assert names(again) == EVERYTHING - {"Ferry 2 repainted"}
        take_back("ferries.jsonl#2", again)
        assert names(again) == EVERYTHING


def test_of_a_file_of_many_articles_one_alone_is_left_out(resources: Resources) -> None:
    remove(find("Ferry 1 repainted", resources).id, resources)
    assert names(resources) == EVERYTHING - {"Ferry 1 repainted"}
    for number in (2, 3):
        remove(find(f"Ferry {number} repainted", resources).id, resources)
    assert not any(name.startswith("Ferry") for name in names(resources))
    take_back("ferries.jsonl#3", resources)
    assert {name for name in names(resources) if name.startswith("Ferry")} == {"Ferry 3 repainted"}


def test_an_added_file_is_deleted_with_its_article(tmp_path: Path, resources: Resources) -> None:
    upload = tmp_path / "note.txt"
    upload.write_text("A note\n\nThe lighthouse keeper Orla Brentwick is away.", encoding="utf-8")
    report = add_uploads(resources, [(upload, "note.txt")])
    assert (report.files, report.added) == (1, 1)
    item = next(item for item in listed(resources) if item.added)
    assert item.files == ("uploads:note.txt",)
    remove(item.id, resources)
    assert not (tmp_path / "index" / "uploads" / "note.txt").exists()
    assert names(resources) == EVERYTHING
    assert library.shelf(resources).left_out == frozenset()


def test_the_same_article_in_both_places_goes_from_both(
    tmp_path: Path, folder: Path, resources: Resources
) -> None:
    add_uploads(resources, [(folder / "storm.txt", "storm.txt")])
    item = find("Storm closes Tarn Pass", resources)
    assert (item.files, item.copies) == (("storm.txt", "uploads:storm.txt"), 1)
    remove(item.id, resources)
    assert names(resources) == EVERYTHING - {item.name}
    assert (folder / "storm.txt").exists()
    assert not (tmp_path / "index" / "uploads" / "storm.txt").exists()


def test_a_file_that_changed_or_went_is_marked_until_it_is_read_again(
    folder: Path, resources: Resources
) -> None:
    os.utime(folder / "storm.txt", (1, 1))  # another time, the same words
    (folder / "bakery.txt").write_text(BAKERY.replace("praised", "blessed"), encoding="utf-8")
    (folder / "ferries.jsonl").unlink()
    states = {item.name: item.state for item in listed(resources)}
    assert states["Storm closes Tarn Pass"] == ""
    assert states["Bakery prize goes to Lindow"] == "changed"
    assert states["Ferry 1 repainted"] == "gone"
    read_again(find("Bakery prize goes to Lindow", resources).id, resources)
    read_again(find("Ferry 1 repainted", resources).id, resources)
    assert {item.state for item in listed(resources)} == {""}
    assert names(resources) == {"Storm closes Tarn Pass", "Bakery prize goes to Lindow"}
    (hit,) = [i for i in listed(resources) if i.name.startswith("Bakery")]
    assert "blessed" in resources.index.article(hit.id).text


def test_files_are_looked_at_a_few_at_a_time_and_all_in_the_end(
    folder: Path, resources: Resources
) -> None:
    (folder / "storm.txt").unlink()
    (folder / "bakery.txt").write_text("Another one.", encoding="utf-8")
    astray = Astray(most=1)
    astray.look_on(resources)  # bakery.txt, the first by path
    assert astray.states() == {"bakery.txt": "changed"}
    assert not astray.is_whole
    few = Asked(Sought(state="changed"))
    found = page(resources, few, astray)
    assert [item.path for item in found.sources] == ["bakery.txt"]
    assert (found.count, found.total, found.changed, found.gone) == (1, 5, 1, 0)
    assert page(resources, Asked(), astray).gone == 0  # what is shown was looked at
    assert page(resources, Asked(), astray).gone == 1
    ingest(folder, resources)
    for _ in range(5):
        astray.look_on(resources)
    assert astray.states() == {}
    assert astray.is_whole


def test_an_article_that_is_not_there_is_said(resources: Resources) -> None:
    for act in (remove, read_again):
        with pytest.raises(ArticleError, match="no longer in the index"):
            act("0" * 16, resources)


def test_pasted_text_reads_back_as_typed(resources: Resources) -> None:
    text = "Sven Aas said the *red* ferry was late.\n\nIt had been <b>late</b> on 4 May as well."
    pasted = Pasted(text, "Ferry late again", "The Fjord Post", "Ida Holm", "5 May 2021")
    assert add_text(resources, pasted).added == 1
    item = find("Ferry late again", resources)
    assert (item.outlet, item.author, item.published) == (
        "The Fjord Post",
        "Ida Holm",
        date(2021, 5, 5),
    )
    assert "the *red* ferry" in resources.index.article(item.id).text
    assert item.added
    assert add_text(resources, pasted).added == 0  # the same again is the same file
    add_text(resources, Pasted("Nothing is known of this one but its words."))
    with pytest.raises(ArticleError, match="full date"):
        add_text(resources, Pasted(text, published="sometime in May"))
    with pytest.raises(ArticleError, match="no text"):
        add_text(resources, Pasted("  "))


def test_an_added_file_that_was_left_out_comes_back_when_added_again(
    folder: Path, resources: Resources
) -> None:
    add_uploads(resources, [(folder / "ferries.jsonl", "boats.jsonl")])
    (folder / "ferries.jsonl").unlink()
    ingest(folder, resources)
    remove(find("Ferry 1 repainted", resources).id, resources)
    assert library.shelf(resources).left_out == {"uploads:boats.jsonl#1"}
    assert "Ferry 1 repainted" not in names(resources)


def test_pages_are_not_fetched_unless_it_is_switched_on(resources: Resources) -> None:
    with pytest.raises(SettingsError, match="ALLOW_URLS"):
        add_page(resources, "https://example.com/a")


def test_an_index_without_a_shelf_opens(folder: Path, resources: Resources) -> None:
    (resources.index.folder / file_states.FILE).unlink()
    assert library.shelf(resources) == Shelf()
    assert len(listed(resources)) == 5
    ingest(folder, resources)
    assert library.shelf(resources).last is not None


def test_a_damaged_shelf_is_named(tmp_path: Path) -> None:
    for text in ("{", "[]", '{"version": 1}', '{"version": 99}'):
        (tmp_path / file_states.FILE).write_text(text, encoding="utf-8")
        with pytest.raises(StoreUnavailable, match="shelf.json"):
            load(InFolder(tmp_path))


@given(st.frozensets(st.text(st.characters(blacklist_categories=["Cs"]))))
def test_a_saved_shelf_loads_as_it_was(tmp_path_factory: pytest.TempPathFactory, left) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("shelf")
    save(InFolder(folder), Shelf(left))
    assert load(InFolder(folder)) == Shelf(left)


@given(st.lists(st.dates(date(1900, 1, 1), date(2030, 1, 1))))
def test_the_coverage_counts_every_dated_article_once(days: list[date]) -> None:
    bars = coverage(Counter(f"{day:%Y-%m}" for day in days))
    assert sum(bar.articles for bar in bars) == len(days)
    assert len(bars) <= 131
    assert [bar.start for bar in bars] == sorted({bar.start for bar in bars})
