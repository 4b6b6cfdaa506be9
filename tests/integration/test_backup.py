"""A backup is whole or not there; a restore checks all of it before anything is replaced."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import BackupError, IndexLocked
from rag.schema import FileRecord
from tests.integration.test_index_stores import (
    FINGERPRINT,
    ROOT,
    check_invariants,
    contents,
    ingest,
    prepare,
)  # fmt: skip
from vectorstore.backup import back_up
from vectorstore.index import Index
from vectorstore.locks import write_lock
from vectorstore.restore import restore


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Index]:
    folder = tmp_path / "source"
    with Index.open(folder, FINGERPRINT, create=True) as index:
        with index.writing():
            ingest(index, "news.jsonl", [prepare(n) for n in range(40)])
        (folder / "uploads").mkdir()
        (folder / "uploads" / "own.txt").write_text("added on the page")
        (folder / "shelf.json").write_text('{"version": 1}')
        with closing(sqlite3.connect(folder / "feedback.sqlite3")) as db, db:
            db.execute("CREATE TABLE feedback (word TEXT)")
            db.execute("INSERT INTO feedback VALUES ('good')")
        yield index


def test_all_comes_back_without_embedding(source: Index, tmp_path: Path) -> None:
    made = back_up(source, tmp_path / "b.zip")
    assert (made.files, made.articles, made.passages, made.without_vector) == (1, 40, 120, 0)
    assert restore(tmp_path / "b.zip", tmp_path / "new") == 0
    with Index.open(tmp_path / "new", FINGERPRINT) as index:
        assert contents(index) == contents(source)
        check_invariants(index)
        assert index.out_of_step() is None
        with index.writing():
            ingest(index, "more.jsonl", [prepare(99)])
        check_invariants(index)
    assert (tmp_path / "new" / "uploads" / "own.txt").read_text() == "added on the page"
    with closing(sqlite3.connect(tmp_path / "new" / "feedback.sqlite3")) as db:
        assert db.execute("SELECT word FROM feedback").fetchall() == [("good",)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "new", "source"]
    assert not [path for path in (tmp_path / "new").iterdir() if path.name.startswith(".")]
    for path in (tmp_path / "b.zip", tmp_path / "new", *(tmp_path / "new").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_what_links_lead_to_and_the_feeds_come_back(source: Index, tmp_path: Path) -> None:
    (source.folder / "feeds.json").write_text('[{"url": "https://post.example/feed"}]')
    (source.folder / "tokens.json").write_text("{}")
    before, after = (prepare(number, path="other.txt") for number in (51, 52))
    with source.writing():
        for item in (before, after):
            ingest(source, "other.txt", [item])
    back_up(source, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "new")
    with Index.open(tmp_path / "new", FINGERPRINT) as index:
        went = index.former(before.article.id)
        assert went is not None
        assert (went.article, went.became) == (before.article, after.article.id)
    assert "post.example" in (tmp_path / "new" / "feeds.json").read_text()
    assert not (tmp_path / "new" / "tokens.json").exists()  # who may come in is not passed on


def test_vectors_go_to_a_server_and_come_from_one(
    source: Index,
    tmp_path: Path,
    chroma_server: str,
) -> None:
    back_up(source, tmp_path / "b.zip")
    for _ in range(2):  # the second time it replaces the first
        restore(tmp_path / "b.zip", tmp_path / "served", chroma=chroma_server, replace=True)
    with Index.open(tmp_path / "served", FINGERPRINT, chroma=chroma_server) as index:
        check_invariants(index)
        back_up(index, tmp_path / "c.zip")
    restore(tmp_path / "c.zip", tmp_path / "back")
    with Index.open(tmp_path / "back", FINGERPRINT) as index:
        assert contents(index) == contents(source)


def test_while_others_ask_and_ingest(source: Index, tmp_path: Path) -> None:
    """Each backup is of one moment: whole files, and every vector but of what went meanwhile."""
    stop, errors = threading.Event(), list[BaseException]()

    def write() -> None:
        try:
            for number in range(100, 10_000):
                if stop.is_set():
                    return
                with source.writing():
                    ingest(source, "news.jsonl", [prepare(number + n) for n in range(30)])
        except BaseException as error:  # shown by the assertion below
            errors.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            back_up(source, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        thread.join()
    assert errors == []
    for number in range(3):
        lacking = restore(tmp_path / f"{number}.zip", tmp_path / str(number))
        with Index.open(tmp_path / str(number), FINGERPRINT) as index:
            with index.writing():
                pass  # completes what the moment left half done
            files, _, passages = index.counts()
            assert files == 1
            with index._vectors.current() as store:
                assert store.count() == passages - lacking


def test_who_has_the_replaced_index_open_goes_on_with_the_new_one(
    source: Index, tmp_path: Path
) -> None:
    back_up(source, tmp_path / "b.zip")
    before = contents(source)
    with source.writing():
        source.remove_file("news.jsonl")
        ingest(source, "other.jsonl", [prepare(77)])
    restore(tmp_path / "b.zip", source.folder, replace=True)
    assert source.trouble() is None
    assert contents(source) == before
    check_invariants(source)


def test_an_index_is_not_replaced_unasked_nor_while_written_to(
    source: Index, tmp_path: Path
) -> None:
    back_up(source, tmp_path / "b.zip")
    before = contents(source)
    with pytest.raises(BackupError, match="--replace"):
        restore(tmp_path / "b.zip", source.folder)
    with write_lock(source.folder), pytest.raises(IndexLocked):
        restore(tmp_path / "b.zip", source.folder, replace=True)
    assert contents(source) == before


# --- backups that are not what was written


def rewritten(
    source: Path, target: Path, change: Callable[[dict[str, bytes]], None], *, relist: bool = False
) -> Path:
    """A copy of a backup with other members; `relist`: with sizes and hashes that fit them."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if relist:
        listed = json.loads(members["backup.json"])
        listed["members"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in members.items()
            if name != "backup.json"
        }
        members["backup.json"] = json.dumps(listed).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return target


