"""Haystack 2, as its tutorial on indexing pipelines: converter, splitter, embedder, writer.

TextFileToDocument, DocumentSplitter (200 words, the class's default),
SentenceTransformersDocumentEmbedder, InMemoryDocumentStore: nothing is stored on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from haystack.components.converters import TextFileToDocument
from haystack.components.embedders import SentenceTransformersDocumentEmbedder
from haystack.components.preprocessors import DocumentSplitter
from haystack.dataclasses import Document
from haystack.document_stores.in_memory import InMemoryDocumentStore

from benchmarks.speed.peers import Given

PACKAGES = ("haystack-ai", "sentence-transformers")


def prepare(model: Path, work: Path) -> Callable[[Path], Callable[[], Sequence[Given]]]:
    """Load the model."""
    embedder = SentenceTransformersDocumentEmbedder(
        model=str(model), local_files_only=True, progress_bar=False
    )
    embedder.warm_up()
    embedder.run(documents=[Document(content="a first text")])
    splitter = DocumentSplitter(split_by="word", split_length=200, split_overlap=0)

    def ingest(folder: Path) -> Callable[[], Sequence[Given]]:
        files = sorted(folder.iterdir())
        whole = TextFileToDocument(store_full_path=True).run(sources=files)["documents"]
        chunks = embedder.run(documents=splitter.run(documents=whole)["documents"])["documents"]
        InMemoryDocumentStore().write_documents(chunks)
        return lambda: [Given(Path(it.meta["file_path"]).name, it.content or "") for it in chunks]

    return ingest
