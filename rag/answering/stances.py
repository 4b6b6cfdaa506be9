"""Which side a sentence takes where it says that somebody does, or something is, so and so.

A side is told by the verb or adjective, by what negates it, and by who it is said of. Whatever
makes that doubtful ("if", "may", "once opposed", another person in between) gives no side: it is
better to miss a position than to make one up. Pure functions over words; no parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.text.words import Word, fold, stem

Phrase = tuple[str, ...]  # stems

# Each line: words of one side | words of the other: verbs; verbs of several words; what somebody
# or something "is". A word may stand in several lines.
_SIDES = """
support back favour favor endorse champion welcome advocate accept; vote for, vote in favour of, \
vote in favor of, come out for, come out in favour of, come out in favor of, speak for, argue for, \
speak in favour of, speak in favor of, campaign for, approve of; for, in favour of, in favor of, \
a supporter of, an advocate of \
| oppose reject resist condemn denounce; vote against, come out against, speak against, \
speak out against, argue against, campaign against, object to; against, opposed to, an opponent of
approve accept adopt pass ratify authorise authorize endorse | reject veto; throw out, vote down, \
turn down
allow permit | ban forbid prohibit outlaw
admit acknowledge concede confirm | deny dispute refute
attend; take part in | boycott skip miss; stay away from
; ; safe, harmless | ; ; unsafe, dangerous, hazardous, harmful
close shut | reopen; stay open, remain open, keep open; open
clear acquit exonerate; find not guilty; innocent | convict; find guilty; guilty
; ; legal, lawful, constitutional | ; ; illegal, unlawful, unconstitutional
; ; true, accurate, genuine, authentic | ; ; untrue, false, inaccurate, fake, a forgery, a fake
resign quit; step down, stand down | ; stay on, remain in office, stay in office, remain in post
; go ahead | cancel scrap; call off
; ; alive | ; ; dead
; ; effective | ; ; ineffective, useless
know; ; aware | ; ; unaware
agree | disagree
; ; possible | ; ; impossible
; ; reliable | ; ; unreliable
"""
_BE = frozenset("is are was were be been being am 's 're 'm isn't aren't wasn't weren't".split())
_LINKS = _BE | frozenset("remain remains remained stay stays stayed seem seems keep".split())
_AUX = _LINKS | frozenset(
    "has have do does did will would shall 'll 've hasn't haven't don't doesn't didn't won't "
    "wouldn't 'd to ve re ll d s m had hadn't".split()
)
_JOINS = frozenset("of out".split())  # "no intention of closing", "ruled out closing"
_NOT = frozenset("not never no cannot neither nor".split())
_NOBODY = frozenset("nobody none nothing hardly barely few".split())
_REFUSES = frozenset("refuse refuses refused decline declines declined".split())  # "to back it"
_DENIES = frozenset("deny denies denied rule rules ruled".split())  # "denied knowing"
_MEANS = frozenset(  # "plans to close", "vowed never to back"
    "plan plans planned intend intends intended vow vows vowed promise promises promised pledge "
    "pledges pledged continue continues continued agree agrees agreed decide decides decided want "
    "wants wanted intention".split()
)
_AHEAD = frozenset("expected set due going likely".split())  # "is set to close"
_BETWEEN = frozenset(
    "still now also always both again all long firmly strongly fully longer yet ever even already "
    "publicly openly".split()
)
_DOUBT = frozenset(
    "may might could should can must hope hopes hoped hoping consider considers considering seek "
    "seeks threaten threatens threatened failed fails fail had hadn't formerly once previously "
    "initially originally earlier used nearly almost allegedly reportedly apparently".split()
)
# Before the subject: what is said after these is not said to be so.
_OPEN = frozenset(
    "if whether unless until once asked asks ask urged urges urge call called calls claim claims "
    "rumour rumours rumor rumors report reports fear fears feared hope hopes hoped question "
    "questions wonder wonders suggest suggests suggestion suggestions allegation allegations "
    "imagine perhaps maybe would could might may should suppose supposing pretend pretends before "
    "than accused accuse accuses why how when what".split()
)
_TURNS = frozenset(  # before "that": what follows is said not to be so
    "denied denies deny denying disputed disputes dispute doubts doubted doubt".split()
)
_TURNS_WITH = frozenset([("no", "evidence"), ("not", "true"), ("no", "proof"), ("no", "sign")])
_OPEN_REACH, _TURN_REACH = 12, 8  # words before the subject
_CONDITION = re.compile(
    r"\b(?:only|if|unless|provided|but only|as long as|except)\b", re.IGNORECASE
)
_CONDITION_REACH = 40  # characters behind
_CONTRACTED = ("'s", "'m", "'re")
_GOES_ON = 7  # words behind the verb that belong to what is shown
_ENDS = frozenset(
    "and but or because after as when which that who while although though since despite".split()
)
_GAP = re.compile(r"\s*-?\s*")
_IN_CLAUSE = re.compile(r"[,;:()“”\"—–]")


@dataclass(frozen=True, slots=True)
class Axis:
    """Phrases of the two sides that something may take."""

    pro: frozenset[Phrase]
    con: frozenset[Phrase]

    @property
    def stems(self) -> frozenset[str]:
        """Of all their words."""
        return frozenset(stem for phrase in (*self.pro, *self.con) for stem in phrase)


@dataclass(frozen=True, slots=True)
class Verb:
    """A phrase of an axis in a sentence, with what belongs to it before it: "will never back".

    Indexes of words: `first` of the group, `at` of the phrase, `last` its last, and `subject`
    the word right before the group. `side` True: of the first side, as negated.
    """

    subject: int
    first: int
    at: int
    last: int
    side: bool
    passive: bool
    adjective: bool


def _phrases(side: str) -> frozenset[Phrase]:
    """Of "back; vote for; against" the three phrases, as stems."""
    verbs, longer, are = (*side.split(";"), "", "")[:3]
    every = (*verbs.split(), *longer.split(","), *are.split(","))
    return frozenset(
        tuple(stem(word) for word in words.split()) for words in every if words.strip()
    )


_LINES = [line.split("|") for line in _SIDES.strip().splitlines()]
_AXES = tuple(Axis(*map(_phrases, line)) for line in _LINES)
# What somebody or something is: said by a form of "be" and the like alone.
LINKED = frozenset(
    phrase
    for line in _LINES
    for side in line
    if side.count(";") == 2
    for phrase in _phrases(";;" + side.rpartition(";")[2])
)
STANCE = _AXES[0]


def axis_of(phrase: Phrase) -> Axis:
    """What agrees with `phrase` and what opposes it; a word of no list is opposed by none."""
    pro, con = {phrase}, set[Phrase]()
    for axis in _AXES:
        for own, other in ((axis.pro, axis.con), (axis.con, axis.pro)):
            if phrase in own:
                pro |= own
                con |= other
    return Axis(frozenset(pro), frozenset(con - pro))


KNOWN = frozenset[Phrase]().union(*(axis.pro | axis.con for axis in _AXES))


def verbs(text: str, every: Sequence[Word], axis: Axis) -> Iterator[Verb]:
    """Each phrase of the axis by which `text`, with these words, takes a side."""
    for at in range(len(every)):
        for side, phrases in ((True, axis.pro), (False, axis.con)):
            match = matched(text, every, at, phrases)
            found = _group(text, every, at, *match, side) if match else None
            if found:
                yield found


def matched(
    text: str, every: Sequence[Word], at: int, phrases: Iterable[Phrase]
) -> tuple[Phrase, int] | None:
    """The longest of `phrases` that stands at word `at`, and the index of its last word."""
    if at >= len(every):
        return None
    first = every[at].stem
    found = [p for p in phrases if p[0] == first and _stands(text, every, at, p)]
    best = max(found, key=len, default=None)
    return (best, at + len(best) - 1) if best else None


def _stands(text: str, every: Sequence[Word], at: int, phrase: Phrase) -> bool:
    """Whether the words from `at` are the phrase, none of them with a capital: "Champions"."""
    own = every[at : at + len(phrase)]
    same = tuple(word.stem for word in own) == phrase
    together = all(joined(text, *pair) for pair in zip(own, own[1:], strict=False))
    return same and together and not any(word.text[0].isupper() for word in own)


def joined(text: str, one: Word, other: Word) -> bool:
    """Whether nothing but white space or a hyphen lies between two words."""
    return bool(_GAP.fullmatch(text, one.end, other.start))


def _may_stand_between(word: Word) -> bool:
    return fold(word.text) in _BETWEEN or word.text.endswith("ly")


def _group(
    text: str, every: Sequence[Word], at: int, phrase: Phrase, last: int, side: bool
) -> Verb | None:
    """The phrase with the auxiliaries, adverbs and negations before it; None: no clear side."""
    first = at
    while first and joined(text, every[first - 1], every[first]) and belongs(every, first - 1):
        first -= 1
    group = [fold(word.text) for word in every[first:at]]
    before = fold(every[first - 1].text) if first else ""
    linked = bool(_LINKS & set(group)) or before.endswith(_CONTRACTED)
    negations = sum(_negates(every, index) for index in range(first, at))
    adjective = phrase in LINKED
    bare = first == at and not before.endswith(_CONTRACTED)
    if negations > 1 or _DOUBT & set(group) or before in _DOUBT:
        return None
    if (adjective and not linked) or (group and group[0] == "to"):
        return None  # "safe" alone; "asked Roe to back it"
    if (bare and every[at].text.endswith("ing")) or _condition(text, every[last].end):
        return None
    passive = linked and not adjective and is_participle(every[at].text)
    return Verb(first - 1, first, at, last, side != bool(negations), passive, adjective)


def belongs(every: Sequence[Word], index: int) -> bool:
    """Whether word `index` may stand between a subject and its verb."""
    if index + 1 >= len(every):
        return False
    word = fold(every[index].text)
    return (
        word in _AUX
        or word in _NOT
        or (word in _MEANS and every[index + 1].text in ("to", "of", "not", "never"))
        or word in _AHEAD
        or word in _JOINS
        or word in _DOUBT
        or word.endswith("n't")
        or _may_stand_between(every[index])
        or _negates(every, index)
    )


def _negates(every: Sequence[Word], index: int) -> bool:
    """Whether it turns what follows: "not", "refused" before "to", "denied" before "knowing"."""
    word, following = fold(every[index].text), every[index + 1].text
    if word in _NOT or word.endswith("n't"):
        return True
    if word in _REFUSES:
        return following == "to"
    return word in _DENIES and (following.endswith("ing") or following == "out")


def is_participle(word: str) -> bool:
    """Whether a verb behind "is" or "was" is passive."""
    return word.endswith("ed") or word in ("shut", "known", "forbidden", "found", "thrown")


def _condition(text: str, behind: int) -> bool:
    """Whether "only if" or the like follows soon in the same clause or the next."""
    return bool(_CONDITION.search(text, behind, behind + _CONDITION_REACH))


def turned(text: str, every: Sequence[Word], subject: int) -> int | None:
    """Where the clause is turned round before its subject ("denied that she …"): index of a word.

    -1: it is not. None: what stands there leaves open what is said.
    """
    before = [fold(word.text) for word in every[:subject]]
    if _OPEN & set(before[-_OPEN_REACH:]) or text.rstrip("”\"'’").endswith("?"):
        return None
    start = max(0, subject - _TURN_REACH)
    near = before[start:]
    turns = [
        start + at
        for at, pair in enumerate(zip(near, near[1:], strict=False))
        if near[at] in _TURNS or pair in _TURNS_WITH
    ]
    if turns and "that" in near:
        return turns[0]
    doubtful = (_NOT | _TURNS | _NOBODY) & set(near) or any(word.endswith("n't") for word in near)
    return None if doubtful else -1


def breaks(text: str, one: Word, other: Word) -> bool:
    """Whether a clause may end between two words."""
    return bool(_IN_CLAUSE.search(text, one.end, other.start))


def span(text: str, every: Sequence[Word], verb: Verb, least: int) -> tuple[int, int]:
    """Offsets of the words that carry the position, at least as far as word `least`."""
    start, last = every[verb.first].start, least
    stop = min(least + 1 + (_GOES_ON if least == verb.last else 0), len(every))
    for index in range(least + 1, stop):
        if breaks(text, every[index - 1], every[index]):
            return start, every[last].end
        if fold(every[index].text) in _ENDS:
            break
        last = index
    if last + 1 < len(every):  # cut off: not in the middle of "at the end of"
        while last > least and not every[last].content:
            last -= 1
    return start, every[last].end
