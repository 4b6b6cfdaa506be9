"""Outlets, authors and dates that a question names. Pure functions; nothing here is searched."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rag.articles.dates import MONTH, find_dates
from vectorstore.selecting import people, plain, short_outlets

Days = tuple[date, date]  # first and last day, both included

# A date of any precision: a day, a month or a year. `days` reads what this finds.
WHEN = (
    r"(?:\d{4}-\d{1,2}(?:-\d{1,2})?(?![\w-])|\d{1,2}[./]\d{1,2}[./]\d{4}\b"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s-]{MONTH}\b\.?,?[\s-]\d{{4}}\b"
    rf"|\b{MONTH}\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b"
    rf"|\b{MONTH}\b\.?,?(?:\s+of)?\s+\d{{4}}\b|\b(?:1[6-9]|2[01])\d\d\b)"
)

_TOKEN = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s'’&.!|/:–—-]{0,4}")  # what may stand between two words of a name
_BROADCASTER = re.compile(r"([A-Z]{3,5}) News")
# A capital behind one of these, at the start of a sentence, begins a name; it does not go on.
_OPENERS = frozenset(
    (
        "according after and are as at before between both by can considering could did do does "
        "during following for from has have how if in is of on per since the to unlike was were "
        "what when where whether which while who whose why with would"
    ).split()
)
_OUTLETS_OWN = frozenset("article articles column magazine news online report reports".split())
_SAYS = frozenset(
    (
        "article articles claimed claims describes described magazine or piece report "
        "reported reports s said says story suggested suggests writes wrote"
    ).split()
)
_WRITES = frozenset("argued argues reported reports writes wrote".split())
_WRITTEN = frozenset(
    (
        "analysis article articles authored column columns editorial essay interview opinion "
        "piece report reported review story written"
    ).split()
)


def mentioned_outlets(question: str, outlets: Sequence[str]) -> tuple[str, ...]:
    """Those of `outlets` that the question names, in its order, spelt as in `outlets`.

    A name of one common word counts only with a capital ("Wired", not "wired"); "The" may be
    left out; of "CNBC | World Business News" the first part is enough. A part of another, longer
    name does not count ("Time Warner").
    """
    return _mentioned(question, _outlet_forms(tuple(outlets)), _names_outlet)


def mentioned_authors(question: str, authors: Sequence[str]) -> tuple[str, ...]:
    """Those of `authors` of whom the question names one, spelt as in `authors`.

    A surname alone counts only where it is said to have written: "article by Roe", "Roe's column".
    """
    return _mentioned(question, _author_forms(tuple(authors)), _names_author)


def mentioned_dates(question: str) -> list[Days]:
    """Days, months and years that the question gives, in its order, as ranges of days.

    A year counts behind "in", "during", "from" and the like, or before "article". A day without
    a year, or one that can be read two ways, does not count.
    """
    found: list[tuple[int, Days]] = []
    rest = question
    for find in (_spans, _full_days, _months, _years):
        taken = list(find(rest))
        found += [(start, given) for start, _, given in taken if given]
        for start, end, _ in taken:
            rest = rest[:start] + "\n" * (end - start) + rest[end:]
    return list(dict.fromkeys(given for _, given in sorted(found)))


def days(text: str) -> Days | None:
    """First and last day of a date such as "2015", "2015-06", "June 2015", "1 June 2015".

    None for anything else, also for a date that can be read two ways.
    """
    text = text.strip()
    if not re.fullmatch(WHEN, text, re.IGNORECASE):
        return None
    whole = [item.date for item in find_dates(text)]
    if whole:
        return (whole[0], whole[0]) if whole[0] else None
    if found := next(_months(text), None):
        return found[2]
    return _range(int(text), 1, int(text), 12) if text.isdecimal() else None


# --- names


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of the question, `question[start:end]`."""

    text: str
    plain: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        return not self.text[0].islower()


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a name."""

    words: tuple[str, ...]  # plain
    name: str
    exact: str = ""  # counts in these very letters alone
    camel: bool = False  # no common word in whatever case: "TechCrunch"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a form stands in the question: `words[first:last]`."""

    question: str
    words: Sequence[_Word]
    first: int
    last: int

    @property
    def content(self) -> Sequence[_Word]:
        """The name's words without a leading "the"."""
        found = self.words[self.first : self.last]
        return found[1:] if len(found) > 1 and found[0].plain == "the" else found

    def word(self, at: int) -> str:
        """The plain word `at` places behind the form (0: the next) or before it (-1)."""
        there = self.last + at if at >= 0 else self.first + at
        return self.words[there].plain if 0 <= there < len(self.words) else ""

    @property
    def opens(self) -> bool:
        """Whether a sentence begins here, and a capital therefore says nothing."""
        return self.first == 0 or bool(re.search(r"[.?!]\s*$", self._before(self.first)))

    @property
    def in_longer_name(self) -> bool:
        """Whether a capitalised word right before or behind makes it another name."""
        before = self.words[self.first - 1] if self.first else None
        if before and before.capital and self._before(self.first) == " ":
            opener = _Place(self.question, self.words, self.first - 1, self.first).opens
            if not (opener and before.plain in _OPENERS):
                return True
        if self.last == len(self.words) or self._before(self.last) not in (" ", "-"):
            return False
        behind = self.words[self.last]
        return behind.capital and behind.text.isalpha() and behind.plain not in _OUTLETS_OWN

    def _before(self, at: int) -> str:
        """What stands between the word `at` and the one before it."""
        start = self.words[at - 1].end if at else 0
        return self.question[start : self.words[at].start]

    @property
    def fits(self) -> bool:
        """Whether no more than spaces and the signs of a name stand between its words."""
        return all(_GAP.fullmatch(self._before(at)) for at in range(self.first + 1, self.last))

    @property
    def cased(self) -> bool:
        """Whether it has the capital of a name, or the question has no capitals at all."""
        return self.content[0].capital or not any(word.capital for word in self.words[1:])


