"""What a question asks, told by its words; `rag.retrieval.query` reads each question once.

Pure functions over text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.text.dates import WEEKDAYS
from rag.text.names import names

Field = Literal["author", "date", "outlet", "count"]

_RECENT = re.compile(
    r"\b(?:(?:this|last|past)\s+(?:week|weekend|month)|this\s+(?:year|season)|recent(?:ly)?|latest"
    r"|newest|current(?:ly)?|now|today|tonight|yesterday|tomorrow|just\s+announced"
    rf"|on\s+(?:{'|'.join(WEEKDAYS)}))\b",
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
# "What did Jane Roe say about the bridge?": whose words, and on what.
_SAID = re.compile(
    r"\b(?:did|does|do|has|have)\s+(?P<who>[^,;]+?)\s+(?:say|said|tell|told|think|claim|write|"
    r"written|remark|comment|answer|want|demand|propose|suggest|argue|warn|explain)\b(?P<rest>.*)"
)
_ON = re.compile(r"\b(?:about|on|of|regarding|concerning)\s+(?P<what>.+?)[?.]*$", re.IGNORECASE)

_MONEY = re.compile(r"\bhow much\b|\bwhat (?:price|sum|salary|did .* cost)\b", re.IGNORECASE)
_SHARE = re.compile(r"\bwhat (?:share|percentage|proportion)\b", re.IGNORECASE)
_WHEN = re.compile(
    r"^(?:on |by |since )?when\b|\b(?:what|which) (?:day|date|year|month)\b", re.IGNORECASE
)
_BETWEEN = re.compile(
    r"^how\s+(?:long|many\s+(?P<unit>days|weeks))\b[\w\s]{0,24}?\bbetween\s+(?P<one>(?:the|an?)\s.+?)\s+"
    r"and\s+(?P<two>(?:the|an?)\s.+?)\s*\?*$",
    re.IGNORECASE,
)
_PIECE = r"(?:article|story|report|piece|column|interview|editorial|item|text|review|analysis)"
_QUOTED = re.compile(r"[“\"]([^”\"]{4,})[”\"]")
_PATTERNS: dict[Field, re.Pattern[str]] = {
    "count": re.compile(
        r"\bhow many (?:of the )?(?:different )?(?:articles|stories|reports|pieces|columns|"
        r"interviews|editorials)\b",
        re.IGNORECASE,
    ),
    "author": re.compile(
        r"\bwho (?:wrote|authored|penned|is the (?:author|writer))\b|\bby whom\b|"
        r"\b(?:author|writer) of\b",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"\b(?:when|what (?:day|date)|which day)\b.*\b(?:published|printed|written|appear)|"
        r"\bpublication date\b|\bdate of the\b",
        re.IGNORECASE,
    ),
    "outlet": re.compile(
        r"\b(?:which|what) (?:outlet|newspaper|paper|magazine|publication|news ?site|website|"
        r"agency)\b.*\b(?:published|ran|printed|carried|reported|broke|wrote|from)\b|"
        r"\bwhere was\b.*\bpublished\b",
        re.IGNORECASE,
    ),
}
_AUXILIARY = re.compile(
    r"^(?:is it (?:true|right|correct|the case) that|(?:is|are|was|were|do|does|did|has|have|had|"
    r"will|would|can|could|should)(?:n['’]t)?)\s+(?P<rest>.+?)\s*\?*$",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"^(?:(?:and|but|so|in|on|at|by|for|to|from|with|of|about|according to)\s+)?"
    r"(?:who|whom|whose|what|which|when|where|why|how|tell|show|list|compare|find|give|name|"
    r"describe|explain|summari[sz]e)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b|n['’]t\b", re.IGNORECASE)
_STATEMENT = 5  # words; a shorter text without a question mark is a list of keywords
_LEAST_STATED = 3  # words of a statement within a question


@dataclass(frozen=True, slots=True)
class Wanted:
    """The figure or date that a question asks for.

    `counted`: the words for what is counted, "union members"; `of`: the names behind "how many".
    """

    kind: Literal["count", "sum", "share", "date"]
    counted: tuple[str, ...] = ()
    of: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What sources differ on, in words: "union members", "the sum"."""
        return " ".join(self.counted) or f"the {self.kind}"


@dataclass(frozen=True, slots=True)
class Statement:
    """Whose words a question asks for, and what they are to be about; empty: about anything."""

    speaker: str
    about: str = ""


def wanted(question: str) -> Wanted | None:
    """The figure or date that is asked for, of which sources may give different ones."""
    words = counted(question)
    if words:
        behind = question[question.casefold().find("how many") :]
        return Wanted("count", tuple(words), tuple(names(behind)))
    if _MONEY.search(question):
        return Wanted("sum")
    if _SHARE.search(question):
        return Wanted("share")
    return Wanted("date") if _WHEN.search(question) else None


def between(question: str) -> tuple[str, str, str] | None:
    """The unit and the two events of "How many days passed between the walkout and the deal?"."""
    match = _BETWEEN.search(question)
    if match is None:
        return None
    return (match["unit"] or "days").lower(), match["one"], match["two"]


def asks_figure(question: str) -> bool:
    """Whether the answer is a figure, a sum or a date: also one that is not compared."""
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


def statement(question: str) -> Statement | None:
    """Whose words on what it asks for: "What did Jane Roe say about the bridge?"."""
    match = _SAID.search(question)
    people = names(match["who"]) if match else []
    if match is None or not people:
        return None
    on = _ON.search(match["rest"])
    return Statement(people[-1], on["what"].rstrip("?. ") if on else "")


def asks_each(question: str) -> bool:
    """Whether it asks what several articles say: "Which articles mention …"."""
    return bool(_EACH.search(question))


def asks_recent(question: str) -> bool:
    """Whether it asks for what is new: "this week", "the latest"."""
    return bool(_RECENT.search(question))


def is_composite(question: str, named: int) -> bool:
    """Whether several passages must be read, each for a part: "Do the Post and the Sun agree …".

    `named`: how many outlets and days it names.
    """
    words = len(question.split())
    return words >= _LONG or (words >= _HALF_LONG and named > 1)


def field_of(question: str) -> Field | None:
    """Which field of the articles a question asks for; None: it asks for what they say."""
    for field, pattern in _PATTERNS.items():
        match = pattern.search(question)
        about_a_piece = re.search(rf"\b{_PIECE}s?\b", question, re.IGNORECASE)
        if match and (field in ("count", "outlet") or about_a_piece or _QUOTED.search(question)):
            return field
    return None


def quoted(question: str) -> list[str]:
    """What stands in quotation marks in a question: a headline, a name."""
    return _QUOTED.findall(question)


def stated(question: str) -> str:
    """What a question states, to be borne out or not; empty if it is open or leaves a choice.

    "Did the court reject it?" states "the court reject it"; a sentence that is no question states
    itself.
    """
    asked = " ".join(question.split())
    if _CHOICE.search(asked) or _OPEN.match(asked):
        return ""
    closed = _AUXILIARY.match(asked)
    if closed and asked.endswith("?"):
        return closed["rest"] if len(closed["rest"].split()) >= _LEAST_STATED else ""
    return asked if not asked.endswith("?") and len(asked.split()) >= _STATEMENT else ""
