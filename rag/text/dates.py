"""Dates as articles print them. A date that can be read two ways is no date."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rag.text import lexicon
from rag.text.translated import month_forms

DATE_FORMS = "2015, 2015-06, 2015-06-01, June 2015 or 1 June 2015"  # what `days` reads


def _any_of(key: str) -> str:
    """A pattern of every name and abbreviation of a list of the calendar."""
    return f"(?:{'|'.join(word for line in lexicon.groups('calendar', key) for word in line)})"


MONTHS = tuple(line[0] for line in lexicon.groups("calendar", "months"))
WEEKDAYS = tuple(line[0] for line in lexicon.groups("calendar", "weekdays"))
CALENDAR = frozenset((*MONTHS, *WEEKDAYS))
MONTH = _any_of("months")
WEEKDAY = rf"(?:{_any_of('weekdays')}\b\.?)"
NTH = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:1[6-9]|2[01])\d\d"
# In other languages: "6. März 2024", "1er mars 2024", "3 de marzo de 2024". What English spells the
# same counts only where no English sentence can end before it.
_OTHERS = {unicodedata.normalize("NFC", name): number for name, number in month_forms().items()}
_OTHER_MONTH = f"(?:{'|'.join(sorted(_OTHERS.keys() - set(MONTHS)))})"
_FOREIGN_DAYS = (
    rf"\d{{1,2}}(?:er|[.º°])?\s+(?:de\s+)?{_OTHER_MONTH}\b,?\s+(?:del?\s+)?\d{{4}}\b"
    r"(?:\s(?:г|год[ау]?|р|року|r)\b\.?)?"  # "7 мая 2019 г."
    rf"|\d{{4}}\.?\s+{_OTHER_MONTH}\s+\d{{1,2}}\b\.?"  # "2022. április 4."
    rf"|(?<=, )\d{{1,2}}\.\s+(?:{'|'.join(sorted(_OTHERS.keys() & set(MONTHS)))})\s+\d{{4}}$"
    rf"|(?:^|(?<=\bam )|(?<=\bden )|(?<=\bvom ))\d{{1,2}}\.\s+"
    rf"(?:{'|'.join(sorted(_OTHERS.keys() & set(MONTHS)))})\s+\d{{4}}\b"
)
_DAY_FORMS = (
    r"(?:\d{4}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)\d{1,2}(?=T\d|\b(?![-/.]\d))"
    r"|\d{1,2}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)\d{4}\b(?![-/.]\d)"
    rf"|\b{MONTH}\b\.?\s+\d{{1,2}}{NTH},?\s+\d{{4}}\b"
    rf"|\d{{1,2}}{NTH}(?:\s+of)?[\s-]{MONTH}\b\.?,?[\s-]\d{{4}}\b|{_FOREIGN_DAYS})"
)
_MONTH_FORMS = rf"(?:\d{{4}}-\d{{1,2}}(?![\w-])|\b{MONTH}\b\.?,?(?:\s+of)?\s+\d{{4}}\b)"
# A date of any precision: a day, a month or a year. `days` reads what this finds.
WHEN = rf"(?:{_DAY_FORMS}|{_MONTH_FORMS}|\b{_YEAR}\b)"
_DAY = re.compile(rf"(?<![\w./-]){_DAY_FORMS}", re.IGNORECASE)
_DAY_OR_MONTH = re.compile(rf"(?<![\w./-]){_DAY_FORMS}|(?<![\w/-]){_MONTH_FORMS}", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?")
_LAST_DAY = 31
Days = tuple[date, date]  # first and last day, both included


@dataclass(frozen=True, slots=True)
class Found:
    """A date's place in a line; `date` is None where day and month cannot be told apart."""

    start: int
    end: int
    date: date | None


def find_dates(text: str) -> Iterator[Found]:
    """Every full date (day, month and year) that `text` prints, in order."""
    for match in _DAY.finditer(text):
        read = _read(match[0])
        yield Found(match.start(), match.end(), read[0] if read else None)


def parse_date(value: object) -> date | None:
    """Date of a metadata field: a date, a datetime, or a text that holds exactly one date."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if not isinstance(value, str):
        return None
    if compact := _COMPACT.fullmatch(value.strip()):
        return _date(*map(int, compact.groups()))
    found = {item.date for item in find_dates(value[:200])}
    return found.pop() if len(found) == 1 else None


def two_ways(value: object) -> str | None:
    """The date in a text field, as printed, if day and month cannot be told apart in it."""
    found = list(find_dates(value[:200])) if isinstance(value, str) else []
    if len(found) != 1 or found[0].date is not None or not isinstance(value, str):
        return None
    return value[found[0].start : found[0].end]


def days(text: str) -> Days | None:
    """First and last day of a date such as "2015", "2015-06", "June 2015", "1 June 2015".

    None for anything else, also for a date that can be read two ways.
    """
    text = text.strip()
    return _read(text) if re.fullmatch(WHEN, text, re.IGNORECASE) else None


def _read(printed: str) -> Days | None:
    """The days of what `WHEN` finds, by its figures and the month's name, if it has one."""
    figures = [int(figure) for figure in re.findall(r"\d+", printed)]
    if name := re.search(r"[^\W\d_]{3,}", printed):
        year_first = len(figures) > 1 and figures[0] > _LAST_DAY
        year = figures.pop(0 if year_first else -1)
        return _days_of(year, month_number(name[0]), *figures)
    if re.match(r"\d{4}", printed):
        return _days_of(*figures)
    first, second, year = figures
    readings = {_days_of(year, second, first)}
    if "." not in printed:  # nowhere does the month come first before a dot
        readings.add(_days_of(year, first, second))
    readings.discard(None)
    return readings.pop() if len(readings) == 1 else None