_Forms = dict[str, list[_Form]]  # by first word, the longest first


def _mentioned(
    question: str, forms: _Forms, counts: Callable[[_Form, _Place], bool]
) -> tuple[str, ...]:
    question = unicodedata.normalize("NFC", question)
    words = [_Word(m[0], plain(m[0]), *m.span()) for m in _TOKEN.finditer(question)]
    folded = tuple(word.plain for word in words)
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        taken = 0
        for form in forms.get(folded[at], ()):
            size = len(form.words)
            if size < taken or folded[at : at + size] != form.words:
                continue
            place = _Place(question, words, at, at + size)
            if place.fits and counts(form, place):
                found[form.name], taken = None, size
        at += taken or 1
    return tuple(found)


def _names_outlet(form: _Form, place: _Place) -> bool:
    content = place.content
    if form.camel:
        return True
    if form.exact:
        return content[0].text == form.exact and not place.in_longer_name
    if len(content) > 1:
        return place.cased
    if not content[0].capital or place.in_longer_name:
        return False
    if place.last - place.first > 1:  # with "the": The Age, but not The Age of Reason
        return place.word(0) != "of"
    return not place.opens or place.word(0) in _SAYS


def _names_author(form: _Form, place: _Place) -> bool:
    if len(form.words) > 1:
        return place.cased
    if not place.content[0].capital or place.in_longer_name:
        return False
    if place.word(-1) == "by" and place.word(-2) in _WRITTEN:
        return True
    return place.word(0) in _WRITES or (place.word(0) == "s" and place.word(1) in _WRITTEN)


@lru_cache(maxsize=4)
def _outlet_forms(outlets: tuple[str, ...]) -> _Forms:
    return _by_first_word(form for name in outlets for form in _ways_to_write(name))


def _ways_to_write(outlet: str) -> Iterator[_Form]:
    short = short_outlets(outlet)
    for text in dict.fromkeys((outlet, *short)):
        words = _words(text)
        camel = bool(re.search(r"[a-z][A-Z]", text)) and " " not in text
        yield _Form(words, outlet, camel=camel)
        if len(words) > 1 and words[0] == "the":
            yield _Form(words[1:], outlet, camel=camel)
    if match := _BROADCASTER.match(short[0]):
        yield _Form((plain(match[1]),), outlet, exact=match[1])


