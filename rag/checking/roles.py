"""Who does what to whom, where names show it: "Russia attacked Ukraine" is not the reverse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.checking.cited_names import same_people
from rag.checking.opposites import Line
from rag.text.words import Word, fold, stem

_REACH = 4  # words between a name and the verb
_PASSIVE = frozenset("by was were been being is are be".split())
# Said of both sides alike, or not verbs of doing to another.
_MUTUAL = frozenset(
    map(
        stem,
        (
            "meet talk discuss marry agree play face fight join border between visit and near "
            "resemble divorce negotiate compete sign share former current against versus"
        ).split(),
    )
)


def swapped(claim: Line, near: Sequence[Line]) -> Iterator[str]:
    """Where a sentence most like `claim` has two of its names on the other sides of its verb."""
    for one, verb, two in _triples(claim):
        if any((one, verb, two) in set(_triples(line)) for line in near):
            continue
        for line in near:
            if (two, verb, one) in set(_triples(line)):
                yield f"the passage has it the other way round: “{_shortened(line.text)}”"
                return


def _triples(line: Line) -> Iterator[tuple[str, str, str]]:
    """Name, verb, name, where they stand close together in the active voice."""
    for at, word in enumerate(line.words):
        if word.text[0].isupper() or not word.weighty or word.stem in _MUTUAL:
            continue
        before = line.words[max(0, at - _REACH) : at]
        behind = line.words[at + 1 : at + 1 + _REACH]
        if any(fold(item.text) in _PASSIVE for item in (*before[-2:], *behind)):
            continue
        one = next((_key(item) for item in reversed(before) if _is_name(item)), "")
        two = next((_key(item) for item in behind if _is_name(item)), "")
        if one and two and one != two:
            yield one, word.stem, two


def _is_name(word: Word) -> bool:
    return word.text[0].isupper() and word.weighty


def _key(word: Word) -> str:
    return same_people(word.text) or word.stem


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else text[:117].rsplit(" ", 1)[0] + " …"
