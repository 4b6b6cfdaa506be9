"""The whole index: against an embedded Chroma and a real server, killed, and from two processes.

Child processes have what is in this file, so that parent and child make the same articles.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import socket
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexLocked, IndexMismatch, IndexMissing, StoreUnavailable
from rag.schema import Article, FileRecord, Filters, Part, Passage
from tests import servers
from tests.forked import ROOT, Forked
from vectorstore import queries
from vectorstore.index import Fingerprint, Index, Prepared

DIMENSION = 8
FINGERPRINT = Fingerprint("tiny", "00ff", DIMENSION, 110, 1, 1)
WORDS = "market river election court storm budget vaccine orchard tunnel satellite".split()


# --- samples: everything follows from the article's number


def vector(seed: object) -> np.ndarray:
    digest = hashlib.sha256(str(seed).encode()).digest()
    values = np.random.default_rng(list(digest)).standard_normal(DIMENSION).astype(np.float32)
    return values / np.linalg.norm(values)


def prepare(number: int, *, count: int = 3, path: str | None = None) -> Prepared:
    chosen = random.Random(number)
    pieces = [
        f"Story{number} piece{n} on the {chosen.choice(WORDS)} and the {chosen.choice(WORDS)}."
        for n in range(count)
    ]
    text = " ".join(pieces)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    starts = [text.index(piece) for piece in pieces]
    passages = tuple(
        Passage(f"{key}:{n}", key, n, starts[n], starts[n] + len(pieces[n]), pieces[n],
                f"Headline{number}", "comment" if n == 2 else "body")
        for n in range(count)
    )  # fmt: skip
    article = Article(
        id=key,
        path=path or f"news.jsonl#{number}",
        title=f"Headline{number}",
        author=f"Author {number % 3}",
        outlet=("Reuters", "The Post", None)[number % 3],
        published=date(2020 + number % 5, 1, 1) if number % 4 else None,
        url=None,
        text=text,
        parts=(Part("body", 0, len(text)),),
    )
    vectors = np.array([vector(p.id) for p in passages], np.float32).reshape(count, DIMENSION)
    return Prepared(article, passages, vectors)


def ingest(index: Index, file: str, items: list[Prepared], step: int = 4) -> None:
    for first in range(0, len(items), step):
        index.add_files({file: items[first : first + step]})
    ids = tuple(item.article.id for item in items)
    record = FileRecord(file, f"sha of {len(items)}", 10, 20, ids)
    index.finish_files([(record, [item.article.path for item in items])])


def contents(index: Index) -> dict[str, object]:
    """All that two equal indexes have in common."""
    ids = index.article_ids()
    passages = [p for id_ in ids for p in index.passages_of(id_)]
    every = len(passages)
    return {
        "articles": index.articles(ids),
        "cited": {id_: index.files_of(id_) for id_ in ids},
        "files": index.files(),
        "passages": passages,
        "vectors": vector_ids(index),
        "dense": sorted(id_ for id_, _ in index.dense(vector("q"), every + 1)),
        # without scores: tantivy counts deleted passages until it merges its segments
        "words": {w: sorted(id_ for id_, _ in index.lexical(w, every + 1)) for w in WORDS},
    }


def vector_ids(index: Index) -> set[str]:
    with index._vectors.current() as store:
        return store.ids()


def check_invariants(index: Index) -> None:
    passages = {p.id: p for id_ in index.article_ids() for p in index.passages_of(id_)}
    assert vector_ids(index) == set(passages)
    for id_, passage in passages.items():
        assert index.article(passage.article_id).text[passage.start : passage.end] == passage.text
        best, similarity = index.dense(vector(id_), 1)[0]
        assert best == id_
        assert similarity == pytest.approx(1, abs=1e-5)


# --- stores


Stores = dict[str, str]  # where an index's stores are, as `Index.open` is told


@pytest.fixture(params=["embedded", "server", "postgresql"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "embedded":
        return {}
    chroma = request.getfixturevalue("chroma_server")
    if request.param == "server":
        return {"chroma": chroma}
    return {
        "chroma": chroma,
        "database": servers.database(request.getfixturevalue("postgresql")),
    }


@pytest.fixture
def index(tmp_path: Path, stores: Stores) -> Iterator[Index]:
    with Index.open(tmp_path / "ix", FINGERPRINT, **stores, create=True) as opened:
        yield opened


# --- adding, changing, removing


def test_stored_articles_come_back_whole(index: Index) -> None:
    items = [prepare(n) for n in range(10)]
    with index.writing():
        ingest(index, "news.jsonl", items)
        index.folder_of_articles = Path("/articles")
    assert index.counts() == (1, 10, 30)
    assert index.articles(i.article.id for i in items) == {i.article.id: i.article for i in items}
    assert index.passages_of(items[3].article.id) == list(items[3].passages)
    assert index.passages([items[4].passages[1].id, "unknown"]) == {
        items[4].passages[1].id: items[4].passages[1]
    }
    assert index.files()["news.jsonl"].articles == tuple(i.article.id for i in items)
    assert index.folder_of_articles == Path("/articles")
    assert index.has_article(items[0].article.id)
    with pytest.raises(KeyError):
        index.article("unknown")
    check_invariants(index)


def test_articles_are_found_before_the_file_is_finished(index: Index) -> None:
    item = prepare(1)
    with index.writing():
        index.add_files({"news.jsonl": [item]})
        assert index.dense(item.vectors[0], 1)[0][0] == item.passages[0].id
        assert index.files() == {}
        index.commit()
        assert index.lexical("Story1", 5)
    # the block ended well and the file was never finished: it failed, so nothing of it stays
    assert index.counts() == (0, 0, 0)
    assert index.lexical("Story1", 5) == []
    assert vector_ids(index) == set()


def test_unfinished_articles_outlive_an_error(index: Index) -> None:
    item = prepare(1)

    def fail() -> None:
        with index.writing():
            index.add_files({"news.jsonl": [item]})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert index.has_article(item.article.id)
    assert index.lexical("Story1", 5)
    with index.writing():
        index.finish_files(
            [(FileRecord("news.jsonl", "s", 1, 1, (item.article.id,)), ["news.jsonl#1"])]
        )
    assert index.counts() == (1, 1, 3)
    check_invariants(index)


def test_a_changed_file_keeps_what_it_still_has(index: Index) -> None:
    with index.writing():
        ingest(index, "news.jsonl", [prepare(n) for n in range(6)])
        ingest(index, "news.jsonl", [prepare(n) for n in range(3, 9)])
    assert index.counts() == (1, 6, 18)
    assert index.lexical("Story1", 5) == []
    assert index.lexical("Story8", 5)
    check_invariants(index)


def test_an_article_in_two_files_stays_until_the_last_goes(index: Index) -> None:
    one, other = prepare(1, path="b.txt"), prepare(1, path="a.txt")
    with index.writing():
        ingest(index, "b.txt", [one])
        ingest(index, "a.txt", [other])
    assert index.counts() == (2, 1, 3)
    assert index.article(one.article.id).path == "a.txt"
    assert index.files_of(one.article.id) == ["a.txt", "b.txt"]
    with index.writing():
        index.remove_file("a.txt")
    assert index.article(one.article.id).path == "b.txt"
    with index.writing():
        index.remove_file("b.txt")
        index.remove_file("never there")
    assert index.counts() == (0, 0, 0)
    assert vector_ids(index) == set()
    assert index.dense(one.vectors[0], 3) == []


def test_the_same_article_twice_in_one_file(index: Index) -> None:
    twice = [prepare(1, path="n.jsonl#x"), prepare(1, path="n.jsonl#y")]
    with index.writing():
        ingest(index, "n.jsonl", twice)
    assert index.counts() == (1, 1, 3)
    assert index.files()["n.jsonl"].articles == (twice[0].article.id,) * 2
    assert index.files_of(twice[0].article.id) == ["n.jsonl#x", "n.jsonl#y"]


def test_an_article_without_passages_is_kept(index: Index) -> None:
    with index.writing():
        ingest(index, "empty.txt", [prepare(1, count=0)])
    assert index.counts() == (1, 1, 0)


def test_touching_a_file_changes_its_time_alone(index: Index) -> None:
    with index.writing():
        ingest(index, "a.txt", [prepare(1)])
        before = index.files()["a.txt"]
        index.touch_file("a.txt", 11, 99)
    assert index.files()["a.txt"] == replace(before, size=11, mtime_ns=99)


def test_wrong_use_is_refused(index: Index) -> None:
    item = prepare(1)
    with pytest.raises(RuntimeError, match="writing"):
        index.add_files({"a.txt": [item]})
    with index.writing():
        with pytest.raises(ValueError, match="shape"):
            index.add_files({"a.txt": [Prepared(item.article, item.passages, np.zeros((3, 4)))]})
        with pytest.raises(ValueError, match="finite"):
            index.add_files({"a.txt": [replace(item, vectors=item.vectors * np.nan)]})
        with pytest.raises(ValueError, match="not added"):
            index.finish_files([(FileRecord("a.txt", "s", 1, 1, ("absent",)), ["a.txt"])])
    assert index.counts() == (0, 0, 0)


# --- searching


@pytest.fixture
def filled(index: Index) -> tuple[Index, list[Prepared]]:
    items = [prepare(n) for n in range(120)]
    with index.writing():
        ingest(index, "news.jsonl", items, step=60)
    return index, items


def test_no_text_is_kept_beside_the_vectors(tmp_path: Path) -> None:
    """Chroma would index each three letters of it: most of the bytes of an index."""
    with Index.open(tmp_path / "ix", FINGERPRINT, create=True) as opened, opened.writing():
        ingest(opened, "news.jsonl", [prepare(n) for n in range(5)])
    kept = b"".join(file.read_bytes() for file in (tmp_path / "ix" / "chroma").rglob("*.*"))
    assert prepare(0).article.id.encode() in kept
    assert b"Story0" not in kept
    assert b"Headline0" not in kept


def brute_force(items: list[Prepared], query: np.ndarray) -> list[tuple[str, float]]:
    scored = [
        (passage.id, float(row @ query / np.linalg.norm(query)))
        for item in items
        for passage, row in zip(item.passages, item.vectors, strict=True)
    ]
    return sorted(scored, key=lambda pair: -pair[1])


def test_dense_equals_brute_force(filled: tuple[Index, list[Prepared]]) -> None:
    index, items = filled
    for seed in range(5):
        query = vector(("query", seed)) * 3  # cosine: length must not matter
        expected = brute_force(items, query)[:40]
        found = index.dense(query, 40)
        assert [id_ for id_, _ in found] == [id_ for id_, _ in expected]
        np.testing.assert_allclose([s for _, s in found], [s for _, s in expected], atol=1e-5)


def test_filters_reach_both_searches(filled: tuple[Index, list[Prepared]]) -> None:
    index, items = filled
    passing = index.catalogue().chosen(Filters(outlets=("REUTERS",), since=date(2022, 1, 1)))
    chosen = set(passing.ids(1000) or ())
    expected = [
        item
        for item in items
        if item.article.outlet == "Reuters"
        and item.article.published
        and item.article.published >= date(2022, 1, 1)
    ]
    assert chosen == {item.article.id for item in expected}
    query = vector("filtered")
    found = index.dense(query, 30, passing)
    assert [id_ for id_, _ in found] == [id_ for id_, _ in brute_force(expected, query)[:30]]
    words = index.lexical("market", 1000, passing)
    assert {id_.split(":")[0] for id_, _ in words} <= chosen
    unfiltered = dict(index.lexical("market", 1000))
    assert words == [(id_, s) for id_, s in unfiltered.items() if id_.split(":")[0] in chosen]


def test_many_articles_of_which_none_is_near_are_found(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than are named to the stores; what is near belongs to others."""
    monkeypatch.setattr(queries, "ID_LISTS", 5)
    monkeypatch.setattr(queries, "DEEP", 40)
    items = [prepare(n) for n in range(90)]
    query = vector("far")
    for item in items:
        if item.article.outlet != "Reuters":
            item.vectors[:] = query + item.vectors / 50
            item.vectors[:] /= np.linalg.norm(item.vectors, axis=1, keepdims=True)
    with index.writing():
        ingest(index, "news.jsonl", items)
    passing = index.catalogue().chosen(Filters(outlets=("Reuters",)))
    own = [item for item in items if item.article.outlet == "Reuters"]
    expected = [id_ for id_, _ in brute_force(own, query)[:20]]
    assert [id_ for id_, _ in index.dense(query, 20, passing)] == expected
    words = {id_ for id_, _ in index.lexical("market river storm", 200)}
    found = {id_ for id_, _ in index.lexical("market river storm", 200, passing)}
    assert found == {p.id for item in own for p in item.passages if p.id in words}
    whole = [id_ for id_, _ in index.whole("market river storm", 8, passing)]
    assert len(whole) == 8
    assert set(whole) <= {item.article.id for item in own}


