"""The folder of an index: private, deleted or damaged while in use, read-only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexMissing, StoreUnavailable
from rag.indexing.uploads import Pasted, as_file, store
from rag.settings import Settings
from tests.integration.test_index_stores import (
    FINGERPRINT,
    ROOT,
    check_invariants,
    contents,
    ingest,
    prepare,
    vector,
)
from vectorstore.index import Index

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs permissions of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Index.open(tmp_path / "ix", FINGERPRINT, create=True) as index, index.writing():
        ingest(index, "news.jsonl", [prepare(n) for n in range(12)])
    return tmp_path / "ix"


# --- private


def open_to_others(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def test_what_is_made_is_for_its_user_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        folder = tmp_path / "not" / "there" / "ix"
        with Index.open(folder, FINGERPRINT, create=True) as index, index.writing():
            ingest(index, "news.jsonl", [prepare(n) for n in range(12)])
            store(*reversed(as_file(Pasted("Pasted text."))), Settings(index=folder))
            assert folder.stat().st_mode & 0o777 == 0o700
            assert (folder / "manifest.db").stat().st_mode & 0o777 == 0o600
        assert open_to_others(tmp_path / "not") == []
        store(*reversed(as_file(Pasted("More text."))), Settings(index=folder))
        assert open_to_others(folder) == []
    finally:
        os.umask(old)


def test_a_wider_folder_is_tightened_when_opened(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not ours")
    outside.chmod(0o644)
    (folder / "link.txt").symlink_to(outside)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o777 if path.is_dir() else 0o666)
    Index.open(folder, FINGERPRINT).close()
    (folder / "link.txt").unlink()
    assert open_to_others(folder) == []
    assert outside.stat().st_mode & 0o777 == 0o644


# --- gone, back, damaged, while it is open


def test_a_folder_deleted_while_in_use_is_told(folder: Path) -> None:
    with Index.open(folder, FINGERPRINT) as index:
        assert index.trouble() is None
        kept = folder.with_name("kept")
        folder.rename(kept)
        for _ in range(2):
            with pytest.raises(IndexMissing, match="gone: it was deleted or moved"):
                index.dense(vector("q"), 3)
            with pytest.raises(IndexMissing, match="gone"):
                index.lexical("market", 3)
            assert str(folder) in str(index.trouble())
        with pytest.raises(IndexMissing, match="gone"), index.writing():
            pass
        assert not folder.exists()  # no lock has made it again
        kept.rename(folder)
        assert index.trouble() is None
        check_invariants(index)
        shutil.rmtree(folder)
        assert "gone" in str(index.trouble())
        with Index.open(folder, FINGERPRINT, create=True) as other, other.writing():
            ingest(other, "other.jsonl", [prepare(50)])
        assert index.trouble() is None
        assert index.dense(prepare(50).vectors[0], 1)[0][0] == prepare(50).passages[0].id
        shutil.rmtree(folder)
    assert not folder.exists()


def test_vectors_deleted_while_in_use_are_told(folder: Path) -> None:
    with Index.open(folder, FINGERPRINT) as index:
        shutil.rmtree(folder / "chroma")
        assert "are gone" in str(index.trouble())
        assert "byline repair" in str(index.trouble())


def test_a_graph_that_others_wrote_to_is_told_while_in_use(folder: Path) -> None:
    with Index.open(folder, FINGERPRINT) as index:
        (file,) = folder.glob("chroma/*/data_level0.bin")
        file.write_bytes(np.random.default_rng(1).bytes(file.stat().st_size))
        for _ in range(2):
            assert "Something other than Byline" in str(index.trouble())
            index.dense(vector("q"), 3)  # what is open already does not look at the file


def test_an_ingest_of_another_process_is_no_trouble(folder: Path) -> None:
    with Index.open(folder, FINGERPRINT) as index, Index.open(folder, FINGERPRINT) as other:
        with other.writing():
            for number in range(20, 24):
                ingest(other, f"{number}.jsonl", [prepare(number)])
                assert index.trouble() is None
            other.commit()
            assert index.trouble() is None
        assert index.trouble() is None
        assert index.out_of_step() is None


# --- read-only


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """The folder as on a read-only disk."""
    mount = [["mount", "--bind", folder, folder], ["mount", "-o", "remount,ro,bind", folder]]
    try:
        for command in mount:
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        subprocess.run(["umount", folder], check=False, capture_output=True)
        pytest.skip(f"needs the right to mount: {error}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return tmp_path / "tmp"


def test_a_read_only_disk_can_be_asked(folder: Path, temporary: Path) -> None:
    with Index.open(folder, FINGERPRINT) as index:
        expected = contents(index)
    for lock in folder.glob("*.lock"):
        lock.unlink()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    with mounted(folder):
        for create in (False, True):  # `byline serve` would make one
            with Index.open(folder, FINGERPRINT, create=create) as index:
                assert contents(index) == expected
                check_invariants(index)
                assert index.trouble() is None
                assert index.folder == folder
                with pytest.raises(StoreUnavailable, match="read-only: it can be asked"):
                    index.writing().__enter__()
            assert list(temporary.iterdir()) == []
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_what_an_open_log_holds_is_seen_on_a_read_only_disk(folder: Path, temporary: Path) -> None:
    """A process that was killed leaves the newest changes in SQLite's log."""
    with Index.open(folder, FINGERPRINT) as index:
        with index.writing():
            ingest(index, "late.jsonl", [prepare(70)])
        copy = folder.with_name("copy")
        shutil.copytree(folder, copy)
        assert (copy / "manifest.db-wal").stat().st_size > 0
    (copy / "manifest.db-shm").unlink()
    with mounted(copy), Index.open(copy, FINGERPRINT) as index:
        assert index.counts() == (2, 13, 39)
        check_invariants(index)


def test_no_room_for_a_copy_is_told(
    folder: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with mounted(folder):
        monkeypatch.setattr(shutil, "copytree", full)
        with pytest.raises(StoreUnavailable, match="read-only.*No space left.*TMPDIR"):
            Index.open(folder, FINGERPRINT)
    assert list(temporary.iterdir()) == []


ASK = """
import sys
from pathlib import Path
from rag.errors import StoreUnavailable
from tests.integration.test_index_stores import FINGERPRINT, check_invariants, vector
from vectorstore.index import Index
with Index.open(Path(sys.argv[1]), FINGERPRINT) as index:
    check_invariants(index)
    try:
        index.writing().__enter__()
    except StoreUnavailable as error:
        print(error)
"""


def test_an_index_of_another_user_can_be_asked(folder: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can run a program as another user")
    # Elsewhere: pytest's own folders are its user's alone, also while another pytest starts.
    with tempfile.TemporaryDirectory() as elsewhere:
        Path(elsewhere).chmod(0o755)
        moved = shutil.move(folder, elsewhere)
        said = _asked_by_nobody(Path(moved))
    assert f"{moved} is read-only: it can be asked" in said


def _asked_by_nobody(folder: Path) -> str:
    """What the program of another user says; skips where there can be none."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    python = [sys.executable, "-B", "-c"]
    started = subprocess.run([*nobody, *python, "import pytest, tests"], cwd=ROOT, check=False)
    if started.returncode:
        pytest.skip("another user cannot start this Python")
    done = subprocess.run(
        [*nobody, *python, ASK, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
