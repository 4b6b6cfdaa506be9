"""The people and bodies of an article, gathered from what it shows of each name.

A title before it, an office beside it, an age, a verb, or being taken up again by the surname
alone tells that a name is a person's; the pronouns that follow, whether it is a man or a woman.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag.speakers.cast import (
    BODIES,
    OPENERS,
    Cast,
    Gender,
    Person,
    Token,
    bare,
    body_span,
    domain_of,
    is_body,
    name_of,
    run_at,
    split_titles,
)
from rag.text import lexicon
from rag.text.names import TITLES

_OFFICES = TITLES | lexicon.words("titles", "offices")
_HE, _SHE = lexicon.words("titles", "he"), lexicon.words("titles", "she")
_ACTS = frozenset(
    """spoke told said says came went is was has had will took gave made stood sat did wrote
    thinks wants knew met left read ran won lost led""".split()
)
_SIGNS = frozenset(',.;:()“”"—–\n')


@dataclass(slots=True)
class _Seen:
    """What the article shows of one name."""

    first: int
    offices: set[str] = field(default_factory=set)
    evidence: int = 0
    gender: Counter[Gender] = field(default_factory=Counter)


def cast_of(items: Sequence[Token]) -> Cast:
    """The people and organisations of a text, given its tokens."""
    seen: dict[str, _Seen] = {}
    lone: Counter[str] = Counter()
    bodies: dict[str, str] = {}
    for start, stop in _runs(items):
        words = [bare(item.text) for item in items[start:stop]]
        titles, name = split_titles(words)
        domain = domain_of(items, start)
        if domain:
            if not titles:
                name = name[-2:] if len(name) > 2 else name[-1:]
            titles = [*titles, domain]
            if stop - start == 1:
                continue
        while name and name[0].casefold() in OPENERS:
            name = name[1:]
        if is_body(name or words):
            _note_body(bodies, items, start, stop)
        elif len(name) == 1:
            lone[name[0].casefold()] += 1
            _note_gender(seen, name[0], titles)
        elif 2 <= len(name) <= 4:
            _note_person(seen, items, (start, stop), titles, " ".join(name))
    return _cast(seen, lone, bodies)


def _runs(items: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words, without those that only open a sentence."""
    at = 0
    while at < len(items):
        if not items[at].is_capital:
            at += 1
            continue
        stop = run_at(items, at)
        start = at
        while start < stop and items[start].low in OPENERS:
            start += 1
        if start < stop:
            yield start, stop
        at = max(stop, at + 1)


def _note_body(bodies: dict[str, str], items: Sequence[Token], start: int, stop: int) -> None:
    first, last = body_span(items, start, stop)
    name = name_of(items, first, last)
    for place in {start, stop - 1, first, last - 1}:
        word = bare(items[place].text).casefold()
        if word in BODIES and len(name) > len(bodies.get(word, "")):
            bodies[word] = name


def _note_gender(seen: dict[str, _Seen], surname: str, titles: Sequence[str]) -> None:
    """Count "Mr Haddow" for whoever of that surname was named."""
    for name, item in seen.items():
        if name.endswith(" " + surname):
            _vote(item, (title.casefold().rstrip(".") for title in titles))


def _vote(item: _Seen, words: Iterator[str]) -> None:
    for word in words:
        if word in _HE:
            item.gender["he"] += 3
        elif word in _SHE:
            item.gender["she"] += 3


def _note_person(
    seen: dict[str, _Seen],
    items: Sequence[Token],
    run: tuple[int, int],
    titles: Sequence[str],
    name: str,
) -> None:
    start, stop = run
    item = seen.setdefault(name, _Seen(items[start].start))
    beside = [*_before(items, start), *_behind(items, stop), *titles]
    words = [word.casefold().rstrip(".") for word in beside]
    offices = {word for word in words if word in _OFFICES}
    item.offices |= offices
    item.evidence += len(offices) + _has_age(items, stop) + _acts(items, start, stop)
    _vote(item, iter(words))
    pronouns = Counter(word.low for word in items[stop : stop + 25])
    item.gender["he"] += pronouns["he"] + pronouns["his"]
    item.gender["she"] += pronouns["she"] + pronouns["her"]


def _before(items: Sequence[Token], start: int) -> list[str]:
    """What stands before a name: "port director X", "the general secretary of the Guild, X"."""
    at = start - 1
    if at < 0 or items[at].text != ",":
        return [items[at].text] if at >= 0 else []
    stop = at
    while at > 0 and stop - at < 13 and items[at - 1].text not in _SIGNS:
        at -= 1
    words = [item.text for item in items[at:stop]]
    return words[: next((n for n, word in enumerate(words) if word in ("of", "for")), len(words))]


def _behind(items: Sequence[Token], stop: int) -> list[str]:
    """The apposition behind a name: "X, the chair of the Guild,", "X, who chairs …"."""
    if stop >= len(items) or items[stop].text != ",":
        return []
    last = stop + 1
    while last < len(items) and last - stop < 10 and items[last].text not in ",.;:":
        last += 1
    words = [item.text for item in items[stop + 1 : last]]
    return words[: next((n for n, word in enumerate(words) if word in ("of", "for")), len(words))]


def _has_age(items: Sequence[Token], stop: int) -> bool:
    """Whether an age or a relative clause follows: "X, 47,", "X, who"."""
    if stop + 2 >= len(items) or items[stop].text != ",":
        return False
    word = items[stop + 1].text
    is_age = word.isdecimal() and 10 <= int(word) < 110 and items[stop + 2].text in ",.)"
    return is_age or word in ("who", "whose")


def _acts(items: Sequence[Token], start: int, stop: int) -> bool:
    """Whether a name opens a sentence and a verb follows: "X spoke", "X has", "X promised"."""
    if stop >= len(items) or (start and items[start - 1].text not in '.!?”"\n'):
        return False
    return items[stop].text in _ACTS or items[stop].text.endswith("ed")


def _cast(seen: dict[str, _Seen], lone: Counter[str], bodies: dict[str, str]) -> Cast:
    people: dict[str, Person] = {}
    surnames: dict[str, list[tuple[int, str]]] = {}
    for name, item in seen.items():
        words = name.split()
        surname = words[-1].casefold()
        longer = any(" ".join(words[cut:]) in seen for cut in range(1, len(words) - 1))
        if longer or words[-1].isupper() or not (item.evidence or lone[surname]):
            continue
        ranked = item.gender.most_common(2)
        clear = ranked and ranked[0][1] > (ranked[1][1] if len(ranked) > 1 else 0)
        people[name] = Person(name, frozenset(item.offices), ranked[0][0] if clear else None)
        surnames.setdefault(surname, []).append((item.first, name))
    by_surname = {word: tuple(sorted(listed)) for word, listed in surnames.items()}
    return Cast(people, by_surname, bodies)
