from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from rag.web import audit
from rag.web.audit import Who

ANNA = Who("anna", "10.0.0.1")


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / audit.FILE).read_bytes().splitlines()]


def test_a_line_says_when_who_what_and_to_which_files(tmp_path: Path) -> None:
    audit.record(tmp_path, ANNA, "add files", ["a.txt", "b.txt"])
    audit.record(tmp_path, Who(), "ingest", done=False)
    first, second = lines(tmp_path)
    assert str(first.pop("time")).endswith("+00:00")
    assert first == {
        "user": "anna",
        "client": "10.0.0.1",
        "action": "add files",
        "done": True,
        "targets": ["a.txt", "b.txt"],
    }
    assert second["done"] is False
    if os.name == "posix":
        assert (tmp_path / audit.FILE).stat().st_mode & 0o777 == 0o600


def test_no_name_makes_a_line(tmp_path: Path) -> None:
    odd = 'x\n{"user": "root"}\r\u2028\u0085\x00\udcff'
    audit.record(tmp_path, Who(odd, odd), "add files", [odd])
    text = (tmp_path / audit.FILE).read_text(encoding="ascii")
    assert len(text.splitlines()) == 1
    assert json.loads(text)["targets"] == [odd]


def test_a_folder_of_thousands_is_one_line_of_bounded_length(tmp_path: Path) -> None:
    audit.record(tmp_path, ANNA, "add files", ["n" * 10_000] * 3000)
    (line,) = lines(tmp_path)
    assert len(line["targets"]) == 1000  # type: ignore[arg-type]
    assert line["more"] == 2000
    assert (tmp_path / audit.FILE).stat().st_size < 600_000


def test_the_file_is_bounded_and_the_one_before_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LARGEST", 1000)
    for n in range(50):
        audit.record(tmp_path, ANNA, f"act {n}")
    assert {path.name for path in tmp_path.iterdir()} == {"audit.jsonl", "audit.jsonl.1"}
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())
    assert lines(tmp_path)[-1]["action"] == "act 49"


def test_lines_of_many_threads_stay_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LARGEST", 10**9)

    def write() -> None:
        for _ in range(50):
            audit.record(tmp_path, ANNA, "act")

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines(tmp_path)) == 400


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_link_in_its_place_is_not_written_through(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    target = tmp_path / "target"
    (tmp_path / audit.FILE).symlink_to(target)
    audit.record(tmp_path, ANNA, "act")
    assert not target.exists()
    assert "not recorded" in caplog.text


def test_a_folder_that_is_gone_is_said_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    audit.record(tmp_path / "gone", ANNA, "act")
    assert "audit.jsonl cannot be written" in caplog.text
