from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checking.cited_dates import mentions, without, wrong_dates

WEDNESDAY = date(2024, 3, 6)


def wrong(claim: str, source: str, published: date | None = WEDNESDAY) -> list[str]:
    return list(wrong_dates(mentions(claim, published), mentions(source, published)))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("27 September 2013", "September 27, 2013"),
        ("2013-09-27", "the 27th of September 2013"),
        ("27/9/2013", "27 September 2013"),
        ("2013/09/27", "27-9-2013"),
        ("in September 2013", "27 September 2013"),
        ("in 2013", "27 September 2013"),
        ("on 27 September", "2013-09-27"),
        ("on 4 March 2024", "on Monday"),
        ("on Monday", "on 4 March 2024"),
        ("on 5 March 2024", "yesterday"),
        ("in February 2024", "last month"),
        ("in 2023", "last year"),
        ("on 8 March 2024", "next Friday or on Friday"),
        ("on 4 March", "on 4 March"),
        ("in May", "in May 2014"),
        ("last month", "on 12 February"),
        ("three days ago", "on 3 March 2024"),
        ("2,013 people, $2013 and 2013 jobs", ""),
        ("he may go", ""),
    ],
)
def test_borne_out(claim: str, source: str) -> None:
    assert not wrong(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("27 September 2013", "September 28, 2013"),
        ("27 September 2013", "in September 2013"),
        ("on 4 March 2024", "on Tuesday"),
        ("on Monday", "on Tuesday"),
        ("yesterday", "on 4 March 2024"),
        ("in 2014", "27 September 2013"),
        ("in May", "in June 2014"),
        ("next month", "last month"),
    ],
)
def test_not_borne_out(claim: str, source: str) -> None:
    assert len(wrong(claim, source)) == 1


def test_without_a_date_of_publication_relative_days_compare_as_words() -> None:
    assert not wrong("on Monday", "on Monday", None)
    assert wrong("on 4 March 2024", "on Monday", None)


def test_a_date_is_no_figure() -> None:
    text = "On 27 September 2013 they sank 3 boats."
    blank = without(text, mentions(text, None))
    assert len(blank) == len(text)
    assert "27" not in blank
    assert "3 boats" in blank


@given(st.dates(date(1700, 1, 1), date(2150, 1, 1)))
def test_every_form_of_a_day_is_the_same_day(day: date) -> None:
    forms = [f"{day:%Y-%m-%d}", f"{day.day} {day:%B} {day.year}", f"{day:%B} {day.day}, {day.year}"]
    for one in forms:
        for other in forms:
            assert not wrong(f"It began on {one}.", f"They met on {other} at sea.")


@given(st.text(max_size=120))
def test_any_text_bears_itself_out(text: str) -> None:
    assert not wrong(text, text)


def test_last_may_is_none_to_come() -> None:
    (last,) = mentions("It won at the show last May.", date(2025, 2, 11))
    (coming,) = mentions("It will be shown next May.", date(2025, 6, 11))
    assert [days[0].year for days in last.meant] == [2024]
    assert [days[0].year for days in coming.meant] == [2026]