def test_kinds_filter_passages(filled: tuple[Index, list[Prepared]]) -> None:
    index, items = filled
    comments = {p.id for item in items for p in item.passages if p.kind == "comment"}
    assert {id_ for id_, _ in index.dense(vector(1), 1000, kinds=("comment",))} == comments
    words = {id_ for id_, _ in index.lexical("story5 story6", 50, kinds=("comment",))}
    assert words == {items[5].passages[2].id, items[6].passages[2].id}
    one = index.catalogue().every().these([items[5].article.id])
    assert len(index.dense(vector(1), 9, one, kinds=("comment", "body"))) == 3


def test_an_empty_selection_finds_nothing(filled: tuple[Index, list[Prepared]]) -> None:
    index, _ = filled
    none = index.catalogue().chosen(Filters(outlets=("No such",)))
    assert none.ids(9) == []
    assert index.dense(vector(1), 5, none) == []
    assert index.lexical("market", 5, none) == []
    assert index.whole("market", 5, none) == []
    assert index.dense(vector(1), 0) == []


def test_two_thousand_article_ids(index: Index) -> None:
    items = [prepare(n, count=1) for n in range(2500)]
    with index.writing():
        ingest(index, "news.jsonl", items, step=2500)
    among = [item for item in items if item.article.outlet != "Reuters" or item.article.published]
    ids = {item.article.id for item in among[:2000]}
    query = vector("many")
    expected = [id_ for id_, _ in brute_force(among[:2000], query)]
    passing = index.catalogue().every().these(ids)
    assert [id_ for id_, _ in index.dense(query, 50, passing)] == expected[:50]
    rare = index.catalogue().every().these([items[n].article.id for n in range(1500)])
    assert len(index.dense(query, 2000, rare)) == 1500
    assert {id_.split(":")[0] for id_, _ in index.lexical("story", 9, passing)} <= ids


