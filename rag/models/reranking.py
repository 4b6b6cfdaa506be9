"""Question and passage -> does the passage answer it? A CrossEncoder, loaded when first used."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models.runtime import Compute, Runner, Source, open_runner
from rag.models.weights import BUNDLED, reranker_folder

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

Scores = NDArray[np.float32]
_BATCH = 8
_MAX_TOKENS = 256
# The bundled model is too sure of itself: of passages it gives .25/.45/.65/.85/.93, about
# .10/.20/.36/.57/.71 answer (see its model card). A line through these in log-odds:
_SLOPE, _SHIFT = 0.93, -1.25


class Reranker:
    """Holds the CrossEncoder."""

    def __init__(self, setting: str = BUNDLED, compute: Compute | None = None) -> None:
        """Find the weights of `setting` and check them. Raises ModelError."""
        self.name = setting
        self.folder: Path = reranker_folder(setting)
        self._compute = compute or Compute()

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory already."""
        return "_model" in vars(self) or vars(self).get("_runner") is not None

    def load(self) -> None:
        """Load the model now. Raises ModelError."""
        if self._runner is None:
            _ = self._model

    def logits(self, question: str, texts: Sequence[str]) -> Scores:
        """Raw scores, float32, shape (len(texts),): higher answers better."""
        if not texts:
            return np.zeros(0, np.float32)
        pairs = [(question, text) for text in texts]
        if self._runner:
            return self._runner.run(pairs)[:, 0]
        from torch.nn import Identity

        scores = self._model.predict(
            pairs,
            batch_size=_BATCH,
            activation_fn=Identity(),
            show_progress_bar=False,
        )
        return np.asarray(scores, np.float32).reshape(-1)

    def probability(self, logit: float) -> float:
        """Chance (0..1) that a passage with this logit answers; calibrated if bundled."""
        if self.name == BUNDLED:
            logit = _SLOPE * logit + _SHIFT
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    @functools.cached_property
    def _runner(self) -> Runner | None:
        kind = f"reranker{_MAX_TOKENS}"
        runner = open_runner(kind, self.folder, self._source, self._compute)
        if runner:
            self.__dict__.pop("_model", None)  # was needed for the conversion alone
        return runner

    @functools.cached_property
    def _model(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        # Loading takes no time worth a bar on stderr.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        model: CrossEncoder = CrossEncoder(
            str(self.folder),
            max_length=_MAX_TOKENS,
            model_kwargs={"dtype": "float32"},  # stored as fp16, in which CPUs are slow
            local_files_only=True,
        )
        return model

    def _source(self) -> Source:
        model = self._model
        if any(model.prompts.values()):
            raise ModelError("it puts words before each text.")
        if model.num_labels != 1:
            raise ModelError(f"it gives {model.num_labels} scores, not one.")
        return Source(model, itemgetter("scores"), model.tokenizer, _MAX_TOKENS)
