"""Metadata beyond title, author and date: updates, language, dates that can be read two ways."""

from datetime import date

import pytest

from tests.unit.articles.conftest import Read


@pytest.mark.parametrize(
    ("front", "updated", "language", "dated", "published"),
    [
        (
            "date: 2024-03-04\nupdated: 2024-03-06\nlang: en-GB",
            date(2024, 3, 6),
            "en",
            None,
            date(2024, 3, 4),
        ),
        ("date: 03/04/2015", None, None, "03/04/2015", None),
        ("date: 13/04/2015\nlanguage: English", None, None, None, date(2015, 4, 13)),
    ],
)
def test_what_else_front_matter_says(
    read: Read,
    front: str,
    updated: date | None,
    language: str | None,
    dated: str | None,
    published: date | None,
) -> None:
    article = read(f"---\ntitle: Quay\n{front}\n---\nThe quay was closed.\n", "a.md")
    assert (article.updated, article.language) == (updated, language)
    assert (article.dated, article.published) == (dated, published)


def test_a_printed_date_that_can_be_read_two_ways_is_kept_as_printed(read: Read) -> None:
    article = read("Quay closed\n\nBy Ada Quill | 03/04/2015\n\nThe quay was closed today.\n")
    assert (article.author, article.published, article.dated) == ("Ada Quill", None, "03/04/2015")


def test_the_language_comes_from_the_page_or_from_the_text(read: Read) -> None:
    page = "<html lang='nl-BE'><body><h1>Kaai dicht</h1><p>De kaai werd gesloten.</p></body></html>"
    assert read(page, "a.html").language == "nl"
    german = "Der Hafen wurde am Montag nach einem Streik der Arbeiter wieder geöffnet. " * 4
    assert read(german).language == "de"
