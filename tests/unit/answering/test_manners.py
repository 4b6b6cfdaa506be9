"""Refusals, courtesies and statements are told apart, in words that stand in no list."""

from __future__ import annotations

import pytest

from rag.answering.manners import (
    is_absence,
    is_bare,
    is_courtesy,
    is_english,
    is_foreign_refusal,
    is_silence,
)
from rag.models.embedding import Embedder
from tests.unit.building import hit

HITS = [hit("The port of Ilvane was closed on Monday after the storm.")]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder()


@pytest.mark.parametrize(
    "sentence",
    [
        "Nothing in these excerpts sheds light on the salary.",
        "The coverage leaves the question of who paid open.",
        "I'm afraid the sources are silent about that.",
        "Neither of the two articles gives the reason.",
        "The date of the vote is not mentioned.",
        "It is unclear from the passages who paid.",
        "That cannot be determined from the texts provided.",
        "Not specified",
        "Darüber geben die Artikel keine Auskunft.",
        "Les passages ne précisent pas la date.",
        "Los artículos no indican quién pagó.",
        "Le fonti non specificano il motivo.",
        "Over de kosten zeggen de artikelen niets.",
    ],
)
def test_what_the_articles_do_not_say(sentence: str, embedder: Embedder) -> None:
    assert is_absence(sentence, embedder)
    assert not is_courtesy(sentence, embedder)


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister did not give a reason.",
        "He denied it.",
        "The article says that he did not resign.",
        "The strike was not called off.",
        "No ship left Ilvane.",
        "The storm closed the port.",
        "“The articles do not answer this,” she said.",
        "The passages do not say why, but the storm closed Ilvane.",
    ],
)
def test_what_is_denied_in_the_world(sentence: str, embedder: Embedder) -> None:
    assert not is_absence(sentence, embedder)
    assert not is_silence(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Shout if anything needs clarifying, I'm happy to help!",
        "Sure thing!",
        "Here's a quick summary:",
        "Let me know whether you'd like the other side's view too.",
        "Ich hoffe, diese Zusammenfassung hilft Ihnen.",
        "N'hésitez pas à me poser une autre question.",
        "Espero que esta respuesta te ayude.",
    ],
)
def test_courtesies(sentence: str, embedder: Embedder) -> None:
    assert is_courtesy(sentence, embedder)


@pytest.mark.parametrize(
    "sentence",
    [
        "I will close the port, the mayor said.",
        "Here the storm was worst.",
        "You need chains on the pass.",
        "“Let me know,” said Brandt.",
        "Here are the 3 reasons.",
        "Of course the union disagreed.",
        "Sie hofft auf Frieden.",
        "Hier wurde der Hafen geschlossen.",
    ],
)
def test_statements_are_no_courtesies(sentence: str, embedder: Embedder) -> None:
    assert not is_courtesy(sentence, embedder)


def test_a_refusal_in_a_language_of_which_there_is_no_example() -> None:
    question = "Mikor nyitották meg a kikötőt?"
    assert is_foreign_refusal("Erre a kérdésre a cikkek nem adnak választ.", HITS, question)
    assert not is_foreign_refusal("A kikötő 1999 óta zárva van.", HITS, question)
    assert not is_foreign_refusal("The storm closed the port.", HITS, question)
    assert not is_foreign_refusal("Ilvane.", HITS, question)


def test_a_bare_refusal_is_one_english_sentence() -> None:
    assert is_bare("I could not find that in the passages.")
    assert not is_bare("I could not find that. They are about a storm.")
    assert not is_bare("Die Artikel beantworten diese Frage nicht.")
    assert not is_english("Die Artikel beantworten diese Frage nicht.")
