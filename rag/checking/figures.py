"""Figures in a text by what they say: "about 600 men" is borne out by 612 men, not by 612 boats.

Digits and words ("two hundred", "half a million"), scales, ranges, rounding words, percentages,
money, times of day, ordinals, fractions and factors ("doubled"). Dates are left to `cited_dates`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.text import lexicon
from rag.text.numbers import UNITS, Numeral, numerals
from rag.text.words import Word, words

Kind = Literal["number", "percent", "money", "ordinal", "fraction", "factor", "time"]

_ORDINALS = lexicon.numbers("numbers", "ordinals")
_PARTS = lexicon.numbers("numbers", "fractions")
_FACTORS = lexicon.numbers("numbers", "factors")
_FACTOR_VERBS = lexicon.numbers("numbers", "factor_verbs")
# Without a number before them: the least and the most that they may mean.
_VAGUE = {"dozens": (24, 200), "scores": (40, 200), "hundreds": (100, 9_999)}
_VAGUE |= {"thousands": (1_000, 999_999), "millions": (10**6, 10**9), "billions": (10**9, 10**12)}
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₽": "rouble", "₹": "rupee"}
_MONEY = frozenset(
    "dollar pound euro yen yuan rouble ruble rupee franc crown krona krone won real".split()
)

_ROUND = re.compile(
    r"(?:\b(?P<about>about|around|roughly|approximately|some|circa|estimated|like)"
    r"|\b(?P<least>at least|no (?:fewer|less) than|not less than|a minimum of)"
    r"|\b(?P<over>more than|over|above|upwards of|in excess of|exceed(?:s|ed|ing)?|greater than)"
    r"|\b(?P<nearly>nearly|almost|close to|just under|approaching)"
    r"|\b(?P<most>up to|at most|no more than|as (?:many|much) as|a maximum of|within)"
    r"|\b(?P<under>less than|fewer than|under|below))\s+(?:the\s+|an?\s+)?(?:US|C|A)?[$£€¥₽₹]?\s*$",
    re.IGNORECASE,
)
_OR_SO = re.compile(r"\s*(?:or so\b|or more\b|-?odd\b)", re.IGNORECASE)
_PERCENT = re.compile(r"\s*-?\s*(?:%|per\s?cent\b|percentage points?\b|pct\b|pc\b)", re.IGNORECASE)
_CURRENCY = re.compile(r"(?:US|C|A)?([$£€¥₽₹])\s*$")
_FRACTION = re.compile(
    rf"\b(?:(?P<top>an?|one|two|three|four)[\s-]+)?(?P<bottom>{'|'.join(_PARTS)})"
    r"(?P<s>s)?\b(?=\s+(?:of|the|its|his|her|their|all|as)\b|(?<=s\b))",
    re.IGNORECASE,
)
_FACTOR = re.compile(
    rf"\b(?:(?P<verb>{'|'.join(_FACTOR_VERBS)})(?:ed|ing|es)|(?P<word>{'|'.join(_FACTORS)})"
    rf"|(?P<count>{'|'.join(UNITS)}|\d+)\s+times\s+(?:as|the|more))\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d:.])(?:(?P<h>1[0-2]|0?\d)(?:[:.](?P<m>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?"
    r"|(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?![:\d]))",
    re.IGNORECASE,
)
_ONE_IN = re.compile(
    rf"\b(?:one|1)\s+(?:out\s+of|(?:[a-z]+\s+)?in)\s+(?:every\s+)?({'|'.join(UNITS)}|\d+)\b", re.I
)
_HOUR = re.compile(
    rf"\b(?P<n>{'|'.join(UNITS)}|1[0-2]|\d)\s+(?:o[’']clock\s+)?(?:in\s+the\s+|at\s+)"
    r"(?P<when>morning|afternoon|evening|night)\b",
    re.IGNORECASE,
)
LEADING = re.compile(r"\d[\d,]*(?:\.(\d+))?")
_TO = re.compile(r"\s*[-–—]\s*|\s+to\s+", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+(?:US)?[$£€]?\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:US)?[$£€]?\s*$", re.IGNORECASE)
_LISTED = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|to|versus|from)\s+|\s*[-–—]\s*")
_BREAK = re.compile(r"[,.;:()“”\"!?—–]")
_FOLLOWING = 5  # words behind a figure among which the thing counted stands


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with what is said around it; `low` to `high` (both included) is what it claims."""

    text: str
    value: float
    low: float
    high: float
    kind: Kind
    start: int
    end: int
    scaled: bool = False
    currency: str = ""  # "dollar"; empty: none given
    behind: tuple[str, ...] = ()  # stems of the content words behind it, in its phrase
    before: tuple[str, ...] = ()
    noun: str = ""  # the first of the content words behind it, as printed

    @property
    def thing(self) -> str:
        """Stem of the word that says what is counted; empty if unknown."""
        return self.behind[0] if self.behind else ""


