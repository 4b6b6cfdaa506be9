"""Opens what a run needs; nothing else opens anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from rag.articles import READER
from rag.articles.splitting import SPLITTER
from rag.errors import ModelError
from rag.models.embedding import Embedder
from rag.models.entailment import Entailment
from rag.models.llm import LanguageModel, open_model
from rag.models.reranking import Reranker
from rag.models.runtime import Compute
from rag.settings import BY_MODEL, BY_RULES, Settings
from vectorstore.index import Fingerprint, Index

NO_RERANKER = "none"


@dataclass(frozen=True, slots=True)
class Resources:
    """The settings and what they open. Models load when first used."""

    settings: Settings
    index: Index
    embedder: Embedder
    reranker: Reranker | None
    model: LanguageModel | None  # None: the extractive writer
    entailment: Entailment | None = None  # gives a second opinion; None: the model, or nobody

    @property
    def loaded(self) -> bool:
        """Whether the models are in memory already."""
        others = (self.reranker, self.entailment)
        return self.embedder.loaded and all(item.loaded for item in others if item)

    @property
    def judge(self) -> LanguageModel | Entailment | None:
        """Who is asked for a second opinion on the rules' checks; None: nobody."""
        return self.model if self.settings.verify == BY_MODEL else self.entailment

    def warm(self) -> None:
        """Load all of it now, so that the first question does not wait for it."""
        self.embedder.load()
        if self.reranker is not None:
            self.reranker.load()
        if self.entailment is not None:
            self.entailment.load()
        self.index.warm()


@contextmanager
def open_resources(
    settings: Settings,
    *,
    create: bool = False,
    rebuild: bool = False,
    ahead: bool = False,
    later: bool = False,
) -> Iterator[Resources]:
    """Open the index in `settings.index` and the models; close the index at the end.

    `create` makes an index where there is none, `rebuild` erases the one that is there (added
    files stay). `ahead`: the models load in a thread while the index opens; `later`: its vectors
    are opened when they are first needed.

    Raises:
        IndexingError: IndexMissing, IndexMismatch, StoreUnavailable.
        ModelError: weights are missing or wrong.
        SettingsError: the setting `llm` names no usable model.

    """
    model = open_model(settings)
    embedder = open_embedder(settings)
    named = settings.reranker
    reranker = None if named == NO_RERANKER else Reranker(named, compute(settings))
    verify = settings.verify
    entailment = None if verify in (BY_RULES, BY_MODEL) else Entailment(verify)
    if ahead:
        threading.Thread(target=_load, args=(embedder, reranker), daemon=True).start()
    if rebuild:
        Index.erase(settings.index, settings.chroma, settings.database)
    index = Index.open(
        settings.index,
        fingerprint(settings, embedder),
        chroma=settings.chroma,
        database=settings.database,
        create=create,
        later=later,
    )
    try:
        yield Resources(settings, index, embedder, reranker, model, entailment)
    finally:
        index.close()


def _load(embedder: Embedder, reranker: Reranker | None) -> None:
    """Load what loads: whoever needs a model that does not is told when he asks it."""
    with suppress(ModelError):
        embedder.load()
        if reranker is not None:
            reranker.load()


def open_embedder(settings: Settings) -> Embedder:
    """Find the embedding model. Raises ModelError."""
    return Embedder(settings.embedding, compute(settings))


def compute(settings: Settings) -> Compute:
    """How models are run."""
    return Compute(settings.inference, settings.precision, settings.cache)


def fingerprint(settings: Settings, embedder: Embedder) -> Fingerprint:
    """What an index made with these settings is built with."""
    return Fingerprint(
        embedding=settings.embedding,
        weights=embedder.weights,
        dimension=embedder.dimension,
        passage_words=settings.passage_words,
        overlap_sentences=settings.overlap_sentences,
        reader=READER * 1000 + SPLITTER,
    )
