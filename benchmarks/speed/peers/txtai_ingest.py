"""txtai, as its documentation sets up hybrid search, on paragraphs as in its RAG application.

Segmentation(paragraphs=True), Embeddings(hybrid=True, content=True), saved to disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from txtai import Embeddings
from txtai.pipeline import Segmentation

from benchmarks.speed.peers import Given

PACKAGES = ("txtai", "faiss-cpu", "transformers")


def prepare(model: Path, work: Path) -> Callable[[Path], Callable[[], Sequence[Given]]]:
    """Load the model."""
    embeddings = Embeddings(path=str(model), hybrid=True, content=True)
    embeddings.batchtransform(["a first text"])
    segment = Segmentation(paragraphs=True)

    def ingest(folder: Path) -> Callable[[], Sequence[Given]]:
        given = [
            Given(file.name, text)
            for file in sorted(folder.iterdir())
            for text in segment(file.read_text(encoding="utf-8"))
        ]
        embeddings.index((f"{it.article}#{at}", it.text) for at, it in enumerate(given))
        embeddings.save(str(work / "index"))
        return lambda: given

    return ingest
