"""What position a question asks for: of whom, on what, and in which words it may be taken.

"Does Jane Roe back the tunnel?"    -> Roe, the tunnel, "back" and what opposes it
"Who opposes the tunnel?"           -> anybody, the tunnel
"Is the water safe to drink?"       -> the water, "safe" and what opposes it, to drink
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.stances import (
    KNOWN,
    LINKED,
    STANCE,
    Axis,
    Phrase,
    axis_of,
    belongs,
    is_participle,
    matched,
)
from rag.text.names import names
from rag.text.words import Word, fold, stem, words

_LONGEST = 26  # words; a longer question asks for several things at once
FEW = 6  # words of a noun with what belongs to it
_AUX = r"(?:is|are|was|were|do|does|did|has|have|had|will)"
_YES_NO = re.compile(rf"^(?P<aux>{_AUX})(?:n['’]t)?\s+(?P<rest>.+)$", re.IGNORECASE)
_VIEW = r"(?:position|stance|views?|opinion|attitude|line)"
_STANCES = [
    re.compile(rf"^{pattern}$", re.IGNORECASE)
    for pattern in (
        rf"what (?:is|was|are|were) (?P<who>.+?)(?:['’]s?)? (?:current |official )?{_VIEW} "
        r"(?:on|of|about|towards?|regarding) (?P<what>.+)",
        rf"what (?:is|was) the {_VIEW} of (?P<who>.+?) (?:on|about|towards?|regarding) "
        r"(?P<what>.+)",
        r"where (?:do|does|did) (?P<who>.+?) stand on (?P<what>.+)",
        r"(?:what|how) (?:do|does|did) (?P<who>.+?) (?:think|say|feel) (?:of|about|on) "
        r"(?P<what>.+)",
        r"(?:is|are|was|were) (?P<who>.+?) (?:for or against|in favour of or against) "
        r"(?P<what>.+)",
        r"(?:do|does|did) (?P<who>.+?) (?:support|back|favour|favor|oppose) or "
        r"(?:support|back|favour|favor|oppose|reject) (?P<what>.+)",
    )
]
_WHO = re.compile(r"^(?:who|which \w+) (?P<rest>.+)$", re.IGNORECASE)
_ACCORDING = re.compile(r",? according to .+$", re.IGNORECASE)
_ANYBODY = re.compile(
    r"^(?:they|people|everyone|everybody|anyone|the (?:articles|papers|sources|reports|outlets|"
    r"newspapers|others|different \w+))$",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset(
    "of in on at for from to by with about under over between against through near into across "
    "after before during since until as than".split()
)
DETERMINERS = frozenset(
    "the a an this that these those his her its their our my your any all both each every some "
    "proposed planned new whole entire same".split()
)
_SAYS_LITTLE = frozenset(  # verbs that tell nothing alone, or of what happens again and again
    "make get give go take have do be come become see feel use mean try keep let put seem need win "
    "lose play score beat rise fall gain drop there".split()
)
_TELLING = frozenset(  # "Did the report suggest that …": what follows is asked, of somebody else
    "say says tell think ask answer describe mention claim believe report suggest indicate discuss "
    "highlight focus attribute compare article articles argue imply there".split()
)
_EITHER = frozenset(map(stem, "close shut open reopen go cancel scrap call".split()))
_CLAUSE = frozenset(  # what no plain subject has: a clause of its own, a pronoun
    "who which that whose where when what to be been right wrong he she it they we you i this "
    "there these those one any".split()
)
_FOR = ("for",)  # mostly no stance: "Is the bridge for cars?"
_BE = frozenset("is are was were".split())
_ALSO = frozenset("do does did has have else also still now publicly strongly openly".split())


@dataclass(frozen=True, slots=True)
class Topic:
    """What positions are compared on.

    `subject`: the words of whoever or whatever it is said of, the last of them the head; empty:
    of anybody. `what`: the stem that a stance is towards; empty if the question is none of a
    stance. `rest`: stems of the question's other words, `goal` of those behind the verb.
    """

    about: str
    axis: Axis
    subject: tuple[str, ...]
    what: str
    rest: frozenset[str]
    passive: bool = False
    either: bool = False  # "the plant closed" and "was closed" are the same
    listed: bool = True  # the verb has an opposite; else only "not" makes one
    goal: frozenset[str] = frozenset()
    of: str = ""  # the subject as the question has it: "the tap water"

    @property
    def named(self) -> bool:
        """Whether it is said of somebody or something by name."""
        return bool(self.subject) and self.subject[-1][0].isupper()


def topic(question: str) -> Topic | None:
    """What the question asks the position on; None if it asks for none."""
    plain = _ACCORDING.sub("", " ".join(question.split()).rstrip("?. "))
    if len(plain.split()) > _LONGEST:
        return None
    return _stance(plain) or _who(plain) or _yes_no(plain)


def _stance(question: str) -> Topic | None:
    match = next(filter(None, (pattern.match(question) for pattern in _STANCES)), None)
    return _towards(match["what"], match["who"]) if match else None


def _who(question: str) -> Topic | None:
    """Of "Who opposes the tunnel?" the tunnel."""
    match = _WHO.match(question)
    if match is None:
        return None
    every = words(match["rest"])
    at = next((i for i, word in enumerate(every) if fold(word.text) not in _ALSO), 0)
    found = matched(match["rest"], every, at, STANCE.pro | STANCE.con)
    if found is None or found[1] + 1 >= len(every):
        return None
    return _towards(match["rest"][every[found[1] + 1].start :], "they")


def _towards(what: str, who: str) -> Topic | None:
    """A stance of `who` towards `what`."""
    head = _head(words(what))
    subject = () if _ANYBODY.match(who) else _subject(words(who))
    if head is None or subject is None:
        return None
    rest = frozenset(word.stem for word in words(what) if word.content) - {head.stem}
    return Topic(what, STANCE, subject, head.stem, rest, of=who if subject else "")


def _yes_no(question: str) -> Topic | None:
    """Of "Is the water safe to drink?" the water, "safe", and "drink"."""
    match = _YES_NO.match(question)
    if match is None:
        return None
    rest, aux = match["rest"], match["aux"].casefold()
    every = words(rest)
    found = _key(rest, every, KNOWN - {_FOR} if aux in _BE else KNOWN - LINKED)
    if found is None:
        return None
    first, at, last, phrase = found
    subject = _subject(every[:first])
    if not subject or _TELLING & {fold(word.text) for word in every[: at + 1]}:
        return None
    behind, of = every[last + 1 :], rest[: every[first].start].strip()
    if phrase in STANCE.pro | STANCE.con:
        towards = _towards(rest[behind[0].start :], "they") if behind else None
        return replace(towards, subject=subject, of=of) if towards else None
    own = {stem(fold(word)) for word in subject}
    others = frozenset(word.stem for word in (*every[:first], *behind) if word.content) - own
    return Topic(
        f"whether {of} {aux} {rest[every[first].start :]}",
        axis_of(phrase),
        subject,
        "",
        others,
        passive=aux in _BE and is_participle(every[at].text),
        either=phrase[0] in _EITHER,
        listed=phrase in KNOWN,
        goal=frozenset(word.stem for word in behind if word.content),
        of=of,
    )


def _key(
    rest: str, every: Sequence[Word], phrases: frozenset[Phrase]
) -> tuple[int, int, int, Phrase] | None:
    """Where the verb's group, the verb and its end stand, and the phrase that it is."""
    for at in range(1, len(every)):
        found = matched(rest, every, at, phrases)
        if found:
            first = at
            while first > 1 and belongs(every, first - 1):
                first -= 1
            return first, at, found[1], found[0]
    return _unlisted(rest, every)