def test_what_the_manifest_lacks_is_skipped(filled: tuple[Index, list[Prepared]]) -> None:
    index, items = filled
    query = items[0].vectors[0]
    ghost = prepare(999)
    near = np.stack([query] * 3)
    with index._vectors.changing() as store:
        store.upsert(ghost.passages, near)
    index._lexical.add(ghost.passages)
    index._lexical.commit("whatever", 0)
    expected = [id_ for id_, _ in brute_force(items, query)[:5]]
    assert [id_ for id_, _ in index.dense(query, 5)] == expected
    assert index.lexical("story999", 5) == []


def test_many_threads_search_while_one_writes(index: Index) -> None:
    with index.writing():
        ingest(index, "first.jsonl", [prepare(n) for n in range(50)])
    stop, errors = threading.Event(), []

    def search() -> None:
        while not stop.is_set():
            try:
                found = index.dense(vector("t"), 10) + index.lexical("market storm", 10)
                assert len(index.passages(id_ for id_, _ in found)) > 0
            except Exception as error:  # shown by the assertion below
                errors.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    with index.writing():
        ingest(index, "second.jsonl", [prepare(n) for n in range(50, 90)], step=8)
        ingest(index, "second.jsonl", [prepare(n) for n in range(80, 99)], step=8)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    check_invariants(index)


