"""What a question names, and what only looks like it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.mentions import mentioned_authors, mentioned_outlets
from rag.text.dates import days, mentioned_dates

OUTLETS = (
    "The Verge", "Cnbc | World Business News Leader", "TechCrunch", "The Age", "Sporting News",
    "FOX News - Health", "FOX News - Sport", "Time", "Wired", "CBSSports.com", "The Guardian",
    "The New York Times", "The Times", "Le Mondé", "BBC News", "Fact: The Magazine",
)  # fmt: skip
AUTHORS = ("Jane Doe and John Roe", "Élodie Martin", "Ann Will", "Reuters", "Sam O’Neill, Ed Lee")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does 'The Verge' article say?", ["The Verge"]),
        ("According to the Verge, who won?", ["The Verge"]),
        ("Who won, in The Verge’s view?", ["The Verge"]),
        ("Did Verge and Wired agree?", ["The Verge", "Wired"]),
        ("Cnbc | World Business News Leader reported what?", ["Cnbc | World Business News Leader"]),
        ("Which sellers spoke to CNBC?", ["Cnbc | World Business News Leader"]),
        ("what did techcrunch report", ["TechCrunch"]),
        ("TechCrunch Disrupt was where, says TechCrunch?", ["TechCrunch"]),
        ("What did The Age, on 3 May 2023, report?", ["The Age"]),
        ("What does FOX News say?", ["FOX News - Health", "FOX News - Sport"]),
        ("What does 'FOX News - Health' say?", ["FOX News - Health"]),
        ("Time reported a rise; of what?", ["Time"]),
        ("What did Time Magazine print?", ["Time"]),
        ("Did CBSSports and The New York Times differ?", ["CBSSports.com", "The New York Times"]),
        ("what did the new york times say about rents", ["The New York Times"]),
        ("What did the Times say?", ["The Times"]),
        ("What did the BBC report?", ["BBC News"]),
        ("Was Le Monde wrong?", ["Le Mondé"]),
        ("What does Fact say?", ["Fact: The Magazine"]),
    ],
)
def test_outlets(question: str, named: list[str]) -> None:
    assert list(mentioned_outlets(question, OUTLETS)) == named


@pytest.mark.parametrize(
    "question",
    [
        "What time is it?",
        "Is the hall wired?",
        "Who is on the verge of a deal?",
        "At what age did she retire?",
        "Age is what to whom?",
        "Time flies for whom?",
        "Who runs Time Warner?",
        "What was found from the Iron Age?",
        "Who wrote The Age of Reason?",
        "What sporting news did Anna bring?",
        "Which of the two is a guardian, and at what times?",
        "What does Bbc mean in bbc news style as a fact?",
        "",
    ],
)
def test_no_outlet(question: str) -> None:
    assert mentioned_outlets(question, OUTLETS) == ()


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does Jane Doe argue?", AUTHORS[:1]),
        ("what does john roe argue", AUTHORS[:1]),
        ("What does the column by Roe say?", AUTHORS[:1]),
        ("What is Doe’s article about?", AUTHORS[:1]),
        ("What does Elodie Martin say?", AUTHORS[1:2]),
        ("What did Sam O'Neill write?", AUTHORS[4:]),
        ("According to the report by Reuters?", AUTHORS[3:4]),
        ("What did Roe say?", ()),
        ("Who was killed by Roe?", ()),
        ("Where will a doe and a roe go?", ()),
        ("What will Ann say, and will she go?", ()),
    ],
)
def test_authors(question: str, named: tuple[str, ...]) -> None:
    assert mentioned_authors(question, AUTHORS) == named


@pytest.mark.parametrize(
    ("question", "ranges"),
    [
        ("What was said on 2023-11-24?", ["2023-11-24"]),
        ("On November 24, 2023 what was said?", ["2023-11-24"]),
        ("Who came on the 24th of November 2023?", ["2023-11-24"]),
        ("Who came in November 2023 and in Dec. 2024?", ["2023-11", "2024-12"]),
        ("Who came in 2015?", ["2015"]),
        ("What does the 2015 article say?", ["2015"]),
        ("Who came in 2016-02?", ["2016-02"]),
        ("Who came between 1 May 2015 and 3 June 2015?", ["2015-05-01/2015-06-03"]),
        ("Who came from 2014 to 2016?", ["2014/2016"]),
        ("Who led in 2014–2016?", ["2014/2016"]),
        ("Who came on 3-5 June 2015?", ["2015-06-03/2015-06-05"]),
        ("Who came between March and May 2015?", ["2015-03/2015-05"]),
        ("Who came from 28 December to 3 January 2016?", ["2015-12-28/2016-01-03"]),
        ("Who came March 3 to 5, 2015?", ["2015-03-03/2015-03-05"]),
        (
            "Between the report of October 20, 2023, and that of November 3, 2023, who won?",
            ["2023-10-20", "2023-11-03"],
        ),
    ],
)
def test_dates(question: str, ranges: list[str]) -> None:
    assert mentioned_dates(question) == [_range(text) for text in ranges]


@pytest.mark.parametrize(
    "question",
    [
        "Who may come?",
        "Who will march on the 2nd?",
        "Who came on 3 May?",
        "Who came on 03/04/2015?",
        "Who paid for the 2015 people in room 1984?",
        "What did the 2010s bring, in 1,915 places?",
        "Who came on 31 February 2015?",
        "Which of the 340 million in 4500 lots?",
    ],
)
def test_no_dates(question: str) -> None:
    assert mentioned_dates(question) == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015", "2015-01-01", "2015-12-31"),
        (" 2016-02 ", "2016-02-01", "2016-02-29"),
        ("June 2015", "2015-06-01", "2015-06-30"),
        ("sept 2015", "2015-09-01", "2015-09-30"),
        ("1 June 2015", "2015-06-01", "2015-06-01"),
        ("June 1st, 2015", "2015-06-01", "2015-06-01"),
        ("2015-06-01", "2015-06-01", "2015-06-01"),
        ("31/12/2015", "2015-12-31", "2015-12-31"),
        ("31-12-2015", "2015-12-31", "2015-12-31"),
        ("2015/12/31", "2015-12-31", "2015-12-31"),
    ],
)
def test_days(text: str, first: str, last: str) -> None:
    assert days(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "31/13/2015",
        "03/04/2015",
        "2015-13",
        "2015-02-30",
        "2015-02-00",
        "0 May 2015",
        "June",
        "in 2015",
        "15",
        "",
        "9999",
    ],
)
def test_no_days(text: str) -> None:
    assert days(text) is None


@given(st.dates(date(1700, 1, 1), date(2150, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    for form in (f"{day.isoformat()}", f"{day.day} {day:%B %Y}", f"{day:%B} {day.day}, {day.year}"):
        assert days(form) == (day, day)
        assert mentioned_dates(f"What was said on {form}?") == [(day, day)]


@given(st.text(), st.lists(st.text(), max_size=4))
def test_any_text_is_taken(question: str, names: list[str]) -> None:
    assert set(mentioned_outlets(question, names)) <= set(names)
    assert set(mentioned_authors(question, names)) <= set(names)
    assert all(since <= until for since, until in mentioned_dates(question))


@given(st.sampled_from(OUTLETS))
def test_an_outlet_in_quotes_is_itself(outlet: str) -> None:
    assert mentioned_outlets(f"What does “{outlet}” say?", OUTLETS)[0] == outlet


def _range(text: str) -> tuple[date, date]:
    first, _, last = text.partition("/")
    since, until = days(first), days(last or first)
    assert since
    assert until
    return since[0], until[1]
