"""Where sentences start and end, as exact offsets."""

from __future__ import annotations

import re
from functools import cache

import sentencex  # type: ignore[import-untyped]

from rag.schema import Article
from rag.text import lexicon

Span = tuple[int, int]

_LINE = re.compile(r"[^\r\n]+")
_LIST_NUMBER = re.compile(r"\W*\d{0,3}\W*")  # "1." or a lone quote mark is no sentence
_ORDINAL = re.compile(r"\b\d{1,2}\.$")


def article_sentences(article: Article, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences of `article.text[start:end]`, by the article's language."""
    return sentence_spans(article.text, start, end, language=article.language)


def sentence_spans(
    text: str, start: int = 0, end: int | None = None, *, language: str | None = None
) -> list[Span]:
    """Spans of the sentences of `text[start:end]`, in order, white space trimmed.

    A line break always ends a sentence: paragraphs and headlines often lack a full stop.
    `language` (ISO 639-1; None: English) tells what is an abbreviation or a date.
    """
    stop = len(text) if end is None else end
    return [
        span
        for line in _LINE.finditer(text, start, stop)
        for span in _of_line(text, line.span(), language or "en")
    ]


def _of_line(text: str, line: Span, language: str) -> list[Span]:
    offset = line[0]
    spans: list[Span] = []
    pending: int | None = None
    for piece in sentencex.get_sentence_boundaries(language, text[line[0] : line[1]]):
        begin, end = trim(text, offset + piece["start_index"], offset + piece["end_index"])
        if begin == end:
            continue
        begin = begin if pending is None else pending
        goes_on = (
            _LIST_NUMBER.fullmatch(text, begin, end)
            or _abbreviated(language).search(text, begin, end)
            or _counts_on(text, begin, end, language)
        )
        pending = begin if goes_on else None
        if pending is None:
            spans.append((begin, end))
    if pending is not None:
        spans.append(trim(text, pending, line[1]))
    return spans


@cache
def _abbreviated(language: str) -> re.Pattern[str]:
    """A pattern for words at a piece's end after which its sentence goes on."""
    known = lexicon.words(language, "abbreviations") if language in lexicon.LANGUAGES else ()
    return re.compile(rf"\b(?:{'|'.join(known)})\.$" if known else r"(?!)", re.IGNORECASE)


def _counts_on(text: str, start: int, end: int, language: str) -> bool:
    """Whether a piece ends in a German ordinal: "am 4.", "der 3.", "Dienstag, 4." before "Mai"."""
    if language != "de" or not _ORDINAL.search(text, start, end):
        return False
    return bool(_after_opener().search(text, start, end) or _before_month().match(text, end))


@cache
def _after_opener() -> re.Pattern[str]:
    openers = "|".join(lexicon.words("de", "openers"))
    return re.compile(rf"\b(?:{openers})\s+\d{{1,2}}\.$", re.IGNORECASE)


@cache
def _before_month() -> re.Pattern[str]:
    months = "|".join(form for _, forms in lexicon.sides("de", "months") for form in forms)
    return re.compile(rf"\s+(?:{months})\b", re.IGNORECASE)


def trim(text: str, start: int, end: int) -> Span:
    """`start, end` moved inwards over white space."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
