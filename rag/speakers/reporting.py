"""The clauses of a sentence that say who said it: "Roe said", "said Roe", "according to Roe".

Works on one sentence whose quoted words are blotted out (`masked`, in `quotemarks`), so that
nothing inside a quotation is taken for a clause. Who a clause says is speaking is found in
`rag.speakers.subjects`; whom a pronoun or an office means in `rag.speakers.discourse`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.speakers.cast import CALENDAR, Cast, Token, bare, run_at, split_titles
from rag.speakers.subjects import (
    DETERMINERS,
    MARKS,
    PREPOSITIONS,
    PRONOUNS,
    UNNAMED,
    Subject,
    backward,
    forward,
    is_common,
    is_word,
)
from rag.text.dates import WEEKDAYS
from rag.text.quotation_marks import BLOT

_SAY = frozenset(
    """said says say told tells tell added adds add warned warns warn declared declares declare
    stated states argued argues argue insisted insists insist claimed claims claim explained
    explains explain noted notes announced announces announce confirmed confirms confirm wrote
    writes written replied replies reply stressed stresses stress suggested suggests suggest denied
    denies deny acknowledged acknowledges admitted admits admit recalled recalls predicted predicts
    predict inferred infers conceded concedes contended contends maintained maintains reiterated
    reiterates remarked remarks commented comments responded responds asserted asserts observed
    observes emphasised emphasized emphasises emphasizes vowed vows pledged pledges boasted boasts
    complained complains lamented laments joked jokes quipped quips mused muses reckoned reckons
    reckon estimated estimates mentioned mentions urged urges urge described describes describe
    testified testifies tweeted posted retorted countered counters cautioned cautions concluded
    concludes repeated repeats reported reports promised promises informed shouted cried whispered
    murmured answered answers advised advises appealed demanded demands proposed proposes praised
    criticised criticized condemned concurs agreed agrees clarified clarifies alleged alleges
    accused accuses expressed expresses asked asks""".split()
)
_THAT = frozenset(  # verbs that report only before "that"
    """found finds held holds ruled rules expects expect expected believes believe believed thinks
    think thought hoped hopes hope feared fears fear revealed reveals pointed points felt feels
    showed shows decided decides knows know knew""".split()
)
_PARTICIPLES = frozenset("saying stating revealing warning declaring claiming insisting".split())
_CALLED = ("on", "for", "it", "the", "him", "her", "them", "a", "an", BLOT)
_ASKED = ("whether", "why", "if", "how", "when", "what", "who", "us", BLOT)
_PHRASES: dict[str, tuple[str, ...]] = {  # verb -> words of which one must follow soon
    "put": ("at",),
    "puts": ("at",),
    "called": _CALLED,
    "calls": _CALLED,
    "spoke": ("of",),
    "speaks": ("of",),
    "asked": (*_ASKED, "the"),
    "asks": _ASKED,
    "posted": (BLOT,),
    "described": ("as", "how", BLOT),
    "describes": ("as", "how", BLOT),
    **dict.fromkeys(
        """agreed agrees reported reports repeated repeats proposed proposes demanded demands
        maintained maintains answered comments states""".split(),
        ("that", BLOT),
    ),
}
_IMMEDIATE = frozenset("added adds add recalled recalls observed responded responds".split())
_BEHIND_A_NAME = frozenset("of in at on for from with who whose and during after before".split())
_NOUNS_TOO = frozenset(
    """calls claims claim reports report notes demands demand promises comments states posts answers
    asks warns estimates estimate stress repeats urge advises""".split()
)
_INVERTED = _SAY - frozenset("told tells tell urged informed accused posted".split())
_SKIPPED = frozenset(
    """also then later only merely again repeatedly has had have just once simply still further
    reportedly recently previously publicly never always already now even rightly openly flatly
    angrily quietly bluntly not did does would could""".split()
)
_PASSIVE = frozenset("is was were are be been being get got".split())
_TOPICS = frozenset("what how why where who".split())  # "told us what": no word of what was said
_SPEECH = frozenset(
    """allegation allegations claim claims statement statements view warning warnings assertion
    assertions remark remarks argument suggestion insistence admission promise belief opinion
    accusation accusations prediction""".split()
)
_OWN_WORDS = frozenset("words view opinion estimate count reckoning judgment eyes account".split())
_SWITCHES = frozenset("while whereas but although though yet".split())
_WHEN = frozenset(
    (*WEEKDAYS, *"yesterday today earlier later last afterwards recently me us".split())
)
_COMMAS = frozenset(",—–-")
_LONGEST = 300  # words and signs of a sentence; a longer one is a list or a table

Place = Literal["lead", "tail"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that reports, `[start, end)`; a "lead" governs what follows, a "tail" all before."""

    start: int
    end: int
    subject: Subject
    place: Place


