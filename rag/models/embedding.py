"""Text -> vectors. The only file besides `reranking.py` that knows sentence-transformers.

That library is the reference and runs any model, on a GPU too; on a processor the same model runs
several times as fast by `inference.py`, wherever it can be converted.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models.runtime import Compute, Runner, Source, open_runner
from rag.models.weights import BUNDLED, embedding_folder, weights_sha256

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
_BUNDLED_DIMENSION = 384
_ASKED = 500  # questions whose vectors are kept: 1.5 kB each
_BATCH = 16  # measured fastest on two cores: larger batches fall out of the cache


class Embedder:
    """Holds the embedding model, loaded when first used."""

    def __init__(self, setting: str = BUNDLED, compute: Compute | None = None) -> None:
        """Find the weights of `setting` and check them. Raises ModelError."""
        self.name = setting
        self.folder: Path = embedding_folder(setting)
        self._compute = compute or Compute()

    @functools.cached_property
    def weights(self) -> str:
        """Hash of the weights: part of the index fingerprint."""
        return weights_sha256(self.folder)

    @functools.cached_property
    def dimension(self) -> int:
        """Numbers in a vector."""
        if self.name == BUNDLED:
            return _BUNDLED_DIMENSION
        if self._runner:
            return self._runner.facts.columns
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """Tokens that the model reads of a text, special ones included; the rest it would drop."""
        return self._runner.facts.max_tokens if self._runner else _max_tokens(self._model)

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory already."""
        return "_model" in vars(self) or vars(self).get("_runner") is not None

    def load(self) -> None:
        """Load the model now. Raises ModelError."""
        if self._runner is None:
            _ = self._model

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        if self._runner:
            return self._runner.run(texts)
        vectors = self._model.encode_document(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)

    def query(self, text: str) -> Vectors:
        """Unit vector of a question, float32, shape (dimension,); not to be written to."""
        return self._asked(text)

    @functools.cached_property
    def _asked(self) -> Callable[[str], Vectors]:
        """What was asked lately is known: many ask the same, and most ask again."""
        return functools.lru_cache(maxsize=_ASKED)(self._encoded)

    def _encoded(self, text: str) -> Vectors:
        if self._runner:
            vector: Vectors = self._runner.run([text])[0]
        else:
            vector = np.asarray(
                self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False),
                np.float32,
            )
        vector.setflags(write=False)
        return vector

    def token_starts(self, text: str) -> list[int]:
        """Where each token of `text` starts, special tokens left out."""
        if self._runner:
            return self._runner.token_starts(text)
        encoded = self._measuring(
            text,
            add_special_tokens=False,
            return_offsets_mapping=True,
            truncation=False,
            verbose=False,
        )
        return [start for start, _ in encoded["offset_mapping"]]

    @functools.cached_property
    def _runner(self) -> Runner | None:
        runner = open_runner("embedder", self.folder, self._source, self._compute)
        if runner:
            self.__dict__.pop("_model", None)  # was needed for the conversion alone
        return runner

    @functools.cached_property
    def _model(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        # Loading takes no time worth a bar on stderr.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(str(self.folder), local_files_only=True)

    @functools.cached_property
    def _measuring(self) -> Any:
        """A tokenizer apart: encoding sets the limits of the model's own, in another thread."""
        return copy.deepcopy(self._model.tokenizer)

    def _source(self) -> Source:
        model = self._model
        if any(model.prompts.values()):
            raise ModelError("it puts words before each text.")
        return Source(model, _unit_vectors, model.tokenizer, _max_tokens(model))


def _max_tokens(model: SentenceTransformer) -> int:
    return int(model.max_seq_length or 512)


def _unit_vectors(outputs: dict[str, Any]) -> torch.Tensor:
    from torch.nn.functional import normalize

    return normalize(outputs["sentence_embedding"], dim=1)
