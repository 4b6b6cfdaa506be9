"""Dates, names, bylines and labels, case by case."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.bylines import read_byline, read_dateline, read_signature
from rag.articles.labels import label_in_note, label_in_title, label_in_url, label_of
from rag.articles.personal_names import is_name, is_outlet, split_names, tidy_name, unglue
from rag.text.dates import find_dates, parse_date

DAY = date(2015, 5, 30)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015-05-30", DAY),
        ("2015-05-30T23:30:00-04:00", DAY),
        ("2015/05/30", DAY),
        ("20150530", DAY),
        ("May 30, 2015", DAY),
        ("30 May 2015", DAY),
        ("30th of May, 2015", DAY),
        ("Saturday, 30 May 2015, 10:32 GMT", DAY),
        ("Sat, 30 May 2015 10:00:00 +0000", DAY),
        ("Sept. 9, 2015", date(2015, 9, 9)),
        ("9-Sep-2015", date(2015, 9, 9)),
        ("20.09.2015", date(2015, 9, 20)),
        ("04.03.2015", date(2015, 3, 4)),  # the day comes first before a dot, everywhere
        ("20/09/2015", date(2015, 9, 20)),
        ("09/20/2015", date(2015, 9, 20)),
        ("05/05/2015", date(2015, 5, 5)),
        ("03/04/2015", None),
        ("3-4-2015", None),
        ("31/31/2015", None),
        ("2015-02-30", None),
        ("May 2015", None),
        ("Dec. 11", None),
        ("1432944000", None),
        ("May 30, 2015, updated June 1, 2015", None),  # two dates: which one?
        ("version 1.2.2015.3", None),
        ("", None),
        (None, None),
        (20150530, None),
        (datetime(2015, 5, 30, 12), DAY),
        (DAY, DAY),
    ],
)
def test_dates(text: object, day: date | None) -> None:
    assert parse_date(text) == day


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(2200, 12, 31)))
def test_a_printed_date_is_read_back(day: date) -> None:
    for form in (
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
        f"{day:%d.%m.%Y}",
    ):
        assert [found.date for found in find_dates(f"On {form} it rained")] == [day]


@pytest.mark.parametrize(
    ("line", "author", "outlet", "day"),
    [
        ("By David Singer", "David Singer", None, None),
        ("by Henry Meyer", "Henry Meyer", None, None),
        ("BY JANE DOE", "Jane Doe", None, None),
        ("By Jane Doe and John Q. Roe", "Jane Doe, John Q. Roe", None, None),
        (
            "By A. B. Doe, John Roe and Ann van der Berg",
            "A. B. Doe, John Roe, Ann van der Berg",
            None,
            None,
        ),
        ("By Jane Doe in Brussels", "Jane Doe", None, None),
        ("By Jane Doe, Brussels", "Jane Doe", None, None),
        ("By Jane Doe, Political Editor", "Jane Doe", None, None),
        ("By the Readers’ Editor, Jane Doe", "Jane Doe", None, None),
        ("By Jane Doe for The Harbour Gazette", "Jane Doe", "The Harbour Gazette", None),
        ("By Jane Doe, with Reuters", "Jane Doe", None, None),
        ("By Jane Doe, Harbour Times staff writer", "Jane Doe", "Harbour Times", None),
        ("By Reuters Staff", None, "Reuters", None),
        ("By Madonna", "Madonna", None, None),
        ("Author: Jane Doe", "Jane Doe", None, None),
        ("May 30, 2015", None, None, DAY),
        ("Published: 30 May 2015 10:32 GMT", None, None, DAY),
        ("Posted on May 30, 2015 at 4:05 pm", None, None, DAY),
        ("Updated 2 June 2015 · Published 30 May 2015", None, None, DAY),
        ("Updated 2 June 2015", None, None, None),
        ("Andrei AKULOV | 20.09.2015 | WORLD /", "Andrei Akulov", None, date(2015, 9, 20)),
        ("Jane Doe, The Harbour Gazette, 30 May 2015", "Jane Doe", "The Harbour Gazette", DAY),
        ("Jane Doe, Brussels, 30 May 2015", "Jane Doe", None, DAY),
        ("Jane Doe, 03/04/2015", "Jane Doe", None, None),
        ("By Jane Doe May 30, 2015", "Jane Doe", None, DAY),
        ("By Jane Doe. Published 30 May 2015", "Jane Doe", None, DAY),
        (
            "Harbour Weekly, Brussels. Saturday, 30 May 2015. By Jane Doe",
            "Jane Doe",
            "Harbour Weekly",
            DAY,
        ),
        ("The Harbour Gazette | 30 May 2015", None, "The Harbour Gazette", DAY),
        ("Jane Doe, jdoe@example.com", "Jane Doe", None, None),
    ],
)
def test_bylines(line: str, author: str | None, outlet: str | None, day: date | None) -> None:
    meta = read_byline(line)
    assert meta is not None
    assert (meta.author, meta.outlet, meta.published) == (author, outlet, day)


@pytest.mark.parametrize(
    "line",
    [
        "By Monday, the army had taken the city.",
        "By the time they came, it was over",
        "By and large, a success",
        "It began on 3 May 2015.",
        "The attacks of September 11, 2001",
        "Russia and America Must Jointly Confront Islamic State",
        "Donald Trump",
        "Al Qaeda and the Islamic State (IS) may join forces.",
        "WASHINGTON",
        "",
    ],
)
def test_lines_that_are_no_bylines(line: str) -> None:
    assert read_byline(line) is None


@pytest.mark.parametrize(
    ("text", "outlet", "day"),
    [
        ("BRUSSELS, March 3 (Reuters) — Ministers met.", "Reuters", None),
        ("WASHINGTON, Jan. 5, 2016 (Reuters) - He said.", "Reuters", date(2016, 1, 5)),
        ("LONDON (AP) — It rained.", "AP", None),
        ("TEL AVIV, May 30, 2015 — It rained.", None, DAY),
        ("The plan (so far) — it is said — works.", None, None),
        ("It rained.", None, None),
    ],
)
def test_datelines(text: str, outlet: str | None, day: date | None) -> None:
    meta = read_dateline(text)
    assert (meta.outlet, meta.published) == (outlet, day)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Lisbeth Mechter", "Lisbeth Mechter"),
        ("— Jane Doe", "Jane Doe"),
        (
            "(Reporting by Jane Doe in Paris and John Roe in Rome; editing by A. Stane)",
            "Jane Doe, John Roe",
        ),
        ("Global Defence", None),
        ("New threads", None),
        ("The end", None),
        ("Jane Doe is a reporter.", None),
    ],
)
def test_signatures(line: str, author: str | None) -> None:
    assert read_signature(line).author == author


@pytest.mark.parametrize(
    "name",
    ["Jane Doe", "J. R. R. Tolkien", "Anne-Marie O’Neill", "Ludwig van Beethoven", "Dr. Jane Doe"],
)
def test_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "Jane",
        "Latest Replies",
        "The Guardian",
        "jane doe",
        "Jane Doe 2",
        "Middle East",
        "A B C D E F",
    ],
)
def test_not_names(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("The Harbour Gazette", True),
        ("Reuters", True),
        ("BBC", True),
        ("Gazette", False),
        ("times of trouble", False),
    ],
)
def test_outlets(text: str, yes: bool) -> None:
    assert is_outlet(text) is yes


def test_names_lose_capitals_for_emphasis() -> None:
    assert tidy_name("Andrei AKULOV") == "Andrei Akulov"
    assert tidy_name("SHANE McDONALD") == "Shane McDonald"
    assert tidy_name("JEAN-PAUL O’NEILL") == "Jean-Paul O’Neill"
    assert tidy_name("J. R. Doe III") == "J. R. Doe III"
    assert split_names("A proposal and a plan") == []


def test_a_glued_word_is_cut_off_only_where_a_paragraph_starts_with_it() -> None:
    assert unglue("David SingerKerry", ["Then.", "Kerry told reporters:"]) == "David Singer"
    assert unglue("David SingerKerry", ["Then.", "Kerryman told reporters:"]) == "David SingerKerry"
    assert unglue("Shane McDonald", ["Donald said so."]) == "Shane McDonald"


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("OPINION", "opinion"),
        ("Letters to the editor", "opinion"),
        ("Editorial", "opinion"),
        ("Corrections and clarifications", "correction"),
        ("Retraction", "retraction"),
        ("Q&A", "interview"),
        ("Satire", "satire"),
        ("World", None),
        ("Public opinion polls", None),
    ],
)
def test_section_labels(words: str, label: str | None) -> None:
    assert label_of(words) == label


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Opinion: Ban it", "opinion"),
        ("Ban it | Opinion", "opinion"),
        ("Correction: the mayor's age", "correction"),
        ("Mayor resigns (satire)", "satire"),
        ("RETRACTED: the study", "retraction"),
        ("Interview with the mayor", "interview"),
        ("Column of tanks enters city", None),
        ("Editorial staff on strike", None),
        ("Market correction looms", None),
    ],
)
def test_labels_in_headlines(title: str, label: str | None) -> None:
    assert label_in_title(title) == label


def test_labels_in_notes_and_addresses() -> None:
    assert label_in_note("The views expressed in this column are the author’s.") == "opinion"
    assert label_in_note("OPINION. Jane Doe writes on Saturdays.") == "opinion"
    assert label_in_note("The views from the tower are wide.") is None
    assert label_in_url("https://example.com/opinion/2015/ban-it") == "opinion"
    assert label_in_url("https://example.com/world/opinion-poll") is None


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("Par Claire Oudin, publié le 2 avril 2024", "Claire Oudin", date(2024, 4, 2)),
        ("Von Nils Berg und Eva Roth, 7. Mai 2024", "Nils Berg, Eva Roth", date(2024, 5, 7)),
        ("Von Nils Berg", "Nils Berg", None),
        ("Por Ana Ruiz | 3 de marzo de 2024", "Ana Ruiz", date(2024, 3, 3)),
        ("di Carla Neri, 3 marzo 2024", "Carla Neri", date(2024, 3, 3)),
        ("Door Jan de Vries", "Jan de Vries", None),
        ("Gepubliceerd op 3 maart 2024", None, date(2024, 3, 3)),
        ("Publié le 2 avril 2024, mis à jour le 3 avril 2024", None, date(2024, 4, 2)),
        ("Mis à jour le 3 avril 2024", None, None),
        ("Por José Ortega y Gasset", "José Ortega y Gasset", None),
    ],
)
def test_bylines_in_other_languages(line: str, author: str | None, day: date | None) -> None:
    found = read_byline(line)
    assert found is not None
    assert (found.author, found.published) == (author, day)


@pytest.mark.parametrize("line", ["Von Trapp", "Di Maria kommt", "Par", "Le pont ferme en avril"])
def test_what_is_no_byline_in_another_language(line: str) -> None:
    assert read_byline(line) is None