def flip(name: str) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        data = bytearray(members[name])
        data[len(data) // 2] ^= 1
        members[name] = bytes(data)

    return change


def put(name: str, data: bytes = b"evil") -> Callable[[dict[str, bytes]], None]:
    return lambda members: members.update({name: data})


EVIL = {
    **{f"a flipped bit of {name}": (flip(name), False)
       for name in ("manifest.db", "vectors.f32", "vectors.ids", "uploads/own.txt")},
    "a member that is not listed": (put("uploads/more.txt"), False),
    "a member that is missing": (lambda members: members.pop("uploads/own.txt"), False),
    "no manifest": (lambda members: members.pop("manifest.db"), True),
    **{f"the name {name}": (put(name), True)
       for name in ("../evil", "/tmp/byline-evil", "uploads/../../evil", "uploads//evil",
                    "uploads/..\\evil", "C:evil", "chroma/evil", "write.lock", "uploads/")},
    "a manifest that is none": (put("manifest.db", b"no database" * 100), True),
    "fewer vectors than ids": (put("vectors.f32", b"\0" * 32), True),
    "a list that is none": (put("backup.json", b"[]"), False),
    "a list without members": (put("backup.json", b'{"format": 1, "members": {}}'), False),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "ix" / "uploads").mkdir(parents=True)
    (folder / "ix" / "uploads" / "own.txt").write_text("added on the page")
    with Index.open(folder / "ix", FINGERPRINT, create=True) as index:
        with index.writing():
            ingest(index, "news.jsonl", [prepare(n) for n in range(5)])
        back_up(index, folder / "b.zip")
    return folder / "b.zip"


@pytest.mark.parametrize("name", EVIL)
def test_a_changed_backup_restores_nothing(whole: Path, tmp_path: Path, name: str) -> None:
    change, relist = EVIL[name]
    evil = rewritten(whole, tmp_path / "evil.zip", change, relist=relist)
    restore(whole, tmp_path / "in" / "ix")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(BackupError, match=r"evil\.zip"):
        restore(evil, tmp_path / "in" / "ix", replace=True)
    with Index.open(tmp_path / "in" / "ix", FINGERPRINT) as index:
        assert index.counts() == (1, 5, 15)
    after = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert {path for path in after if "evil" in path.name} == {evil}
    assert set(before) <= after
    assert not Path("/tmp/byline-evil").exists()


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(whole: Path, tmp_path: Path) -> None:
    bomb = rewritten(whole, tmp_path / "b.zip", put("shelf.json", b"\0" * 10_000_000), relist=True)
    with (
        zipfile.ZipFile(bomb) as archive,
        zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for member in archive.namelist():
            packed.writestr(member, archive.read(member))
    with pytest.raises(BackupError, match="damaged"):
        restore(tmp_path / "bomb.zip", tmp_path / "new")
    assert not [path for path in (tmp_path / "new").rglob("*") if path.is_file()]


def test_a_backup_of_more_than_the_disk_holds_is_refused(whole: Path, tmp_path: Path) -> None:
    def boast(members: dict[str, bytes]) -> None:
        listed = json.loads(members["backup.json"])
        listed["passages"] = 10**15
        members["backup.json"] = json.dumps(listed).encode()

    large = rewritten(whole, tmp_path / "large.zip", boast)
    with pytest.raises(BackupError, match="MB are free"):
        restore(large, tmp_path / "new")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip" * 50])
def test_what_is_no_zip_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(BackupError, match=r"b\.zip"):
        restore(tmp_path / "b.zip", tmp_path / "new")
    with pytest.raises(BackupError, match="There is no file"):
        restore(tmp_path / "absent.zip", tmp_path / "new")


def test_a_later_form_is_named_so(whole: Path, tmp_path: Path) -> None:
    def later(members: dict[str, bytes]) -> None:
        listed = json.loads(members["backup.json"])
        members["backup.json"] = json.dumps({**listed, "format": 99}).encode()

    with pytest.raises(BackupError, match="later Byline"):
        restore(rewritten(whole, tmp_path / "b.zip", later), tmp_path / "new")


# --- killed


KILLED = """
import sys
from pathlib import Path
import vectorstore.backup as backup
from tests.integration.test_index_stores import FINGERPRINT
from vectorstore.index import Index
original = backup._export
def told(*arguments):
    print("half", flush=True)
    sys.stdin.readline()
    return original(*arguments)
backup._export = told
with Index.open(Path(sys.argv[1]), FINGERPRINT) as index:
    backup.back_up(index, Path(sys.argv[2]))
"""


def test_a_killed_backup_leaves_the_one_before(source: Index, tmp_path: Path) -> None:
    back_up(source, tmp_path / "b.zip")
    before = (tmp_path / "b.zip").read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(source.folder), str(tmp_path / "b.zip")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == "half\n"
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
    assert (tmp_path / "b.zip").read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(source: Index, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(source, tmp_path / "absent" / "b.zip")


def test_an_unfinished_file_comes_back_unfinished(source: Index, tmp_path: Path) -> None:
    with source.writing():
        source.add_files({"late.jsonl": [prepare(500)]})
        back_up(source, tmp_path / "b.zip")
        record = FileRecord("late.jsonl", "s", 1, 1, (prepare(500).article.id,))
        source.finish_files([(record, ["late.jsonl#500"])])
    restore(tmp_path / "b.zip", tmp_path / "new")
    with Index.open(tmp_path / "new", FINGERPRINT) as index:
        with index.writing():
            pass
        assert index.counts() == (1, 40, 120)
        check_invariants(index)
