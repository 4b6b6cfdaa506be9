"""The sentences that an article's author wrote for its readers, in reading order.

Left out: headline and byline, headings, captions, comments, adverts, teasers of other stories,
calls to subscribe, editor's notes, and what is said of the author at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.schema import Article
from rag.text.dates import WHEN
from rag.text.sentences import Span, article_sentences, sentence_spans, trim
from rag.text.words import fold
from vectorstore.selecting import people

_LINE = re.compile(r"[^\r\n]+")
_ENDED = re.compile(r"[.!?…:;][\"'”’)\]]*$")  # how a sentence ends, and a heading does not
_LONG = 25  # words; so long a line is prose even without a full stop
_HEADING = 12  # words; a shorter question that stands alone heads what follows
_PRESENTS = 16  # words; a longer line that names the author says something else
_SHORTEST = 4  # words of a sentence
_AT_THE_END = 4  # paragraphs in which the author and the newsroom are spoken of
_ASIDE = re.compile(
    r"""\W*(?:
      need\sa\sbreak\?|(?:sign\sup|subscribe|download|listen|tune\sin|click|tap)\b
    | (?:watch|read|see|more|related|live|photos?|gallery|video|graphics?|opinion|exclusive
      |fact\scheck|quiz|poll|podcast|don['’]t\smiss|catch\sup|analysis)\b[^.!?]{0,24}:
    | (?:read|see|watch|learn|find\sout)\s(?:more|also|next)\b
    | (?:photos?|images?|pictures?|illustrations?|graphics?|video)\s(?:credit|by|from)\b
    | follow\s(?:us|along|live|him|her|them|@|[A-Z]\w+\s[A-Z]\w+\son)\b
    | (?:contributing|contributors?|reporting|writing|editing|tags?|keywords|source|sources|by)\s?:
    | \(?(?:additional\s)?reporting\sby\b|\(?(?:editing|writing|compiled)\sby\b
    | (?:correction|clarification|update)s?\s?:
    | \(?this\s(?:story|article|column|report|piece|post)\s(?:has\sbeen|was|is
      |will\sbe|originally|first|appeared|may)\b
    | (?:the\s)?[\w\s.&]{2,30}\shas\sreached\sout\b
    | q(?:uestion)?\s?:|\b\d{1,2}\s?[ap]\.?m\.?\W*$
    | ai-assisted\ssummary\b(?!\s\w+\s\w)
    | what\sthe\snews\smeans\sfor\syou\b
    | (?:have|got)\sa\s(?:tip|question|story)\b|if\syou\shave\sa\stip\b
    | (?:join|play)\b.{0,80}\b(?:newsletter|crossword|app|community|channel|puzzle)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_TEASER = re.compile(r"(?:[‘'“\"][^’'”\"\n]{3,80}[’'”\"]?\s?:|[A-Z][A-Z'’,\s]{4,50}:)\s?\S")
_NOTE = re.compile(
    r"\W*(?:(?:editor|publisher|author)['’]?s?['’]?\s)?notes?(?:\sto\sreaders)?\s?:", re.I
)
_LINKED = re.compile(r"[^.!?:\n]{2,50}:[^\s\d:/]")  # the link's words run on without a space
_CALL = re.compile(
    r"\b(?:newsletters?|e-?mail alerts?|push alerts?|our app|crossword|in your inbox|your inbox"
    r"|(?:sign|signing) up|subscribers?['’]? only|subscribe"
    r"|follow (?:him|her|them|us|me) on)\b|\S+@\w",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:getty(?: images)?|\bafp\b|shutterstock|all rights reserved|via ap"
    r"|contributed to this (?:report|story|article))\W*$",
    re.IGNORECASE,
)
_CALL_WORDS = 40  # a line that calls on the reader is no longer
_BIO = re.compile(
    r"[A-Z][\w.’'-]+(?:\s[\w.’'-]+){1,6}?,?\s(?:is|are|was|serves?|writes?|covers?|reports?|has\sbeen)\b"
    r".{0,140}?\b(?:reporters?|editors?|columnists?|correspondents?|contributors?|writers?|authors?"
    r"|journalists?|professors?|fellows?|directors?|senators?|producers?|analysts?|members?|hosts?"
    r"|blogger|director|lawyer|attorney|opinion|for\s[A-Z])\b"
)
_DATELINE = re.compile(
    r"[A-Z][A-Z .'’/-]{2,30}(?:,[^—–\n]{1,40}?)?\s?(?:\([^()\n]{2,30}\)\s?)?"
    r"\s?(?:[—–]|--|-)\s+(?=\S)"
)
_DATED = re.compile(rf"(?:\w+,?\s+){{0,2}}(?:{WHEN})\W*", re.IGNORECASE)
_UPDATED = re.compile(r"\W*(?:updated|published|posted|last modified)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence, `article.text[start:end]`; `paragraph` counts from 0.

    `heading`: the lines that stand over it, nearest last, as far as no prose is between them and
    the paragraphs that they head.
    """

    start: int
    end: int
    paragraph: int
    heading: Span | None = None


def prose(article: Article) -> list[Prose]:
    """The author's sentences; empty for an article that has none."""
    found: list[Prose] = []
    heading: Span | None = None
    paragraph = -1
    for start, end in _lines(article):
        words = article.text[start:end]
        if _is_heading(words):
            heading = (start, end)
            continue
        paragraph += 1
        line = _DATELINE.match(words) if paragraph == 0 else None
        for first, last in article_sentences(article, start + (line.end() if line else 0), end):
            if len(article.text[first:last].split()) >= _SHORTEST:
                found.append(Prose(first, last, paragraph, heading))
    return _without_ending(article.text, found)


def _lines(article: Article) -> Iterator[Span]:
    """The lines of the body that are neither headline nor byline nor the site's own."""
    title = fold(article.title or "")
    for match in _LINE.finditer(article.text):
        part = article.part_at(match.start()) if article.parts else None
        start, end = trim(article.text, *match.span())
        words = article.text[start:end]
        if start == end or (part and part.kind != "body") or (title and fold(words) == title):
            continue
        if not is_aside(words) and not _presents(article, words):
            yield start, end


def _presents(article: Article, words: str) -> bool:
    """Whether a short line says something of the author: "Jane Roe's column appears on Fridays"."""
    names = [name for name in people(article.author or "") if len(name.split()) > 1]
    short = len(words.split()) <= _PRESENTS
    return short and any(fold(name) in fold(words) for name in names)


def is_aside(words: str) -> bool:
    """Whether they stand around the prose: adverts, teasers, credits, notes on the text itself."""
    if (
        _NOTE.match(words)
        or _LINKED.match(words)
        or (_TEASER.match(words) and not _ENDED.search(words))
    ):
        return True
    short = len(words.split()) <= _CALL_WORDS
    signs = (_CALL.search, _ASIDE.match, _UPDATED.match, _CREDIT.search)
    return short and any(sign(words) for sign in signs)


def is_date(words: str) -> bool:
    """Whether they are a date and nothing else: "Sunday, 10 March 2024."."""
    return len(words.split()) <= _HEADING and bool(_DATED.fullmatch(words))


def _is_heading(words: str) -> bool:
    count = len(words.split())
    if not _ENDED.search(words):
        return count < _LONG
    if is_date(words):
        return True
    return count <= _HEADING and words.endswith(("?", ":")) and len(sentence_spans(words)) == 1


def _without_ending(text: str, found: list[Prose]) -> list[Prose]:
    """`found` without the last paragraphs from where the author is presented."""
    last = found[-1].paragraph if found else 0
    for item in found:
        opens = all(
            other.start >= item.start for other in found if other.paragraph == item.paragraph
        )
        near_end = item.paragraph > max(last - _AT_THE_END, last // 2)
        if near_end and opens and _BIO.match(text, item.start, item.end):
            return [other for other in found if other.paragraph < item.paragraph]
    return found
