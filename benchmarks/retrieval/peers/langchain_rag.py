"""LangChain, as its documentation builds a RAG agent.

"LangChain Chroma": RecursiveCharacterTextSplitter (1,000 characters, 200 overlap), Chroma,
similarity_search. "LangChain ensemble": the same chunks in BM25Retriever and in Chroma, joined by
EnsembleRetriever with equal weights.
"""

from __future__ import annotations

from collections.abc import Sequence

from langchain_chroma import Chroma
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from benchmarks.retrieval.data import Source
from benchmarks.retrieval.runs import Ask, Returned
from benchmarks.retrieval.vectors import Encoder

ADAPTER = 1
PACKAGES = (
    "langchain-chroma",
    "langchain-classic",
    "langchain-community",
    "langchain-text-splitters",
    "chromadb",
    "rank-bm25",
)
_BATCH = 5000  # Chroma takes no more than 5,461 at once


class _Embeddings(Embeddings):
    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.documents(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._encoder.query(text).tolist()


def build(articles: Sequence[Source], encoder: Encoder) -> dict[str, Ask]:
    """Both systems, over the same chunks."""
    documents = [Document(page_content=a.content, metadata=a.metadata) for a in articles]
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=1000, chunk_overlap=200, add_start_index=True
    )
    chunks = splitter.split_documents(documents)
    store = Chroma(collection_name="news", embedding_function=_Embeddings(encoder))
    for first in range(0, len(chunks), _BATCH):
        store.add_documents(chunks[first : first + _BATCH])
    bm25 = BM25Retriever.from_documents(chunks)

    def similar(question: str, k: int) -> list[Returned]:
        return _returned(store.similarity_search(question, k=k))

    def ensemble(question: str, k: int) -> list[Returned]:
        bm25.k = k
        dense = store.as_retriever(search_kwargs={"k": k})
        both = EnsembleRetriever(retrievers=[bm25, dense], weights=[0.5, 0.5])
        return _returned(both.invoke(question)[:k])

    return {"LangChain Chroma": similar, "LangChain ensemble": ensemble}


def _returned(documents: Sequence[Document]) -> list[Returned]:
    return [Returned(d.metadata["article_id"], d.page_content) for d in documents]
