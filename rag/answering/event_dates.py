"""The day, month or year on which what a sentence tells happened, read from its own dates.

Relative dates ("on Tuesday", "last month") are counted from the article's. A date that tells
when something began, ends or is due, or that stands in a quotation, is not the event's.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rag.answering.prose import Prose
from rag.checking.cited_dates import Mention, mentions
from rag.schema import Article, printed_day
from rag.text.dates import Days
from rag.text.quotation_marks import quoted_spans
from rag.text.sentences import Span

_NOT_ITS = re.compile(  # before a date: when it began, ends, is due; or whose date it is
    r"\b(?:since|until|till|by|from|before|after|between|through|to|of|for|than|and|or|about|around"
    r"|as of|ending|ended|dated|prior to|ahead of|beyond|deadline|expires?|the)\s+"
    r"(?:(?:the|at least|late|early|mid|end of|week of|night of|morning of)[\s-]+)*$",
    re.IGNORECASE,
)
# Before a date in the same clause: it is of what is told beside the event.
_BESIDE = re.compile(
    r"\b(?:which|who|whom|whose|where|when|after|before|until|since|while|if|because"
    r"|(?<!say )(?<!says )(?<!said )(?<!told )(?<!announced )(?<!reported )(?<!confirmed )that)\b",
    re.IGNORECASE,
)
_IN_YEAR = re.compile(r"(?:^|\b(?:in|during|early|late|mid|year)[\s-]+(?:the\s+)?)$", re.IGNORECASE)
_BREAK = re.compile(r"[,;:–—]\s")
_LEADS = 3  # words; so early a date comes before its verb
_PLANNED = re.compile(
    r"\b(?:will|would(?:n['’]t)?|shall|is to|are to|was to|were to|due|expected"
    r"|scheduled|set to|plans?|planned"
    r"|may|might|could|can|if|next|coming|upcoming|slated|until|deadline|should)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"\b(?:earlier|this (?:year|month|week)|past|coming|today|tonight)\b", re.I)
_LABEL = re.compile(r"\s*(?::|[–—-]\s)\s*(?=\S)")
_OLDEST = 1800
_ANY_YEAR = 4  # stands for a year that is not known; a leap year


@dataclass(frozen=True, slots=True)
class Dated:
    """`article.text[start:end]` happened within `when`, which is a day, a month or a year.

    `source`: where the date stands, if not in these words. `is_label`: it stands before them as
    in a chronology. `is_planned`: they tell what was still to come.
    """

    start: int
    end: int
    when: Days
    source: Span | None = None
    is_label: bool = False
    is_planned: bool = False
    yearless: bool = False  # day and month alone are known

    @property
    def printed(self) -> str:
        """The date as text: "4 March 2024", "March 2024" or "2024"."""
        first, last = self.when
        if self.yearless:
            return f"{first.day} {first:%B}"
        if first == last:
            return printed_day(first)
        return f"{first:%B %Y}" if first.month == last.month else str(first.year)


def dated(article: Article, lines: list[Prose]) -> Iterator[Dated]:
    """Those of an article's sentences of which the date is certain, in reading order."""
    labelled: Dated | None = None
    paragraph = -1
    for line in lines:
        label = _label(article, line) if line.paragraph != paragraph else None
        if line.paragraph != paragraph:
            labelled, paragraph = label, line.paragraph
        if label:
            yield label
            continue
        over = _heading(article, line)
        context = labelled.when if labelled else over[0] if over else None
        own = _own(article, line, context)
        if own:
            yield own
        elif over and not labelled:
            yield Dated(line.start, line.end, over[0], source=over[1], is_label=True)


def _label(article: Article, line: Prose) -> Dated | None:
    """A sentence behind its date: "September 2024: Roe was indicted"."""
    words = article.text[line.start : line.end]
    first = next(iter(mentions(words, article.published)), None)
    if first is None or first.start > 0 or not (colon := _LABEL.match(words, first.end)):
        return None
    when = _meant(first, article.published, planned=False)
    if when is None:
        return None
    at = line.start + colon.end()
    return Dated(at, line.end, when, (line.start, line.start + first.end), is_label=True)


def _heading(article: Article, line: Prose) -> tuple[Days, Span] | None:
    """The date that stands alone over a sentence's paragraph."""
    if line.heading is None:
        return None
    start, end = line.heading
    words = article.text[start:end]
    found = mentions(words, None)
    if len(found) != 1 or re.search(r"[^\W_]", words[: found[0].start] + words[found[0].end :]):
        return None
    when = _meant(found[0], None, planned=False)
    of_article = when == (article.published, article.published)  # a line with the byline
    return (when, line.heading) if when and not of_article else None


def _own(article: Article, line: Prose, context: Days | None) -> Dated | None:
    """The sentence with the first of its dates that can be the event's."""
    words = article.text[line.start : line.end]
    quoted = [(a - line.start, b - line.start) for a, b in _quoted(article, line)]
    published = context[1] if context else article.published
    for item in mentions(words, published):
        if any(a <= item.start < b for a, b in quoted) or not _is_its(words, item):
            continue
        planned = _is_planned(words, item)
        when = _meant(item, published, planned=planned)
        if when is None and published is None:
            when = _in_any_year(item)
        if when is None or (context and not context[0] <= when[0] <= context[1]):
            continue
        late = published is not None and when[1] >= published
        yearless = when[0].year == _ANY_YEAR
        return Dated(line.start, line.end, when, is_planned=planned and late, yearless=yearless)
    return None


def _is_its(words: str, item: Mention) -> bool:
    """Whether a date may be that of what the sentence tells, not of something beside it."""
    before, behind = words[: item.start], words[item.end :]
    if _VAGUE.search(item.text) or _NOT_ITS.search(before) or behind.startswith(("'", "’")):
        return False
    if item.text.isdecimal() and not _IN_YEAR.search(before):
        return False
    return not _BESIDE.search(_BREAK.split(before)[-1])


def _is_planned(words: str, item: Mention) -> bool:
    """Whether the clause that the date stands in tells what is still to come."""
    before = _BREAK.split(words[: item.start])[-1]
    behind = _BREAK.split(words[item.end :])[0]
    leads = len(before.split()) <= _LEADS
    return bool(_PLANNED.search(before) or (leads and _PLANNED.search(behind)))


def _in_any_year(item: Mention) -> Days | None:
    """The day and month of a date whose year nothing tells."""
    if not item.day:
        return None
    try:
        day = date(_ANY_YEAR, item.month, item.day)
    except ValueError:
        return None
    return day, day


def _quoted(article: Article, line: Prose) -> list[Span]:
    return quoted_spans(article.text, line.start, line.end)


def _meant(item: Mention, published: date | None, *, planned: bool) -> Days | None:
    """The one day, month or year that a date means; None where that is not certain."""
    whole = [days for days in item.meant if _is_whole(days) and days[0].year >= _OLDEST]
    if len(whole) != len(item.meant) or not whole:
        return None
    if len(whole) == 1 or published is None:
        return whole[0] if len(whole) == 1 else None
    past = [days for days in whole if days[0] <= published]
    future = [days for days in whole if days[1] >= published]
    if planned:
        return min(future, default=None)
    return max(past, default=None)


def _is_whole(days: Days) -> bool:
    """Whether it is one day, one month or one year."""
    first, last = days
    ends = last.day == calendar.monthrange(last.year, last.month)[1]
    month = first.day == 1 and ends and (first.year, first.month) == (last.year, last.month)
    year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    return first == last or month or (year and first.year == last.year)
