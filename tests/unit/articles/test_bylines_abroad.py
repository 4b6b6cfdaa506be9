"""Bylines without "By", and dates, in languages whose months are a list."""

from __future__ import annotations

from datetime import date

import pytest

from rag.articles.bylines import read_byline
from rag.articles.files import read_data
from rag.text.dates import parse_date

DAY = date(2022, 5, 4)
PROSE = "Мост закрыт с утра, сообщили вчера жителям в городском совете. " * 3


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Agnieszka Wróbel, 4 maja 2022", "Agnieszka Wróbel"),
        ("Jan Bury i Anna Nowak, 4 maja 2022", "Jan Bury, Anna Nowak"),
        ("Иван Петров, 4 мая 2022 г.", "Иван Петров"),
        ("Олена Коваль | 4 травня 2022 року", "Олена Коваль"),
        ("Jana Nová, 4. května 2022", "Jana Nová"),
        ("Tekst: Lars Holm, 4. maj 2022", "Lars Holm"),
        ("Kari Nygård, 4. mai 2022", "Kari Nygård"),
        ("Anna Berg, den 4 maj 2022", "Anna Berg"),
        ("Mika Salo, 4. toukokuuta 2022", "Mika Salo"),
        ("Kovács Anna, 2022. május 4.", "Kovács Anna"),
        ("Ayşe Demir, 4 Mayıs 2022", "Ayşe Demir"),
        ("Μαρία Παππά, 4 Μαΐου 2022", "Μαρία Παππά"),
        ("Opublikowano: 4 maja 2022, 12:30", None),
    ],
)
def test_a_name_beside_a_day_is_the_author(line: str, author: str | None) -> None:
    found = read_byline(line)
    assert found is not None
    assert (found.author, found.published) == (author, DAY)


@pytest.mark.parametrize("line", ["Linby Week, 4 May 2022", "Новая газета, 4 мая 2022"])
def test_an_outlet_or_a_feast_beside_a_day_is_no_author(line: str) -> None:
    found = read_byline(line)
    assert found is None or found.author is None


@pytest.mark.parametrize(
    "printed", ["4 maja 2022", "4 мая 2022 г.", "2022. május 4.", "4. toukokuuta 2022"]
)
def test_a_day_is_read(printed: str) -> None:
    assert parse_date(printed) == DAY


def test_a_lone_name_above_a_day_is_the_author() -> None:
    text = f"Мост закрыт до осени\n\nИван Петров\n\n4 мая 2022 г.\n\n{PROSE}\n\n{PROSE}"
    (article,) = read_data(text.encode(), ".txt", "bridge.txt").articles
    assert (article.title, article.author, article.published) == (
        "Мост закрыт до осени", "Иван Петров", DAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("Publié le 2 décembre 2021 à 07h15 – Mis à jour le 3 décembre 2021", None, (2021, 12, 2)),
        ("Stand: 14.08.2020, 17:25 Uhr", None, (2020, 8, 14)),
        ("Ein Bericht von Sigrid Ahlers", "Sigrid Ahlers", None),
        ("Von Nils Berg, 7. Mai 2024, 10.30 Uhr", "Nils Berg", (2024, 5, 7)),
    ],
)
def test_lines_with_a_time_and_what_kind_of_piece_it_is(
    line: str, author: str | None, day: tuple[int, int, int] | None
) -> None:
    found = read_byline(line)
    assert found is not None
    assert (found.author, found.published) == (author, date(*day) if day else None)
