"""The ways in which language models write citations, made one: "(1)", "[Source 1]", "^1", "<sup>".

Knows nothing of what the numbers mean, but for how many passages there are: what could be a year,
a figure or the number of a list is left as it is. Text comes in whole sentences or lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FIRST = 0xE000  # of Unicode's private use, one for each number: a citation in canonical text
_MOST = 1000
_PRIVATE = re.compile("[\ue000-\uf8ff]")
MARK = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + _MOST - 1)}]")
_MOST_OF_A_RANGE = 20

# What models call a passage. In running prose only the words that news has no other use for.
_PROSE = (
    r"passages?|excerpts?|snippets?|sources?|textstellen?|textpassagen?|quellen?|extraits?|"
    r"pasajes?|fuentes?|fonti|fonte|brani|brano|passagens?|bronnen|bron"
)
_NAMED = (
    rf"{_PROSE}|articles?|documents?|docs?|texts?|texte|extracts?|chunks?|contexts?|items?|"
    r"references?|refs?|citations?|cites?|footnotes?|notes?|nos?|nr|artikel|dokumente?|"
    r"abschnitte?|auszug|auszüge|belege?|stellen?|artículos?|documentos?|fragmentos?|textos?|"
    r"articoli|articolo|documenti|documento|artigos?|trechos?|artikelen|fragmenten?|источник"
)
_S = r"\s{0,3}"
_SEE = r"(?:(?:see|cf|from|per|in|siehe|vgl|voir|cf|selon|ver|véase|vedi|zie)\.?\s{1,3})?"
_JOIN = rf"(?:{_S}(?:[,;&/+]|and|und|et|y|e|en){_S}|\s{{1,3}})"
_RANGE = rf"{_S}(?:[–—-]|\.\.|to|bis){_S}"
_NAME = rf"(?:(?:{_NAMED})(?![^\W\d_])[\s.:_#-]{{0,3}}){{1,2}}"
_CALLED = rf"(?:{_SEE}{_NAME})?"
_ONE = rf"{_CALLED}[\#^§SP]?\d{{1,3}}(?::\d{{1,3}})?(?!\d)\^?"
_LIST = rf"{_S}{_ONE}(?:(?:{_JOIN}|{_RANGE}){_ONE}){{0,40}}{_S}"
_AFTER = r"(?:\s*[†|:][^\[\]【】\n]{0,80})?"  # 【1†source】, [1: The Gazette]

_OPEN, _CLOSE = r"\\?[\[【［⟦〔]", r"\\?[\]】］⟧〕]"
_LINK = r"(?:\((?!\d+\))[^()\s]{0,300}\))?"
_TAGS = "sup|sub|cite|citation|ref|footnote|fn|source|passage|a|span|small|mark|co"
_FORMS = re.compile(
    rf"""
    (?:<(?:{_TAGS})\b[^<>\n]{{0,80}}>{_S}){{1,3}}(?:{_OPEN}|\()?(?P<tagged>{_LIST})(?:{_CLOSE}|\))?
        (?:{_S}</(?:{_TAGS}){_S}>){{1,3}}
  | <(?:{_TAGS})\b[^<>\n]{{0,40}}?["'=\s](?P<empty>\d{{1,3}})["']?\s*/>
  | (?:\\?\^)?(?P<twice>{_OPEN})?{_OPEN}(?P<bracket>{_LIST}){_AFTER}{_CLOSE}\^?{_LINK}
        (?(twice)(?:{_CLOSE}{_LINK})?)
  | \({_S}(?P<called>{_SEE}{_NAME}{_LIST})\)
  | (?:\\cite)?\{{{{1,2}}(?P<brace>{_LIST})\}}{{1,2}}
  | (?P<round>[(（](?P<rounded>{_LIST})[)）])
  | (?P<raised>\$?\\?\^(?:\{{|\\\{{|\()?(?P<power>\d{{1,2}}(?:\s?[,–-]\s?\d{{1,2}})*)(?!\d|[.,]\d)
        (?:\}}|\\\}}|\))?\^?\$?)
  | (?P<super>[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}}(?:[,˒⁻·][⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})*)
  | (?<!\w)(?:{_PROSE})\s{{1,3}}(?P<said>\d{{1,2}}(?!\d|[.,]\d|\s?%))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PLURAL = re.compile(
    rf"(?<!\w)(?:{_PROSE})\s{{1,3}}(?P<said>\d{{1,2}}(?:(?:,\s|\s(?:and|und|et|y|e|en|to|bis|&)\s"
    r"|,\sand\s|\s?[–-]\s?)\d{1,2})+)(?!\d|[.,]\d)",
    re.IGNORECASE,
)
_POINTED = re.compile(  # "(see [1])", "[[1](#a)]"
    rf"\(\s*{_SEE}({MARK.pattern}+)\s*\)|\[({MARK.pattern}+)\]", re.IGNORECASE
)
_SPAN = re.compile(rf"({MARK.pattern})\s?[–—-]\s?({MARK.pattern})")  # "[1]-[3]"
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹˒·⁻", "0123456789,,-")
_UNIT = re.compile(r"(?:^|[\W\d_])(?:[a-z]|[kcmdnµ]m|ft|in|mi|yd|mph|co|ha)$|\d\s?$", re.IGNORECASE)
_TIGHT = re.compile(r"[^\W\d_]{2}[\"'”’»)*_]*$|[.!?…,;:\"”’»)\]][*_]*$")
_ENUMERATED = re.compile(r"(?:^|\n)[\s>*_#-]*$|[:;,]\s*$|\b(?:and|or|und|oder|et|ou|y|o)\s+$")
_GOES_ON = re.compile(r"\s*(?:[.,;:!?…|)*_\"”’»。，、；！？]|\(\d{1,3}\)|$|\n)")
_NEXT = re.compile(r"\s+[A-ZÄÖÜÉÈÀ“\"‘„«]")
_ENDED = re.compile(r"[.!…\"”’»]\s*$")
_THOUSANDS = re.compile(r"\s*\d{1,3}(?:,\d{3})+\s*")
_COUNTED = re.compile(r"\d\s*$")