def read(text: str) -> tuple[Figure, ...]:
    """Every figure of `text` with its rounding, its unit and the words around it."""
    fractions = [*_fractions(text), *_times(text)]
    taken = [(item.start, item.end) for item in fractions]
    plain = [
        item
        for item in numerals(text)
        if not any(start < item.end and item.start < end for start, end in taken)
    ]
    found = [*_ranges(text, [_figure(text, item) for item in plain]), *fractions]
    found += [*_ordinals(text, taken), *_vague(text)]
    every = words(text)
    return tuple(_with_words(text, item, every) for item in _same_kinds(text, found))


def _figure(text: str, item: Numeral) -> Figure:
    before, behind = text[max(0, item.start - 40) : item.start], text[item.end : item.end + 30]
    kind: Kind = "ordinal" if item.nth else "number"
    end, currency = item.end, ""
    if percent := _PERCENT.match(behind):
        kind, end = "percent", item.end + percent.end()
    elif symbol := _CURRENCY.search(before):
        kind, currency = "money", _CURRENCIES[symbol[1]]
    elif (unit := re.match(r"\s+(?:[A-Z][a-z]+\s+)?([a-z]+)\b", behind)) and (
        name := unit[1].removesuffix("s")
    ) in _MONEY - {"won", "real"}:
        kind, currency, end = "money", name, item.end + unit.end()
    elif unit and name == "cent":
        item = replace(item, value=item.value / 100)
        kind, end = "money", item.end + unit.end()
    low, high = _limits(item, before, behind)
    start = item.start - (len(before) - len(before.rstrip("$£€¥₽₹")))
    return Figure(
        text[start:end].strip(), item.value, low, high, kind, item.start, end, item.scaled, currency
    )


def _limits(item: Numeral, before: str, behind: str) -> tuple[float, float]:
    value = item.value
    rounding = _ROUND.search(before)
    how = rounding.lastgroup if rounding else "about" if _OR_SO.match(behind) else ""
    if how in ("over", "least"):
        return value, float("inf")
    if how in ("under", "most"):
        return float("-inf"), value
    if how == "nearly":
        return 0.88 * value, value
    return (0.93 * value, 1.07 * value) if how == "about" else (value, value)


def _ranges(text: str, found: Sequence[Figure]) -> Iterator[Figure]:
    """Join "5-7", "5 to 7", "between 5 and 7" as one figure; the rest as they are."""
    rest = list(found)
    while rest:
        first = rest.pop(0)
        if rest and _are_range(text, first, rest[0]):
            last = rest.pop(0)
            low = first.value
            if last.scaled and not first.scaled and low < last.value / unit_of(last):
                low *= unit_of(last)  # "5-7 million"
            yield replace(
                last, text=text[first.start : last.end], low=low, high=last.value, start=first.start
            )
        else:
            yield first


def _are_range(text: str, first: Figure, last: Figure) -> bool:
    if _FROM.search(text[: first.start]):  # "rose from 40 to 80" tells two figures
        return False
    between = text[first.end : last.start].rstrip("$£€¥")
    said = _AND.fullmatch(between) and _BETWEEN.search(text[: first.start])
    return bool(said or _TO.fullmatch(between)) and (first.value < last.value or last.scaled)


