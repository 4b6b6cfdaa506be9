"""What a question asks for: where to look, its parts; and questions to begin with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.retrieval.filters import narrowed_to
from rag.retrieval.mentions import mentioned_authors, mentioned_outlets
from rag.schema import Filters
from rag.text.dates import WHEN, Days, days, mentioned_dates
from rag.text.names import names

_ASKS_READERS = re.compile(
    r"\b(?:reader(?:s|s’|s')?(?:['’]s)? comment|commenter|comments?\b.*\b(?:reader|below|under)|"
    r"reader(?:s|['’]s)? (?:say|said|write|wrote|think|quote|reply|replied|call|claim|"
    r"complain|argue))",
    re.IGNORECASE,
)
Stretch = tuple[date | None, date | None]  # first and last day; None: open
_AND = re.compile(
    r",?\s+and\s+(?=(?:by |in |on |at |for )?"
    r"(?:who|whom|what|when|where|why|which|how|did|was|were|is)\b)",
    re.IGNORECASE,
)

_RECENT = re.compile(
    r"\b(?:(?:this|last|past)\s+(?:week|weekend|month)|this\s+(?:year|season)|recent(?:ly)?|latest"
    r"|newest|current(?:ly)?|now|today|tonight|yesterday|tomorrow|just\s+announced"
    r"|on\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
    re.IGNORECASE,
)
# A question this long says several things, each of which another passage may bear out; so does a
# shorter one that names two outlets or days. Of 381 questions on news 3 have 30 words, of 250 that
# need several articles 240.
_LONG, _HALF_LONG = 30, 20

_EACH = re.compile(
    r"\b(?:which|what|all|do|how do|the different|several) (?:the )?(?:articles|outlets|papers|"
    r"newspapers|reports|sources|stories)\b|\beach (?:article|outlet|paper|source|report|say)|"
    r"\bdoes each\b|\b(?:agree|disagree|differ|contradict)\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"\bhow many (?:more |other |of (?:the |his |her |its )?)?([\w'’ -]+)", re.IGNORECASE
)
_PLURALS = frozenset(
    "people men women children police staff personnel crew aircraft sheep fish".split()
)
_NOT_COUNTED = frozenset(
    (
        "are is was were do does did have has had will would can could may might must should in on "
        "at of to for from by with who that which where there it they he she the a an be been took "
        "take them us"
    ).split()
)
_FIGURE = re.compile(
    r"\bhow (?:many|much)\b|\bwhat (?:share|percentage|proportion|price|sum|number)\b|"
    r"^(?:on |by |since )?when\b|\b(?:what|which) (?:day|date|year|month)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:did|does|do|has|have)\s+(?P<who>[^,;]+?)\s+(?:say|said|tell|told|think|claim|write|"
    r"written|remark|comment|answer|want|demand|propose|suggest|argue|warn|explain)\b"
)

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

_OPENING = re.compile(r"^(?:and|but|so|also|what about|how about|then)\b[\s,]*", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|she|him|they|them)\b", re.IGNORECASE)
_OWNER = re.compile(r"\b(?:his|their|her(?=\s+\w))\b", re.IGNORECASE)
_POINTER = re.compile(r"\b(?:it|its|this|that|these|those|there|then|her)\b", re.IGNORECASE)
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class Boosts:
    """What the question names, and is therefore likely to be about; spelt as in the index."""

    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    dates: tuple[Days, ...] = ()
    recent: bool = False  # it asks for what is new: "this week", "the latest"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without the words that limit where to look, and those limits."""

    question: str
    filters: Filters
    boosts: Boosts = Boosts()


def understood(
    question: str,
    filters: Filters,
    *,
    outlets: Sequence[str] = (),
    authors: Sequence[str] = (),
) -> Asked:
    """Take out of a question what limits where to look; `outlets` and `authors` are the index's.

    "As of June 2015, …" and "… articles published in 2015 …" limit the dates, and a question for
    reader comments the kinds. Named outlets, authors and dates limit nothing: they are boosts.
    """
    boosts = Boosts(
        mentioned_outlets(question, outlets),
        mentioned_authors(question, authors),
        tuple(mentioned_dates(question)),
        bool(_RECENT.search(question)),
    )
    asked, until = _without_as_of(question)
    asked, published = _without_published(asked)
    since, last = published or (None, None)
    limits = narrowed_to(narrowed_to(filters, since, last), None, until)
    return Asked(asked, narrowed(asked, limits), boosts)


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


def is_composite(question: str, boosts: Boosts) -> bool:
    """Whether several passages must be read, each for a part: "Do the Post and the Sun agree …"."""
    words, named = len(question.split()), len(boosts.outlets) + len(boosts.dates)
    return words >= _LONG or (words >= _HALF_LONG and named > 1)


def parts(question: str) -> list[str]:
    """The questions within a question, each standing alone; a simple question has none.

    "Who was hurt, and how is he now?" has two; the second is understood as a follow-up.
    """
    first, *rest = _AND.split(question)
    return [first, *(by_rule(part, [first]) for part in rest)] if rest else []


def asks_each(question: str) -> bool:
    """Whether it asks what several articles say: "Which articles mention …"."""
    return bool(_EACH.search(question))


def asks_figure(question: str) -> bool:
    """Whether the answer is a figure, a sum or a date, of which sources may give different ones."""
    return bool(_FIGURE.search(question))


def counted(question: str) -> list[str]:
    """The words for what "how many" counts: "union members" of "union members voted for it"."""
    match = _HOW_MANY.search(question)
    found: list[str] = []
    for word in (match[1] if match else "").split():
        if word.casefold() in _NOT_COUNTED:
            break
        found.append(word)
        if word.casefold() in _PLURALS or re.search(r"[^su'’i]s$", word):
            break
    return found


def asked_of(question: str) -> str:
    """The person of whose words it asks: "What did Jane Roe say about …"; empty if of nobody's."""
    match = _SAID.search(question)
    people = names(match["who"]) if match else []
    return people[-1] if people else ""


def narrowed(question: str, filters: Filters) -> Filters:
    """`filters`, limited to reader comments where the question asks for them."""
    if not filters.kinds and _ASKS_READERS.search(question):
        return replace(filters, kinds=("comment",))
    return filters


def by_rule(question: str, earlier: Sequence[str]) -> str:
    """Put the last name asked about in place of a pronoun; else repeat the last topic.

    A question with neither pronoun nor pointer, and long enough, is left as it is.
    """
    bare = _OPENING.sub("", question).strip()
    bare = bare[:1].upper() + bare[1:]
    person = next((found[0] for asked in reversed(earlier) if (found := names(asked))), None)
    if person and (_PERSON.search(bare) or _OWNER.search(bare)):
        return _PERSON.sub(lambda _: person, _OWNER.sub(lambda _: f"{person}'s", bare))
    opened = bool(_OPENING.match(question))
    needs_topic = opened or _POINTER.search(bare) or len(bare.split()) <= _FEW_WORDS
    if needs_topic and not names(bare):
        return f"{bare.rstrip(' ?.!')} ({earlier[-1].rstrip(' ?.!')})?"
    return bare if opened else question
