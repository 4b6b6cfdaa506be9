"""`byline check` names each fault, `byline repair` mends it, and the next ingest completes it."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.articles import make_article
from rag.articles.splitting import Limits, split
from rag.cli import main
from rag.resources import fingerprint, open_embedder
from rag.schema import FileRecord, Part
from rag.settings import Settings
from tests.forked import ROOT, ran
from vectorstore import seal
from vectorstore.index import Index, Prepared
from vectorstore.lexical import LexicalIndex
from vectorstore.store import PassageVectors

ARTICLES = ROOT / "tests" / "fixtures" / "articles"
HONEY = "market.jsonl#1"


def byline(*arguments: object) -> subprocess.CompletedProcess[str]:
    return ran(*map(str, arguments), cwd=ROOT, environ=os.environ)


def said(
    capsys: pytest.CaptureFixture[str], code: int, command: str, index: Path
) -> dict[str, Any]:
    """What the command prints as JSON; it must end with `code`."""
    capsys.readouterr()
    assert main([command, "--index", str(index), "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def tables(index: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that the manifest holds, but for its counters and the log of what changed."""
    with closing(sqlite3.connect(index / "manifest.db")) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
        return {
            name: sorted(db.execute(f"SELECT * FROM {name}"), key=str)
            for name in names
            if name not in ("meta", "changes")
        }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    shutil.copytree(ARTICLES, folder / "articles")
    assert main(["ingest", str(folder / "articles"), "--index", str(folder / "index")]) == 0
    return folder


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "index", tmp_path / "index")
    return tmp_path / "index"


