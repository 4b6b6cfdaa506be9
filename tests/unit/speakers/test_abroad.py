"""Who is quoted in articles in other languages: the plainest forms, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from rag.articles import make_article
from rag.schema import Article, Part
from rag.speakers.attribution import speaker

_FILE = Path(__file__).parents[2] / "fixtures" / "speakers" / "abroad.toml"
ARTICLES = tomllib.loads(_FILE.read_text(encoding="utf-8"))["article"]
SAID = "Le pont ne porte plus que 3,5 tonnes"


def article(text: str, language: str) -> Article:
    return make_article(
        "a.txt", title=None, author="Eva Autor", outlet=None, published=None, url=None, text=text,
        parts=[Part("body", 0, len(text))], language=language,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "who"),
    [
        ("« {} », a déclaré l’ingénieur Marc Tissot.", "fr", "Marc Tissot"),
        ("« {} », selon Marc Tissot.", "fr", "Marc Tissot"),
        ("„{}“, sagte Nils Roth am Montag.", "de", "Nils Roth"),
        ("„{}“, sagte Bürgermeister Nils Roth.", "de", "Nils Roth"),
        ("«{}», dijo el alcalde Luis Mora.", "es", "Luis Mora"),
        ("Luis Mora dijo: «{}».", "es", "Luis Mora"),
        ("«{}», ha detto il sindaco Carla Neri.", "it", "Carla Neri"),
        ("„{}“, sagte der Sprecher der Stadt.", "de", None),
        ("Nils Roth kam um neun. „{}“", "de", None),
        ("Nils Roth und Eva Roth kamen. „{}“, sagte Roth.", "de", None),
        ("Anne Roy a vu Luc Petit. « {} », a-t-elle dit.", "fr", None),
        ("»{}«, sagte Nils Roth.", "de", "Nils Roth"),
        ("« {} », a déclaré lundi Eva Autor.", "fr", "Eva Autor"),
        ("Según Luis Mora, que habló con Ana Gil, “{}”.", "es", "Luis Mora"),
        ("«{}», decía ayer un vecino de Ana Gil.", "es", None),
    ],
)
def test_who_is_quoted(text: str, language: str, who: str | None) -> None:
    found = article(text.format(SAID), language)
    start = found.text.index(SAID)
    assert speaker(found, start, start + len(SAID)) == who


@pytest.mark.parametrize("given", ARTICLES, ids=lambda given: given["text"].split("\n")[1][:30])
def test_no_quotation_of_an_article_is_given_to_the_wrong_person(given: dict[str, Any]) -> None:
    found = article(given["text"].strip(), given["language"])
    right = 0
    for words, who in given["says"]:
        start = found.text.index(words)
        told = speaker(found, start, start + len(words))
        assert told in (who or None, None), words
        right += told == (who or None)
    assert right >= len(given["says"]) - 2


def test_who_is_quoted_in_a_mail() -> None:
    text = f"Liebe Kollegen,\n\n„{SAID}“, sagte Bürgermeister Nils Roth am Montag."
    found = make_article(
        "a.txt", title=None, author="Eva Autor", outlet=None, published=None, url=None, text=text,
        parts=[Part("body", 0, len(text), "Lena Post")], language="de",
    )  # fmt: skip
    start = text.index(SAID)
    assert speaker(found, start, start + len(SAID)) == "Nils Roth, quoted by Lena Post"
    assert speaker(found, 0, 10) == "Lena Post"