def canonical(text: str, passages: int, *, bracketed: bool, prose: bool = True) -> str:
    """`text`, a whole sentence or line, with each citation as one private character, see `MARK`.

    `passages`: how many there are. `bracketed`: the model cites in brackets, so that a figure in
    parentheses is no citation. `prose`: "passage 1" in running words is one.
    """
    text = _PRIVATE.sub("", text)
    found, last = "", 0
    for match in _PLURAL.finditer(text) if prose else ():
        if all(1 <= number <= passages for number in _numbers(match["said"])):
            found += text[last : match.start()] + _marks(match["said"])
            last = match.end()
    text, found, last = found + text[last:], "", 0
    for match in _FORMS.finditer(text):
        numbers = _cited(match, passages, bracketed)
        if numbers and (prose or not match["said"]):
            found += text[last : match.start()] + _marks(numbers)
            last = match.end()
    text = _POINTED.sub(lambda match: match[1] or match[2], found + text[last:])
    return _SPAN.sub(lambda match: _marks(f"{number(match[1])}-{number(match[2])}"), text)


def number(mark: str) -> int:
    """The number that a mark of canonical text stands for."""
    return ord(mark) - _FIRST


def _cited(match: re.Match[str], passages: int, bracketed: bool) -> str:
    """The numbers that a match cites; empty if it is something else."""
    sure = next(filter(None, map(match.group, ("tagged", "empty", "bracket", "called"))), "")
    if sure:
        return "" if _THOUSANDS.fullmatch(sure) else sure
    before, after = match.string[: match.start()], match.string[match.end() :]
    if given := match["said"]:
        return _within(given, passages)
    if match["round"]:
        counts = bool(_ENUMERATED.search(before) or _COUNTED.search(before))
        ends = _GOES_ON.match(after) or (_ENDED.search(before) and _NEXT.match(after))
        loose = bracketed or counts or not before.strip() or not ends
        return "" if loose else _within(match["rounded"], passages)
    if given := match["brace"]:
        return _within(given, passages)
    given = match["power"] or (match["super"] or "").translate(_SUPERSCRIPT)
    raised = _TIGHT.search(before.rstrip(" ")) and not _UNIT.search(before)
    return _within(given, passages) if raised else ""


def _within(given: str, passages: int) -> str:
    """`given` if each of its numbers is a passage's."""
    return given if all(1 <= item <= passages for item in _numbers(given)) else ""


def _marks(given: str) -> str:
    return "".join(chr(_FIRST + item) for item in dict.fromkeys(_numbers(given)))


def _numbers(given: str) -> Iterator[int]:
    """Spell out "1, 3-5" as 1, 3, 4, 5; a range backwards or too long counts as its ends."""
    plain = re.sub(r"(?<=\d):\d+", "", given)  # 【4:0†source】: the passage, and a place in it
    last, end = -1, 0
    for found in re.finditer(r"\d+", plain):
        value, between = int(found[0]), plain[end : found.start()]
        spans = last >= 0 and re.fullmatch(rf"\^?{_RANGE}{_CALLED}[\#^§SP]?", between, re.I)
        if spans and 0 < value - last < _MOST_OF_A_RANGE:
            yield from range(last + 1, value)
        yield value
        last, end = value, found.end()
