"""Dates and numbers of other languages as English prints them, for those who read English ones.

    "am 6. März 2024 kamen 15.000" -> "am 6 March 2024 kamen 15,000"

Which words these are stands in a file for each language (`rag.text.lexicon.LANGUAGES`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rag.text import lexicon

_YEAR = r"(?:1[6-9]|2[01])\d\d"
_GAP = r"[\u00a0\u202f ]"
# "15.000", "15 000", "15.000,5", "3,5"; no date, no time, no number of a version.
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<whole>\d{{1,3}}(?:[.]\d{{3}})+|\d{{1,3}}(?:{_GAP}\d{{3}})+|\d+)"
    r"(?P<part>,\d+)?(?![\w]|[.,:/-]\d)"
)


def in_english(text: str, language: str | None) -> str:
    """`text` with dates and numbers as English prints them; unchanged if in English or unknown.

    Its length may change: for reading values, not places.
    """
    if language not in lexicon.LANGUAGES:
        return text
    dated = _dates(language).sub(_date, text)
    figures = _NUMBER.sub(_number, dated)
    return _words(language).sub(lambda match: _english(language)[match[0].casefold()], figures)


def month_forms() -> dict[str, int]:
    """Each full name of a month, in each of the languages, with its number."""
    return {
        forms[0]: number
        for language in lexicon.LANGUAGES
        for number, (_, forms) in enumerate(lexicon.sides(language, "months"), start=1)
    }


def _date(match: re.Match[str]) -> str:
    month = _MONTHS[(match["month"] or match["alone"]).casefold()]
    return " ".join(filter(None, [match["day"], month, match["year"] or match["of"]]))


def _number(match: re.Match[str]) -> str:
    whole = re.sub(rf"[.]|{_GAP}", ",", match["whole"])
    return whole + (match["part"] or "").replace(",", ".")


@cache
def _dates(language: str) -> re.Pattern[str]:
    """A day and a month, with or without its year; a month with its year."""
    names = _any(form for _, forms in lexicon.sides(language, "months") for form in forms)
    year = rf"(?:del?\s+)?(?P<%s>{_YEAR})\b"
    return re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:er|[.ºª°])?\s+(?:de\s+)?(?P<month>{names})\b\.?"
        rf"(?:,?\s+{year % 'year'})?|\b(?P<alone>{names})\b\.?,?\s+{year % 'of'}",
        re.IGNORECASE,
    )


@cache
def _words(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any(_english(language))})(?!\w)", re.IGNORECASE)


@cache
def _english(language: str) -> dict[str, str]:
    """Words for numbers, each with the English one."""
    lines = (*lexicon.sides(language, "numbers"), *lexicon.sides(language, "scales"))
    return {form: english[0] for english, forms in lines for form in forms}


def _any(words: Iterable[str]) -> str:
    """A pattern of these words; "ß" is in the lists as "ss", as case folding has it."""
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return "|".join(longest_first).replace("ss", "(?:ss|ß)")


_MONTHS = {
    form: english[0].capitalize()
    for language in lexicon.LANGUAGES
    for english, forms in lexicon.sides(language, "months")
    for form in forms
}