# --- opening, mismatch, erasing


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="byline ingest FOLDER --index") as error:
        Index.open(tmp_path / "none", FINGERPRINT)
    assert str(tmp_path / "none") in str(error.value)
    assert not (tmp_path / "none").exists()
    (tmp_path / "manifest.db").touch()  # killed before the tables were made
    with pytest.raises(IndexMissing):
        Index.open(tmp_path, FINGERPRINT)
    Index.open(tmp_path, FINGERPRINT, create=True).close()


@pytest.mark.parametrize(
    ("field", "value"),
    [("embedding", "other"), ("weights", "11"), ("dimension", 9), ("passage_words", 90),
     ("overlap_sentences", 0), ("reader", 2)],
)  # fmt: skip
def test_a_mismatch_names_both_values(tmp_path: Path, field: str, value: object) -> None:
    Index.open(tmp_path, FINGERPRINT, create=True).close()
    old = getattr(FINGERPRINT, field)
    message = rf"{field} {old}, but {field} is {value} now.*--index {tmp_path} --rebuild"
    for create in (False, True):
        with pytest.raises(IndexMismatch, match=message):
            Index.open(tmp_path, replace(FINGERPRINT, **{field: value}), create=create)


def test_a_reopened_index_is_the_same(tmp_path: Path, stores: Stores) -> None:
    with Index.open(tmp_path, FINGERPRINT, **stores, create=True) as first, first.writing():
        ingest(first, "news.jsonl", [prepare(n) for n in range(20)])
    with Index.open(tmp_path, FINGERPRINT, **stores) as one:
        before = contents(one)
    with Index.open(tmp_path, FINGERPRINT, **stores) as again:
        assert contents(again) == before
        check_invariants(again)


