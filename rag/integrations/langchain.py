"""The search as a langchain retriever: a question -> Documents that know where they stand.

with open_retriever(".byline") as retriever:
    chain = retriever | write
    chain.invoke("What did the minister say about the cost?")
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import run_in_executor
from pydantic import Field, InstanceOf, PrivateAttr, field_validator

from rag.errors import SettingsError, StoreUnavailable
from rag.export.permalinks import base_of, permalink
from rag.resources import Resources, open_resources
from rag.retrieval.filters import as_filters
from rag.retrieval.finding import find
from rag.retrieval.query import NO_FILTERS
from rag.schema import EXTRACTIVE, Filters, Hit
from rag.settings import Settings, load_settings

K = 8  # Documents that a question gets
_LOADING = threading.Lock()  # `batch` asks from many threads at once; models load in one


class BylineRetriever(BaseRetriever):
    """Finds the `k` best passages, best first; `resources` must stay open meanwhile.

    Both `k` and `filters` can be given for one call too, and then replace the retriever's own:
    `retriever.invoke(question, k=3, filters={"since": "2015-01-01", "outlets": ["The Gazette"]})`.
    What a mapping may hold: `rag.retrieval.filters.as_filters`.

    Raises:
        SettingsError: `k` is below 1.
        FilterError: a filter has an unknown name or an impossible value.
        IndexingError: as `vectorstore.index.Index` does; StoreUnavailable also once closed.

    """

    # Never printed or dumped: the settings may hold a password.
    resources: InstanceOf[Resources] = Field(repr=False, exclude=True)
    k: int = K
    filters: Filters = NO_FILTERS
    _closed: bool = PrivateAttr(default=False)

    @field_validator("k")
    @classmethod
    def _check_k(cls, k: int) -> int:
        return _at_least_one(k)

    @field_validator("filters", mode="before")
    @classmethod
    def _check_filters(cls, filters: Filters | Mapping[str, Any]) -> Filters:
        return as_filters(filters)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
    ) -> list[Document]:
        """Documents of the best passages. None: the retriever's own `k` or `filters`."""
        k = _at_least_one(self.k if k is None else k)
        narrowed = self.filters if filters is None else as_filters(filters)
        if self._closed:
            raise StoreUnavailable(
                "This retriever is closed: its `with open_retriever(…)` has ended. Ask inside it."
            )
        with _LOADING:
            self.resources.warm()
        settings = self.resources.settings
        settings = replace(settings, rerank_depth=max(settings.rerank_depth, k))
        found = find(query, replace(self.resources, settings=settings), filters=narrowed)
        return [document(hit, base_of(settings)) for hit in found.hits[:k]]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
        filters: Filters | Mapping[str, Any] | None = None,
    ) -> list[Document]:
        """The same from a thread; the inherited method would lose `k` and `filters`."""
        manager = run_manager.get_sync()
        return await run_in_executor(
            None, self._get_relevant_documents, query, run_manager=manager, k=k, filters=filters
        )


@contextmanager
def open_retriever(
    index: Settings | Path | str | None = None,
    *,
    k: int = K,
    filters: Filters | Mapping[str, Any] = NO_FILTERS,
    **overrides: Any,
) -> Iterator[BylineRetriever]:
    """Open a retriever over the index folder `index`; close the index at the end.

    Other settings are found as on the command line (None: the index folder too), unless `index`
    is a whole `Settings`; `overrides` win. The setting `llm` has no part in searching.

    Raises:
        SettingsError: an unknown or impossible setting or `k`.
        FilterError: an unknown or impossible filter.
        IndexMissing: nothing was ingested there yet.
        IndexingError, ModelError: as `rag.resources.open_resources` does.

    """
    given = asdict(index) if isinstance(index, Settings) else {"index": index}
    settings = load_settings({**given, **overrides, "llm": EXTRACTIVE})
    narrowed = as_filters(filters)
    with open_resources(settings) as resources:
        retriever = BylineRetriever(resources=resources, k=k, filters=narrowed)
        try:
            yield retriever
        finally:
            retriever._closed = True


def document(hit: Hit, base: str) -> Document:
    """A hit as langchain has it; the metadata is plain JSON.

    `page_content` is `text[start:end]` of the stored article; `page` is counted from 1, `score`
    is the chance in 0..1 that the passage answers, ranks are counted from 1 and `rerank_score`
    is a logit. `permalink` opens the passage on a Byline at `base`; `url` is the article's own.
    What is not known, or a search that did not find the passage, is None.
    """
    passage, article, ranks = hit.passage, hit.article, hit.ranks
    metadata = {
        "source": article.path,
        "title": article.title,
        "author": article.author,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "kind": passage.kind,
        "page": article.page_at(passage.start),
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "dense_rank": ranks.dense,
        "lexical_rank": ranks.lexical,
        "fused_rank": ranks.fused,
        "rerank_score": ranks.rerank_score,
        "article_id": article.id,
        "passage_number": passage.number,
        "permalink": permalink(base, article.id, passage.start, passage.end),
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)


def _at_least_one(k: int) -> int:
    if k < 1:
        raise SettingsError(f"k is {k}; at least 1 is needed.")
    return k
