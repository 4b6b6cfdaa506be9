"""LangChain, as its documentation builds the index of a RAG agent.

DirectoryLoader with TextLoader, RecursiveCharacterTextSplitter (1,000 characters, 200 overlap),
HuggingFaceEmbeddings, langchain-chroma on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from langchain_chroma import Chroma
from langchain_community.document_loaders import DirectoryLoader, TextLoader
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.speed.peers import Given

PACKAGES = ("langchain-chroma", "langchain-huggingface", "langchain-text-splitters", "chromadb")
_BATCH = 5000  # Chroma takes no more than 5,461 at once


def prepare(model: Path, work: Path) -> Callable[[Path], Callable[[], Sequence[Given]]]:
    """Load the model and open an empty store."""
    embeddings = HuggingFaceEmbeddings(model_name=str(model))
    embeddings.embed_query("a first text")
    store = Chroma("news", embeddings, persist_directory=str(work))

    def ingest(folder: Path) -> Callable[[], Sequence[Given]]:
        loader = DirectoryLoader(
            str(folder), "*.txt", loader_cls=TextLoader, loader_kwargs={"encoding": "utf-8"}
        )
        splitter = RecursiveCharacterTextSplitter(
            chunk_size=1000, chunk_overlap=200, add_start_index=True
        )
        chunks = splitter.split_documents(loader.load())
        for first in range(0, len(chunks), _BATCH):
            store.add_documents(chunks[first : first + _BATCH])
        return lambda: [Given(Path(it.metadata["source"]).name, it.page_content) for it in chunks]

    return ingest
