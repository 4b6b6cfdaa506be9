"""Articles in other languages are read by theirs. The texts are fiction."""

from datetime import date

import pytest

from rag.articles.assembling import make_article
from rag.articles.splitting import Limits, split
from rag.checking.support import check
from rag.schema import Article, Hit, Ranks
from rag.text.dates import parse_date
from rag.text.names import names
from rag.text.sentences import article_sentences, sentence_spans
from rag.text.translated import in_english

GERMAN = (
    "Der Streik begann am 14. Juni 2024 im Hafen von Ilvane. Hr. Meier zählte 15.000 Menschen, "
    "3,5 % mehr als am 6. März 2024. Der Schaden beträgt 11 Millionen Kronen."
)
FRENCH = (
    "La grève a commencé le 1er mars 2024. M. Dupont a compté 15 000 personnes, 3,5 % de plus. "
    "Le port a perdu deux millions de couronnes."
)
SPANISH = (
    "La huelga empezó el 3 de marzo de 2024. El Sr. López contó unas 15.000 personas. "
    "El puerto perdió 1,5 millones de coronas."
)


def made(text: str, language: str) -> Article:
    none = dict.fromkeys(("title", "author", "outlet", "published", "url"))
    return make_article("a.txt", text=text, language=language, parts=(), **none)


@pytest.mark.parametrize(
    ("text", "language", "count"), [(GERMAN, "de", 3), (FRENCH, "fr", 3), (SPANISH, "es", 3)]
)
def test_sentences_end_as_the_language_ends_them(text: str, language: str, count: int) -> None:
    article = made(text, language)
    spans = article_sentences(article)
    assert len(spans) == count
    assert " ".join(text[start:end] for start, end in spans) == text


def test_in_english_a_day_with_a_full_stop_still_ends_a_sentence() -> None:
    assert len(sentence_spans("It began on page 14. Juno left.")) == 2


def test_passages_are_exact_and_of_whole_sentences() -> None:
    article = made(GERMAN, "de")
    starts = [at for at, letter in enumerate(GERMAN) if letter == " "]
    passages = split(article, lambda text: starts[: len(text.split())], Limits(words=14))
    assert all(article.text[p.start : p.end] == p.text for p in passages)
    assert passages[0].text == "Der Streik begann am 14. Juni 2024 im Hafen von Ilvane."


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("6. März 2024", date(2024, 3, 6)),
        ("15. August 2024", date(2024, 8, 15)),
        ("Publié le 1er mars 2024", date(2024, 3, 1)),
        ("3 de marzo de 2024", date(2024, 3, 3)),
        ("3 marzo 2024", date(2024, 3, 3)),
        ("6 maart 2024", date(2024, 3, 6)),
        ("1º de março de 2024", date(2024, 3, 1)),
        ("see p. 6. April 2024 was cold", None),
    ],
)
def test_dates_are_read(printed: str, day: date | None) -> None:
    assert parse_date(printed) == day


@pytest.mark.parametrize(
    ("text", "language", "english"),
    [
        ("15.000, 3,5 %, 1.250.000,50", "de", "15,000, 3.5 %, 1,250,000.50"),
        ("am 6. März, 11 Millionen", "de", "am 6 March, 11 million"),
        ("le 1er mars, 15 000", "fr", "le 1 March, 15,000"),
        ("dos mil, 1,5 millones", "es", "two thousand, 1.5 million"),
        ("due milioni", "it", "two million"),
        ("3,5 miljoen op 6 maart 2024", "nl", "3.5 million op 6 March 2024"),
        ("2 milhões", "pt", "2 million"),
        ("version 15.000 of 3,5", "en", "version 15.000 of 3,5"),
        ("15.000", None, "15.000"),
    ],
)
def test_numbers_and_days_as_english_prints_them(
    text: str, language: str | None, english: str
) -> None:
    assert in_english(text, language) == english


def test_a_german_noun_is_no_name() -> None:
    said = "Der Minister Karl Weber sprach im Hafen mit den Arbeitern"
    assert names(said, "de") == ["Minister Karl Weber"]


@pytest.mark.parametrize(("claim", "is_wrong"), [("15,000", False), ("16,000", True)])
def test_an_english_figure_is_held_against_a_german_one(claim: str, is_wrong: bool) -> None:
    article = made(GERMAN, "de")
    (passage,) = split(article, lambda text: [0], Limits())
    _, reasons = check(f"Meier zählte {claim} Menschen.", [Hit(passage, article, 1.0, Ranks())])
    assert any("16,000" in reason for reason in reasons) is is_wrong
    assert not any("15,000" in reason for reason in reasons)
