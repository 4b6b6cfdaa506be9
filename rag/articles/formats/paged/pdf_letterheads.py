"""Press releases and letters on a first page: whose paper it is stands above, no headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.articles.bylines import read_byline
from rag.articles.cleaning import one_line
from rag.articles.drafts import is_prose
from rag.articles.formats.paged.pdf_asides import usual_font
from rag.articles.formats.paged.pdf_layout import Line
from rag.text.dates import find_dates
from rag.text.words import letters

_LARGE = 1.25  # times the usual type
_HEAD_LINES = 25  # of the first page, in which text must begin
_LONGEST_TITLE = 30  # words
_NAME_WORDS = 6  # at most, of whose paper it is
_RELEASE = re.compile(
    r"\W*(?:for (?:immediate|general) release|(?:press|media|news) ?(?:release|statement|notice|"
    r"information|advisory)|(?:strictly |under )?embargo\w*\b.*|pressemitteilung|medienmitteilung|"
    r"presseinformation|communiqué de presse|comunicado de (?:prensa|imprensa)|nota de prensa|"
    r"comunicato stampa|persbericht|pressmeddelande|pressemelding|pressemeddelelse|"
    r"komunikat prasowy|lehdistötiedote)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\W*(?:(?:press |media |for )?(?:contacts?|enquiries|inquiries)|phone|tel(?:ephone|efon)?|fax|"
    r"mobile|e-?mail|web(?:site)?|date|release date|(?:for )?(?:further|more) information)\b"
    r"(?:\s?:|.{0,30}:|\W*$)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"[^\s@]+@[^\s@]+\.\w+|\bwww\.|https?://|\bp\.? ?o\.? box\b|(?:\+|\b0)\d[\d ()/.-]{6,}\d"
    r"|\(\d{3}\) ?\d{3}-\d{4}|\b\d{4,5} [A-Z][^\W\d]+|\b[A-Z]{1,2}\d[\dA-Z]? \d[A-Z]{2}\b"
    r"|\b\d{1,4}[a-z]?,? (?:[A-Z]\w+ ){1,3}(?:Street|St|Road|Rd|Square|Avenue|Ave|Lane|Way|Drive"
    r"|Place|Boulevard|Blvd)\b|\b(?:Street|Road|Square|Avenue|Lane) \d"
)
_SALUTATION = re.compile(
    r"(?:dear|sehr geehrte[rs]?|lieber?|chère?s?|estimad[oa]s?|gentile|egregio|geachte|beste|"
    r"kjære|kære|bästa|to whom it may concern)\b.{0,60}",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"(?:re|subject|betreff|betrifft|objet|asunto|oggetto)\s?:\s*(\S.*)", re.I)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the first page of a release or a letter says: `headline` is None if there is none.

    `above` are the lines that name whose paper it is, or what kind of paper.
    """

    headline: str | None
    above: tuple[str, ...]

    def is_named(self, title: str) -> bool:
        """Whether a title is that of the paper, not of what is written on it."""
        words = letters(title)
        return any(words in letters(line) for line in self.above)


def read_letterhead(lines: Sequence[Line], body: float) -> Letterhead | None:
    """Read the head of a press release, or of a letter; None if the page has no such head."""
    runs = [*_runs(lines)]
    texts = [one_line(" ".join(line.text for line in run)) for run in runs]
    begins = next((n for n, text in enumerate(texts) if _is_text(text)), len(texts))
    salutes = next((n for n, text in enumerate(texts) if _is_salutation(text)), None)
    labels = [n for n, text in enumerate(texts[:begins]) if _is_label(text)]
    addresses = [n for n, text in enumerate(texts[:begins]) if _is_address(text)]
    if labels:
        named = _with_address(texts[:begins], labels[-1] + 1)
    elif addresses and (runs[0][0].size >= _LARGE * body or addresses[0] < (salutes or 0)):
        named = addresses[0] + 1
    else:
        return None
    is_letter = salutes is not None and salutes <= begins and not labels
    ends = salutes if is_letter and salutes is not None else begins
    headline = _headline(runs, texts, range(named, ends), body, any_type=bool(labels))
    if is_letter and not headline:
        subjects = [match[1] for text in texts[:begins] if (match := _SUBJECT.fullmatch(text))]
        headline = subjects[0] if subjects else None
    if not headline and not is_letter:
        return None
    above = texts.index(headline) if headline in texts else named
    return Letterhead(headline, tuple(texts[:above]))


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines of the first page's head, those of one heading or paragraph together."""
    head = [line for line in lines if line.page == lines[0].page][:_HEAD_LINES]
    run = head[:1]
    for last, line in pairwise(head):
        is_one = line.font == last.font and abs(line.size - last.size) <= 0.1 * line.size
        if is_one and 0 <= last.base - line.base < 1.45 * line.size and not _is_alone(last, line):
            run.append(line)
        else:
            yield run
            run = [line]
    yield run


def _is_alone(line: Line, after: Line) -> bool:
    """Whether one of two lines is one of a head's, whatever follows."""
    return any(
        _is_label(it.text) or _is_contact(it.text) or _is_address(it.text) for it in (line, after)
    )


def _is_text(text: str) -> bool:
    return is_prose(text) and not (_is_label(text) or _is_contact(text) or _is_address(text))


def _is_label(text: str) -> bool:
    """Whether a line says that this is a release, and perhaps of which day or number."""
    match = _RELEASE.fullmatch(one_line(text))
    if not match:
        return False
    rest = match["rest"]
    for found in find_dates(rest):
        rest = rest.replace(rest[found.start : found.end], "")
        break
    words = re.findall(r"[^\W\d_]{3,}", rest)
    return len(words) <= 1 or bool(_RELEASE.search(rest))


def _is_contact(text: str) -> bool:
    return len(text.split()) <= 14 and _CONTACT.match(text) is not None


def _is_address(text: str) -> bool:
    return len(text.split()) <= 20 and _ADDRESS.search(text) is not None


def _is_salutation(text: str) -> bool:
    return len(text.split()) <= 8 and _SALUTATION.fullmatch(text) is not None


def _with_address(texts: list[str], number: int) -> int:
    """Where a head goes on after a name with an address below it."""
    name, *rest = texts[number:] or [""]
    is_name = bool(rest) and len(name.split()) <= _NAME_WORDS and _is_address(rest[0])
    return number + 2 if is_name and any(map(_can_be_headline, rest[1:])) else number


def _can_be_headline(text: str) -> bool:
    if len(text.split()) > _LONGEST_TITLE or not any(map(str.isalpha, text)):
        return False
    if _is_contact(text) or _is_address(text) or _is_label(text) or _SUBJECT.fullmatch(text):
        return False
    return read_byline(text) is None


def _headline(
    runs: list[list[Line]], texts: list[str], numbers: range, body: float, *, any_type: bool
) -> str | None:
    """Of what may be one the run in the largest type, or in another type, the first of several.

    `any_type`: that of the text is no objection.
    """
    font = usual_font([line for run in runs for line in run], body)
    found: list[tuple[tuple[float, bool, bool], str]] = []
    for number in numbers:
        first, text = runs[number][0], texts[number]
        is_large, is_other = first.size >= _LARGE * body, first.font != font
        is_long = len(text.split()) >= 4
        if _can_be_headline(text) and (is_large or any_type or (is_other and is_long)):
            found.append(((round(max(first.size, body)), is_other, is_long), text))
    return max(found, key=lambda it: it[0])[1] if found else None
