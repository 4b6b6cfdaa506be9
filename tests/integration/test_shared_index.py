"""One index for many machines: articles in PostgreSQL, vectors at a server, words on each."""

from __future__ import annotations

import json
import random
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexLocked, IndexMissing, SettingsError, StoreUnavailable
from rag.schema import Article, Filters
from rag.settings import load_settings
from tests import servers
from tests.integration.test_index_stores import (
    FINGERPRINT,
    Stores,
    check_invariants,
    child,
    contents,
    ingest,
    killed_ingest,
    prepare,
    vector,
)
from tests.unit.vectorstore.test_selecting import OUTLETS, PATHS, store
from vectorstore import storing
from vectorstore.backup import back_up
from vectorstore.index import Index
from vectorstore.opening import manifest_of
from vectorstore.restore import restore


@pytest.fixture
def stores(chroma_server: str, postgresql: str) -> Stores:
    return {"chroma": chroma_server, "database": servers.database(postgresql)}


def test_every_machine_sees_what_one_writes(tmp_path: Path, stores: Stores) -> None:
    with (
        Index.open(tmp_path / "a", FINGERPRINT, **stores, create=True) as a,
        Index.open(tmp_path / "b", FINGERPRINT, **stores) as b,
    ):
        with a.writing():
            ingest(a, "news.jsonl", [prepare(n) for n in range(30)])
        assert len(b.lexical("story5", 9)) == 3
        assert contents(a) == contents(b)
        with b.writing():
            ingest(b, "more.jsonl", [prepare(n) for n in range(20, 40)])
            b.remove_file("news.jsonl")
        assert a.lexical("story5", 9) == []
        assert contents(a) == contents(b)
        check_invariants(a)
    with Index.open(tmp_path / "c", FINGERPRINT, **stores) as c:  # a machine that comes later
        assert c.counts() == (1, 20, 60)
        assert len(c.lexical("story35", 9)) == 3


