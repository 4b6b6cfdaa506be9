"""Dates, numbers and places of other languages in English, for those who read English ones.

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


# "06.03.2024" and "6/3/2024": a day before its month, in all of these languages.
_DAY_FIRST = re.compile(rf"(?<![\w.,/])(\d{{1,2}})([./])(\d{{1,2}})\2({_YEAR})(?![\w/]|\.\d)")
# "15 Uhr", "15.30 Uhr", "15 h 30", "15h".
_CLOCK = re.compile(
    rf"(?<![\w.,:])([01]?\d|2[0-3])(?:[.:]([0-5]\d))?{_GAP}?(?:uhr|uur|h(?:{_GAP}?([0-5]\d))?)\b",
    re.IGNORECASE,
)


def in_english(text: str, language: str | None) -> str:
    """`text` with dates and numbers as English prints them; unchanged if in English or unknown.

    What stands around numbers is put into English too: "Prozent", "jours", "mehr als". The text's
    length may change: it is for reading values.
    """
    if language not in lexicon.LANGUAGES:
        return text
    dated = _DAY_FIRST.sub(_all_figures, text)
    dated = _dates(language).sub(lambda match: _date(match, language), dated)
    timed = _CLOCK.sub(lambda match: f"{match[1]}:{match[2] or match[3] or '00'}", dated)
    figures = _NUMBER.sub(_number, timed)
    return _words(language).sub(lambda match: _english(language)[_key(match[0])], figures)


def places(text: str, language: str | None) -> dict[str, str]:
    """The countries and towns that `text` names in its language, each with its English name."""
    if language not in lexicon.LANGUAGES:
        return {}
    known = _places(language)
    found = (match[0] for match in _place(language).finditer(text))
    return {name: known[_key(name)] for name in found if name[0].isupper()}


def month_forms() -> dict[str, int]:
    """Each full name of a month, in each of the languages and in others, with its number."""
    more = lexicon.sides("months", "months")
    others = {form: n for n, (_, forms) in enumerate(more, start=1) for form in forms}
    return others | {
        forms[0]: number
        for language in lexicon.LANGUAGES
        for number, (_, forms) in enumerate(lexicon.sides(language, "months"), start=1)
    }


def _all_figures(match: re.Match[str]) -> str:
    day, month = int(match[1]), int(match[3])
    if not (1 <= day <= 31 and 1 <= month <= len(_NAMES)):
        return match[0]
    return f"{day} {_NAMES[month - 1]} {match[4]}"


def _date(match: re.Match[str], language: str) -> str:
    month = _months(language)[(match["month"] or match["alone"] or match["within"]).casefold()]
    within, year = "in" if match["within"] else None, match["year"] or match["of"] or match["then"]
    return " ".join(filter(None, [within, match["day"], month, year]))


def _number(match: re.Match[str]) -> str:
    whole = re.sub(rf"[.]|{_GAP}", ",", match["whole"])
    return whole + (match["part"] or "").replace(",", ".")


@cache
def _dates(language: str) -> re.Pattern[str]:
    """A day and a month, with or without its year; a month with its year, or with "in" before."""
    names = _any(form for _, forms in lexicon.sides(language, "months") for form in forms)
    whole = _any(forms[0] for _, forms in lexicon.sides(language, "months"))
    within = _any(lexicon.words(language, "within"))
    year = rf"(?:del?\s+)?(?P<%s>{_YEAR})\b"
    return re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:er|[.ºª°])?\s+(?:de\s+)?(?P<month>{names})\b\.?"
        rf"(?:,?\s+{year % 'year'})?|\b(?P<alone>{names})\b\.?,?\s+{year % 'of'}"
        rf"|\b(?:{within})\s+(?P<within>{whole})\b(?:\s+{year % 'then'})?",
        re.IGNORECASE,
    )


@cache
def _words(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any(_english(language))})(?!\w)", re.IGNORECASE)


@cache
def _english(language: str) -> dict[str, str]:
    """Words for numbers, each with the English one."""
    lines = [line for key in _COUNTING for line in lexicon.sides(language, key)]
    return {form: english[0].replace("-", " ") for english, forms in lines for form in forms}


@cache
def _months(language: str) -> dict[str, str]:
    lines = lexicon.sides(language, "months")
    return {form: english[0].capitalize() for english, forms in lines for form in forms}


@cache
def _places(language: str) -> dict[str, str]:
    return {form: own[0] for own, forms in lexicon.sides(language, "places") for form in forms}


@cache
def _place(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{_any(_places(language))})(?![\w-])", re.IGNORECASE)


def _key(form: str) -> str:
    """A word or words as the lists have them: "pour cent" stands there as "pour-cent"."""
    return re.sub(r"\s", "-", form.casefold())


def _any(words: Iterable[str]) -> str:
    """A pattern of these words; "ß" is in the lists as "ss", as case folding has it."""
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return "|".join(longest_first).replace("ss", "(?:ss|ß)").replace(r"\-", r"[\s-]")


_COUNTING = ("numbers", "scales", "units", "rounding")
_NAMES = tuple(line[0].capitalize() for line in lexicon.groups("calendar", "months"))
