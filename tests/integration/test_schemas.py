"""Indexes of older schemas are brought up step by step; one of a later Byline is named so."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rag.cli import main
from rag.errors import IndexLocked, IndexMismatch
from rag.resources import fingerprint, open_embedder
from rag.settings import Settings
from vectorstore import migrations
from vectorstore.database import Transaction
from vectorstore.index import Fingerprint, Index
from vectorstore.lexical import LexicalIndex
from vectorstore.locks import write_lock

FIXTURES = Path(__file__).parents[1] / "fixtures"
TODAY = migrations.SCHEMA
TINY = Fingerprint("tiny", "00ff", 8, 110, 1, 1)
STORED = sorted(FIXTURES.glob("index-schema-*.zip"))


def unpack(file: Path, folder: Path) -> Path:
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return unpack(FIXTURES / "index-schema-2.zip", tmp_path / "index")


def schema(index: Path) -> int:
    with closing(sqlite3.connect(index / "manifest.db")) as db:
        row = db.execute("SELECT * FROM meta WHERE key = 'schema'").fetchone()
    return int(row[-1])  # the number, in whatever column it is


def set_schema(index: Path, number: int) -> None:
    with closing(sqlite3.connect(index / "manifest.db")) as db, db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (number,))


def tables(index: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(index / "manifest.db")) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema ORDER BY name")]
        return {
            name: [
                *db.execute(f"PRAGMA table_info({name})"),
                *db.execute(f"PRAGMA index_xinfo({name})"),
            ]
            for name in names
        }


def test_there_is_a_fixture_of_each_schema() -> None:
    numbers = [int(file.stem.rpartition("-")[2]) for file in STORED]
    assert numbers == list(range(migrations.FIRST, migrations.SCHEMA + 1))


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_every_stored_index_opens_and_answers(file: Path, tmp_path: Path) -> None:
    folder = unpack(file, tmp_path / "index")
    with Index.open(folder, None) as index:
        assert index.counts() == (3, 4, 4)
        (best, _), *_ = index.lexical("who kept the Merrow light", 3)
        passage = index.passages([best])[best]
        article = index.article(passage.article_id)
        assert article.path == "lighthouse.txt"
        assert article.text[passage.start : passage.end] == passage.text
        vectors = index.vectors([best])
        assert index.dense(vectors[best], 1)[0][0] == best
        assert index.damage() is None
    assert schema(folder) == migrations.SCHEMA
    with Index.open(tmp_path / "fresh", TINY, create=True):
        assert tables(folder) == tables(tmp_path / "fresh")


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_every_stored_index_is_sound(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = unpack(file, tmp_path / "index")
    settings = Settings(index=folder)
    try:
        Index.open(folder, fingerprint(settings, open_embedder(settings))).close()
    except IndexMismatch as error:
        pytest.skip(f"made with other models or another reader: {error}")
    assert main(["check", "--index", str(folder)]) == 0
    assert "3 files, 4 articles, 4 passages: no fault" in capsys.readouterr().out
    assert main(["search", "honey fair visitors", "--index", str(folder)]) == 0
    assert "market.jsonl#2" in capsys.readouterr().out


def test_words_that_were_behind_before_there_was_a_log_are_made_anew(tmp_path: Path) -> None:
    folder = unpack(FIXTURES / "index-schema-4.zip", tmp_path / "index")
    _, index_id, generation = json.loads((folder / "lexical" / "byline.json").read_text())
    with closing(sqlite3.connect(folder / "manifest.db")) as db:
        ids = [row[0] for row in db.execute("SELECT id FROM articles")]
    lexical = LexicalIndex(folder / "lexical")
    lexical.delete(ids)
    lexical.commit(index_id, generation - 1)
    lexical.release()
    with Index.open(folder, None) as index:
        assert index.lexical("who kept the Merrow light", 3)


def test_a_later_schema_is_named_as_later(old: Path) -> None:
    set_schema(old, migrations.SCHEMA + 3)
    told = f"later Byline: its schema is {migrations.SCHEMA + 3}.*Update Byline"
    for create in (False, True):
        with pytest.raises(IndexMismatch, match=told):
            Index.open(old, None, create=create)
    assert schema(old) == migrations.SCHEMA + 3


def test_a_schema_before_all_that_is_known_is_built_again(old: Path) -> None:
    set_schema(old, 1)
    with pytest.raises(IndexMismatch, match="schema 1, .*--rebuild"):
        Index.open(old, None)


def note(word: str) -> Callable[[Transaction], None]:
    return lambda db: db.run("INSERT INTO notes VALUES (:word)", word=word)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> dict[int, Callable[[Transaction], None]]:
    """Byline as if the schema of today were followed by three of which this one knows nothing."""
    steps = {
        **migrations.STEPS,
        TODAY: lambda db: db.run("CREATE TABLE notes (word TEXT)"),
        TODAY + 1: note("three"),
        TODAY + 2: note("four"),
    }
    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(migrations, "SCHEMA", TODAY + 3)
    return steps


def notes(index: Path) -> list[str]:
    with closing(sqlite3.connect(index / "manifest.db")) as db:
        return [row[0] for row in db.execute("SELECT word FROM notes")]


def test_an_older_one_takes_every_step_once(
    old: Path, later: dict[int, Callable[[Transaction], None]]
) -> None:
    for _ in range(2):
        with Index.open(old, None) as index:
            assert index.lexical("honey", 1)
        assert (schema(old), notes(old)) == (TODAY + 3, ["three", "four"])


def test_a_step_that_fails_is_taken_back_and_tried_again(
    old: Path, later: dict[int, Callable[[Transaction], None]]
) -> None:
    def fail(db: Transaction) -> None:
        db.run("INSERT INTO notes VALUES ('half')")
        raise KeyboardInterrupt

    whole, later[TODAY + 2] = later[TODAY + 2], fail
    with pytest.raises(KeyboardInterrupt):
        Index.open(old, None)
    assert (schema(old), notes(old)) == (TODAY + 2, ["three"])
    later[TODAY + 2] = whole
    Index.open(old, None).close()
    assert (schema(old), notes(old)) == (TODAY + 3, ["three", "four"])


def test_no_step_while_another_writes(
    old: Path, later: dict[int, Callable[[Transaction], None]]
) -> None:
    with write_lock(old), pytest.raises(IndexLocked):
        Index.open(old, None)
    assert schema(old) == 2