def _days_of(year: int, month: int | None = None, day: int | None = None) -> Days | None:
    if month is None:
        return _range(year, 1, year, 12)
    if day is None:
        return _range(year, month, year, month)
    found = _date(year, month, day)
    return (found, found) if found else None


def month_number(name: str) -> int:
    """1 to 12, of a month's name or abbreviation; in another language of its full name."""
    if known := _OTHERS.get(name.lower()):
        return known
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name[:3].lower()))


def days_of_month(year: int, month: int) -> Days:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1600 <= year <= 2200 else None
    except ValueError:
        return None


# --- dates that a question mentions

_Found = tuple[int, int, Days | None]
_TO = r"\s*(?:-|–|—|\b(?:to|and|until|till|through)\b)\s*"
_SPAN = re.compile(
    rf"""(?<![\w.,/-])(?:
      (?P<d1>\d{{1,2}}){NTH}(?:\s+(?P<m1>{MONTH})\.?)?{_TO}
      (?P<d2>\d{{1,2}}){NTH}\s+(?P<m2>{MONTH})\.?,?\s+(?P<y>{_YEAR})\b
    | (?P<m3>{MONTH})\.?\s+(?P<d3>\d{{1,2}}){NTH}{_TO}
      (?:(?P<m4>{MONTH})\.?\s+)?(?P<d4>\d{{1,2}}){NTH},?\s+(?P<y4>{_YEAR})\b
    | (?P<m5>{MONTH}){_TO}(?P<m6>{MONTH})\.?,?\s+(?P<y6>{_YEAR})\b
    | (?P<y7>{_YEAR})\s*[-–—]\s*(?P<y8>{_YEAR})\b(?!-)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_FROM_TO = re.compile(rf"\b(?:between|from)\s+(?P<a>{WHEN}),?{_TO}(?P<b>{WHEN})", re.IGNORECASE)
_YEAR_ALONE = re.compile(
    r"\b(?:(?:in|during|throughout|of|from|for|year|early|late|mid)[\s-]+(?:the\s+year\s+)?"
    rf"(?P<y>{_YEAR})\b(?![-/.,]\d)"
    rf"|(?P<y2>{_YEAR})(?=\s+(?:articles?|reports?|story|stories|interviews?|columns?)\b))",
    re.IGNORECASE,
)


def _spans(text: str) -> Iterator[_Found]:
    """From a date to another: "3-5 June 2015", "between March and May 2015", "2014–2016"."""
    for match in _FROM_TO.finditer(text):
        first, last = days(match["a"]), days(match["b"])
        if first and last and first[0] <= last[1]:
            yield match.start(), match.end(), (first[0], last[1])
    for match in _SPAN.finditer(text):
        if given := _span(match):
            yield match.start(), match.end(), given


def _span(match: re.Match[str]) -> Days | None:
    if match["y7"]:
        return _range(int(match["y7"]), 1, int(match["y8"]), 12)
    if match["y6"]:
        first, last, year = month_number(match["m5"]), month_number(match["m6"]), int(match["y6"])
        return _range(year - (first > last), first, year, last)
    year = int(match["y"] or match["y4"])
    last = month_number(match["m2"] or match["m4"] or match["m3"])
    first = month_number(match["m1"] or match["m3"] or match["m2"])
    begins, ends = int(match["d1"] or match["d3"]), int(match["d2"] or match["d4"])
    try:
        since, until = date(year - (first > last), first, begins), date(year, last, ends)
    except ValueError:
        return None
    return (since, until) if since <= until else None


def _days_and_months(text: str) -> Iterator[_Found]:
    for match in _DAY_OR_MONTH.finditer(text):
        yield match.start(), match.end(), _read(match[0])


def _years(text: str) -> Iterator[_Found]:
    for match in _YEAR_ALONE.finditer(text):
        year = int(match["y"] or match["y2"])
        yield match.start(), match.end(), _range(year, 1, year, 12)


def _range(year: int, month: int, last_year: int, last_month: int) -> Days | None:
    """Every day of these months, both included; None if that is no range."""
    try:
        first, last = days_of_month(year, month)[0], days_of_month(last_year, last_month)[1]
    except ValueError:
        return None
    return (first, last) if first <= last and 1600 <= first.year <= last.year <= 2200 else None


def mentioned_dates(question: str) -> list[Days]:
    """Days, months and years that the question gives, in its order, as ranges of days.

    A year counts behind "in", "during", "from" and the like, or before "article". A day without
    a year, or one that can be read two ways, does not count.
    """
    found: list[tuple[int, Days]] = []
    rest = question
    for find in (_spans, _days_and_months, _years):
        taken = list(find(rest))
        found += [(start, given) for start, _, given in taken if given]
        for start, end, _ in taken:
            rest = rest[:start] + "\n" * (end - start) + rest[end:]
    return list(dict.fromkeys(given for _, given in sorted(found)))
