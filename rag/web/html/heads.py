"""How many lines at the start of an article say nothing but what the reader's card says already."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.schema import Article
from rag.text.dates import WEEKDAYS, find_dates
from rag.text.words import fold

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\w+")
_AND = re.compile(r",|&| and ")
# What a byline has between names and dates, in the languages whose bylines are read.
_BETWEEN = frozenset(
    "by and on published updated posted von par por de di da av af door und et y".split()
) | {day.casefold() for day in WEEKDAYS}

Span = tuple[int, int]


def below_head(article: Article, cited: Iterable[Span]) -> int:
    """Where the text begins below its headline, byline, outlet and date, if it opens with them.

    A line that says anything else is the first to be shown, and so is one with `cited` words. What
    has no other lines is shown whole.
    """
    first = article.parts[0] if article.parts else None
    end = first.end if first else len(article.text)
    if first and first.kind != "body":
        return 0
    spans, begins, headline = [*cited], 0, _words(article.title or "")
    so_far: list[str] = []
    for line in _LINE.finditer(article.text, 0, end):
        if any(start < line.end() and line.start() < last for start, last in spans):
            break
        if not line[0].strip():
            continue
        if not _words(line[0]):
            break
        so_far += _words(line[0])
        if headline[: len(so_far)] == so_far != headline:
            continue  # a headline over several lines
        if so_far != headline and not _is_said(line[0], article):
            break
        so_far, begins = [], line.end()
    return begins if article.text[begins:].strip() else 0


def _is_said(line: str, article: Article) -> bool:
    """Whether the line holds no word but those of the headline, the names and the date."""
    rest = _words(_without_dates(line, article))
    names = [article.title, article.outlet, *_AND.split(article.author or "")]
    for name in sorted((_words(name or "") for name in names), key=len, reverse=True):
        rest = _without(rest, name)
    return set(rest) <= _BETWEEN


def _without_dates(line: str, article: Article) -> str:
    """`line` without the dates that the card gives."""
    known = (article.published, article.updated)
    for found in reversed([*find_dates(line)]):
        printed = line[found.start : found.end]
        if printed == article.dated or (found.date and found.date in known):
            line = f"{line[: found.start]} {line[found.end :]}"
    return line


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def _without(words: Sequence[str], run: Sequence[str]) -> list[str]:
    """`words` without each place where all of `run` stand in a row."""
    left, at, size = list[str](), 0, len(run)
    while at < len(words):
        if size and [*words[at : at + size]] == [*run]:
            at += size
        else:
            left.append(words[at])
            at += 1
    return left
