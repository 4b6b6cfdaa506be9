"""Whether a name, a figure or a date of a sentence belongs there to the things it belongs to here.

"Walmart plans to close 60 stores" is not borne out by "Kroger plans to close 60 stores", though
another sentence tells of Walmart: what stands around the name here stands around another there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.checking.atoms import Atom, Cased, atoms, same
from rag.checking.cited_figures import comparable, loose
from rag.schema import Article, Passage
from rag.text.dates import WEEKDAYS
from rag.text.names import countries
from rag.text.sentences import article_sentences

WEIGHT = {"name": 1.6, "figure": 1.6, "date": 1.3, "word": 1.0, "pronoun": 0.0}
_OTHER_CLAUSE = 0.6
_NEAR, _FADES = 2, 5  # so many words apart is near; the weight halves so many words further on
_BACK = 2  # sentences before, whose names a pronoun may stand for
_OF = re.compile(r"\b(?:of|at|from|with)\s+(?:the\s+)?$")
_DESCRIBED = 12  # words of a description between a name and where its bearer belongs
_OPENING = 5  # words at a claim's beginning, of which one opens its subject
_PRONOUNS = 3  # of a sentence that are tried for a name
_AS_PRONOUN, _IN_SIGHT = (
    0.8,
    0.4,
)  # how well a name is met by a pronoun; by nothing but its nearness
_FEWEST_LETTERS = 4  # of a name that may stand in another's place
# Another in its place must be tied so strongly, and by so much more than itself. Fitted on the
# sentences of benchmarks/support/written.py.
_STRONG, _STRONGER = 0.55, 0.3
_SWAPPED = 0.08  # by so much two things are each tied better in the other's place


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A sentence of the evidence: what it names, and whom its pronouns may stand for."""

    text: str
    atoms: tuple[Atom, ...]
    context: tuple[Atom, ...] = ()
    article: Article | None = None  # None: a header, which is no sentence of its article
    start: int = 0  # in the article's text

    @property
    def is_header(self) -> bool:
        """Whether it is what stands over the passages of an article."""
        return self.article is None

    @property
    def pronouns(self) -> list[Atom]:
        """Its pronouns, in order."""
        return [item for item in self.atoms if item.kind == "pronoun"]

    def has(self, item: Atom) -> bool:
        """Whether it names `item`."""
        return any(same(item, other) for other in self.atoms)

    def means(self, item: Atom) -> bool:
        """Whether it names `item`, or may mean it with a pronoun."""
        return self.has(item) or item.kind == "name" and any(same(item, it) for it in self.context)

    def may_be_of(self, item: Atom) -> bool:
        """As `means`, but what opens with another name and has no pronoun means nobody else."""
        return (
            self.has(item) or self.means(item) and bool(self.pronouns or not self.opens_with_name)
        )

    @property
    def opens_with_name(self) -> bool:
        """Whether one of the first two things that it names has a name."""
        return any(item.kind == "name" for item in self.atoms[:2])

    def share(self, things: Sequence[Atom]) -> float:
        """The share (0..1) by weight of `things` that it means."""
        return share(things, [self])


def share(things: Sequence[Atom], lines: Sequence[Told]) -> float:
    """The share (0..1) by weight of `things` that one of `lines` means."""
    total = sum(WEIGHT[item.kind] for item in things)
    met = sum(WEIGHT[it.kind] for it in things if any(line.means(it) for line in lines))
    return met / (total or 1)


Place = tuple[Atom, Told]  # a thing of the evidence and the sentence that names it


def told(header: str, passage: Passage, article: Article, cased: Cased) -> list[Told]:
    """The sentences of a passage, its header first."""
    above = atoms(header, cased, article.published)
    found = [Told(header, above)]
    names = [item for item in above if item.kind == "name"]
    before: list[tuple[Atom, ...]] = []
    for start, end in article_sentences(article, passage.start, passage.end):
        text = article.text[start:end]
        own = atoms(text, cased, article.published)
        near = [
            item
            for line in before[-_BACK:]
            for item in line
            if item.kind == "name" and item.place < _OPENING
        ]
        found.append(Told(text, own, (*near, *names), article, start))
        before.append(own)
    return found


def misplaced(claim: Sequence[Atom], lines: Sequence[Told]) -> Iterator[tuple[Atom, Atom, Told]]:
    """The things of the claim in whose place the evidence has another: both, and the sentence."""
    swapped = {item: place for line in lines for item, place in _swapped(claim, line)}
    swapped |= {item: place for line in lines for item, place in _crossed(claim, line)}
    for item in claim:
        if place := swapped.get(item) or _instead(item, claim, lines):
            yield item, *place


