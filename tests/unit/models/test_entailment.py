"""A CrossEncoder of natural language inference: its labels are read, its folder is enough."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.models.entailment import Entailment
from tests.tiny_entailment import make_tiny_entailment

PAIRS = [("The port closed at noon.", "It closed."), ("It rained. " * 400, "It was dry."), ("", "")]


def test_labels_and_chances_are_those_of_sentence_transformers(tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    folder = make_tiny_entailment(tmp_path / "nli")
    model = Entailment(folder)
    assert not model.loaded
    judged = model.judge(PAIRS)
    assert model.loaded
    theirs = CrossEncoder(folder, local_files_only=True).predict(PAIRS, apply_softmax=True)
    assert [item.chance for item in judged] == pytest.approx(theirs.max(axis=1), abs=1e-5)
    names = ["entailment", "neutral", "contradiction"]
    assert [item.label for item in judged] == [names[at] for at in np.argmax(theirs, axis=1)]
    assert (model.name, model.judge([])) == ("nli", [])


@pytest.mark.parametrize(
    ("labels", "always", "label"),
    [
        ({0: "CONTRADICTION", 1: "ENTAILMENT", 2: "NEUTRAL"}, 0, "contradiction"),
        ({0: "CONTRADICTION", 1: "ENTAILMENT", 2: "NEUTRAL"}, 1, "entailment"),
        ({0: "entailment", 1: "not_entailment"}, 1, "neutral"),
    ],
)
def test_the_order_of_the_labels_is_the_models_own(
    tmp_path: Path, labels: dict[int, str], always: int, label: str
) -> None:
    (judged,) = Entailment(make_tiny_entailment(tmp_path, labels, always)).judge(PAIRS[:1])
    assert (judged.label, judged.chance > 0.99) == (label, True)


def test_a_model_of_something_else_is_refused_by_its_labels(tmp_path: Path) -> None:
    folder = make_tiny_entailment(tmp_path, {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"})
    with pytest.raises(ModelError, match="has the labels LABEL_0, LABEL_1, LABEL_2; a model of"):
        Entailment(folder)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"verify: .*config\.json cannot be read"):
        Entailment(str(tmp_path))
    with pytest.raises(ModelError, match="verify: there is no folder /nowhere"):
        Entailment("/nowhere/at/all")


def test_weights_that_are_missing_are_told_when_it_is_loaded(tmp_path: Path) -> None:
    folder = make_tiny_entailment(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="cannot be loaded"):
        Entailment(folder).load()
