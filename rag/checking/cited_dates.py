"""Dates in a sentence and in the passages it cites, whatever form they are printed in.

"On Friday", "yesterday" and "last month" are read against the day on which the article was
published. A date is a range of days: a day, a week, a month or a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rag.text import lexicon
from rag.text.dates import (
    MONTH,
    MONTHS,
    NTH,
    WEEKDAYS,
    WHEN,
    Days,
    days,
    days_of_month,
    month_number,
)
from rag.text.words import fold

_NUMBERS = {"a": 1, "an": 1, **lexicon.numbers("numbers", "units")}
_FULL = re.compile(WHEN, re.IGNORECASE)
_DAY = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}}){NTH}(?:\s+of)?[\s-](?P<m1>{MONTH})\b"
    rf"|(?P<m2>{MONTH})\b\.?\s+(?P<d2>\d{{1,2}}){NTH}(?![\d:,]*\d|\s*(?:%|per\s?cent|per\b)))",
    re.IGNORECASE,
)
# Two days of one month: "between 7 and 11 January", "Jan. 7-11".
_TWO_DAYS = re.compile(
    rf"\b(?P<d1>\d{{1,2}})(?=\s*(?:and|to|or|[-–])\s*\d{{1,2}}{NTH}(?:\s+of)?\s+(?P<m1>{MONTH})\b)"
    rf"|\b(?P<m2>{MONTH})\b\.?\s+\d{{1,2}}{NTH}\s*(?:and|to|or|[-–])\s*(?P<d2>\d{{1,2}})\b",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(
    r"\b(?:(?P<which>last|this|next|early|late|mid|of|in|since|until|by|from|to|and|during)[\s-]+)"
    rf"(?P<m>{'|'.join(month.capitalize() for month in MONTHS)})"
    r"\b"
)
_WEEKDAY = re.compile(rf"\b(?:(?P<which>last|next|this)\s+)?(?P<w>{'|'.join(WEEKDAYS)})s?\b", re.I)
_RELATIVE = re.compile(
    r"\b(?:(?P<day>yesterday|tomorrow|today|tonight)"
    r"|(?P<which>last|this|next|past|coming)\s+(?P<unit>week|month|year)"
    rf"|(?P<n>{'|'.join(_NUMBERS)}|\d{{1,2}})\s+"
    r"(?P<ago>day|week|month|year)s?\s+(?P<when>ago|earlier))\b",
    re.IGNORECASE,
)
_NO_YEAR_BEFORE = re.compile(r"[$£€¥#]\s*$|[\d][.,]$|\bNo\.?\s*$")
_NO_YEAR_BEHIND = re.compile(
    r"[.,]\d|\s*(?:%|per\s?cent|(?:people|dollars|euros|pounds|men|women|troops|soldiers|jobs|"
    r"miles|kilomet|metres|meters|feet|tons|tonnes|times|homes|workers|employees)\b)"
)


_VAGUE = frozenset("today tonight this past coming".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A date that a text prints: the ranges of days it may mean, or its day and month alone."""

    text: str
    start: int
    end: int
    meant: tuple[Days, ...]  # empty: the year is unknown
    month: int = 0  # of a date printed without a year: as a claim it is compared without one
    day: int = 0
    relative: bool = False  # "on Friday", "last month"


def mentions(text: str, published: date | None) -> tuple[Mention, ...]:
    """Every date in `text`, in order; relative ones counted from `published`."""
    found: list[Mention] = []
    for find in (_full, _days_of_months, _other_days, _months, _weekdays, _relative):
        for item in find(text, published):
            if not any(item.start < other.end and other.start < item.end for other in found):
                found.append(item)
    return tuple(sorted(found, key=lambda item: item.start))


def without(text: str, found: Sequence[Mention]) -> str:
    """`text` with the dates blanked out, so that "27 September" gives no figure 27."""
    for item in found:
        text = text[: item.start] + ";" * (item.end - item.start) + text[item.end :]
    return text


def wrong_dates(claimed: Sequence[Mention], evidence: Sequence[Mention]) -> Iterator[str]:
    """The dates of a sentence that those of the passages do not bear out, as reasons."""
    for claim in claimed:
        if not any(bears_out(claim, item) for item in evidence):
            if not claim.relative:
                yield f"the date {claim.text} is not in the cited text"
            elif claim.text.split()[0].lower() not in _VAGUE and claim.text[-7:] != "earlier":
                yield f"“{claim.text}” is not in the cited text"


def bears_out(claim: Mention, item: Mention) -> bool:
    """Whether a date of a passage may be the claimed one."""
    if fold(claim.text) == fold(item.text):
        return True
    if claim.month:
        return _same_day_of_year(claim, item)
    if claim.relative:
        return any(a[0] <= b[1] and b[0] <= a[1] for a in claim.meant for b in item.meant)
    if not item.meant:
        return bool(item.month) and any(_on(first, last, item) for first, last in claim.meant)
    return any(a[0] <= b[0] and b[1] <= a[1] for a in claim.meant for b in item.meant)


