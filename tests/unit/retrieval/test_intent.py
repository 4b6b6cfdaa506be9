"""What kind of answer a question asks for."""

import tomllib

import numpy as np
import pytest

from rag.models.embedding import Embedder
from rag.retrieval import intent
from rag.retrieval.intent import masked, recognised, stands_alone
from rag.retrieval.query import read
from tests.unit.building import catalogue

NOTHING = catalogue()


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("Who paid for the new ferry?", "fact"),
        ("what did Ada Roe say about the ferry", "fact"),
        ("Name the demands of the ferrymen", "fact"),
        ("How many articles does the ferry treaty have?", "fact"),
        ("How many articles are there altogether?", "catalogue"),
        ("How many stories tall is the lighthouse?", "fact"),
        ("Sum up the ferry article in two sentences, please", "summary"),
        ("what's the gist of Roe's column", "summary"),
        ("sumarise the article on ferries", "summary"),
        ("what happened to the old ferry?", "summary"),
        ("a chronology of the ferry dispute", "timeline"),
        ("How did it come to the ferry ban?", "timeline"),
        ("compare what Roe and Hale write about ferries", "comparison"),
        ("Where do the authors disagree about ferries?", "comparison"),
        ("so, what are all these texts about?", "overview"),
        ("Which topics are there?", "overview"),
        ("any articles about ferries from March?", "catalogue"),
        ("which newspapers are in here", "catalogue"),
        ("Hello!", "talk"),
        ("hi, what can you do?", "talk"),
        ("Hi, who paid for the new ferry?", "fact"),
        ("thank you so much", "talk"),
    ],
)
def test_a_question_is_read_as_meant(question: str, meant: str, embedder: Embedder) -> None:
    assert read(question, NOTHING, embedder=embedder).intent == meant


def test_what_a_question_is_about_is_masked() -> None:
    assert masked("Summarise the piece on Port Ilvane, please!") == "summarise piece on X"
    assert masked("Compare Roe's 12 points with “Dam holds”") == "compare X points with X"
    assert masked("sumarise the artcile") == "summarise article"


def test_a_question_without_any_turn_of_words_of_its_own_is_not_encoded() -> None:
    class Unused(Embedder):
        def query(self, text: str) -> np.ndarray:
            raise AssertionError("encoded")

    assert recognised("How many crates were stolen in the harbour?", Unused()) == "fact"
    assert recognised(f"Which company {'and its rivals ' * 20} closed?", Unused()) == "fact"


def test_without_an_embedder_only_what_is_sure_is_told() -> None:
    assert read("Who wrote the article about the dam?", NOTHING).intent == "catalogue"
    assert read("Hello!", NOTHING).intent == "fact"


def test_talk_and_the_whole_folder_stand_alone(embedder: Embedder) -> None:
    assert stands_alone("thanks!", embedder)
    assert stands_alone("summarise all five", embedder)
    assert not stands_alone("what is this about?", embedder)
    assert not stands_alone("And who paid for it?", embedder)


def test_the_vectors_are_those_of_the_examples(embedder: Embedder) -> None:
    """After a change of the examples: python -m benchmarks.intent --vectors."""
    shipped = np.load(intent.VECTORS).astype(np.float32)
    texts = intent._examples().texts
    assert shipped.shape == (len(texts), embedder.dimension)
    made = embedder.documents([intent._shown(text) for text in texts[::7]])
    assert np.all(np.sum(made * shipped[::7], axis=1) > 0.99)


def test_every_example_is_one_of_its_own_intent() -> None:
    tables = tomllib.loads(intent.EXAMPLES.read_text(encoding="utf-8"))
    assert tuple(tables) == intent.INTENTS
    for name, lines in tables.items():
        for line in lines.strip().splitlines():
            assert recognised(line.replace("X", "Qua"), Embedder()) == name
