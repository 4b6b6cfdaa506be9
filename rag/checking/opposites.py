"""What betrays that a sentence turns round what a passage says: opposed words, "not".

What is in none of the lists of opposites is not judged.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rag.text import lexicon
from rag.text.words import Word, stem, words

_PREFIXES = ("un", "in", "im", "non", "dis", "il", "ir", "mis", "anti")
_PLAIN_NOT = frozenset("not no never none nobody nothing neither nor without cannot".split())
_DENYING = frozenset(map(stem, "deny refuse fail decline reject unable".split()))
_SUPPOSES = frozenset("if unless whether".split())  # "if it does not sell" denies nothing
_NEAR_IF = 8  # words
_REACH = 3  # words behind "not" or "may" within which stands what it is said of
_NEIGHBOURS, _WINDOW = 4, 9  # weighty words on each side, among so many words
_BREAKS = re.compile(r"[,;:()“”\"—–]|\bbut\b|\band\b|\bwho\b|\bwhich\b|\bthat\b")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A sentence with its words, and which of them are denied."""

    text: str
    words: tuple[Word, ...]
    stems: frozenset[str]  # of content words
    denied: dict[int, int]  # index of a content word -> index of the word that denies it
    deniable: frozenset[int]  # the words behind a denying one, to the end of its clause

    @classmethod
    def of(cls, text: str) -> Line:
        """Read one sentence."""
        every = words(text)
        own = frozenset(word.stem for word in every if word.content)
        marks = [*map(_denies, every, [*every[1:], None])]
        return cls(text, every, own, _governed(text, every, marks), _in_reach(text, every, marks))


Sides = dict[str, tuple[frozenset[str], frozenset[str]]]


@cache
def _related() -> Sides:
    """Stem -> stems of its own side, stems of another side in a line of the list of opposites."""
    same: dict[str, set[str]] = {}
    other: dict[str, set[str]] = {}
    for line in lexicon.sides("opposites", "opposed"):
        sides = [set(map(stem, side)) for side in line]
        for own in sides:
            for word in own:
                same.setdefault(word, set()).update(own)
                other.setdefault(word, set()).update(set[str]().union(*sides) - own)
    return {word: (frozenset(same[word]), frozenset(other[word] - same[word])) for word in same}


def opposite(word: str) -> frozenset[str]:
    """The stems that stand in the list of opposites against this one, or have "un-" before it."""
    return _related().get(word, _ALONE)[1] | frozenset(_prefixed(word))


_ALONE: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_GRAMMAR = frozenset("before after above below up down with without more most for against".split())


def nearest(claim: Line, lines: Sequence[Line], most: int = 3) -> list[Line]:
    """The sentences of the evidence that share the most content words with `claim`, best first."""
    if not claim.stems:
        return []
    scored = [(len(claim.stems & line.stems) / len(claim.stems), line) for line in lines]
    best = max((score for score, _ in scored), default=0.0)
    near = [item for item in scored if item[0] >= max(0.6 * best, 0.15)]
    return [line for _, line in sorted(near, key=lambda item: -item[0])[:most]]


_EXTREMES = frozenset("first last only most least worst best except unprecedented".split())
_SHORT = 4  # letters of "best", "west" and "rest"
_SIDES = frozenset(("for", "against"))
Where = tuple[Line, int]  # a sentence and the index of a word in it


@dataclass(frozen=True, slots=True)
class Places:
    """Where each stem stands in the sentences of the evidence."""

    lines: tuple[Line, ...]
    at: dict[str, tuple[Where, ...]]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Places:
        """List every word by its stem."""
        found: dict[str, list[Where]] = {}
        for line in lines:
            for index, word in enumerate(line.words):
                found.setdefault(word.stem, []).append((line, index))
        return cls(tuple(lines), {word: tuple(where) for word, where in found.items()})

    def of_any(self, stems: Iterable[str]) -> Iterator[Where]:
        """Every place of these stems."""
        for word in stems:
            yield from self.at.get(word, ())


def turned(claim: Line, near: Sequence[Line], places: Places) -> Iterator[str]:
    """What the evidence says the other way round: "“rose”, not “fell”", "“rose” without “not”"."""
    yield from opposed(claim, near, places)
    yield from negated(claim, near, places)


def opposed(claim: Line, near: Sequence[Line], places: Places) -> Iterator[str]:
    """Words of `claim` in whose place the evidence has an opposite one.

    The word beside both must be the same or, in a sentence of `near` (those most like the claim),
    two of the words around them.
    """
    for at, word in enumerate(claim.words):
        if not (word.content or word.plain in _GRAMMAR):
            continue
        same, other = _related().get(word.stem, _ALONE)
        turned = (other | _prefixed(word.stem)) - claim.stems
        if not turned & places.at.keys():
            continue
        most = max((_likeness(claim, at, *w) for w in places.of_any({word.stem, *same})), default=0)
        for line, index in places.of_any(turned):
            if (at in claim.deniable) != (index in line.deniable):
                continue  # "did not rise" and "fell" agree
            if word.plain in _SIDES and not _same_before(claim, at, line, index):
                continue  # "run against" and "call for" are no opposites
            if word.stem in line.stems or index and line.words[index - 1].plain == "how":
                continue  # the sentence has both, or neither: "however often"
            found = _likeness(claim, at, line, index)
            enough = _BESIDE if line not in near or word.plain in _GRAMMAR else 2
            if found > most and found >= enough and _same_sort(word, line.words[index], at):
                yield f"“{line.words[index].text}”, not “{word.text}”"
                break


