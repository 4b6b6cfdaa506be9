"""LlamaIndex with its defaults, as its starter example builds an index.

SimpleDirectoryReader, VectorStoreIndex.from_documents (SentenceSplitter of 1,024 tokens with 200
overlap, metadata in front of the embedded text), HuggingFaceEmbedding, stored on disk. The encoder
drops what is beyond 256 tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
from llama_index.core.schema import MetadataMode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.speed.peers import Given

PACKAGES = ("llama-index-core", "llama-index-embeddings-huggingface")


def prepare(model: Path, work: Path) -> Callable[[Path], Callable[[], Sequence[Given]]]:
    """Load the model."""
    embeddings = HuggingFaceEmbedding(model_name=str(model))
    embeddings.get_text_embedding("a first text")

    def ingest(folder: Path) -> Callable[[], Sequence[Given]]:
        documents = SimpleDirectoryReader(str(folder)).load_data()
        index = VectorStoreIndex.from_documents(documents, embed_model=embeddings)
        index.storage_context.persist(str(work))

        def given() -> list[Given]:
            found = []
            for node in index.docstore.docs.values():
                text = node.get_content(metadata_mode=MetadataMode.EMBED)
                before = len(text) - len(node.get_content(metadata_mode=MetadataMode.NONE))
                found.append(Given(node.metadata["file_name"], text, before))
            return found

        return given

    return ingest