def _fractions(text: str) -> Iterator[Figure]:
    for match in _FRACTION.finditer(text):
        top = (match["top"] or "one").lower()
        if not match["top"] and match["bottom"].lower() != "half":
            continue
        share = 100 * {"a": 1, "an": 1, **UNITS}[top] / _PARTS[match["bottom"].lower()]
        if share < 100:
            slack = 4 if _ROUND.search(text[: match.start()]) else 2
            yield Figure(match[0], share, share - slack, share + slack, "fraction", *match.span())
    for match in _ONE_IN.finditer(text):
        among = UNITS.get(match[1].lower()) or float(match[1]) if match[1].lower() != "zero" else 0
        if among > 1:
            share = 100 / among
            yield Figure(match[0], share, share - 1, share + 1, "fraction", *match.span())
    for match in _FACTOR.finditer(text):
        key = (match["verb"] or match["word"] or "").lower()
        count = (match["count"] or "0").lower()
        times = float(count) if count.isdecimal() else UNITS.get(count, 0)
        value = _FACTORS.get(key) or _FACTOR_VERBS.get(key) or times
        yield Figure(match[0], value, 0.92 * value, 1.08 * value, "factor", *match.span())


def _times(text: str) -> Iterator[Figure]:
    """Times of day in minutes: "3.30 p.m." is "15:30"."""
    for match in _TIME.finditer(text):
        minutes = 60 * int(match["h"] or match["h24"]) + int(match["m"] or match["m24"] or 0)
        if match["half"]:
            minutes = minutes % 720 + 720 * (match["half"].lower() == "p")
        yield Figure(match[0], minutes, minutes, minutes, "time", *match.span())
    for match in _HOUR.finditer(text):
        named = match["n"].lower()
        hour = UNITS[named] if named in UNITS else int(named)
        minutes = int(60 * (hour % 12 + 12 * (match["when"].lower() != "morning")))
        yield Figure(match[0], minutes, minutes, minutes, "time", *match.span())


def _ordinals(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Figure]:
    for match in re.finditer(rf"\b(?:{'|'.join(_ORDINALS)})\b", text, re.IGNORECASE):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            value = _ORDINALS[match[0].lower()]
            yield Figure(match[0], value, value, value, "ordinal", *match.span())


def _vague(text: str) -> Iterator[Figure]:
    for match in re.finditer(rf"\b(?:{'|'.join(_VAGUE)})(?=\s+(?:of|more)\b)", text, re.IGNORECASE):
        low, high = _VAGUE[match[0].lower()]
        yield Figure(match[0], low, low, high, "number", *match.span())


def _same_kinds(text: str, found: Sequence[Figure]) -> Iterator[Figure]:
    """A bare number in a list takes its unit from the next: "from 5 to 7 per cent"."""
    ordered = sorted(found, key=lambda item: item.start)
    for at in range(len(ordered) - 2, -1, -1):
        one, following = ordered[at], ordered[at + 1]
        if one.kind == "number" and following.kind in ("percent", "money"):
            between = text[one.end : following.start].rstrip("$£€¥")
            if _LISTED.fullmatch(between):
                ordered[at] = replace(one, kind=following.kind, currency=following.currency)
    return iter(ordered)


def _with_words(text: str, item: Figure, every: Sequence[Word]) -> Figure:
    behind = [word for word in every if word.start >= item.end][:_FOLLOWING]
    before = [word for word in every if word.end <= item.start][-4:]
    stop = _BREAK.search(text, item.end)
    phrase = [w for w in behind if stop is None or w.start < stop.start()]
    return replace(
        item,
        behind=tuple(word.stem for word in phrase if word.content),
        before=tuple(word.stem for word in before if word.content),
        noun=next((word.text for word in phrase if word.content), ""),
    )


def unit_of(item: Figure) -> float:
    """By what the printed digits are multiplied: a million in "7 million"; 1 without digits."""
    digits = LEADING.search(item.text)
    printed = float(digits[0].replace(",", "")) if digits else 0.0
    return item.value / printed if item.scaled and printed else 1.0
