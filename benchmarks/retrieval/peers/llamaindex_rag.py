"""LlamaIndex with its defaults.

"LlamaIndex": VectorStoreIndex.from_documents (SentenceSplitter of 1,024 tokens with 200 overlap,
metadata in front of the embedded text). "LlamaIndex fusion": the same nodes in BM25Retriever too,
joined by QueryFusionRetriever (reciprocal rank fusion, the one question as asked).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import MetadataMode, NodeWithScore
from llama_index.retrievers.bm25 import BM25Retriever
from pydantic import PrivateAttr

from benchmarks.retrieval.data import Source
from benchmarks.retrieval.runs import Ask, Returned
from benchmarks.retrieval.vectors import Encoder

ADAPTER = 1
PACKAGES = ("llama-index-core", "llama-index-retrievers-bm25", "bm25s")
_BATCH = 2048


class _Embedding(BaseEmbedding):
    _encoder: Encoder = PrivateAttr()

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(model_name="shared", embed_batch_size=_BATCH)
        self._encoder = encoder

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._encoder.documents(texts).tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._encoder.query(query).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def build(articles: Sequence[Source], encoder: Encoder) -> dict[str, Ask]:
    """Both systems, over the same nodes."""
    documents = [Document(text=a.content, metadata=a.metadata) for a in articles]
    index = VectorStoreIndex.from_documents(documents, embed_model=_Embedding(encoder))
    nodes = list(index.docstore.docs.values())
    bm25 = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=min(10, len(nodes)))

    def dense(question: str, k: int) -> list[Returned]:
        return _returned(index.as_retriever(similarity_top_k=k).retrieve(question))

    def fusion(question: str, k: int) -> list[Returned]:
        bm25.similarity_top_k = min(k, len(nodes))  # it refuses more than there are
        both: list[Any] = [index.as_retriever(similarity_top_k=k), bm25]
        retriever = QueryFusionRetriever(
            both,
            llm=MockLLM(),
            similarity_top_k=k,
            num_queries=1,
            mode="reciprocal_rerank",
            use_async=False,
        )
        return _returned(retriever.retrieve(question))

    return {"LlamaIndex": dense, "LlamaIndex fusion": fusion}


def _returned(found: Sequence[NodeWithScore]) -> list[Returned]:
    return [
        Returned(
            item.node.metadata["article_id"],
            item.node.get_content(metadata_mode=MetadataMode.NONE),
        )
        for item in found
    ]
