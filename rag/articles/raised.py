"""Raised characters: never read as part of the word or the figure before them.

One rule for all formats: a power of ten stays one ("10^6"), a square or cubic unit stays one
("km²"), a number ahead of its word stays raised ("¹⁴C"), pence become decimals, letters stay as
they are ("1st"), and a note's number goes.
"""

from __future__ import annotations

import re

_TEN = re.compile(r"(?<![\d.,])10$")
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdm]?m|ft|in|mi|yd|nm|µm)$", re.IGNORECASE)
_NUMBER = re.compile(r"[-−–+]?\d+")
_NOTE = re.compile(r"[\s,;–-]*(?:[\[(]?(?:\d+|[*†‡§¶]+|[a-z])[\])]?[\s,;–-]*)+")
_AFTER_A_WORD = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?)\]”\"’»])$")
_ROMAN = re.compile(r"(?<![^\W_])[IVXLCDM]+$")  # "le XXIe congrès"
_ORDINAL = re.compile(
    r"(?<![\d.,])(?:\d{1,2}[aehmors]|\d{3,4}[eo])$|(?<![^\W_])no$"
)  # "5o", "no 5"
_CAPITAL = re.compile(r"(?<![^\W_])[^\W\d_a-zß-öø-ÿ][^\W\d_]?$")  # "Mr", "Dra"
_PRICE = re.compile(r"[£$€¥]\d{1,4}$")
_PENCE = frozenset("00 49 50 90 95 98 99".split())  # "£4" and a raised 99
_SMALL = str.maketrans("0123456789-−–+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁺")


def raised(before: str, text: str, *, note: bool = False) -> str:
    """What to write for `text` raised above the line after `before`.

    `note`: the file itself says that it is the reference of a note.
    """
    bare = text.strip()
    if note or not bare:
        return ""
    if _NUMBER.fullmatch(bare):
        if _TEN.search(before):
            return f"^{bare.translate(str.maketrans('−–', '--'))}"
        if bare in _PENCE and _PRICE.search(before):
            return f".{bare}"
        is_unit = _UNIT.search(before) and len(bare) == 1
        is_ahead = not before or before[-1].isspace() or before[-1] in "(["  # of "C" in "14C"
        return bare.translate(_SMALL) if is_unit or is_ahead else ""
    return "" if _NOTE.fullmatch(bare) and not _is_word(before, bare) else text


def _is_word(before: str, bare: str) -> bool:
    """Whether letters belong to what is before them ("XXI" and "e", "M" and "me"): no note."""
    if not bare.isalpha():
        return False
    if len(bare) > 1:
        return not _AFTER_A_WORD.search(before) or bool(_ROMAN.search(before))
    return bool(_ROMAN.search(before) or _ORDINAL.search(before + bare) or _CAPITAL.search(before))
