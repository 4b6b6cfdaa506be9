"""Articles are stored beside the reading of others: killed at any moment, moved between files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rag.indexing import work
from rag.pipeline import ingest
from rag.resources import Resources, open_resources
from rag.settings import Settings

SMALL = 8  # passages in a batch
KILLED = f"""
import sys
from pathlib import Path
from rag.indexing import work
from rag.pipeline import ingest
from rag.resources import open_resources
from rag.settings import Settings
from vectorstore.manifest import Manifest
from vectorstore.store import PassageVectors

def told(cls, name):
    original = getattr(cls, name)
    def wrapped(*args, **options):
        result = original(*args, **options)
        print(name, flush=True)
        return result
    setattr(cls, name, wrapped)

told(PassageVectors, "upsert")
told(Manifest, "put_articles")
told(Manifest, "finish_files")
work._BATCH = {SMALL}
with open_resources(Settings(index=Path(sys.argv[2])), create=True) as resources:
    ingest(Path(sys.argv[1]), resources)
print("done", flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    for number in range(16):
        lines = [f"The pass of {word} was shut at noon on day {number}." for word in range(30)]
        (made / f"{number:02}.txt").write_text(f"Pass {number}\n\n" + " ".join(lines))
    return made


def held(resources: Resources) -> dict[str, object]:
    """All that two equal indexes have in common."""
    index = resources.index
    ids = index.article_ids()
    return {
        "articles": index.articles(ids),
        "passages": [passage for id_ in ids for passage in index.passages_of(id_)],
        "files": {path: record.articles for path, record in index.files().items()},
        "step": index.out_of_step(),
    }


@pytest.mark.parametrize("steps", [1, 5, 9])
def test_killed_in_the_middle_it_completes_the_next_time(
    folder: Path, tmp_path: Path, steps: int
) -> None:
    with open_resources(Settings(index=tmp_path / "whole"), create=True) as resources:
        ingest(folder, resources)
        whole = held(resources)
    command = [sys.executable, "-c", KILLED, str(folder), str(tmp_path / "killed")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(steps)]
        process.kill()
    assert all(lines)
    assert "done\n" not in lines
    with open_resources(Settings(index=tmp_path / "killed"), create=True) as resources:
        ingest(folder, resources)
        assert held(resources) == whole
    assert whole["step"] is None


def test_an_article_that_moves_between_files_of_two_batches_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_BATCH", 1)
    folder = tmp_path / "articles"
    folder.mkdir()
    with open_resources(Settings(index=tmp_path / "index"), create=True) as resources:
        write(folder / "a.jsonl", 1, 2, 3)
        ingest(folder, resources)
        write(folder / "a.jsonl", 4, 1)
        write(folder / "b.jsonl", 5, 2, 3)
        report = ingest(folder, resources)
        articles = resources.index.articles(resources.index.article_ids())
        titles = {article.title for article in articles.values()}
        assert (report.added, report.changed, report.failed) == (1, 1, ())
        assert titles == {f"Pass {number}" for number in (1, 2, 3, 4, 5)}
        assert held(resources)["step"] is None


def write(file: Path, *numbers: int) -> None:
    rows = [
        {"id": str(n), "title": f"Pass {n}", "text": f"The pass number {n} was shut on day {n}."}
        for n in numbers
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
