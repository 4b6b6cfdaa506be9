"""Article folders as attackers, other programs and failing disks leave them."""

import io
import json
import os
import signal
import socket
import subprocess
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from rag.articles.files import read_data
from rag.articles.listing import Listing, listed
from rag.articles.paths import cited, original
from rag.cli import main
from rag.commands.folders import _ingested
from rag.errors import BylineError, FolderLost, SettingsError
from rag.indexing import library
from rag.indexing.astray import Astray
from rag.indexing.lost_folder import must_hold
from rag.indexing.uploads import Pasted
from rag.indexing.watching import is_seen, watch
from rag.pipeline import add_text, ingest
from rag.resources import Resources, open_resources
from rag.schema import FailedFile, FileRecord, IngestReport
from rag.settings import Settings
from tests.attacks.running import ROOT, byline, command, write

WAIT = 60.0  # seconds; only a failure waits so long
OUTSIDE = "leads outside the folder: copy the file in"


# --- what lies in a folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of three readable articles and all that may lie beside them."""
    work = tmp_path_factory.mktemp("hostile")
    folder = work / "articles"
    write(folder / "pier.txt", "pier")
    write(folder / "new\nline\x1b[31m.txt", "quay")
    write(Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9/na\xefve.txt")), "dock")
    write(work / "outside.txt", "outside")
    (folder / "empty.txt").touch()
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "out.txt").symlink_to(work / "outside.txt")
    (folder / "out").symlink_to("/etc")
    (folder / "nowhere.txt").symlink_to("nothing.txt")
    (folder / "circle.txt").symlink_to("circle.txt")
    (folder / "loop").symlink_to(".")
    (folder / "inner.txt").symlink_to("pier.txt")
    os.link(folder / "pier.txt", folder / "twin.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "huge.txt").touch()
    os.truncate(folder / "huge.txt", 2_000_000_000)  # takes no room on the disk
    write(folder / "secret.txt", "secret")
    (folder / "secret.txt").chmod(0)
    write(folder / "locked" / "a.txt", "vault")
    (folder / "locked").chmod(0)
    _deep(folder)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(os.path.relpath(folder / "socket.txt"))  # a whole path may be too long for one
    yield folder
    (folder / "locked").chmod(0o700)


def _deep(folder: Path) -> None:
    """Folders in folders, with a longer path than the system takes."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("deep" * 60, dir_fd=here)
        below = os.open("deep" * 60, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


@pytest.fixture(scope="module")
def report(hostile: Path) -> dict[str, Any]:
    done = byline("ingest", hostile, "--json", "--index", "idx", cwd=hostile.parent)
    assert done.stderr.decode() == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_is_not_read_is_named_with_the_reason(report: dict[str, Any]) -> None:
    failed = {item["file"]: item["reason"] for item in report["failed"]}
    (deep,) = (name for name in failed if name.startswith("deep"))
    assert "too long" in failed.pop(deep)
    assert failed == {
        "circle.txt": "a link that cannot be followed: too many levels of symbolic links",
        "empty.txt": "The file is empty: save the article again from where it came.",
        "huge.txt": "The file is larger than 1,000 MB: split it.",
        "locked/": "the folder cannot be listed: permission denied",
        "nowhere.txt": "a link that leads to nothing: copy the file in",
        "out.txt": OUTSIDE,
        "out/": "leads outside the folder: copy the folder in",
        "pipe.txt": "a named pipe, not a file: take it out of the folder",
        "secret.txt": "permission denied: is it still there, and may Byline read it?",
        "socket.txt": "a socket, not a file: take it out of the folder",
        "zero.txt": OUTSIDE,
    }
    assert (report["added"], report["articles"]) == (5, 3)


def test_names_of_any_bytes_are_cited_and_found_again(
    hostile: Path, report: dict[str, Any]
) -> None:
    paths = {"pier.txt", "inner.txt", "twin.txt", "new%0Aline%1B[31m.txt", "caf%E9/na%EFve.txt"}
    with open_resources(Settings(index=hostile.parent / "idx")) as resources:
        assert set(resources.index.files()) == paths
        shown = library.page(resources, library.Asked(), Astray()).sources
        assert all(item.state == "" for item in shown)
        file = library.file_of("caf%E9/na%EFve.txt", resources)
        assert file is not None
        assert "dock" in file.read_text()
        found = resources.index.articles(resources.index.article_ids()).values()
    again = json.loads(
        byline("ingest", hostile, "--json", "--index", "idx", cwd=hostile.parent).stdout
    )
    assert (again["added"], again["removed"], again["unchanged"]) == (0, 0, 5)
    assert again["failed"] == report["failed"]
    assert {item.path for item in found} >= {"new%0Aline%1B[31m.txt", "caf%E9/na%EFve.txt"}


@pytest.mark.parametrize(
    "name",
    [b"100%.txt", b"a%20b.txt", b"na%EFve.txt", b"na%25EFve.txt", b"na%2525EFve.txt",
     b"na\xefve.txt", b"a\nb.txt", b"a%0Ab.txt", b"\xff%41\xfe/%.txt", "é\u202e.txt".encode()],
)  # fmt: skip
def test_no_two_names_are_cited_alike(name: bytes, tmp_path: Path) -> None:
    there = os.fsdecode(name)
    path = cited(tmp_path / there, tmp_path)
    assert path.isprintable()
    path.encode()  # is storable
    assert original(path) == there


def test_a_member_of_an_archive_cannot_write_to_a_terminal() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a\x1b]0;x\x07.txt", "Pier shut\n\nThe pier was shut on Friday.\n")
        archive.writestr("b\x1b[2J.jpg", "no article")
    reading = read_data(held.getvalue(), ".zip", "z.zip")
    assert [item.path for item in reading.articles] == ["z.zip/a%1B]0;x%07.txt"]
    assert [item.file for item in reading.failed] == ["z.zip/b%1B[2J.jpg"]


def test_thousands_of_failures_are_counted_on_the_terminal(tmp_path: Path) -> None:
    for n in range(3000):
        (tmp_path / f"{n:04}.txt").symlink_to("/etc/passwd")
    failed = tuple(listed(tmp_path).skipped.values())
    assert failed[-1] == FailedFile("2999.txt", OUTSIDE)
    lines = _ingested(IngestReport(0, 0, 0, 0, 0, failed, 0, 0, {"total": 0.0})).splitlines()
    assert len(lines) == 102
    assert lines[-1] == "… and 2,900 more; --json names them all"


# --- an index inside


def test_an_index_in_the_folder_is_no_article(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    write(folder / "pier.txt", "pier")
    for index in ("idx", "second"):
        for _ in range(2):
            assert main(["ingest", str(folder), "--json", "--index", str(folder / index)]) == 0
            got = json.loads(capsys.readouterr().out)
            assert (got["files"], got["failed"], got["articles"]) == (1, [], 1)
    assert not is_seen(folder / "idx" / "shelf.json", folder)
    assert not is_seen(folder / "idx" / "lexical" / "meta.json", folder)
    assert not is_seen(folder / ".byline" / "shelf.json", folder)
    assert is_seen(folder / "sub" / "pier.txt", folder)
    assert main(["ingest", str(folder), "--index", str(folder)]) == 2
    assert "give the index a folder of its own" in capsys.readouterr().err
    assert not (folder / "manifest.db").exists()


# --- a folder that lost its files


@pytest.mark.parametrize(
    ("known", "left", "is_refused"),
    [(2, 1, False), (3, 0, False), (4, 0, True), (5, 2, False), (6, 2, True), (50, 10, True),
     (50, 25, False), (50, 0, True)],
)  # fmt: skip
def test_only_a_loss_of_most_files_is_refused(
    known: int, left: int, is_refused: bool, tmp_path: Path
) -> None:
    records = [FileRecord(f"{n}.txt", "", 1, 1, ()) for n in range(known)]
    there = Listing({f"{n}.txt": tmp_path / f"{n}.txt" for n in range(left)})
    lost = ""
    try:
        must_hold(tmp_path, records, there, (), tmp_path / "idx")
    except FolderLost as error:
        lost = str(error)
    assert bool(lost) == is_refused
    if lost:
        assert f"lost {known - left} of its {known} files" in lost
        assert lost.endswith("--allow-removal")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for n, what in enumerate(("pier", "quay", "dock", "mill", "ferry", "bridge")):
        write(tmp_path / "articles" / f"{n}.txt", what)
    return tmp_path / "articles"


@pytest.fixture
def resources(tmp_path: Path, folder: Path) -> Iterator[Resources]:
    with open_resources(Settings(index=tmp_path / "index"), create=True) as opened:
        ingest(folder, opened)
        yield opened


def test_a_folder_that_is_empty_or_missing_wipes_nothing(
    folder: Path, resources: Resources, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    arguments = ["ingest", str(folder), "--index", str(resources.settings.index)]
    for make, what in ((lambda: None, "missing"), (folder.mkdir, "lost 6 of its 6 files")):
        make()
        with pytest.raises(FolderLost, match=what):
            ingest(None, resources)
        with pytest.raises(FolderLost, match=what):
            library.retry("0.txt", resources)
        assert main(arguments) == 2
        said = capsys.readouterr().err
        assert what in said
        assert "--allow-removal" in said
        assert resources.index.counts()[:2] == (6, 6)
    assert main([*arguments, "--rebuild"]) == 2
    assert "holds no file" in capsys.readouterr().err
    assert resources.index.counts()[:2] == (6, 6)
    # What has nothing to do with the folder goes on meanwhile.
    assert add_text(resources, Pasted("The lock was shut at noon on Sunday.")).added == 1
    (id_,) = resources.index.files()["5.txt"].articles
    assert library.remove(id_, resources).removed == 1
    folder.rmdir()
    moved.rename(folder)
    assert ingest(folder, resources).unchanged == 6
    for file in folder.iterdir():
        file.unlink()
    assert main([*arguments, "--allow-removal"]) == 0
    assert "5 removed" in capsys.readouterr().out
    assert resources.index.counts()[:2] == (1, 1)


def test_files_that_were_moved_are_not_lost(folder: Path, resources: Resources) -> None:
    for file in list(folder.iterdir()):
        (folder / "2024").mkdir(exist_ok=True)
        file.rename(folder / "2024" / file.name)
    report = ingest(folder, resources)
    assert (report.added, report.removed, report.articles) == (6, 6, 6)
    folder.rename(folder.with_name("renamed"))
    assert ingest(folder.with_name("renamed"), resources).unchanged == 6


def test_what_is_out_of_sight_keeps_what_is_stored(
    folder: Path, resources: Resources, tmp_path: Path
) -> None:
    """A subfolder moved to another disk and linked; a file replaced by a pipe or by a folder."""
    write(folder / "sub" / "lock.txt", "lock")
    ingest(folder, resources)
    (folder / "sub").rename(tmp_path / "sub")
    (folder / "sub").symlink_to(tmp_path / "sub")
    (folder / "0.txt").unlink()
    os.mkfifo(folder / "0.txt")
    (folder / "1.txt").unlink()
    write(folder / "1.txt" / "inside.txt", "inside")
    report = ingest(folder, resources)
    assert {item.file for item in report.failed} == {"sub/", "0.txt"}
    assert (report.added, report.removed, report.articles) == (1, 1, 7)
    # "Try again" on the page reads what has come into sight, or names it once more.
    assert library.retry("0.txt", resources).failed[0].file == "0.txt"
    (folder / "sub").unlink()
    write(folder / "sub" / "weir.txt", "weir")
    assert library.retry("sub/", resources).added == 1
    assert set(library.shelf(resources).failed) == {"0.txt"}


def test_a_folder_of_another_index_is_still_refused(
    folder: Path, resources: Resources, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="not a folder"):
        ingest(tmp_path / "typo", resources)
    folder.rename(tmp_path / "elsewhere")
    write(tmp_path / "other" / "a.txt", "crane")
    with pytest.raises(FolderLost, match="lost 6 of its 6"):
        ingest(tmp_path / "other", resources)
    assert resources.index.folder_of_articles == folder


def test_a_watched_folder_may_go_and_come_back(
    folder: Path, resources: Resources, tmp_path: Path
) -> None:
    told: Queue[IngestReport | BylineError] = Queue()
    stop = threading.Event()
    thread = threading.Thread(
        target=watch,
        args=(folder, resources),
        kwargs={"on_report": told.put, "on_problem": told.put, "stop": stop},
    )
    thread.start()
    try:
        _until_watched(folder, told)
        folder.rename(tmp_path / "elsewhere")
        _expect(told, lambda item: isinstance(item, FolderLost))
        assert resources.index.counts()[1] == 7
        write(tmp_path / "elsewhere" / "meanwhile.txt", "crane")
        (tmp_path / "elsewhere").rename(folder)
        _expect(told, lambda item: isinstance(item, IngestReport) and item.articles == 8)
        write(folder / "later.txt", "lighthouse")
        _expect(told, lambda item: isinstance(item, IngestReport) and item.articles == 9)
    finally:
        stop.set()
        thread.join()


def _until_watched(folder: Path, told: Queue[IngestReport | BylineError]) -> None:
    """The watcher starts some time after its thread: write until it notices."""
    for n in range(int(WAIT)):
        write(folder / "first.txt", f"{n + 2} sluices")
        with suppress(Empty):
            told.get(timeout=3)
            return
    raise AssertionError("nothing was noticed")


def _expect(
    told: Queue[IngestReport | BylineError], is_meant: Callable[[IngestReport | BylineError], bool]
) -> None:
    while not is_meant(told.get(timeout=WAIT)):
        pass


def test_a_server_of_a_lost_folder_serves_its_index(
    folder: Path, resources: Resources, tmp_path: Path
) -> None:
    """Also where a desktop names a proxy that no client of ours can use."""
    folder.rename(tmp_path / "elsewhere")
    arguments = ("serve", folder, "--watch", "--port", "0", "--index", resources.settings.index)
    with subprocess.Popen(
        command(*arguments),
        env={**os.environ, "PYTHONPATH": str(ROOT), "ALL_PROXY": "socks://127.0.0.1:9"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=WAIT)
    assert said.startswith("Byline is ready: ")
    assert errors.startswith(f"byline: {folder} is missing, with all of its 6 files")
    assert "Traceback" not in errors