def unjoined(claim: Sequence[Atom], lines: Sequence[Told]) -> Iterator[tuple[Atom, Atom, Told]]:
    """The claim's first name and a figure that the evidence has only with other names.

    The sentence is one that has the name with another figure of the same things.
    """
    first = next((it for it in claim if it.kind == "name" and it.place < _OPENING), None)
    if first is None or not any(line.has(first) for line in lines):
        return
    for item in claim:
        if not item.figure or loose(item.figure):
            continue
        there = [line for line in lines if line.has(item)]
        if not there or any(line.may_be_of(first) for line in there):
            continue
        own = [line for line in lines if line.has(first) and _counts_as(item, line)]
        if own and all(_has_other_name(line, claim) for line in there):
            yield first, item, own[0]


def elsewhere(
    claim: Sequence[Atom], lines: Sequence[Told], text: str
) -> Iterator[tuple[Atom, Atom, Told]]:
    """Whom the claim puts where the evidence has another: "Ada Brenn of the harbour union"."""
    for one, other in _affiliated(text, claim):
        there = [line for line in lines if line.has(other)]
        if not there or any(line.may_be_of(one) for line in there):
            continue
        for line in lines:
            if any(same(who, one) for who, _ in _affiliated(line.text, line.atoms)):
                yield one, other, line
                break


def _affiliated(text: str, every: Sequence[Atom]) -> Iterator[tuple[Atom, Atom]]:
    """Pairs of names joined by a word such as "of" or "at", with at most a description between."""
    names = [item for item in every if item.kind == "name"]
    for one, other in zip(names, names[1:], strict=False):
        between = text[one.end : other.start]
        if _OF.search(between) and other.place - one.place <= _DESCRIBED and "." not in between:
            yield one, other


def torn(claim: Sequence[Atom], lines: Sequence[Told]) -> Iterator[tuple[Atom, Atom, Told]]:
    """Two figures of one clause that no sentence has together, and one that has another instead."""
    given = [item for item in claim if item.figure and not loose(item.figure)]
    for one in given:
        for other in given:
            if one is other or one.clause != other.clause:
                continue
            if any(line.has(one) and line.has(other) for line in lines):
                continue
            instead = [line for line in lines if line.has(one) and _counts_as(other, line)]
            if instead and any(line.has(other) for line in lines):
                yield one, other, instead[0]


def _counts_as(item: Atom, line: Told) -> bool:
    """Whether `line` has another figure of the things that `item` counts."""
    return any(
        other.figure is not None
        and item.figure is not None
        and other.figure.thing == item.figure.thing != ""
        and comparable(item.figure, other.figure)
        and not same(item, other)
        for other in line.atoms
    )


def _has_other_name(line: Told, claim: Sequence[Atom]) -> bool:
    names = [item for item in line.atoms if item.kind == "name"]
    return any(not any(same(name, item) for item in claim) for name in names)


def _tied(item: Atom, claim: Sequence[Atom], lines: Sequence[Told]) -> float:
    """How well the evidence ties `item` to what stands around it in the claim."""
    return max(
        (
            _strength(item, claim, other, line)
            for line in lines
            for other in _stands_for(item, line)
        ),
        default=0.0,
    )


def _stands_for(item: Atom, line: Told) -> list[Atom]:
    there = [other for other in line.atoms if same(item, other)]
    return there or (line.pronouns[:_PRONOUNS] if line.means(item) else [])


def _instead(item: Atom, claim: Sequence[Atom], lines: Sequence[Told]) -> Place | None:
    """What stands in the place of `item`, far better tied there, in a sentence without it."""
    if not item.is_hard or not any(line.has(item) for line in lines):
        return None
    ties = [
        (_strength(item, claim, other, line), (other, line))
        for line in lines
        if not line.is_header and not _stands_for(item, line)
        for other in _rivals(item, claim, line, lines)
    ]
    strength, place = max(ties, key=lambda tie: tie[0], default=(0.0, None))
    return place if strength >= max(_STRONG, _STRONGER + _tied(item, claim, lines)) else None


def _rivals(item: Atom, claim: Sequence[Atom], line: Told, lines: Sequence[Told]) -> Iterator[Atom]:
    """What of `line` is no part of the claim, and stands where `item` does there."""
    topics = [it for line in lines if line.is_header for it in line.atoms if it.kind == "name"]
    for other in line.atoms:
        if other.kind != item.kind or any(same(it, other) for it in claim):
            continue
        if _of_its_sort(item, other, topics) and _in_its_place(item, claim, other, line):
            yield other


