"""Dates as articles print them. A date that can be read two ways is no date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?)"
_ORDER = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    rf"""(?<![\w./-])(?:
      (?P<y1>\d{{4}})(?P<sep>[-/.])(?P<m1>\d{{1,2}})(?P=sep)(?P<d1>\d{{1,2}})(?=T\d|\b(?![-/.]\d))
    | (?P<b2>{MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})\b
    | (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-](?P<b3>{MONTH})\b\.?,?[\s-](?P<y3>\d{{4}})\b
    | (?P<n4>\d{{1,2}})(?P<sep4>[-/.])(?P<k4>\d{{1,2}})(?P=sep4)(?P<y4>\d{{4}})\b(?![-/.]\d)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?")


@dataclass(frozen=True, slots=True)
class Found:
    """A date's place in a line; `date` is None where day and month cannot be told apart."""

    start: int
    end: int
    date: date | None


def find_dates(text: str) -> Iterator[Found]:
    """Every full date (day, month and year) that `text` prints, in order."""
    for match in _DATE.finditer(text):
        yield Found(match.start(), match.end(), _read(match))


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


def _read(match: re.Match[str]) -> date | None:
    if match["y1"]:
        return _date(int(match["y1"]), int(match["m1"]), int(match["d1"]))
    if match["b2"]:
        return _date(int(match["y2"]), _month(match["b2"]), int(match["d2"]))
    if match["b3"]:
        return _date(int(match["y3"]), _month(match["b3"]), int(match["d3"]))
    year, first, second = int(match["y4"]), int(match["n4"]), int(match["k4"])
    readings = {_date(year, second, first)}
    if match["sep4"] != ".":  # nowhere does the month come first before a dot
        readings.add(_date(year, first, second))
    readings.discard(None)
    return readings.pop() if len(readings) == 1 else None


def _month(name: str) -> int:
    return _ORDER.index(name[:3].lower()) + 1


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1600 <= year <= 2200 else None
    except ValueError:
        return None