def _same_day_of_year(claim: Mention, item: Mention) -> bool:
    if item.month:
        return claim.month == item.month and claim.day in (0, item.day)
    return any(
        first.month == last.month == claim.month
        and (claim.day == 0 or first == last and first.day == claim.day)
        for first, last in item.meant
    )


def _on(first: date, last: date, item: Mention) -> bool:
    """Whether the day and month of `item`, its year unknown, may be `first` to `last`."""
    whole_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    same = first.month == last.month == item.month
    return not whole_year and same and (first != last or first.day == item.day)


def _full(text: str, published: date | None) -> Iterator[Mention]:
    for match in _FULL.finditer(text):
        year = match[0].isdecimal()
        if year and (
            _NO_YEAR_BEFORE.search(text[max(0, match.start() - 4) : match.start()])
            or _NO_YEAR_BEHIND.match(text, match.end())
        ):
            continue
        if meant := days(match[0]):
            yield Mention(match[0], *match.span(), (meant,))


def _days_of_months(text: str, published: date | None) -> Iterator[Mention]:
    for match in _DAY.finditer(text):
        name, day = match["m1"] or match["m2"], int(match["d1"] or match["d2"])
        if name[0].isupper() and 1 <= day <= 31:
            yield _day_of_year(match[0], match.span(), month_number(name), day, published)


def _other_days(text: str, published: date | None) -> Iterator[Mention]:
    """The day of a pair that stands apart from its month."""
    for match in _TWO_DAYS.finditer(text):
        name, which = match["m1"] or match["m2"], "d1" if match["d1"] else "d2"
        if name[0].isupper() and 1 <= int(match[which]) <= 31:
            month, day = month_number(name), int(match[which])
            yield _day_of_year(match[which], match.span(which), month, day, published)


def _day_of_year(
    text: str, span: tuple[int, int], month: int, day: int, published: date | None
) -> Mention:
    near = _nearest(published, month, day) if published else None
    return Mention(text, *span, ((near, near),) if near else (), month, day)


def _months(text: str, published: date | None) -> Iterator[Mention]:
    for match in _MONTH_ALONE.finditer(text):
        month = month_number(match["m"])
        years = (published.year - 1, published.year, published.year + 1) if published else ()
        which = (match["which"] or "").lower()
        meant = tuple(
            days
            for days in (days_of_month(year, month) for year in years)
            if published and not (which == "last" and days[0] > published)
            if not (which == "next" and days[1] < published)
        )
        yield Mention(match["m"], match.start("m"), match.end("m"), meant, month)


def _weekdays(text: str, published: date | None) -> Iterator[Mention]:
    for match in _WEEKDAY.finditer(text):
        if not match["w"][0].isupper():
            continue
        which = (match["which"] or "").lower()
        meant: tuple[Days, ...] = ()
        if published:
            back = (published.weekday() - WEEKDAYS.index(match["w"].lower())) % 7
            before = published - timedelta(days=back)
            shifts = {"last": (0, -7), "next": (7, 14)}.get(which, (0, 7))
            meant = tuple((before + timedelta(days=n),) * 2 for n in shifts)
        yield Mention(match[0], *match.span(), meant, relative=True)


def _relative(text: str, published: date | None) -> Iterator[Mention]:
    for match in _RELATIVE.finditer(text):
        meant = (_counted(match, published),) if published else ()
        yield Mention(match[0], *match.span(), meant, relative=True)


def _counted(match: re.Match[str], published: date) -> Days:
    if match["day"]:
        shift = {"yesterday": -1, "tomorrow": 1}.get(match["day"].lower(), 0)
        return (published + timedelta(days=shift),) * 2
    if match["ago"]:
        number = match["n"].lower()
        return _ago(
            _NUMBERS[number] if number in _NUMBERS else int(number), match["ago"], published
        )
    step = {"last": -1, "next": 1}.get(match["which"].lower(), 0)
    unit = match["unit"].lower()
    if unit == "week":
        first = published + timedelta(days=7 * step - published.weekday())
        return first, first + timedelta(days=6)
    if unit == "year":
        return date(published.year + step, 1, 1), date(published.year + step, 12, 31)
    month = published.month - 1 + step
    return days_of_month(published.year + month // 12, month % 12 + 1)


def _ago(number: int, unit: str, published: date) -> Days:
    if unit.lower() in ("day", "week"):
        size = 1 if unit.lower() == "day" else 7
        around = published - timedelta(days=number * size)
        return around - timedelta(days=size // 2), around + timedelta(days=size // 2)
    if unit.lower() == "year":
        return date(published.year - number, 1, 1), date(published.year - number, 12, 31)
    month = published.month - 1 - number
    return days_of_month(published.year + month // 12, month % 12 + 1)


def _nearest(published: date, month: int, day: int) -> date | None:
    """The day of the year nearest to `published`; None for 31 June."""
    found = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return min(found, key=lambda one: abs(one - published), default=None)
