"""Haystack 2, as its tutorial on hybrid retrieval builds it.

"Haystack hybrid": DocumentSplitter (200 words, the class's default), InMemoryDocumentStore,
BM25 and embedding retrievers, DocumentJoiner by reciprocal rank fusion; the tutorial's ranker is
left out, for it needs weights of its own. "Haystack embedding": the embedding retriever alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore

from benchmarks.retrieval.data import Source
from benchmarks.retrieval.runs import Ask, Returned
from benchmarks.retrieval.vectors import Encoder

ADAPTER = 1
PACKAGES = ("haystack-ai",)


def build(articles: Sequence[Source], encoder: Encoder) -> dict[str, Ask]:
    """Both systems, over one store."""
    store = _store(articles, encoder)
    by_words, by_vector = InMemoryBM25Retriever(store), InMemoryEmbeddingRetriever(store)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def embedding(question: str, k: int) -> list[Returned]:
        return _returned(_near(by_vector, encoder, question, k))

    def hybrid(question: str, k: int) -> list[Returned]:
        words = by_words.run(query=question, top_k=k)["documents"]
        near = _near(by_vector, encoder, question, k)
        return _returned(joiner.run(documents=[words, near], top_k=k)["documents"])

    return {"Haystack embedding": embedding, "Haystack hybrid": hybrid}


def _store(articles: Sequence[Source], encoder: Encoder) -> InMemoryDocumentStore:
    splitter = DocumentSplitter(split_by="word", split_length=200, split_overlap=0)
    whole = [Document(content=a.content, meta=a.metadata) for a in articles]
    chunks = splitter.run(documents=whole)["documents"]
    vectors = encoder.documents([chunk.content or "" for chunk in chunks])
    store = InMemoryDocumentStore()
    store.write_documents(
        [
            replace(chunk, embedding=vector.tolist())
            for chunk, vector in zip(chunks, vectors, strict=True)
        ]
    )
    return store


def _near(
    retriever: InMemoryEmbeddingRetriever, encoder: Encoder, question: str, k: int
) -> list[Document]:
    vector = encoder.query(question).tolist()
    found: list[Document] = retriever.run(query_embedding=vector, top_k=k)["documents"]
    return found


def _returned(documents: Sequence[Document]) -> list[Returned]:
    return [Returned(d.meta["article_id"], d.content or "") for d in documents]