def _unlisted(rest: str, every: Sequence[Word]) -> tuple[int, int, int, Phrase] | None:
    """The word behind a name that opens the question: "Jane Roe | visit the quay"."""
    named = next(iter(names(rest)), "")
    at = len(words(named)) if named and rest.startswith(named) else 0
    while at and at < len(every) and belongs(every, at):
        at += 1
    if not at or at >= len(every) or not every[at].content or not every[at].text.islower():
        return None
    if fold(every[at].text) in _SAYS_LITTLE:
        return None
    return len(words(named)), at, at, (every[at].stem,)


def _head(every: Sequence[Word]) -> Word | None:
    """The word that a phrase is of: the last before its first preposition."""
    for at, word in enumerate(every):
        if fold(word.text) in _PREPOSITIONS:
            return every[at - 1] if at else None
    return every[-1] if every else None


def _subject(every: Sequence[Word]) -> tuple[str, ...] | None:
    """Its words, articles left out, the head last; None if it is too long to be sure of."""
    head = _head(every)
    own = every[: every.index(head) + 1] if head else ()
    if _CLAUSE & {fold(word.text) for word in every}:
        return None
    kept = tuple(word.text for word in own if fold(word.text) not in DETERMINERS)
    return kept if 0 < len(kept) <= FEW and len(every) <= 2 * FEW else None
