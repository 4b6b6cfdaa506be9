"""Author, outlet and date of a line that holds nothing else."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from rag.articles.drafts import Meta
from rag.articles.labels import label_of
from rag.articles.personal_names import (
    BOTH,
    is_agency,
    is_name,
    is_outlet,
    is_role,
    is_single_name,
    split_names,
    tidy_name,
)
from rag.text import lexicon
from rag.text.dates import MONTH, WEEKDAY, find_dates, parse_date, two_ways

_LONGEST = 160  # characters


def _any(*keys: str) -> str:
    """A pattern of the words that stand in bylines, the longest first."""
    known = {word for key in keys for word in lexicon.words("bylines", key)}
    longest_first = sorted(known, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\-", r"\s+") for word in longest_first)


_TIME = re.compile(
    r"(?:\b(?:à|um|om|às|alle|a las|kl\.?)\s+)?"
    r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s(?:uhr|uur|h)\b)?(?:\s*[ap]\.?m\b\.?)?(?:\s*(?:[A-Z]{2,4}T|GMT|UTC|MSK|Z)\b)?"
    r"|\b\d{1,2}\s*[ap]\.?m\b\.?",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"\b(?:first |last |originally )?(?:published|posted|updated|modified|dated?|added|created)"
    rf"(?: on| at)?\b(?! by\b):?|\bon$|^at$|(?:^|(?<=\s))(?:{_any('published', 'updated')})\s*:?$",
    re.IGNORECASE,
)
_UPDATED = re.compile(rf"(?<!\w)(?:{_any('updated')})(?!\w)[^|]{{0,12}}$", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*[|•·>()\[\]]\s*|\s*/\s+|\s*/$|\s+[-–—]+\s+|(?<=\w{3})\.\s+|(?<=\w)\s+(?=by\s+[A-Z])"
)
_BY = re.compile(
    r"(?:(?P<what>story|words|text|report(?:ed|ing)?|written|posted|published|analysis|comment|"
    r"opinion|column|interview|review|editorial|commentary)\s+)?by:?\s+"
    r"|(?:authors?|byline|words|text|writers?):\s*",
    re.IGNORECASE,
)
_BY_ANYWHERE = re.compile(rf"(?:{_any('by')}):?\s+(?=\S)", re.IGNORECASE)  # in any language
_IN_PLACE = re.compile(r"\s+(?:in|at|from|reports?|reporting)\b.*$")
_FOR_OUTLET = re.compile(r"\s+(?:for|of)\s+(?P<outlet>[A-Z].*)$")
_STAFF = re.compile(
    r"(?:(?:special to|for) )?(?P<outlet>.+?)(?: (?:staff|staff writer|reporters?|newsroom|writer"
    r"|columnist|correspondent|contributor|editor|editorial board))?",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
_DATELINE = re.compile(
    rf"[A-Z][^()—]{{1,60}}?(?:,\s*(?:{WEEKDAY},?\s*)?(?P<date>{MONTH}\.?\s+\d{{1,2}}(?:,\s*\d{{4}})?"
    rf"|\d{{1,2}}\s+{MONTH}(?:\s+\d{{4}})?))?\s*(?:\((?P<agency>[^()]{{2,40}})\))?\s*[-–—]+\s",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\(?(?:reporting|written|compiled|report) by (?P<names>[^;.()]+)[^()]*\)?$", re.IGNORECASE
)


@lru_cache(maxsize=1024)  # several rules ask it of the same lines
def read_byline(line: str) -> Meta | None:
    """Read author, outlet, date and label; None for a line that is not a byline."""
    if len(line) > _LONGEST:
        return None
    rest, published, has_date = _take_dates(line)
    found = _Segments()
    for segment in _SEPARATOR.split(_TIME.sub(" | ", rest)):
        found.read(_DATE_WORDS.sub(" ", segment.strip(" –—-")).strip(' ,.:*_"“”'))
    if not found.is_byline(has_date):
        return None
    author = ", ".join(found.authors) or None
    return Meta(
        author=author,
        outlet=found.outlet,
        published=published,
        label=found.label,
        dated=None if published else two_ways(line),
    )


def _take_dates(line: str) -> tuple[str, date | None, bool]:
    """Return the line without its dates, the date of publication, and whether any was there."""
    rest, published, last = "", None, 0
    for found in find_dates(line):
        before = line[last : found.start]
        if not _UPDATED.search(before):
            published = published or found.date
        rest += before + " | "
        last = found.end
    rest = re.sub(rf"\b{WEEKDAY},?(?=\s*\|)", "", rest + line[last:], flags=re.IGNORECASE)
    return rest, published, last > 0


class _Segments:
    """Collects what each piece between separators says."""

    def __init__(self) -> None:
        self.authors: list[str] = []
        self.outlet: str | None = None
        self.label: str | None = None
        self.by = False
        self.contact = False
        self.unknown = 0

    def read(self, segment: str) -> None:
        """Take in one piece."""
        if match := _BY.match(segment):
            self.authors = self.authors if self.by else []  # what was taken for a name is a place
            self.by = True
            self.label = self.label or (label_of(match["what"]) if match["what"] else None)
            segment = segment[match.end() :]
        elif bare := without_by(segment):
            self.authors, self.by, segment = [], True, bare
        segment = _IN_PLACE.sub("", self._take_outlet(segment))
        names = split_names(segment)
        # "A and B" or "A, B and C" are authors; in "A, B" the second is as often a place.
        if not self.authors and len(names) > 1 and BOTH.search(segment):
            self.authors = names
            return
        for piece in segment.split(","):
            if piece := piece.strip():
                self._read_piece(piece)

    def _take_outlet(self, segment: str) -> str:
        match = _FOR_OUTLET.search(segment)
        if not match or not is_outlet(match["outlet"]):
            return segment
        self.outlet = self.outlet or match["outlet"]
        return segment[: match.start()]

    def _read_piece(self, piece: str) -> None:
        outlet = outlet_of(piece) or piece
        if self.authors and piece.startswith("with "):
            return  # "By A, with Reuters": another paper than the one that prints it
        if is_outlet(outlet) or (self.authors and re.match(r"The [A-Z]", piece)):
            self.outlet = self.outlet or outlet
        elif label := label_of(piece):
            self.label = self.label or label
        elif not self.authors and (is_name(piece) or (self.by and is_single_name(piece))):
            self.authors = [tidy_name(piece)]
        elif is_email(piece):
            self.contact = True
        elif not (is_role(piece) or (piece.isupper() and " " not in piece)):
            self.unknown += 1 if len(piece.split()) <= 4 and piece[0].isupper() else 2

    def is_byline(self, has_date: bool) -> bool:
        """Whether the pieces make a byline together."""
        if self.by:
            return bool(self.authors or self.outlet) and self.unknown <= 1
        if has_date:
            return self.unknown == 0 or (self.unknown == 1 and bool(self.authors or self.outlet))
        signed = bool(self.outlet) or self.contact
        return bool(self.authors) and signed and self.unknown == 0


def without_by(text: str) -> str | None:
    """The names after a word for "by" in whatever language; None if what follows is no name.

    "Von Nils Berg" is Nils Berg, and "Von Trapp" a name.
    """
    match = _BY_ANYWHERE.match(text)
    rest = text[match.end() :].strip() if match else ""
    first = rest.split(",")[0]
    return rest if rest and (split_names(rest) or is_name(first)) else None


def is_email(text: str) -> bool:
    """Whether `text` is an address, as printed under a reporter's name."""
    return _EMAIL.fullmatch(text) is not None


def outlet_of(text: str) -> str | None:
    """Outlet in "Special to The X" or "X Staff Writer"; None if `text` names none."""
    match = _STAFF.fullmatch(text.strip(" -–—"))
    return match["outlet"] if match and is_outlet(match["outlet"]) else None


def read_dateline(text: str) -> Meta:
    """Agency and full date of "BRUSSELS, March 3, 2015 (Reuters) —"; the year may be missing."""
    match = _DATELINE.match(text)
    if not match or not text[:2].isupper():
        return Meta()
    agency = match["agency"] or ""
    known = is_agency(agency) or is_outlet(agency)
    return Meta(outlet=agency if known else None, published=parse_date(match["date"]))


def read_signature(line: str) -> Meta:
    """Read the author off a last line: a name, a byline, or "(Reporting by A in X and B in Y)"."""
    if match := _CREDIT.match(line):
        pieces = (_IN_PLACE.sub("", piece) for piece in re.split(r",| and ", match["names"]))
        names = [piece.strip() for piece in pieces if is_name(piece)]
        return Meta(author=", ".join(names) or None)
    signature = line.strip("-–—~* ")
    if is_name(signature):
        return Meta(author=tidy_name(signature))
    return read_byline(line) or Meta()
