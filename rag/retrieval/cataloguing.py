"""What a question asks of the articles themselves: who wrote them, when, how many, which.

Pure functions over text; `rag.answering.catalogue` answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.text.dates import MONTHS, WHEN
from vectorstore.selecting import people, plain, short_outlets

# Of one article: author, date, outlet. Of those that a question limits itself to: the others.
Field = Literal[
    "author", "date", "outlet", "count", "list", "authors", "outlets", "newest", "oldest",
    "longest", "shortest", "span",
]  # fmt: skip
OF_ONE: frozenset[Field] = frozenset(("author", "date", "outlet"))
_SUPERLATIVE: frozenset[Field] = frozenset(("newest", "oldest", "longest", "shortest"))
Lacking = Literal["date", "author", "outlet"]

_PIECE = r"(?:article|story|report|piece|column|interview|editorial|item|text|review|analysis)"
_PIECES = (
    r"(?:articles?|stor(?:y|ies)|reports?|pieces?|columns?|interviews?|editorials?|items?|texts?|"
    r"reviews?|analys[ei]s|headlines?|op-?eds?|corrections?|letters?|coverage)"
)
_QUOTED = re.compile(r"[“\"]([^”\"]{4,})[”\"]")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# What is surely asked for.
_SURE: dict[Field, re.Pattern[str]] = {
    "count": _pattern(
        r"\bhow many (?:of the )?(?:different )?(?:articles\b|(?:stories|reports|pieces|columns|"
        r"interviews|editorials)\b(?! (?:of|tall|high|deep)\b)(?=.*\b(?:mention|about|cover|"
        r"publish|wr[io]t|print|carr(?:y|ied)|archive|folder)))"
    ),
    "author": _pattern(
        r"\bwho (?:wrote|authored|penned|is the (?:author|writer))\b|\bby whom\b|"
        r"\b(?:author|writer) of\b"
    ),
    "date": _pattern(
        r"\b(?:when|what (?:day|date)|which day)\b.*\b(?:published|printed|written|appear)|"
        r"\bpublication date\b|\bdate of the\b"
    ),
    "outlet": _pattern(
        r"\b(?:which|what) (?:outlet|newspaper|paper|magazine|publication|news ?site|website|"
        r"agency)\b.*\b(?:published|ran|printed|carried|reported|broke|wrote|from)\b|"
        r"\bwhere was\b.*\bpublished\b"
    ),
}
# "What does the author of the piece say about …?"
_OF_ITS_WORDS = _pattern(r"\bwhat (?:did|does|do|has|is)\b.*\b(?:author|writer) of\b.*\w{3}")
_SEVERAL = _pattern(r"\b(?:articles|stories|reports|pieces|columns|interviews|editorials)\b")
# What is asked for where the question is like those of a catalogue; the first that fits.
_LIKELY: tuple[tuple[Field, re.Pattern[str]], ...] = (
    ("span", _pattern(
        r"\bfrom when\b|\bwh(?:at|ich) (?:period|time|dates?|years?)\b.*\barticles\b|"
        r"\bhow (?:old|recent|far back|up to date)\b"
    )),
    ("longest", _pattern(rf"\b(?:longest|most words)\b.*\b{_PIECES}\b")),
    ("shortest", _pattern(rf"\bshortest\b.*\b{_PIECES}\b")),
    ("newest", _pattern(
        rf"\b(?:latest|newest|most recent|last|freshest)\b.*\b{_PIECES}\b|"
        rf"\b{_PIECES}\b.*\b(?:latest|newest|most recent)\b"
    )),
    ("oldest", _pattern(
        rf"\b(?:oldest|earliest|first)\b.*\b{_PIECES}\b|\b{_PIECES}\b.*\b(?:oldest|earliest)\b"
    )),
    ("count", _pattern(rf"\b(?:how many|(?:number|count) (?:of|the)|count all)\b.*\b{_PIECES}\b")),
    ("authors", _pattern(
        r"\b(?:authors|journalists|reporters|writers|columnists|contributors|bylines)\b|"
        r"\bwho (?:else )?(?:wrote|writes|has written|reported|reports)\b"
    )),
    ("outlets", _pattern(
        r"\b(?:outlets|newspapers|papers|magazines|publications|sources|publishers|"
        r"(?:news ?)?sites|websites|agencies)\b"
    )),
    ("date", _pattern(rf"\b(?:date|when)\b.*\b{_PIECE}\b")),
    ("outlet", _pattern(rf"\b(?:source|outlet|newspaper|paper)\b.*\b{_PIECE}\b")),
    ("author", _pattern(rf"\bauthor\b.*\b{_PIECE}\b")),
    ("list", _pattern(
        rf"\b{_PIECES}\b|\b(?:any|some|every)thing\b|\bwh(?:at|ich)\b.*\b(?:write|wrote|written|"
        r"publish(?:ed)?|print(?:ed)?|run|ran|appeared|came out)\b|\bwrote\b"
    )),
)  # fmt: skip
_PIECE_OR_THING = _pattern(rf"\b{_PIECES}\b|\b(?:any|some|every)thing\b")
_SOURCE = _pattern(
    r"\b(?:by|from)\s+(?P<who>[\w.&’'-]+(?:\s+[\w.&’'-]+){0,4}?)"
    r"(?=\s+(?:about|on|in|from|regarding|of|that|which|since|before|after|during|between|do|are|"
    r"please)\b|[?.!,;]*\s*$|,)"
)
_NO_SOURCE = _pattern(
    rf"{WHEN}|\b(?:{'|'.join(MONTHS)})\b|\b(?:today|yesterday|here|week|month|year|day|when|whom|date|"
    r"them|you|me|all|each|oldest|newest)\b|^\d"
)
_LABELS: dict[str, re.Pattern[str]] = {
    "opinion": _pattern(r"\bopinions?\b|\bop-?eds?\b|\bcolumns\b|\beditorials?\b|\bcommentar"),
    "interview": _pattern(r"\binterviews\b"),
    "correction": _pattern(r"\bcorrections\b"),
    "retraction": _pattern(r"\bretractions\b|\bretracted\b"),
    "satire": _pattern(r"\bsatir"),
}
_LABELLED = {  # of one article
    "opinion": _pattern(r"\bcolumn\b|\beditorial\b|\bop-?ed\b"),
    "interview": _pattern(r"\binterview\b"),
    "correction": _pattern(r"\bcorrection\b"),
}
_LACKING: dict[Lacking, re.Pattern[str]] = {
    "date": _pattern(r"\bundated\b|\b(?:no|without an?y?|lack an?y?|known?) (?:known )?date\b"),
    "author": _pattern(r"\banonymous\b|\bunsigned\b|\b(?:no|without an?y?) (?:named )?author\b"),
    "outlet": _pattern(r"\b(?:no|without an?y?) (?:named )?(?:outlet|source|newspaper)\b"),
}

_MENTION = _pattern(r"\b(?:mention|name|quote)(?:s|ing|ed)?\s+")
_ON = _pattern(
    r"\b(?:about|on|regarding|concerning|related to|relating to|(?:deal|dealt|dealing|deals) with|"
    r"cover(?:s|ing|ed)?|discuss(?:es|ing|ed)?|mention(?:s|ing|ed)?|quot(?:es|ing|ed?))\s+"
    r"(?!the whole\b|earth\b|average\b)"
)
_BEFORE = _pattern(
    r"\b(?:latest|newest|most recent|last|oldest|earliest|first|longest|shortest|any|all|list|"
    rf"show|which|what|the|many)\s+(?:the\s+|me\s+)?(?P<topic>(?:[\w’'-]+\s+){{1,3}}?){_PIECES}\b"
)
_DATES = _pattern(
    rf"(?:,?\s*\b(?:published|written|dated|printed|that|which|were|was|are|appeared|from|in|on|of|"
    rf"since|before|after|until|during|between|and|to)\s+)*{WHEN}"
)
_REST = _pattern(
    r"\s*(?:,?\s+\b(?:please|do you have|are there|is there|have you got|you have|in here|"
    r"in (?:the|this|your) (?:folder|collection|archive|index|articles)|here|at all|at hand|"
    r"(?:did|does|do|has|have|was|were|"
    r"(?:is|are) the (?:oldest|latest|newest|longest))\b.*|"
    r"and (?:who|when|what|where|which|how)\b.*)|"
    r"[?.!,;])+\s*$"
)
_NO_TOPIC = frozenset(
    (
        "a about all an and anonymous any are article articles author authors available behind by "
        "did different do earliest few first five four from have here how in included is it "
        "journalist journalists last latest list longest many me more most my new newest news "
        "newspaper newspapers of old oldest on one opinion other our outlet outlets published "
        "recent reporters same shortest show single some sources stored that the their them there "
        "these this those three two undated us various what when where which who whole writers "
        "written you your"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the articles, and of which of them.

    `topic`: what they shall be about, or only mention (`mentions`); empty: whatever. `source`: who
    shall have written or published them, where the index knows nobody so called. `label` and
    `lacking`: only those so labelled, or that do not say it.
    """

    field: Field
    topic: str = ""
    mentions: bool = False
    source: str = ""
    label: str = ""
    lacking: Lacking | None = None