def _swapped(claim: Sequence[Atom], line: Told) -> Iterator[tuple[Atom, Place]]:
    """The things of the claim of which each stands in another's place in `line`."""
    if line.is_header:
        return
    named = {item: [it for it in line.atoms if same(item, it)] for item in claim}
    once = {item: there[0] for item, there in named.items() if len(there) == 1}
    for one, mine in once.items():
        for other, yours in once.items():
            if one.kind != other.kind or one.start >= other.start or same(one, other):
                continue
            rest = [it for it in claim if it not in (one, other)]
            gains = _gain(one, rest, mine, yours, line), _gain(other, rest, yours, mine, line)
            if min(gains) >= _SWAPPED:
                yield one, (yours, line)
                yield other, (mine, line)


def _crossed(claim: Sequence[Atom], line: Told) -> Iterator[tuple[Atom, Place]]:
    """The things of two clauses of the claim whose companions stand the other way round."""
    found = [(item, [it for it in line.atoms if same(item, it)]) for item in claim if item.is_hard]
    once = [(item, there[0]) for item, there in found if len(there) == 1 and not line.is_header]
    for (one, mine), (other, yours) in combinations(once, 2):
        if one.kind != other.kind or one.clause == other.clause or mine.clause == yours.clause:
            continue
        here, there = _companions(mine, line.atoms), _companions(yours, line.atoms)
        ours = [_stands(it, here, there) for it in _companions(one, claim)]
        theirs = [_stands(it, there, here) for it in _companions(other, claim)]
        if -1 in ours and -1 in theirs and 1 not in (*ours, *theirs):
            yield one, (yours, line)
            yield other, (mine, line)


def _companions(item: Atom, every: Sequence[Atom]) -> list[Atom]:
    """What stands in the clause of `item` beside it."""
    return [it for it in every if it.clause == item.clause and it is not item]


def _stands(item: Atom, own: Sequence[Atom], other: Sequence[Atom]) -> int:
    """1: only among its own companions there; -1: only among the other's; 0: neither or both."""
    return any(same(item, it) for it in own) - any(same(item, it) for it in other)


def _gain(item: Atom, rest: Sequence[Atom], mine: Atom, yours: Atom, line: Told) -> float:
    """By how much `item` is tied better at `yours` than at `mine`."""
    return _strength(item, rest, yours, line) - _strength(item, rest, mine, line)


def _of_its_sort(item: Atom, other: Atom, topics: Sequence[Atom]) -> bool:
    """Whether `other` is what could stand where `item` does."""
    if item.figure and other.figure:
        return comparable(item.figure, other.figure) and (
            not (item.figure.thing and other.figure.thing)
            or item.figure.thing == other.figure.thing
        )
    if item.date and other.date:
        return not other.date.relative or other.text.lower() in WEEKDAYS
    if len(other.text) < _FEWEST_LETTERS or any(same(other, topic) for topic in topics):
        return False
    return bool(countries(item.stems)) is bool(countries(other.stems))


def _in_its_place(item: Atom, claim: Sequence[Atom], other: Atom, line: Told) -> bool:
    """Whether a neighbour of both is the same, or both open their sentence."""
    here, there = _neighbours(item, claim), _neighbours(other, line.atoms)
    if item.kind == "name" and here[0] is None and there[0] is None:
        return True
    return any(one and two and same(one, two) for one, two in zip(here, there, strict=True))


def _neighbours(item: Atom, every: Sequence[Atom]) -> tuple[Atom | None, Atom | None]:
    own = [one for one in every if one.kind != "pronoun"]
    at = own.index(item)
    return own[at - 1] if at else None, own[at + 1] if at + 1 < len(own) else None


def _strength(item: Atom, claim: Sequence[Atom], other: Atom, line: Told) -> float:
    near = [one for one in claim if one is not item and one.kind != "pronoun"]
    weights = [_nearness(item, one) * WEIGHT[one.kind] for one in near]
    met = sum(w * _met(one, other, line) for w, one in zip(weights, near, strict=True))
    return met / sum(weights) if near else 0.0


def _met(near: Atom, other: Atom, line: Told) -> float:
    """How near (0..1) to `other` the sentence has `near`."""
    there = (_nearness(other, it) for it in line.atoms if it is not other and same(near, it))
    best = max(there, default=0.0)
    if best < _OTHER_CLAUSE and line.means(near) and near.kind == "name":
        stands = (_AS_PRONOUN * _nearness(other, it) for it in line.pronouns)
        best = max(best, _IN_SIGHT, *stands)
    return best


def _nearness(one: Atom, other: Atom) -> float:
    apart = max(0, abs(one.place - other.place) - _NEAR)
    near = _FADES / (_FADES + apart)
    return near if one.clause == other.clause else near * _OTHER_CLAUSE
