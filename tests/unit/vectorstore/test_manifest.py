"""The manifest alone: what it stores, and that no article outlives its last file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import StoreUnavailable
from rag.schema import Article, FileRecord, Filters, Part, Passage
from vectorstore.manifest import Manifest
from vectorstore.opening import manifest_of

TEXT = "First – naïve 😀 sentence. Second\x00 one."


def article(id_: str, path: str = "a.txt", **values: object) -> Article:
    fields: dict[str, object] = {
        "title": f"Title {id_}", "author": "Ann Lee", "outlet": "The Post", "url": None,
        "published": date(2024, 2, 29), "text": TEXT,
    }  # fmt: skip
    return Article(id=id_, path=path, **{**fields, **values})  # type: ignore[arg-type]


def passages(id_: str) -> list[Passage]:
    cuts = [(0, 25), (26, len(TEXT))]
    return [
        Passage(f"{id_}:{n}", id_, n, start, end, TEXT[start:end], "Header", "body")
        for n, (start, end) in enumerate(cuts)
    ]


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[Manifest]:
    made = manifest_of(tmp_path)
    made.create({"fingerprint.embedding": "tiny"})
    yield made
    made.close()


def store(manifest: Manifest, file: str, *articles: Article) -> list[str]:
    manifest.put_articles({file: [(a, passages(a.id)) for a in articles]})
    record = FileRecord(file, "sha", 3, 4, tuple(a.id for a in articles))
    return manifest.finish_files([(record, [a.path for a in articles])])


def test_an_article_comes_back_as_it_went_in(manifest: Manifest) -> None:
    whole = article(
        "a", url="https://x.test", label="opinion", pages=(0, 26),
        parts=(Part("body", 0, 25), Part("comment", 26, 37, "Bob")),
    )  # fmt: skip
    bare = article("b", "b.txt", title=None, author=None, outlet=None, published=None)
    store(manifest, "a.txt", whole)
    store(manifest, "b.txt", bare)
    assert manifest.articles(["a", "b", "c"]) == {"a": whole, "b": bare}
    assert manifest.passages_of(["a"]) == passages("a")
    assert manifest.passages(["b:1"]) == {"b:1": passages("b")[1]}


def test_creating_twice_keeps_the_first(manifest: Manifest) -> None:
    first = manifest.meta()
    manifest.create({"fingerprint.embedding": "other"})
    assert manifest.meta() == first


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), None),
        (Filters(kinds=("body",)), {"early", "late", "undated"}),
        (Filters(since=date(2024, 1, 2)), {"late"}),
        (Filters(since=date(2024, 1, 1)), {"late", "early"}),
        (Filters(until=date(2024, 1, 1)), {"early"}),
        (Filters(outlets=(" straße post ",)), {"early"}),
        (Filters(outlets=("STRASSE POST", "reuters")), {"early", "late"}),
        (Filters(outlets=("Straße",)), set()),
        (Filters(authors=("ann lee",)), {"early", "undated"}),
        (Filters(files=("n.jsonl",)), {"early", "undated"}),
        (Filters(files=("n.jsonl#1", "late#1.txt")), {"early", "late"}),
        (Filters(files=("n",)), set()),
        (Filters(files=("n.jsonl",), authors=("Ann Lee",), until=date(2025, 1, 1)), {"early"}),
        (Filters(outlets=("Reuters",), files=("n.jsonl",)), set()),
    ],
)
def test_select(manifest: Manifest, filters: Filters, expected: set[str] | None) -> None:
    store(
        manifest, "n.jsonl",
        article("early", "n.jsonl#1", outlet="Straße Post", published=date(2024, 1, 1)),
        article("undated", "n.jsonl#2", published=None),
    )  # fmt: skip
    store(manifest, "late#1.txt", article("late", "late#1.txt", outlet="Reuters", author=None))
    chosen = manifest.catalogue.chosen(filters)
    assert chosen.is_all is (expected is None)
    assert expected is None or chosen.ids(9) == sorted(expected)


def test_more_ids_than_sqlite_takes_parameters(manifest: Manifest) -> None:
    store(manifest, "a.txt", article("a"))
    assert set(manifest.articles([*(str(n) for n in range(50_000)), "a"])) == {"a"}


def test_a_failed_transaction_changes_nothing(manifest: Manifest) -> None:
    store(manifest, "a.txt", article("a"))
    before = manifest.meta(), manifest.files()
    with pytest.raises(ValueError, match="not added: b"):
        manifest.finish_files([(FileRecord("a.txt", "new", 1, 1, ("b",)), ["a.txt"])])
    with pytest.raises(StoreUnavailable, match="UNIQUE"):
        manifest.put_articles({"b.txt": [(article("c"), passages("a"))]})
    assert (manifest.meta(), manifest.files()) == before
    assert manifest.held(["a", "c"]) == {"a"}


def test_clearing_forgets_everything(manifest: Manifest) -> None:
    store(manifest, "a.txt", article("a"))
    manifest.clear()
    assert not manifest.exists()
    with pytest.raises(StoreUnavailable, match="no such table"):
        manifest.files()
    manifest.create({})
    assert manifest.counts() == (0, 0, 0)


FILES, IDS = st.sampled_from("xyz"), st.lists(st.sampled_from("abcde"), max_size=4)
STEPS = st.lists(st.tuples(st.sampled_from(["finish", "add", "remove", "drop"]), FILES, IDS))


@given(steps=STEPS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_articles_live_as_long_as_a_file_holds_them(manifest: Manifest, steps: list) -> None:
    for file in "xyz":
        manifest.remove_file(file)
    manifest.drop_unfinished()
    finished: dict[str, tuple[str, ...]] = {}
    loose: dict[str, set[str]] = {}
    for step, file, ids in steps:
        before = manifest.held(["a", "b", "c", "d", "e"])
        gone: list[str] = []
        if step == "add":
            manifest.put_articles({file: [(article(i, f"{file}#{i}"), passages(i)) for i in ids]})
            # what the finished file holds anyway is not held a second time
            loose.setdefault(file, set()).update(set(ids) - set(finished.get(file, ())))
        elif step == "finish":
            gone = store(manifest, file, *(article(i, f"{file}#{i}") for i in ids))
            finished[file], _ = tuple(ids), loose.pop(file, None)
        elif step == "remove":
            gone = manifest.remove_file(file)
            finished.pop(file, None), loose.pop(file, None)
        else:
            gone = manifest.drop_unfinished()
            loose.clear()
        held = {i for ids in (*finished.values(), *loose.values()) for i in ids}
        assert manifest.held(["a", "b", "c", "d", "e"]) == held
        assert set(gone) == (before | set(ids if step in ("add", "finish") else ())) - held
        assert {name: r.articles for name, r in manifest.files().items()} == finished
        assert set(gone) <= set(manifest.pending()[1])
        assert manifest.counts()[1:] == (len(held), 2 * len(held))