def request(question: str, names: Sequence[str] = (), *, is_likely: bool = False) -> Request | None:
    """What the question asks of the articles themselves; None: it asks for what they say.

    `names`: the outlets and authors that it names, as the index spells them. `is_likely`: it is
    like questions of a catalogue, so that fewer words tell.
    """
    sure, likely = field_of(question), _likely(question) if is_likely else None
    field = likely if likely in _SUPERLATIVE else sure or likely
    if field is None:
        return None
    label = next((name for name, it in _LABELS.items() if it.search(question)), "")
    if field == "span":
        return Request(field)
    if field in OF_ONE:
        one = next((name for name, it in _LABELLED.items() if it.search(question)), label)
        return Request(field, label=one)
    if field == "list" and not (names or _PIECE_OR_THING.search(question) or _dated(question)):
        return None  # "What did Roe write?", and no Roe is known to have written anything
    source = "" if names else _source(question)
    topic = _topic(question, [*names, *filter(None, (source,))])
    lacking = next((name for name, it in _LACKING.items() if it.search(question)), None)
    return Request(field, topic, bool(topic and _MENTION.search(question)), source, label, lacking)


def field_of(question: str) -> Field | None:
    """The field that the question surely asks for."""
    if _OF_ITS_WORDS.search(question):
        return None
    for field, pattern in _SURE.items():
        match = pattern.search(question)
        about_a_piece = _pattern(rf"\b{_PIECE}s?\b").search(question)
        if match and (field in ("count", "outlet") or about_a_piece or _QUOTED.search(question)):
            several = field == "author" and _SEVERAL.search(question)
            return "authors" if several else field
    return None