@lru_cache(maxsize=4)
def _author_forms(authors: tuple[str, ...]) -> _Forms:
    return _by_first_word(
        _Form(words, author)
        for author in authors
        for name in people(author)
        for words in {_words(name), _words(name)[-1:]}
    )


def _by_first_word(forms: Iterable[_Form]) -> _Forms:
    found: _Forms = {}
    for form in dict.fromkeys(forms):
        if form.words:
            found.setdefault(form.words[0], []).append(form)
    for listed in found.values():
        listed.sort(key=lambda form: -len(form.words))
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(plain(word) for word in _TOKEN.findall(unicodedata.normalize("NFC", text)))


# --- dates: each finder yields (start, end, days); days of None: looked like a date and is none

_Found = tuple[int, int, Days | None]
_NTH = r"(?:st|nd|rd|th)?"
_TO = r"\s*(?:-|–|—|\b(?:to|and|until|till|through)\b)\s*"
_YEAR = r"(?:1[6-9]|2[01])\d\d"
_SPAN = re.compile(
    rf"""(?<![\w.,/-])(?:
      (?P<d1>\d{{1,2}}){_NTH}(?:\s+(?P<m1>{MONTH})\.?)?{_TO}
      (?P<d2>\d{{1,2}}){_NTH}\s+(?P<m2>{MONTH})\.?,?\s+(?P<y>{_YEAR})\b
    | (?P<m3>{MONTH})\.?\s+(?P<d3>\d{{1,2}}){_NTH}{_TO}
      (?:(?P<m4>{MONTH})\.?\s+)?(?P<d4>\d{{1,2}}){_NTH},?\s+(?P<y4>{_YEAR})\b
    | (?P<m5>{MONTH}){_TO}(?P<m6>{MONTH})\.?,?\s+(?P<y6>{_YEAR})\b
    | (?P<y7>{_YEAR})\s*[-–—]\s*(?P<y8>{_YEAR})\b(?!-)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_FROM_TO = re.compile(rf"\b(?:between|from)\s+(?P<a>{WHEN}),?{_TO}(?P<b>{WHEN})", re.IGNORECASE)
_MONTH_YEAR = re.compile(
    rf"(?<![\w/-])(?:(?P<y1>{_YEAR})-(?P<n1>0?[1-9]|1[0-2])(?![\w-])"
    rf"|(?P<m2>{MONTH})\b\.?,?(?:\s+of)?\s+(?P<y2>{_YEAR})\b)",
    re.IGNORECASE,
)
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
        first, last, year = _month(match["m5"]), _month(match["m6"]), int(match["y6"])
        return _range(year - (first > last), first, year, last)
    year = int(match["y"] or match["y4"])
    last = _month(match["m2"] or match["m4"] or match["m3"])
    first = _month(match["m1"] or match["m3"] or match["m2"])
    begins, ends = int(match["d1"] or match["d3"]), int(match["d2"] or match["d4"])
    try:
        since, until = date(year - (first > last), first, begins), date(year, last, ends)
    except ValueError:
        return None
    return (since, until) if since <= until else None


def _full_days(text: str) -> Iterator[_Found]:
    for item in find_dates(text):
        yield item.start, item.end, (item.date, item.date) if item.date else None


def _months(text: str) -> Iterator[_Found]:
    for match in _MONTH_YEAR.finditer(text):
        year = int(match["y1"] or match["y2"])
        month = int(match["n1"]) if match["n1"] else _month(match["m2"])
        yield match.start(), match.end(), _range(year, month, year, month)


def _years(text: str) -> Iterator[_Found]:
    for match in _YEAR_ALONE.finditer(text):
        year = int(match["y"] or match["y2"])
        yield match.start(), match.end(), _range(year, 1, year, 12)


def _range(year: int, month: int, last_year: int, last_month: int) -> Days | None:
    """Every day of these months, both included; None if the last comes before the first."""
    if (year, month) > (last_year, last_month):
        return None
    last_day = calendar.monthrange(last_year, last_month)[1]
    return date(year, month, 1), date(last_year, last_month, last_day)


def _month(name: str) -> int:
    return _ORDER.index(name[:3].lower()) + 1


_ORDER = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