def test_a_sound_index_has_no_fault(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tables(index)
    found = said(capsys, 0, "check", index)
    assert found == {
        "sound": True, "files": 3, "articles": 4, "passages": 4, "faults": [], "to_read": [],
    }  # fmt: skip
    assert said(capsys, 0, "repair", index)["mended"] == []
    assert tables(index) == before


# --- what can go wrong


def sql(*statements: str) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        with closing(sqlite3.connect(index / "manifest.db")) as db, db:
            for statement in statements:
                assert db.execute(statement).rowcount > 0

    return damage


@contextmanager
def vectors(index: Path) -> Iterator[PassageVectors]:
    with closing(sqlite3.connect(index / "manifest.db")) as db:
        (index_id,) = db.execute("SELECT value FROM meta WHERE key = 'index'").fetchone()
    store = PassageVectors(index / "chroma", index_id)
    store.open(create=False)
    try:
        yield store
    finally:
        store.close()
        seal.write(index, seal.state(index / "chroma"))


def lose_a_vector(index: Path) -> None:
    with vectors(index) as store:
        store.delete([sorted(store.ids())[0]])


def keep_a_vector_of_nothing(index: Path) -> None:
    with vectors(index) as store:
        assert store._collection is not None
        store._collection.upsert(ids=["nobody-0000"], embeddings=np.ones((1, 384), np.float32))


def change_vectors(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    def damage(index: Path) -> None:
        with vectors(index) as store:
            held = store.vectors(sorted(store.ids()))
            assert store._collection is not None
            rows = change(np.array([*held.values()])).astype(np.float32)
            store._collection.update(ids=[*held], embeddings=rows)

    return damage


def lose_words(index: Path) -> None:
    note = json.loads((index / "lexical" / "byline.json").read_text())
    with closing(sqlite3.connect(index / "manifest.db")) as db:
        (article,) = db.execute("SELECT id FROM articles LIMIT 1").fetchone()
    lexical = LexicalIndex(index / "lexical")
    lexical.delete([article])
    lexical.commit(note[1], note[2])
    lexical.release()


def cut_words(index: Path) -> None:
    for file in (index / "lexical" / "passages").glob("*.store"):
        file.write_bytes(file.read_bytes()[:40])


WHERE = "WHERE title = 'Honey fair draws record crowd'"
FAULTS: dict[str, tuple[Callable[[Path], None], set[tuple[str, str]]]] = {
    "a word of a text": (
        sql(f"UPDATE articles SET text = replace(text, '4,100', '9,100') {WHERE}"),
        {("altered", HONEY)},
    ),
    "a date": (
        sql(f"UPDATE articles SET published = '2024-08-91' {WHERE}"),
        {("altered", HONEY)},
    ),
    "bytes that are no text": (
        sql(f"UPDATE articles SET text = CAST(x'41ff42' AS TEXT) {WHERE}"),
        {("altered", HONEY)},
    ),
    "a passage's place": (
        sql(
            'UPDATE passages SET "start" = "start" + 3 WHERE article_id ='
            " (SELECT article_id FROM file_articles WHERE file = 'ferry.md')"
        ),
        {("passages", "ferry.md")},
    ),
    "a lost passage": (
        sql(
            "DELETE FROM passages WHERE article_id ="
            " (SELECT article_id FROM file_articles WHERE file = 'lighthouse.txt')"
        ),
        {("passages", "lighthouse.txt"), ("stray", "chroma"), ("words", "lexical")},
    ),
    "a lost article": (
        sql(f"DELETE FROM articles {WHERE}"),
        {
            ("link", "market.jsonl"), ("stray", "manifest.db"), ("stray", "chroma"),
            ("words", "lexical"), ("counts", "manifest.db"),
        },
    ),
    "a miscounted outlet": (
        sql("UPDATE tallies SET articles = articles + 1 WHERE kind = 'language'"),
        {("counts", "manifest.db")},
    ),
    "a lost record of a file": (
        sql("DELETE FROM files WHERE path = 'ferry.md'"),
        {("link", "ferry.md")},
    ),
    "a file without articles": (
        sql("DELETE FROM file_articles WHERE file = 'ferry.md'"),
        {("link", "ferry.md"), ("stray", "manifest.db")},
    ),
    "a lost signature": (
        sql(
            "DELETE FROM likeness WHERE article_id ="
            " (SELECT article_id FROM file_articles WHERE file = 'lighthouse.txt')"
        ),
        {("signature", "lighthouse.txt")},
    ),
    "a lost vector": (lose_a_vector, {("vectors", "")}),
    "a vector of nothing": (keep_a_vector_of_nothing, {("stray", "chroma")}),
    "vectors of other texts": (
        change_vectors(lambda rows: np.roll(rows, 1, axis=0)),
        {("graph", "chroma")},
    ),
    "vectors of no length": (
        change_vectors(lambda rows: rows * np.float32(7)),
        {("vectors", "")},
    ),
    "lost words": (lose_words, {("words", "lexical")}),
    "a cut word index": (cut_words, {("words", "lexical")}),
}  # fmt: skip


TOGETHER = [
    ("a word of a text", "a lost record of a file", "a vector of nothing", "lost words"),
    ("a date", "a passage's place", "a lost signature", "a lost vector", "a cut word index"),
    ("bytes that are no text", "a file without articles", "vectors of no length"),
    ("a lost article", "a lost passage", "vectors of other texts"),
    ("a miscounted outlet",),
]


@pytest.mark.parametrize("names", TOGETHER, ids=" and ".join)
def test_each_fault_is_named_and_mended(
    made: Path, index: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, ...]
) -> None:
    before = tables(index)
    expected = set[tuple[str, str]]()
    for name in names:
        damage, faults = FAULTS[name]
        damage(index)
        expected |= faults
    mended = said(capsys, 0, "repair", index)
    named = {(fault["kind"], fault["where"]) for fault in mended["mended"]}
    assert {kind for kind, _ in named} == {kind for kind, _ in expected}
    assert {pair for pair in expected if pair[1]} <= named
    assert all("byline " in fault["do"] for fault in mended["mended"])
    assert (mended["sound"], mended["faults"]) == (True, [])
    assert main(["ingest", str(made / "articles"), "--index", str(index)]) == 0
    assert said(capsys, 0, "check", index)["to_read"] == []
    assert tables(index) == before


def test_what_is_kept_for_links_is_what_was_cited(
    made: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made / "articles", index.parent / "articles")
    file = index.parent / "articles" / "ferry.md"
    with Index.open(index, None) as opened:
        (old,) = opened.files()["ferry.md"].articles
        opened.folder_of_articles = index.parent / "articles"
    file.write_text(file.read_text() + "\n\nThe ferry sails again.\n")
    ingest = ["ingest", str(index.parent / "articles"), "--index", str(index)]
    assert main(ingest) == 0
    assert said(capsys, 0, "check", index)["sound"]

    packed = zlib.decompress(kept_of(index, old))
    altered = zlib.compress(packed.replace(b"ferry", b"barge"))
    for data in (altered, b"no text"):
        with closing(sqlite3.connect(index / "manifest.db")) as db, db:
            db.execute("UPDATE former SET article = ?, size = 9", (data,))
        done = said(capsys, 0, "repair", index)
        found = [(fault["kind"], fault["where"]) for fault in done["mended"]]
        assert (found, done["sound"]) == ([("former", "ferry.md")], True)
        assert kept_of(index, old) is None
    with Index.open(index, None) as opened:
        went = opened.former(old)
        assert went is not None
        assert (went.article, went.removed) == (None, False)


def kept_of(index: Path, article: str) -> Any:
    with closing(sqlite3.connect(index / "manifest.db")) as db:
        sql = "SELECT article FROM former WHERE article_id = ?"
        return db.execute(sql, (article,)).fetchone()[0]


def test_every_fault_is_tried() -> None:
    assert sorted(name for names in TOGETHER for name in names) == sorted(FAULTS)


def test_one_altered_word_is_named(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    FAULTS["a word of a text"][0](index)
    assert main(["check", "--index", str(index)]) == 1
    line, total = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{HONEY}: the stored article is not the one that was read")
    assert "byline repair" in line
    assert total == "3 files, 4 articles, 4 passages: 1 fault"


def test_a_file_of_many_is_read_again_for_one_article(
    made: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other articles of the file are still found meanwhile, and not embedded again."""
    FAULTS["a word of a text"][0](index)
    assert said(capsys, 0, "repair", index)["to_read"] == ["market.jsonl"]
    assert main(["repair", "--index", str(index)]) == 0
    out = capsys.readouterr().out
    assert "market.jsonl: the next ingest reads it again" in out
    assert main(["search", "stallholders counted twice", "--index", str(index)]) == 0
    assert "market.jsonl#2" in capsys.readouterr().out


def test_a_damaged_manifest_is_named_and_left_alone(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = (index / "manifest.db").read_bytes()
    damaged = whole[:8192] + os.urandom(20_000) + whole[28_192:]
    for content in (damaged, b"garbage" * 2000):
        (index / "manifest.db").write_bytes(content)
        (fault,) = {f["kind"] for f in said(capsys, 1, "check", index)["faults"]}
        assert fault == "database"
        assert main(["repair", "--index", str(index)]) == 2
        assert "byline restore" in capsys.readouterr().err
        assert (index / "manifest.db").read_bytes() == content


def test_check_waits_for_no_writer(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(index=index)
    with (
        Index.open(index, fingerprint(settings, open_embedder(settings))) as open_,
        open_.writing(),
    ):
        assert main(["check", "--index", str(index)]) == 2
    assert "Another byline is writing" in capsys.readouterr().err


# --- a garbled graph


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with so many passages that Chroma has written its graph to a file."""
    folder = tmp_path_factory.mktemp("large") / "index"
    settings = Settings(index=folder)
    embedder = open_embedder(settings)
    texts = [f"Lot {n} of the harbour auction was a brass lamp." for n in range(1100)]
    embedded = embedder.documents(texts)
    prepared = []
    for number, text in enumerate(texts):
        article = make_article(
            f"lots.jsonl#{number}", title=None, author=None, outlet=None, published=None, url=None,
            text=text, parts=[Part("body", 0, len(text))],
        )  # fmt: skip
        passages = split(article, embedder.token_starts, Limits())
        prepared.append(Prepared(article, tuple(passages), embedded[number : number + 1]))
    with Index.open(folder, fingerprint(settings, embedder), create=True) as index, index.writing():
        index.add_files({"lots.jsonl": prepared})
        ids = tuple(item.article.id for item in prepared)
        record = FileRecord("lots.jsonl", "0", 1, 1, ids)
        index.finish_files([(record, [item.article.path for item in prepared])])
    return folder


def garble(index: Path) -> None:
    (file,) = index.glob("chroma/*/data_level0.bin")
    noise = np.random.default_rng(1).bytes(file.stat().st_size)
    file.write_bytes(noise)


def test_a_garbled_graph_is_told_not_died_of(
    large: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "index"
    shutil.copytree(large, index)
    assert main(["search", "brass lamp", "--index", str(index)]) == 0
    garble(index)
    for command in ("ask", "search"):
        done = byline(command, "What was lot 7?", "--index", index)
        assert done.returncode == 2, done
        assert "are damaged" in done.stderr
        assert f"byline repair --index {index}" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert main(["doctor", "--index", str(index)]) == 1
    assert "byline repair" in capsys.readouterr().out
    (fault,) = said(capsys, 1, "check", index)["faults"]
    assert (fault["kind"], fault["where"]) == ("graph", "chroma")
    assert "SIGSEGV" in fault["what"]
    mended = said(capsys, 0, "repair", index)
    assert (mended["embedded"], mended["sound"]) == (1100, True)
    assert main(["search", "lot 7 of the harbour auction", "--index", str(index)]) == 0
    assert "lots.jsonl#7 " in capsys.readouterr().out


def test_files_of_another_time_are_tried_once(large: Path, tmp_path: Path) -> None:
    """A copied folder has other times: its graph is tried in a child, and then trusted again."""
    index = tmp_path / "index"
    shutil.copytree(large, index)
    (file,) = index.glob("chroma/*/data_level0.bin")
    os.utime(file)
    assert seal.read(index) != seal.state(index / "chroma")
    settings = Settings(index=index)
    Index.open(index, fingerprint(settings, open_embedder(settings))).close()
    assert seal.read(index) == seal.state(index / "chroma")