def _same_before(claim: Line, at: int, line: Line, index: int) -> bool:
    """Whether the words before both are the same: "voted for", "vote against"."""
    return at > 0 < index and claim.words[at - 1].stem == line.words[index - 1].stem


def _same_sort(word: Word, other: Word, at: int) -> bool:
    """Whether both or neither have a capital, and the same for "-ly".

    "United" States is not opposed to "separate", nor "nearly" to "remote".
    """
    if word.text.endswith("ly") != other.text.endswith("ly"):
        return False
    return at == 0 or word.text[0].isupper() == other.text[0].isupper()


_BESIDE = 3  # how much the word right beside counts


def _likeness(claim: Line, at: int, line: Line, index: int) -> int:
    """How many of the content words around two words are the same; those right beside count 3."""
    found = len(_around(claim.words, at) & _around(line.words, index))
    for step in (-1, 1):
        one, two = _beside(claim.words, at, step), _beside(line.words, index, step)
        if one and one == two:
            found += _BESIDE - 1
    return found


def _beside(every: Sequence[Word], at: int, step: int) -> str:
    """Stem of the next content word before (-1) or behind (1), within three words."""
    ways = range(at + step, at + 4 * step, step)
    near = (every[i] for i in ways if 0 <= i < len(every))
    return next((word.stem for word in near if word.weighty), "")


def _prefixed(word: str) -> set[str]:
    """As "unnamed" is to "named", and the other way round."""
    if len(word) < 4:
        return set()
    bare = {word.removeprefix(prefix) for prefix in _PREFIXES}
    return {prefix + word for prefix in _PREFIXES} | {w for w in bare if len(w) > 3} - {word}


def _around(every: Sequence[Word], at: int) -> set[str]:
    """Stems of the weighty words nearest to word `at`, on both sides."""
    before = [word.stem for word in every[max(0, at - _WINDOW) : at] if word.weighty]
    behind = [word.stem for word in every[at + 1 : at + 1 + _WINDOW] if word.weighty]
    return {*before[-_NEIGHBOURS:], *behind[:_NEIGHBOURS]}


def _denies(word: Word, following: Word | None = None) -> bool:
    """Whether it is "not" or the like, or "refused" and the like before "to"."""
    plain = word.plain
    if plain in _PLAIN_NOT or plain.endswith("n't"):
        return True
    if plain == "free":
        return following is not None and following.text == "of"
    return word.stem in _DENYING and following is not None and following.text == "to"


def _governed(text: str, every: Sequence[Word], marks: Sequence[bool]) -> dict[int, int]:
    """For each marked word the first content word behind it, within its reach and its clause."""
    found: dict[int, int] = {}
    for at, marked in enumerate(marks):
        if not marked or text[every[at].end :].startswith("."):  # "No. 1"
            continue
        for index in range(at + 1, min(at + 2 + _REACH, len(every))):
            if _BREAKS.search(text[every[at].end : every[index].start]):
                break
            if _can_be_denied(every[index]) and not marks[index]:
                found[index] = at
                break
    return found


def _in_reach(text: str, every: Sequence[Word], marks: Sequence[bool]) -> frozenset[int]:
    """The words that one of the marked words may deny: those behind it in its clause."""
    breaks = [found.start() for found in _BREAKS.finditer(text)]
    clauses = [bisect_right(breaks, word.start) for word in every]
    first: dict[int, int] = {}  # clause -> index of its first marked word
    for at, marked in enumerate(marks):
        if marked:
            first.setdefault(clauses[at], at)
    return frozenset(at for at, clause in enumerate(clauses) if at > first.get(clause, len(every)))


def _supposed(every: Sequence[Word], at: int) -> bool:
    return any(word.plain in _SUPPOSES for word in every[max(0, at - _NEAR_IF) : at])


def _can_be_denied(word: Word) -> bool:
    return word.weighty and word.text[0].islower() and len(word.text) > 1


def negated(claim: Line, near: Sequence[Line], places: Places) -> Iterator[str]:
    """Where one of `claim` and the sentences most like it denies what the other says.

    What any sentence of the evidence denies as well is no contradiction.
    """
    for at, by in claim.denied.items():
        everywhere = places.at.get(claim.words[at].stem, ())
        if any(i in line.deniable for line, i in everywhere) or _supposed(claim.words, by):
            continue
        for line, index in _same(claim, at, near):
            if any(_is_extreme(word) for word in line.words):
                continue  # "the first to" do what nobody has done before
            yield f"“{line.words[index].text}” without “{claim.words[by].text}”"
            break
    for at, word in enumerate(claim.words):
        if at in claim.deniable or not word.weighty or _denies(word):
            continue
        same = _same(claim, at, near)
        denied = all(i in line.denied for line, i in places.at.get(word.stem, ()))
        if same and denied:
            line, index = same[0]
            if line.words[line.denied[index]].stem not in claim.stems:
                yield f"“{_from(line, line.denied[index], index)}”"


def _is_extreme(word: Word) -> bool:
    return word.plain in _EXTREMES or word.plain.endswith("est") and len(word.plain) > _SHORT


def _same(claim: Line, at: int, near: Sequence[Line]) -> list[Where]:
    """Where the same word stands among the same words."""
    return [
        (line, index)
        for line in near
        for index, word in enumerate(line.words)
        if word.stem == claim.words[at].stem and _likeness(claim, at, line, index) >= 2
    ]


def _from(line: Line, first: int, last: int) -> str:
    return line.text[line.words[first].start : line.words[last].end]
