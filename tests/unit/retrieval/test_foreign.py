"""Questions in languages that the articles are not in."""

from dataclasses import replace

import pytest

from rag.answering.languages import sentence
from rag.retrieval.foreign import foreign
from tests.unit.building import article, catalogue
from vectorstore.holdings import Catalogue


def of(*languages: str | None) -> Catalogue:
    held = (replace(article("Words.", path=str(n)), language=it) for n, it in enumerate(languages))
    return catalogue(*held)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wer hat den Leuchtturm gestrichen?", "de"),
        ("Qui a repeint le phare du port ?", "fr"),
        ("¿Quién pintó el faro del puerto?", "es"),
        ("Кто покрасил маяк в порту?", "ru"),
        ("誰が灯台を塗りましたか。", "ja"),
        ("Who painted the lighthouse?", ""),
        ("Leuchtturm Hafen", ""),
        ("Ursula von der Leyen Friedrich Merz", ""),
        ("what is schadenfreude", ""),
        ("meaning of “Wer hat den Leuchtturm gestrichen?”", ""),
    ],
)
def test_another_language_is_told_only_where_it_is_sure(question: str, language: str) -> None:
    assert foreign(question, of("en", "en")) == language


def test_nothing_is_said_where_articles_share_the_language_or_theirs_is_unknown() -> None:
    question = "Wer hat den Leuchtturm gestrichen?"
    assert foreign(question, of("en", "de")) == ""
    assert foreign(question, of("en", None)) == ""
    assert foreign(question, of()) == ""
    assert foreign("Who painted the lighthouse by the sea?", of("de", "fr")) == "en"


def test_the_sentence_is_in_the_questions_language() -> None:
    assert "auf Deutsch" in sentence("de", ["en", "fr"])
    assert "Englisch, français" in sentence("de", ["en", "fr"])
    assert sentence("is", ["en"]).startswith("The articles here are in English:")