def _likely(question: str) -> Field | None:
    return next((field for field, pattern in _LIKELY if pattern.search(question)), None)


def _source(question: str) -> str:
    """Who shall have written or published them: "jane roe" of "anything by jane roe"."""
    found = (match["who"] for match in _SOURCE.finditer(question))
    return next((who for who in found if not _NO_SOURCE.search(who)), "")


def _dated(question: str) -> bool:
    return bool(re.search(WHEN, question, re.IGNORECASE))


def _topic(question: str, names: Sequence[str]) -> str:
    """What the articles shall be about: "measles" of "the latest article about measles"."""
    quoted = _QUOTED.search(question)
    if quoted:
        return quoted[1]
    for match in _ON.finditer(question):
        if topic := _bare(question[match.end() :], names):
            return topic
    before = _BEFORE.search(question)
    return _bare(before["topic"], names) if before else ""


def _bare(text: str, names: Sequence[str]) -> str:
    """`text` without days, outlets and authors that limit it, and without words of asking."""
    text = _DATES.sub(" ", text)
    for form in sorted({form for name in names for form in _forms(name)}, key=len, reverse=True):
        text = re.sub(
            rf"(?:,?\s*\b(?:written by|published by|by|from|in|of|for)\s+)?(?<!\w)(?:the\s+)?"
            rf"{re.escape(form)}(?!\w)(?:['’]s)?",
            " ",
            text,
            flags=re.IGNORECASE,
        )
    text = _REST.sub("", f" {text}").strip(" ,;:-–'’")
    words = text.split()
    while words and plain(words[0]) in _NO_TOPIC:
        words = words[1:]
    return " ".join(words)


def _forms(name: str) -> set[str]:
    """Ways in which a question may write an outlet or an author."""
    surnames = {person.split()[-1] for person in people(name) if person.split()}
    outlets = {item.removeprefix("The ") for item in (name, *short_outlets(name))}
    return {form for form in outlets | surnames if form}
