"""Numbers of a spreadsheet as its cells show them: percent, thousands, dates, currencies."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00",
    **dict.fromkeys((14, 15, 16, 17, *range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "hh:mm"), 22: "yyyy-mm-dd hh:mm",
}  # fmt: skip
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[0#?]+)?")
_ELAPSED = re.compile(r"\[h+\].*", re.IGNORECASE)  # hours beyond a day
_MONEY = re.compile(r"[$€£¥₽]")
_FIRST_DAY = datetime(1899, 12, 30)
_FIRST_DAY_OF_1904 = datetime(1904, 1, 1)
_LAST = 2_958_466  # days to the year 10000


def built_in(number: int) -> str:
    """The code of a format that every program knows by its number."""
    return _BUILT_IN.get(number, "General")


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """A number as a cell of that format shows it, in the English way of writing."""
    section = code.split(";")[0]
    if elapsed := _ELAPSED.match(section):
        return _hours(value, seconds="s" in elapsed[0].lower())
    bare = _LITERAL.sub("", section).lower()
    if bare in ("general", "", "@"):
        return general(value)
    if _is_date(bare):
        return _date(value, bare, since_1904)
    digits = _DIGITS.search(bare)
    if not digits or digits[0].endswith(",") or re.search(r"[/e]", bare):
        return general(value)
    percent = "%" in bare
    decimals = len(digits[0].partition(".")[2])
    number = value * 100 if percent else value
    text = f"{number:,.{decimals}f}" if "," in digits[0] else f"{number:.{decimals}f}"
    before, after = _around(section)
    return f"{before}{text}{'%' if percent else ''}{after}".strip()


def general(value: float) -> str:
    """A number without a format: as many digits as a spreadsheet keeps, and no more."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.15g}"


def _is_date(bare: str) -> bool:
    return re.search(r"[ymdhs]", bare) is not None


def _hours(value: float, *, seconds: bool) -> str:
    minutes, rest = divmod(round(value * 86_400), 60)
    return f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if seconds else "")


def _date(value: float, bare: str, since_1904: bool) -> str:
    if not 0 <= value < _LAST:
        return general(value)
    first = _FIRST_DAY_OF_1904 if since_1904 else _FIRST_DAY
    moment = first + timedelta(days=value) + timedelta(milliseconds=500)
    has_day = re.search(r"[yd]", bare) is not None
    has_time = re.search(r"[hs]", bare) is not None
    parts = [f"{moment:%Y-%m-%d}"] if has_day else []
    parts += [f"{moment:%H:%M}"] if has_time else []
    return " ".join(parts) or f"{moment:%Y-%m-%d}"


def _around(section: str) -> tuple[str, str]:
    """What the format prints before and after the digits: a currency, a unit."""
    place = _DIGITS.search(_LITERAL.sub(lambda match: "\0" * len(match[0]), section))
    if not place:
        return "", ""
    return _literals(section[: place.start()]), _literals(section[place.end() :])


def _literals(text: str) -> str:
    found, at = "", 0
    for match in _LITERAL.finditer(text):
        found += "".join(_MONEY.findall(text[at : match.start()]))
        found += " " if " " in text[at : match.start()] else ""
        found += match[1] or match[2] or match[3] or ""
        at = match.end()
    rest = text[at:]
    return found + (" " if rest.startswith(" ") else "") + "".join(_MONEY.findall(rest))