def test_words_that_are_lost_or_far_behind_are_made_anew(
    tmp_path: Path, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(tmp_path / "a", FINGERPRINT, **stores, create=True) as a:
        with a.writing():
            ingest(a, "news.jsonl", [prepare(n) for n in range(10)])
        Index.open(tmp_path / "b", FINGERPRINT, **stores).close()
        Index.open(tmp_path / "c", FINGERPRINT, **stores).close()
        shutil.rmtree(tmp_path / "b" / "lexical")
        monkeypatch.setattr(storing, "LOG", 3)
        with a.writing():
            ingest(a, "more.jsonl", [prepare(n) for n in range(50, 60)])
        for folder in "bc":
            with Index.open(tmp_path / folder, FINGERPRINT, **stores) as other:
                assert contents(other) == contents(a)


def test_near_copies_are_one_group(tmp_path: Path, stores: Stores) -> None:
    alike = np.arange(128, dtype=np.uint32).tobytes()
    copies = [replace(prepare(n), signature=alike) for n in range(2)]
    with Index.open(tmp_path / "a", FINGERPRINT, **stores, create=True) as index:
        with index.writing():
            ingest(index, "news.jsonl", copies)
        origins = index.origins(item.article.id for item in copies)
        assert len(origins) == 2
        assert len(set(origins.values())) == 1


HOLD = """
stores = json.loads(sys.argv[2])
with Index.open(Path(sys.argv[1]), FINGERPRINT, **stores, create=True) as index, index.writing():
    print("writing", flush=True)
    threading.Event().wait()
"""


def test_one_machine_writes_at_a_time(tmp_path: Path, stores: Stores) -> None:
    holder = child(HOLD, tmp_path / "a", json.dumps(stores))
    assert holder.stdout.readline() == "writing\n"
    with Index.open(tmp_path / "b", FINGERPRINT, **stores) as index:
        for attempt in (
            lambda: index.writing().__enter__(),
            lambda: Index.erase(tmp_path / "b", **stores),
        ):
            with pytest.raises(IndexLocked, match="Another byline is writing.*try again"):
                attempt()
        assert index.dense(vector(1), 3) == []
        holder.kill()
        holder.close()
        with index.writing():  # the lock went with its connection
            ingest(index, "news.jsonl", [prepare(1)])
        check_invariants(index)


def test_what_fails_while_one_writes_is_not_the_databases(tmp_path: Path, stores: Stores) -> None:
    with (
        Index.open(tmp_path / "a", FINGERPRINT, **stores, create=True) as index,
        pytest.raises(FileNotFoundError),
        index.writing(),
    ):
        (tmp_path / "gone.txt").read_bytes()


def test_killed_ingests_are_completed_by_another_machine(tmp_path: Path, stores: Stores) -> None:
    whole = tmp_path / "whole"
    with Index.open(whole, FINGERPRINT, create=True) as index, index.writing():
        killed_ingest(index)
    with Index.open(whole, FINGERPRINT) as index:
        expected = contents(index)
    for steps in (9, 25, 41):
        killed = child(KILLED, tmp_path / f"a{steps}", json.dumps(stores))
        for _ in range(steps):
            assert killed.stdout.readline()
        killed.kill()
        killed.close()
        with Index.open(tmp_path / f"b{steps}", FINGERPRINT, **stores) as index:
            with index.writing():
                killed_ingest(index)
            check_invariants(index)
            assert contents(index) == expected
        Index.erase(tmp_path / f"b{steps}", **stores)


KILLED = """
from tests.integration.test_index_stores import TOLD, killed_ingest
exec(TOLD)
stores = json.loads(sys.argv[2])
with Index.open(Path(sys.argv[1]), FINGERPRINT, **stores, create=True) as index, index.writing():
    killed_ingest(index)
"""


def test_a_backup_goes_from_either_to_either(tmp_path: Path, stores: Stores) -> None:
    with Index.open(tmp_path / "a", FINGERPRINT, **stores, create=True) as index:
        with index.writing():
            ingest(index, "news.jsonl", [prepare(n) for n in range(20)])
            ingest(index, "news.jsonl", [prepare(n) for n in range(5, 25)])
        expected = contents(index)
        back_up(index, tmp_path / "shared.zip")
    restore(tmp_path / "shared.zip", tmp_path / "own")
    with Index.open(tmp_path / "own", FINGERPRINT) as index:
        check_invariants(index)
        assert contents(index) == expected
        back_up(index, tmp_path / "own.zip")
    restore(tmp_path / "own.zip", tmp_path / "b", **stores, replace=True)
    with Index.open(tmp_path / "b", FINGERPRINT, **stores) as index:
        assert contents(index) == expected
        with index.writing():  # the numbers of rows go on behind those that were restored
            ingest(index, "more.jsonl", [prepare(n) for n in range(40, 45)])
            index.remove_file("news.jsonl")
        check_invariants(index)


def test_what_is_wrong_is_said(tmp_path: Path, stores: Stores, postgresql: str) -> None:
    with pytest.raises(IndexMissing, match=r"no index in postgresql.*byline ingest"):
        Index.open(tmp_path / "a", FINGERPRINT, **stores)
    closed = stores | {"database": f"postgresql://me:secret@127.0.0.1:{servers.free_port()}/x"}
    with pytest.raises(StoreUnavailable, match="BYLINE_DATABASE names its user") as error:
        Index.open(tmp_path / "a", FINGERPRINT, **closed, create=True)
    assert "secret" not in str(error.value)
    with pytest.raises(SettingsError, match=r"of mysql; it must be postgresql://"):
        Index.open(tmp_path / "a", FINGERPRINT, **stores | {"database": "mysql://x/y"})
    with pytest.raises(SettingsError, match="BYLINE_CHROMA"):
        load_settings({"database": stores["database"]})


DAYS = [date(2014, 12, 30) + timedelta(days=n) for n in range(5)]
ASKED = [
    Filters(),
    Filters(since=date(2015, 1, 1)),
    Filters(until=date(2014, 12, 31), opinion=False),
    Filters(outlets=("le monde", "guardian")),
    Filters(outlets=("x",)),
    Filters(authors=("roe", "ZOE LI")),
    Filters(authors=("Jane",)),
    Filters(files=("2015",)),
    Filters(files=("a.txt", "*.pdf")),
    Filters(files=("[draft].md", "20?5/may/*", "[!a]*l")),
    Filters(kinds=("comment",), opinion=True),
    Filters(outlets=("fox news",), authors=("jane doe",), since=date(2014, 12, 30)),
]


def test_filters_pass_the_same_articles_in_both_databases(tmp_path: Path, postgresql: str) -> None:
    chance = random.Random(5)
    items = [
        (
            Article(
                "", chance.choice(PATHS), None, chance.choice([None, "Jane Doe", "Zoë Li, J. Roe"]),
                chance.choice([*OUTLETS, None]), chance.choice([None, *DAYS]), None, "Words.",
                label=chance.choice([None, "opinion", "interview"]),
            ),
            chance.choice(["body", "comment"]),
        )
        for _ in range(80)
    ]  # fmt: skip
    with (
        closing(manifest_of(tmp_path)) as file,
        closing(manifest_of(tmp_path, servers.database(postgresql))) as server,
    ):
        for manifest in (file, server):
            manifest.create({})
            store(manifest, items)
        for filters in ASKED:
            one, other = (it.catalogue.chosen(filters) for it in (file, server))
            assert one.ids(100) == other.ids(100)
            assert (one.count(), one.span()) == (other.count(), other.span())
            assert one.tally("outlet") == other.tally("outlet")
            for order in ("newest", "oldest", "longest", "path"):
                assert one.facts(order, 50) == other.facts(order, 50)
            assert one.throughout(7) == other.throughout(7)
        for known in (file.catalogue, server.catalogue):
            assert known.outlets(3) == file.catalogue.outlets(3)
            assert known.people_with(["roe", "zoe"]) == file.catalogue.people_with(["roe", "zoe"])
            assert known.last_day(1) == date(2015, 1, 3)