def test_two_indexes_on_one_server_stay_apart(tmp_path: Path, chroma_server: str) -> None:
    with (
        Index.open(tmp_path / "a", FINGERPRINT, chroma=chroma_server, create=True) as a,
        Index.open(tmp_path / "b", FINGERPRINT, chroma=chroma_server, create=True) as b,
    ):
        with a.writing(), b.writing():
            ingest(a, "news.jsonl", [prepare(1)])
            ingest(b, "news.jsonl", [prepare(2)])
        Index.erase(tmp_path / "a", chroma=chroma_server)
        check_invariants(b)
        assert b.counts() == (1, 1, 3)


def test_erase_empties_all_and_keeps_uploads(tmp_path: Path, stores: Stores) -> None:
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "a.txt").write_text("kept")
    with Index.open(tmp_path, FINGERPRINT, **stores, create=True) as old:
        with old.writing():
            ingest(old, "news.jsonl", [prepare(n) for n in range(5)])
        Index.erase(tmp_path, **stores)
        with pytest.raises(IndexMissing):
            old.dense(vector(1), 5)
        with pytest.raises(IndexMissing):
            Index.open(tmp_path, FINGERPRINT, **stores)
        with Index.open(tmp_path, FINGERPRINT, **stores, create=True) as new:
            assert vector_ids(new) == set()
            with new.writing():
                ingest(new, "news.jsonl", [prepare(7)])
        # whoever had the old one open goes on with the new one, and may write to it
        assert old.refresh()
        assert old.dense(prepare(7).vectors[0], 1)[0][0] == prepare(7).passages[0].id
        with old.writing():
            ingest(old, "more.jsonl", [prepare(8)])
        check_invariants(old)
    assert (tmp_path / "uploads" / "a.txt").read_text() == "kept"
    Index.erase(tmp_path / "nothing there", **stores)


def test_a_rebuild_with_other_settings_is_noticed(tmp_path: Path, stores: Stores) -> None:
    with Index.open(tmp_path, FINGERPRINT, **stores, create=True) as old:
        Index.erase(tmp_path, **stores)
        other = replace(FINGERPRINT, passage_words=50)
        Index.open(tmp_path, other, **stores, create=True).close()
        for _ in range(2):
            with pytest.raises(IndexMismatch, match="passage_words"):
                old.lexical("market", 3)


DAMAGED = ("meta.json", "*.store", "*.term", "*")  # of a tantivy index


def test_broken_words_are_made_again(tmp_path: Path) -> None:
    with Index.open(tmp_path, FINGERPRINT, create=True) as index, index.writing():
        ingest(index, "news.jsonl", [prepare(n) for n in range(9)])
        index.commit()
        expected = index.lexical("market story3", 9), index.whole("market story3", 9)
    lexical = tmp_path / "lexical"
    parts = ("passages", "articles")
    for damage in ("byline.json", *(f"{p}/{x}" for p in parts for x in DAMAGED), "**/*"):
        files = [file for file in lexical.glob(damage) if file.is_file()]
        assert files
        for file in files:
            if "*" in damage:
                file.unlink()
            else:
                file.write_text("broken")
        with Index.open(tmp_path, FINGERPRINT) as index:
            found = index.lexical("market story3", 9), index.whole("market story3", 9)
            assert [dict(each) for each in found] == [
                pytest.approx(dict(each)) for each in expected
            ]


