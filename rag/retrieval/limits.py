"""What limits where to look, in the words of a question: "as of June 2015", "articles of 2014"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from rag.retrieval.filters import narrowed_to
from rag.schema import Filters
from rag.text.dates import WHEN, days

_ASKS_READERS = re.compile(
    r"\b(?:reader(?:s|s’|s')?(?:['’]s)? comment|commenter|comments?\b.*\b(?:reader|below|under)|"
    r"reader(?:s|['’]s)? (?:say|said|write|wrote|think|quote|reply|replied|call|claim|"
    r"complain|argue))",
    re.IGNORECASE,
)
Stretch = tuple[date | None, date | None]  # first and last day; None: open
_AS_OF = re.compile(
    rf",?\s*\bas\s+(?:of|at)\s+(?:the\s+end\s+of\s+)?(?P<when>{WHEN}),?\s*", re.IGNORECASE
)
_PUBLISHED = re.compile(
    rf"""(?P<lead>^\s*(?:in|from|among|according\s+to)\s+(?:the\s+|all\s+)?)?
    \b(?P<noun>articles|coverage|columns|editorials
      |(?:stories|reports|pieces)(?=[\w\s]+published)|what\s+was\s+published)
    (?:\s+(?:(?:that|which)\s+were\s+)?published)?\s+
    (?P<how>(?<=published\s)(?:in|on|during|between|since|after|before|until)|from)\s+
    (?P<a>{WHEN})(?:,?\s*(?:and|to|until|-|–)\s+(?P<b>{WHEN}))?(?P<tail>\s*,\s*)?""",
    re.IGNORECASE | re.VERBOSE,
)


def limited(question: str, filters: Filters) -> tuple[str, Filters]:
    """The question without the words that limit where to look, and `filters` with what they say.

    "As of June 2015, …" and "… articles published in 2015 …" limit the dates, and a question for
    reader comments the kinds.
    """
    asked, until = _without_as_of(question)
    asked, published = _without_published(asked)
    since, last = published or (None, None)
    limits = narrowed_to(narrowed_to(filters, since, last), None, until)
    if not limits.kinds and _ASKS_READERS.search(asked):
        limits = replace(limits, kinds=("comment",))
    return asked, limits


def _without_as_of(question: str) -> tuple[str, date | None]:
    """The question without "as of DATE" (the first of them counts), and the date's last day."""
    match = _AS_OF.search(question)
    found = days(match["when"]) if match else None
    if not match or not found:
        return question, None
    rest = _cut(question, match.start(), match.end(), "")
    return (rest, found[1]) if re.search(r"\w", rest) else (question, found[1])


def _without_published(question: str) -> tuple[str, Stretch | None]:
    """The question without the one stretch of dates that articles shall be published in."""
    matches = list(_PUBLISHED.finditer(question))
    found = _stretch(matches[0]) if len(matches) == 1 else None
    if not found:
        return question, None
    match = matches[0]
    opens = match["lead"] and match["tail"]  # "In articles published in 2015, …"
    kept = "" if opens else f"{match['lead'] or ''}{match['noun']}"
    rest = _cut(question, match.start(), match.end(), kept)
    return (rest, found) if re.search(r"\w", rest) else (question, found)


def _stretch(match: re.Match[str]) -> Stretch | None:
    """The days that "published in", "between", "before" … DATE means; None if it means none."""
    first, second = days(match["a"]), match["b"] and days(match["b"])
    how = match["how"].casefold()
    if not first or (match["b"] and (not second or how not in ("between", "from"))):
        return None
    if second:
        return first[0], second[1]
    day = timedelta(days=1)
    open_ended: dict[str, Stretch] = {
        "since": (first[0], None),
        "after": (first[1] + day, None),
        "before": (None, first[0] - day),
        "until": (None, first[1]),
    }
    return open_ended.get(how, first)


def _cut(question: str, start: int, end: int, kept: str) -> str:
    """`question` with `kept` in place of `question[start:end]`, and a capital to begin with."""
    before, after = question[:start].rstrip(), question[end:].lstrip()
    joined = " ".join(filter(None, (before, kept.strip(), after)))
    tidy = re.sub(r"\s+([?.!,;)])", r"\1", re.sub(r"(\()\s+", r"\1", joined))
    return tidy[:1].upper() + tidy[1:] if start == 0 else tidy
