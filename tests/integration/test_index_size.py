"""The bytes of an index, by part."""

from __future__ import annotations

from pathlib import Path

from benchmarks.speed.size import sizes
from rag.pipeline import ingest
from rag.resources import open_resources
from rag.settings import Settings
from tests.forked import ROOT


def test_each_byte_of_an_index_is_counted_once(tmp_path: Path) -> None:
    index = tmp_path / "index"
    with open_resources(Settings(index=index), create=True) as resources:
        ingest(ROOT / "tests" / "fixtures" / "articles", resources)
        passages = resources.index.counts()[2]
    found = sizes(index)
    parts = found["bytes"]
    assert isinstance(parts, dict)
    assert found["passages"] == passages
    assert parts["all"] == sum(f.stat().st_size for f in index.rglob("*") if f.is_file())
    assert parts["all"] == sum(size for part, size in parts.items() if part != "all")
    assert parts["truth"] == (index / "manifest.db").stat().st_size
    assert parts["words"] > 0 < parts["ids"]
