"""How far an ingest is, as it is told while files are read and their passages encoded."""

from __future__ import annotations

from pathlib import Path

from rag.indexing import work
from rag.pipeline import ingest
from rag.resources import open_resources
from rag.schema import Step
from rag.settings import Settings

ARTICLES = 16


def test_an_ingest_tells_files_done_the_time_left_and_what_failed(tmp_path: Path) -> None:
    folder, told = tmp_path / "articles", list[Step]()
    folder.mkdir()
    for number in range(ARTICLES):
        lines = [f"The pass {word} was shut at noon on day {number}." for word in range(90)]
        (folder / f"{number:02}.txt").write_text(f"Pass {number}\n\n" + " ".join(lines))
    (folder / "damaged.pdf").write_bytes(b"this is no PDF")
    with open_resources(Settings(index=tmp_path / "index"), create=True) as resources:
        report = ingest(folder, resources, progress=told.append)
        assert report.passages > work._PIECE
        again = list[Step]()
        ingest(folder, resources, progress=again.append)
    done = [step.done for step in told]
    assert done == sorted(done)
    assert {step.total for step in told} == {ARTICLES + 1}
    assert done[-1] == ARTICLES + 1
    # What was read and is not encoded yet is not done.
    encoding = [step for step in told if step.path == told[-1].path][1:-1]
    assert [step for step in encoding if 0 < step.done < ARTICLES + 1]
    assert told[-1].failed == 1
    assert [item.file for item in told[-1].latest] == ["damaged.pdf"]
    assert all(step.left is None or step.left >= 0 for step in told)
    assert [step.done for step in again] == [*range(1, ARTICLES + 2)]
