"""Does a text follow from another? A CrossEncoder trained on natural language inference."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from rag.errors import ModelError
from rag.models.weights import entailment_folder

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

Label = Literal["entailment", "neutral", "contradiction"]
_BATCH = 8
_MAX_TOKENS = 512  # of both texts together; most such models read no more
_BEGINNINGS: dict[str, Label] = {
    "entail": "entailment", "neutral": "neutral", "not": "neutral", "contra": "contradiction",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model finds of one pair, and how sure (0..1) it is."""

    label: Label
    chance: float


class Entailment:
    """Holds the CrossEncoder, loaded when first used."""

    def __init__(self, setting: str) -> None:
        """Find the weights of `setting`, a folder or a hub name, and read the model's labels.

        Raises:
            ModelError: there are none, or its labels do not say which of them is entailment.

        """
        self.folder: Path = entailment_folder(setting)
        # A path of this machine is no name to show.
        self.name = self.folder.name if Path(setting).expanduser().is_dir() else setting
        self._labels = _labels(self.folder)

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory already."""
        return "_model" in vars(self)

    def load(self) -> None:
        """Load the model now. Raises ModelError."""
        _ = self._model

    def judge(self, pairs: Sequence[tuple[str, str]]) -> list[Judged]:
        """For each pair of a premise and a hypothesis what the one says of the other.

        Raises ModelError.
        """
        if not pairs:
            return []
        from torch.nn import Identity

        logits = self._model.predict(
            list(pairs), batch_size=_BATCH, activation_fn=Identity(), show_progress_bar=False
        )
        scores = np.asarray(logits, np.float64).reshape(len(pairs), -1)
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        best = chances.argmax(axis=1)
        return [
            Judged(self._labels[at], float(row[at])) for at, row in zip(best, chances, strict=True)
        ]

    @functools.cached_property
    def _model(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging

        # Loading takes no time worth a bar on stderr.
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model: CrossEncoder = CrossEncoder(
                str(self.folder),
                max_length=_MAX_TOKENS,
                model_kwargs={"dtype": "float32"},
                local_files_only=True,
            )
        except (OSError, ValueError, ImportError) as error:
            raise ModelError(f"verify: {self.name} cannot be loaded: {error}") from error
        return model


def _labels(folder: Path) -> list[Label]:
    """What each output of the model means, by `id2label` of its config."""
    file = folder / "config.json"
    try:
        named = json.loads(file.read_text(encoding="utf-8")).get("id2label") or {}
        printed = [str(named[key]) for key in sorted(named, key=int)]
    except (OSError, ValueError, AttributeError) as error:
        raise ModelError(f"verify: {file} cannot be read: {error}") from error
    found = [_label(name) for name in printed]
    known = [label for label in found if label]
    if len(known) < len(found) or "entailment" not in known:
        raise ModelError(
            f"verify: {folder.name} has the labels {', '.join(printed) or 'none'}; a model of "
            "natural language inference is needed, whose config names entailment, neutral and "
            "contradiction in id2label."
        )
    return known


def _label(name: str) -> Label | None:
    plain = name.casefold()
    return next((own for begins, own in _BEGINNINGS.items() if plain.startswith(begins)), None)