_TRIGGERS = _SAY | _THAT | _PARTICIPLES | frozenset(_PHRASES) | {"according", "as", "in", "by"}


def clauses(items: Sequence[Token], cast: Cast) -> list[Clause]:
    """The reporting clauses of one sentence, in its order."""
    found: list[Clause] = []
    if len(items) > _LONGEST:
        return found
    for at, item in enumerate(items):
        if item.low not in _TRIGGERS and not item.is_possessive:
            continue
        clause = _according(items, at, cast) or _possessive(items, at) or _verb(items, at, cast)
        if clause and not (found and clause.start < found[-1].end and item.low != "according"):
            found.append(clause)
    return found


def switches(items: Sequence[Token]) -> Iterator[int]:
    """Offsets at which another statement begins: behind ";", or ", while", ", but" and the like."""
    for before, item in zip(items, items[1:], strict=False):
        if before.text == ";" or (before.text == "," and item.low in _SWITCHES):
            yield item.start


# --- according to X, as stated by X, in the words of X, X's claim that


def _according(items: Sequence[Token], at: int, cast: Cast) -> Clause | None:
    behind = _source_follows([item.low for item in items[at : at + 4]])
    if not behind or at + behind >= len(items):
        return None
    subject = forward(items, at + behind, cast)
    if subject is None:
        return None
    place: Place = "tail" if at and _content_before(items, at) else "lead"
    return Clause(items[at].start, items[at + behind - 1].end, subject, place)


def _source_follows(words: Sequence[str]) -> int:
    """How many of `words` introduce a source: "according to", "as said by", "in the words of"."""
    if list(words[:2]) == ["according", "to"]:
        return 2
    if len(words) > 2 and words[0] == "as" and words[1] in _SAY and words[2] == "by":
        return 3
    if len(words) < 4 or words[0] not in ("in", "by") or words[3] != "of":
        return 0
    return 4 if words[1] == "the" and words[2] in _OWN_WORDS else 0


def _possessive(items: Sequence[Token], at: int) -> Clause | None:
    """A claim of somebody's: "Roe's claim that …"."""
    if at + 2 >= len(items) or not (items[at].is_possessive and items[at].is_capital):
        return None
    if items[at + 1].low not in _SPEECH or items[at + 2].low != "that":
        return None
    start = at
    while start and items[start - 1].is_capital:
        start -= 1
    _, name = split_titles([bare(item.text) for item in items[start : at + 1]])
    subject = Subject("name", tuple(name), items[start].start) if name else UNNAMED
    return Clause(items[start].start, items[at + 2].end, subject, "lead")


def _content_before(items: Sequence[Token], at: int) -> bool:
    """Whether a statement, not just "In Paris," or "But", stands before the clause at `at`."""
    return at > 4 or any(item.text[0] == BLOT or item.text in MARKS for item in items[:at])


# --- X said, said X