def test_a_store_that_cannot_be_opened_says_where(tmp_path: Path) -> None:
    with Index.open(tmp_path, FINGERPRINT, create=True) as index, index.writing():
        ingest(index, "news.jsonl", [prepare(1)])
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(StoreUnavailable, match=url):
            Index.open(tmp_path, FINGERPRINT, chroma=url)
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreUnavailable, match="byline repair --index"):
        Index.open(tmp_path, FINGERPRINT)
    (tmp_path / "manifest.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreUnavailable, match=r"manifest\.db"):
        Index.open(tmp_path, FINGERPRINT)
    Index.erase(tmp_path)
    with Index.open(tmp_path, FINGERPRINT, create=True) as index:
        assert index.counts() == (0, 0, 0)


def test_vectors_that_are_elsewhere(tmp_path: Path, chroma_server: str) -> None:
    with (
        Index.open(tmp_path, FINGERPRINT, chroma=chroma_server, create=True) as index,
        index.writing(),
    ):
        ingest(index, "news.jsonl", [prepare(1)])
    with pytest.raises(StoreUnavailable, match="no vectors of this index.*BYLINE_CHROMA"):
        Index.open(tmp_path, FINGERPRINT)


# --- two processes


def child(body: str, folder: Path, *args: str) -> Forked:
    code = f"import sys\nprint('up', flush=True)\n{body}"
    process = Forked(
        "tests.integration.running_code",
        [code, folder, *args],
        cwd=ROOT,
        environ=os.environ,
        log=Path(f"{folder}.log"),
    )
    assert process.stdout.readline() == "up\n"
    return process


def finish(process: Forked) -> str:
    with process:
        output = process.stdout.read()
        assert process.wait() == 0, output
    return output


WRITE = """
stores = json.loads(sys.argv[2])
with Index.open(Path(sys.argv[1]), FINGERPRINT, **stores) as index, index.writing():
    ingest(index, "other.jsonl", [prepare(n) for n in range(100, 120)])
    index.remove_file("news.jsonl")
"""


def test_another_process_writes(index: Index, stores: Stores) -> None:
    with index.writing():
        ingest(index, "news.jsonl", [prepare(n) for n in range(10)])
    assert len(index.dense(vector(1), 1000)) == 30
    assert not index.refresh()
    finish(child(WRITE, index.folder, json.dumps(stores)))
    assert index.refresh()
    assert not index.refresh()
    assert index.counts() == (1, 20, 60)
    assert index.lexical("story5", 5) == []
    assert len(index.lexical("story105", 5)) == 3
    check_invariants(index)
    with index.writing():  # and now this process again
        ingest(index, "third.jsonl", [prepare(n) for n in range(200, 210)])
    check_invariants(index)


HOLD = """
with Index.open(Path(sys.argv[1]), FINGERPRINT) as index, index.writing():
    print("writing", flush=True)
    threading.Event().wait()
"""


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    with Index.open(tmp_path, FINGERPRINT, create=True) as index:
        holder = child(HOLD, tmp_path)
        assert holder.stdout.readline() == "writing\n"
        for attempt in (lambda: index.writing().__enter__(), lambda: Index.erase(tmp_path)):
            with pytest.raises(IndexLocked, match=r"write\.lock.*try again"):
                attempt()
        holder.kill()
        holder.close()
        with index.writing():  # the lock went with its holder
            with pytest.raises(IndexLocked), index.writing():
                pass
            with Index.open(tmp_path, FINGERPRINT) as other:
                with pytest.raises(IndexLocked), other.writing():
                    pass
                assert other.dense(vector(1), 3) == []


READ = """
with Index.open(Path(sys.argv[1]), FINGERPRINT) as index:
    print("reading", flush=True)
    while index.files().keys() < {"a.jsonl", "b.jsonl"}:
        found = index.dense(vector("r"), 5)
        assert len(found) == 5
        assert len(index.passages(id_ for id_, _ in found)) == 5
    check_invariants(index)
"""


def test_readers_leave_an_embedded_chroma_whole(tmp_path: Path) -> None:
    """Chroma alone fails this: a reader that opens it during a write breaks its files for good."""
    with Index.open(tmp_path, FINGERPRINT, create=True) as index:
        with index.writing():
            ingest(index, "news.jsonl", [prepare(n) for n in range(10)])
        readers = [child(READ, tmp_path) for _ in range(2)]
        for reader in readers:
            assert reader.stdout.readline() == "reading\n"
        with index.writing():
            ingest(index, "a.jsonl", [prepare(n) for n in range(1000, 1300)], step=30)
            ingest(index, "b.jsonl", [prepare(n) for n in range(1200, 1500)], step=30)
        for reader in readers:
            finish(reader)
        check_invariants(index)


# --- killed


TOLD = """
import vectorstore.index, vectorstore.lexical, vectorstore.manifest, vectorstore.store

def told(cls, name):
    original = getattr(cls, name)
    def wrapped(*args, **options):
        print("before", name, flush=True)
        result = original(*args, **options)
        print("after", name, flush=True)
        return result
    setattr(cls, name, wrapped)

for name in ("mark_pending", "put_articles", "finish_files", "clear_pending", "remove_file"):
    told(vectorstore.manifest.Manifest, name)
for name in ("upsert", "delete_articles"):
    told(vectorstore.store.PassageVectors, name)
for name in ("add", "delete", "commit", "rebuild"):
    told(vectorstore.lexical.LexicalIndex, name)
told(vectorstore.lexical, "_write_note")
"""

STEPS = f"""
{TOLD}
with Index.open(Path(sys.argv[1]), FINGERPRINT, create=True) as index, index.writing():
    killed_ingest(index)
print("done", flush=True)
"""


def killed_ingest(index: Index) -> None:
    """An ingest that adds, changes and removes; run again on whatever it left it completes."""
    ingest(index, "a.jsonl", [prepare(n) for n in range(6)])
    index.commit()
    ingest(index, "gone.jsonl", [prepare(n) for n in range(20, 24)])
    ingest(index, "a.jsonl", [prepare(n) for n in range(3, 9)])
    index.commit()
    index.remove_file("gone.jsonl")
    ingest(index, "b.jsonl", [prepare(n) for n in range(7, 12)])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], int]:
    """What an ingest that nobody kills leaves, and how many steps it prints."""
    folder = tmp_path_factory.mktemp("undisturbed")
    steps = finish(child(STEPS, folder)).splitlines()
    assert steps[-1] == "done"
    with Index.open(folder, FINGERPRINT) as index:
        check_invariants(index)
        return contents(index), len(steps) - 1


