"""What a question asks, told by its words; `rag.retrieval.query` reads each question once.

Pure functions over text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.text import lexicon
from rag.text.dates import WEEKDAYS
from rag.text.names import names
from rag.text.words import words

_RECENT = re.compile(
    r"\b(?:(?:this|last|past)\s+(?:week|weekend|month)|this\s+(?:year|season)|recent(?:ly)?|latest"
    r"|newest|current(?:ly)?|now|today|tonight|yesterday|tomorrow|just\s+announced"
    rf"|on\s+(?:{'|'.join(WEEKDAYS)}))\b",
    re.IGNORECASE,
)
# What holds now, or ended last: an office that changes hands, who won, whether it still is so.
_CURRENT = re.compile(
    r"\bwho (?:is|are) (?:the )?(?:current |new )?(?:[\w’'-]+ )?"
    rf"(?:{'|'.join(sorted(lexicon.words('titles', 'titles')))})\b"
    r"|\b(?:won|wins?|winners?|champions?)\b|\bhow did .* (?:end|turn out)\b|\bthe outcome\b"
    r"|\b(?:still|so far|yet|no longer|any ?more)\b|^(?:is|are) .* (?:open|closed|over|alive)\b"
    r"|\b(?:most|(?<!at )least|best|worst|[a-z]{3,}(?:ie|[^aeiou])est)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d]|[.,]\d)")
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

_READERS = re.compile(
    r"\b(?:readers?|commenters?|(?:in|under|below) the comments?|comments? (?:section|say))\b",
    re.IGNORECASE,
)
_OPEN_ANSWER = re.compile(
    r"\bwhy\b|\bhow(?: come| exactly)? (?:does|do|did|is|are|was|were|has|have|had|can|could|will|"
    r"would|should|to)\b|\bwhat\b.*\b(?:think|thinks|feel|mean|means|happen(?:s|ed)?|reasons?|opinion|view|"
    r"argue|effects?|impact|consequences?)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"^(?:and\s+)?(?:(?:in|on|to|from|at|for|with|by|of)\s+)?(?:which|what)\s+(?:other\s+)?"
    r"(?P<things>(?:(?!(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could)\b)"
    r"[\w’'-]+\s+){1,3})(?P<verb>are|were|do|did|have|had|will|would|can|could)?\b",
    re.IGNORECASE,
)
_LISTING = re.compile(r"^(?:please\s+)?(?:list|name|who (?:are|were))\b", re.IGNORECASE)
_WHO_IS = re.compile(
    r"(?:(?:and|so|but),?\s+)?(?:who|what)(?:['’]s|\s+(?:is|are|was|were))\s+(?:(?:the|an?)\s+)?"
    r"(?P<of>(?:(?!(?:of|in|on|at|for|to|the|a|an|with|by|wrong|new|next|that|this|it)\b)[\w.’'&-]+\s*){1,4}?)"
    r"\s*\??",
    re.IGNORECASE,
)
_HELPING = re.compile(
    r"\b(?:did|does|do|was|were|is|are|has|have|had|been|be|will|would|can|could)\b", re.IGNORECASE
)
_TAKING_PART = re.compile(r"\b(?:took|take|taken|taking) part in\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"\s+(?:in|on|at|of|for|by|from|to|with|during|after|before|since|until|as|about|near|who|that|"
    r"when|because|against|over|under)\b",
    re.IGNORECASE,
)

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
_COMPARES = re.compile(
    r"\bcompar(?:e|ed|ing)\b|\bcontrast\b|\bdiffer|\bversus\b|\bvs\b", re.IGNORECASE
)
_QUOTED = re.compile(r"[“\"]([^”\"]{4,})[”\"]")
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

    `counted`: the words for what is counted, "union members"; `of`: the names behind "how many";
    `doing`: the words for what is asked of it, "voted", without names.
    """

    kind: Literal["count", "sum", "share", "date"]
    counted: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    doing: tuple[str, ...] = ()

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
    found = counted(question)
    if found:
        behind = question[question.casefold().find("how many") :]
        return Wanted("count", tuple(found), tuple(names(behind)), _doing(question, found))
    if _MONEY.search(question):
        return Wanted("sum", doing=_doing(question))
    if _SHARE.search(question):
        return Wanted("share", doing=_doing(question))
    return Wanted("date", doing=_doing(question)) if _WHEN.search(question) else None


def _doing(question: str, counted: Sequence[str] = ()) -> tuple[str, ...]:
    """What is asked of the thing: the words behind the last auxiliary, else behind the thing.

    As far as the next preposition: "were hurt in the crash" is "hurt". Behind "did" stands whose
    doing it was first, so that all counts: "did the war of 1998 cost the town".
    """
    behind = question
    if counted:
        at = question.find(" ".join(counted))
        behind = question[at + len(" ".join(counted)) :]
    behind = _TAKING_PART.sub("", behind)
    auxiliaries = list(_HELPING.finditer(behind))
    if auxiliaries:
        behind = behind[auxiliaries[-1].end() :]
    of_subject = bool(auxiliaries) and auxiliaries[-1][0].casefold() in ("did", "does", "do")
    phrase = behind if of_subject else _PREPOSITION.split(behind)[0] or behind
    named = {word for name in names(question) for word in name.split()}
    return tuple(item.text for item in words(phrase) if item.weighty and item.text not in named)


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


def asks_readers(question: str) -> bool:
    """Whether it asks what readers say, in comments."""
    return bool(_READERS.search(question))


def asks_open(question: str) -> bool:
    """Whether no one thing answers: it asks for reasons, ways, opinions, what somebody said."""
    asks = _OPEN_ANSWER.search(question) or asks_readers(question)
    return bool(asks) or statement(question) is not None


def asks_list(question: str) -> bool:
    """Whether it asks for several things: "Which countries want …", "Name the …"."""
    match = _SEVERAL.match(question)
    things = match["things"].split() if match else [""]
    word = (things[-1] if match and match["verb"] else things[0]).casefold()
    plural = word in _PLURALS or re.search(r"[^su'’i]s$", word)
    return bool(plural or _LISTING.match(question))


def places(question: str, named: Sequence[str]) -> list[str]:
    """Those of the names that say where: behind "in", "at", "near" or "from"."""
    before = r"\b(?:in|at|near|from)\s+(?:the\s+)?"
    return [name for name in named if re.search(before + re.escape(name), question)]


def defined(question: str) -> str:
    """Who or what it asks the meaning of: "Jane Roe" of "Who is Jane Roe?"; else empty."""
    match = _WHO_IS.fullmatch(" ".join(question.split()))
    return match["of"].strip() if match else ""


def asks_recent(question: str) -> bool:
    """Whether it asks for what is new or holds now: "this week", "the latest", "who won"."""
    return bool(_RECENT.search(question) or _CURRENT.search(question))


def years(question: str) -> list[int]:
    """The years that it names."""
    return [int(year) for year in dict.fromkeys(_YEAR.findall(question))]


def is_composite(question: str, named: int) -> bool:
    """Whether several passages must be read, each for a part: "Do the Post and the Sun agree …".

    `named`: how many outlets and days it names.
    """
    words = len(question.split())
    return words >= _LONG or (words >= _HALF_LONG and named > 1)


def compares(question: str) -> bool:
    """Whether sides are to be compared, in so many words."""
    return bool(_COMPARES.search(question))


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


def is_closed(question: str) -> bool:
    """Whether yes or no answers it."""
    closed = question.rstrip().endswith("?") and _AUXILIARY.match(" ".join(question.split()))
    return bool(closed) and bool(stated(question))