def _verb(items: Sequence[Token], at: int, cast: Cast) -> Clause | None:
    word = items[at].low
    if word in _PARTICIPLES:
        return _participle(items, at, cast)
    if not _is_verb(items, at):
        return None
    left = at - 1
    while left >= 0 and items[left].low in _SKIPPED | CALENDAR:
        dated = items[left].low in CALENDAR and left and items[left - 1].low in ("on", "last")
        left -= 2 if dated else 1
    if left >= 0 and items[left].low in _PASSIVE:
        return None
    if word in _NOUNS_TOO and not _has_subject(items, left):
        return None
    begin, subject = at, None
    if left < 0 or items[left].text in MARKS or _inverts(items, left, at):
        subject = forward(items, at + 1, cast) if word in _INVERTED else None
    elif found := backward(items, left, cast):
        begin, subject = found
    if subject is None:
        return None
    place: Place = "tail" if _is_tail(items, begin, at) else "lead"
    return Clause(items[begin].start, items[at].end, subject, place)


def _is_verb(items: Sequence[Token], at: int) -> bool:
    """Whether the word at `at` reports speech, going by itself and what stands around it."""
    word = items[at].low
    if word not in _SAY and word not in _THAT and word not in _PHRASES:
        return False
    if at and items[at - 1].low in DETERMINERS | {"to"}:
        return False
    window = items[at + 1 : at + (19 if word in ("put", "puts") else 5)]
    following = [BLOT if item.text[0] == BLOT else item.low for item in window]
    follows = following[0] if following else "."
    if word in _IMMEDIATE:
        alone = at and (items[at - 1].text == "," or items[at - 1].text in MARKS)
        return bool(alone) or follows in MARKS or follows in ("that", ",", ".", ":")
    if word in _PHRASES:
        quoted = follows in (".", ",") and any(item.text[0] == BLOT for item in items[:at])
        return quoted or any(sign in following for sign in _PHRASES[word])
    if word in _SAY:
        return not any(sign in _TOPICS for sign in following[:3])
    return "that" in following[:3]


def _has_subject(items: Sequence[Token], left: int) -> bool:
    """Whether a word that may be a noun has a subject before it, and so is a verb."""
    if left < 0 or items[left].is_possessive:
        return False
    first = items[left]
    if first.is_capital or first.low in PRONOUNS | {"who"} or first.text == ",":
        return True
    while left >= 0 and is_common(items[left]) and items[left].low not in DETERMINERS:
        left -= 1
    return left >= 0 and items[left].low in DETERMINERS


def _participle(items: Sequence[Token], at: int, cast: Cast) -> Clause | None:
    """A clause without a finite verb: "with Roe revealing that", "quoted Roe as saying"."""
    left = at - 1
    while left >= 0 and (items[left].low in _SKIPPED or items[left].low == "as"):
        left -= 1
    if left < 0 or not items[left].is_capital:
        return None
    found = backward(items, left, cast)
    if found is None or found[1].kind != "name":
        return None
    return Clause(items[found[0]].start, items[at].end, found[1], "lead")


def _inverts(items: Sequence[Token], left: int, at: int) -> bool:
    """Whether a comma before the verb ends a statement, so that the speaker comes behind it."""
    if items[left].text not in _COMMAS or at + 1 >= len(items) or items[at].low not in _INVERTED:
        return False
    stop = run_at(items, at + 1)
    if stop > at + 1:  # a name, and no verb behind it
        return stop == len(items) or items[stop].low in _BEHIND_A_NAME or not is_word(items[stop])
    if items[at + 1].low not in ("the", "one", "a", "its", "their", "his", "her"):
        return False
    commas = any(item.text == "," for item in items[:left])
    return not commas or backward(items, left, None) is None


def _is_tail(items: Sequence[Token], begin: int, verb: int) -> bool:
    """Whether the clause stands behind or within what it reports, rather than before it."""
    if not _content_before(items, begin):
        return False
    while begin and is_word(items[begin - 1]):
        begin -= 1
    before = items[begin - 1].text if begin else ""
    if before not in MARKS and before not in _COMMAS:
        return False
    following = [item for item in items[verb + 1 : verb + 7] if item.low != "reporters"]
    if not following or following[0].text in MARKS | {",", "."} or begin == verb:
        return True
    low = following[0].low
    adverbial = low != "that" and (low in PREPOSITIONS or low in _WHEN)
    return adverbial and all(item.low != "that" for item in following)