def test_killed_at_any_step(tmp_path: Path, undisturbed: tuple[dict[str, object], int]) -> None:
    expected, steps = undisturbed
    rounds = int(os.environ.get("TEST_KILLS", "4"))
    for number, at in enumerate(sorted(random.Random(rounds).sample(range(1, steps), rounds))):
        folder = tmp_path / str(number)
        for again in range(2):  # the second process is killed while it mends
            process = child(STEPS, folder)
            lines = [process.stdout.readline() for _ in range(at if not again else 1 + at // 3)]
            process.kill()
            process.close()
            assert "done\n" not in lines
            check_after_kill(folder, lines)
        with Index.open(folder, FINGERPRINT) as index:
            with index.writing():
                killed_ingest(index)
            check_invariants(index)
            assert contents(index) == expected, lines


def check_after_kill(folder: Path, lines: list[str]) -> None:
    with Index.open(folder, FINGERPRINT) as index:
        passages = {p.id: p for id_ in index.article_ids() for p in index.passages_of(id_)}
        found = dict(index.dense(vector("k"), 1000))
        assert set(found) == set(passages), lines  # all that is visible, nothing else
        words = {id_ for id_, _ in index.lexical("piece0 piece1 piece2", 1000)}
        assert words == set(passages), lines


def test_every_kill_point_is_told(undisturbed: tuple[dict[str, object], int]) -> None:
    assert undisturbed[1] > 60


def test_the_manifest_is_plain_sqlite(tmp_path: Path) -> None:
    with Index.open(tmp_path, FINGERPRINT, create=True) as index, index.writing():
        ingest(index, "news.jsonl", [prepare(1)])
    db = sqlite3.connect(tmp_path / "manifest.db")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert db.execute("SELECT COUNT(*) FROM pending").fetchone() == (0,)
    db.close()
