"""Press releases: what their makers print around the headline and the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.articles.bylines import read_byline
from rag.articles.drafts import Block, Meta, is_prose, keep_lines
from rag.text.dates import find_dates, parse_date, two_ways
from rag.text.words import letters

_KIND = (
    r"(?:(?:press|news|media)[\s-]?(?:release|statement|notice)|press information|"
    r"(?:presse|medien)(?:mitteilung|information|erklärung|aussendung)|"
    r"communiqué(?: de presse)?|"
    r"comunicado de prensa|nota de prensa|comunicato stampa|persbericht|pressmeddelande|"
    r"pressemelding|pressemeddelelse|comunicado de imprensa)"
)
_RELEASED = (
    r"(?:not )?for immediate (?:release|publication)\b|"
    r"(?:not )?for (?:release|publication)(?=\W*$|:| (?:on|at|before|until|after|upon|\d))|"
    r"(?:strictly )?(?:under )?embargo(?:ed)?(?=\W*$|:| (?:until|till|to|for release|bis|jusqu))|"
    r"zur sofortigen veröffentlichung|sperrfrist(?=\W*$|:| bis)|sous embargo\b|"
    r"pour (?:diffusion|publication) immédiate|para (?:publicación|difusión) inmediata"
)
_MARK = re.compile(
    rf"\W*(?:{_KIND}\W*(?:$|(?=\d|n[o°r]\b|{_RELEASED})).{{0,60}}|(?:{_RELEASED}).{{0,70}})",
    re.IGNORECASE,
)
_PREFIX = re.compile(rf"\W*(?:{_KIND}|for immediate release)\W*\s*[:|–—-]+\W*", re.IGNORECASE)
_CONTACT = re.compile(
    r"\W*(?:(?:(?:media|press|news|public relations|pr|editorial|for (?:more|further) information)"
    r"\W+)?(?:please )?(?:contacts?|inquiries|enquiries)|(?:presse|medien)?(?:kontakt|anfragen)|"
    r"ansprechpartner(?:in)?|rückfragen|contacts? (?:presse|médias?)|contacto(?: de prensa)?|"
    r"contatti?)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"\S+@\S+\.\w+|(?:\+|\b0|\()[\d\s()./-]{5,}\d|\b\d{3}[-.\s]\d{3,4}\b|\b(?:www\.|https?://)\S+|"
    r"^\W*(?:phone|tel|telefon|mobile|mobil|cell|fax|e-?mail|t|e|m|web|website)\.?\s?:",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?:date|datum|ref(?:erence)?|no|nr|release (?:date|no)|issued|location|subject|from|to)"
    r"\W?\s?:\s*(?P<value>.*)", re.IGNORECASE,
)  # fmt: skip
_END = re.compile(
    r"\W*(?:ends?|end of (?:press )?release|ende|fin)\W*|(?:#\s*){2,}|-\s*30\s*-", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:about|über|à propos d(?:e |['’])|acerca de)\s*(?:the |die |den |das |la |le |l['’])?"
    r"(?P<who>\S.{2,80})",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"\W*(?:notes? (?:to|for) editors?|hinweise? für redaktionen)\b.*", re.IGNORECASE
)
_PLACE_AND_DAY = re.compile(r"[^\W\d_][\w .’'()/-]{1,40},?\s(?:(?:den|le|on)\s)?(?P<day>\S.{5,25})")
_EARLY = 10  # lines among which a release says that it is one
_NEAR = 5  # lines of a contact


@dataclass(frozen=True, slots=True)
class Release:
    """The blocks of a release without what is printed above its text, and what that says.

    `contacts` are those of them that say who can be reached; `text` are the blocks before the
    notes, contacts and descriptions below the text.
    """

    blocks: list[Block]
    text: list[Block]
    known: Meta
    contacts: list[Block]


def bare_title(title: str) -> str:
    """A headline without "Press release:" before it."""
    return title[match.end() :] if (match := _PREFIX.match(title)) else title


def read_release(blocks: Sequence[Block]) -> Release | None:
    """What a press release is; None for anything else.

    Whoever can be reached about it is not its author, and its letterhead is not its headline.
    """
    lines = [(n, line) for n, block in enumerate(blocks[:_EARLY]) for line in block.lines]
    stop = next((at for at, (_, line) in enumerate(lines) if _is_text(line)), len(lines))
    above = [line for _, line in lines[:stop]]
    mark = next((n for n, line in enumerate(above[:_EARLY]) if _MARK.fullmatch(line)), None)
    if mark is None or any(block.author for block in blocks[:1]):
        return None
    contacts = sorted(_contacts(above))
    gone = {*contacts} | {n for n, line in enumerate(above) if _is_furniture(line)}
    days = [n for n, line in enumerate(above) if n not in gone and _day_alone(line)]
    names = _organisations(blocks)
    left = [n for n in range(len(above)) if n not in gone | {*days}]
    heads = [n for n in left if not read_byline(above[n]) or len(above[n].split()) > 6]
    letterhead = {n for n in heads if letters(above[n]) in names}
    place = max(days, default=-1)
    for at in (place, mark):  # what stands above the place and day, or the mark, is a letterhead
        below = [n for n in heads if n > at and n not in letterhead]
        letterhead |= {n for n in heads if n < at} if below else set()
    titles = [n for n in heads if n not in letterhead]
    dropped = {(lines[n][0], above[n]) for n in (*gone, *days, *letterhead)}
    stated = [above[n] for n in sorted(gone | {*days})]
    named = [above[n] for n in letterhead if letters(above[n]) in names]
    known = Meta(
        title=bare_title(above[titles[0]]) if titles else None,
        outlet=named[0] if named else None,
        published=next((day for line in stated if (day := _day(line))), None),
        dated=next((text for line in stated if (text := two_ways(line))), None),
    )
    first = lines[stop][0] if stop < len(lines) else 0
    foot = (n for n in range(first + 1, len(blocks)) if any(map(_is_foot, blocks[n].lines)))

    def keep(number: int, line: str) -> bool:
        return (number, line) not in dropped and not _END.fullmatch(line)

    rest = keep_lines(list(blocks), keep)
    story = keep_lines(list(blocks[: next(foot, len(blocks))]), keep)
    reached = "\n".join(above[n] for n in contacts)
    return Release(rest, story, known, [Block(reached)] if reached else [])


def _is_foot(line: str) -> bool:
    return any(form.fullmatch(line) for form in (_END, _CONTACT, _ABOUT, _NOTES))


def _is_text(line: str) -> bool:
    return is_prose(line) and not (_MARK.fullmatch(line) or _CONTACT.fullmatch(line))


def _is_furniture(line: str) -> bool:
    return bool(_MARK.fullmatch(line) or _FIELD.fullmatch(line) or _REACHED.search(line))


def _contacts(lines: Sequence[str]) -> set[int]:
    """The lines that say who can be reached: from "Contact:" to the last number or address."""
    found: set[int] = set()
    for start, line in enumerate(lines):
        if not _CONTACT.fullmatch(line) or start in found:
            continue
        near = range(start + 1, min(len(lines), start + 1 + _NEAR))
        reached = [n for n in near if _REACHED.search(lines[n])]
        found |= {*range(start, reached[-1] + 1)} if reached else {start}
    return found


def _organisations(blocks: Sequence[Block]) -> set[str]:
    """Who a release says that it is about: "About the Harbour Authority"."""
    lines = (line for block in blocks for line in block.lines if not is_prose(line))
    return {letters(match["who"].strip(" :")) for x in lines if (match := _ABOUT.fullmatch(x))}


def _day_alone(line: str) -> bool:
    """Whether a line is a day, perhaps with a place before it."""
    match = _PLACE_AND_DAY.fullmatch(line)
    day = match["day"] if match else line
    return len(line.split()) <= 8 and (bool(two_ways(day)) or _is_day(day))


def _is_day(text: str) -> bool:
    found = next(find_dates(text), None)
    return found is not None and found.start <= 12 and len(text) - found.end <= 3


def _day(line: str) -> date | None:
    return parse_date(line) or next((it.date for it in find_dates(line) if it.date), None)
