"""Files are read in processes of their own: what a file does to one costs that file alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.articles import Reading, read_file
from rag.errors import ArticleError
from rag.indexing import readers
from rag.indexing.readers import Readers

TEXT = "Quay shut\n\nThe quay was shut at noon on Friday, and nobody knows for how long.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(12):
        (tmp_path / f"{number:02}.txt").write_text(f"{TEXT}\nIt is the quay of row {number}.\n")
    return tmp_path


def named(folder: Path) -> list[tuple[str, Path]]:
    return [(file.name, file) for file in sorted(folder.iterdir())]


def reason(outcome: object) -> str:
    assert isinstance(outcome, ArticleError)
    return str(outcome)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_what_comes_back_is_what_is_read_here_in_the_order_of_the_files(
    folder: Path, count: int
) -> None:
    with Readers(count, 60) as pool:
        got = list(pool.read(named(folder)))
    assert got == [read_file(file, path) for path, file in named(folder)]


def test_why_a_file_cannot_be_read_comes_back_too(folder: Path) -> None:
    (folder / "empty.txt").write_text(" \n")
    with Readers(2, 60) as pool:
        *read, failed = pool.read(named(folder))
    assert all(isinstance(item, Reading) for item in read)
    assert "is empty" in reason(failed)


def test_a_name_in_other_bytes_than_utf_8_is_read(folder: Path) -> None:
    odd = folder / os.fsdecode(b"f\xe4hre.txt")
    odd.write_text(TEXT)
    with Readers(1, 60) as pool:
        (got,) = pool.read([("f%E4hre.txt", odd)])
    assert isinstance(got, Reading)


def test_a_file_that_takes_too_long_is_named_and_the_next_are_read(folder: Path) -> None:
    pipe = folder / "05-endless.txt"
    os.mkfifo(pipe)  # reading it waits for a writer that never comes
    with Readers(1, 2) as pool:
        got = dict(zip((path for path, _ in named(folder)), pool.read(named(folder)), strict=True))
    assert "longer than 2 seconds" in reason(got.pop(pipe.name))
    assert all(isinstance(item, Reading) for item in got.values())


def test_a_file_that_stops_its_process_is_named_and_the_next_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "import os, rag.indexing.readers as r; real = r.read_file\n"
        "r.read_file = lambda f, p: os.abort() if p == '03.txt' else real(f, p)\n"
        "r.serve()"
    )
    monkeypatch.setattr(readers, "_PROGRAM", program)
    with Readers(2, 60) as pool:
        got = list(pool.read(named(folder)))
    assert "stopped the reading process" in reason(got.pop(3))
    assert all(isinstance(item, Reading) for item in got)


def test_a_fault_of_ours_costs_the_file_and_what_is_printed_is_no_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = (
        "import rag.indexing.readers as r; real = r.read_file\n"
        "def read(f, p):\n"
        "    print('noise of a library', flush=True)\n"
        "    return 1 / 0 if p == '03.txt' else real(f, p)\n"
        "r.read_file = read; r.serve()"
    )
    monkeypatch.setattr(readers, "_PROGRAM", program)
    with Readers(1, 60) as pool:
        got = list(pool.read(named(folder)))
    assert "ZeroDivisionError" in reason(got.pop(3))
    assert all(isinstance(item, Reading) for item in got)


def test_few_files_are_read_ahead_of_who_asks(folder: Path) -> None:
    taken: list[str] = []

    def files() -> Iterator[tuple[str, Path]]:
        for number in range(500):
            taken.append(str(number))
            yield f"{number}.txt", folder / "00.txt"

    with Readers(1, 60) as pool:
        next(pool.read(files()))
        assert len(taken) < 60


def test_no_process_outlives_its_use(folder: Path) -> None:
    pipe = folder / "05-endless.txt"
    os.mkfifo(pipe)
    with Readers(2, 60) as pool:
        next(pool.read(named(folder)))
        started = list(pool._started)
        assert started
    assert all(not process.is_running for process in started)


def test_another_process_reads_only_where_one_keeps_who_asks_waiting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "_PATIENCE", 3600.0)
    with Readers(2, 60) as pool:
        list(pool.read(named(folder)))
        assert len(pool._started) == 1
    monkeypatch.setattr(readers, "_PATIENCE", 0.0)
    with Readers(2, 60) as pool:
        list(pool.read(named(folder) * 20))
        assert len(pool._started) == 2
