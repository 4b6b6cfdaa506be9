"""Who a reporting clause says is speaking: the subject of "Roe said" or of "according to Roe".

Looked for backwards from the verb and forwards behind it: a name, an office, a pronoun, or
somebody unnamed. Which clauses report is found in `rag.speakers.reporting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.speakers.cast import (
    BODIES,
    OPENERS,
    Cast,
    Token,
    bare,
    body_span,
    domain_of,
    is_body,
    name_in,
    name_of,
    run_at,
    run_back,
    split_titles,
)
from rag.text.quotation_marks import BLOT

PRONOUNS = frozenset("he she they i we it you".split())
DETERMINERS = frozenset(
    """the a an his her its their our my this that these those some several many most one two three
    another other no every each both all""".split()
)
PREPOSITIONS = frozenset(
    "of for at from in on with to by against behind under near inside outside within over".split()
)
_DOCUMENTS = frozenset(
    """letter memorandum memo report document statement paper study article book resolution law text
    agreement notice sign poster banner rule survey poll website charter newspaper note email
    leaflet contract treaty bill plan column editorial caption review leak source sources papers
    documents reports records files minutes message""".split()
)
_FIGURES = frozenset("figures data estimates numbers statistics figure count estimate".split())
_STOPS = frozenset(".;:")
MARKS = frozenset("“”\"„«»‘’'‹›")
_FAR = 14  # words of an office, at most

Kind = Literal["name", "pronoun", "office", "unnamed"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a clause says is speaking: a name's words, a pronoun, an office ("minister"), or none."""

    kind: Kind
    words: tuple[str, ...] = ()
    start: int = 0


Found = tuple[int, Subject]  # where the subject's first word stands among the tokens

UNNAMED = Subject("unnamed")


# --- backwards: what stands before "said"


def backward(items: Sequence[Token], at: int, cast: Cast | None) -> Found | None:
    """The subject that ends at `at`."""
    if at < 0:
        return None
    item = items[at]
    if item.low in PRONOUNS:
        return at, Subject("pronoun", (item.low,), item.start)
    if item.low in ("who", "which") and at:
        return backward(items, at - 2 if items[at - 1].text == "," else at - 1, cast)
    if item.text in (",", ")"):
        return _around_apposition(items, at, cast)
    if item.is_capital and not item.is_possessive:
        return _name_backward(items, at, cast)
    if is_word(item) and item.low not in PREPOSITIONS:
        return _office_backward(items, at, cast)
    return None


def _around_apposition(items: Sequence[Token], comma: int, cast: Cast | None) -> Found | None:
    """The subject of "Its director, X, said" and of "X, its director, said"."""
    opening = next(
        (place for place in range(comma - 1, -1, -1) if items[place].text in (",", "(", "—", "–")),
        None,
    )
    if opening is None or opening == comma - 1:
        return None
    inner, outer = items[opening + 1 : comma], backward(items, opening - 1, cast)
    if outer and outer[1].kind == "name" and cast and cast.person(outer[1].words, outer[1].start):
        return outer
    if inner[-1].is_capital and not any(item.low in PREPOSITIONS for item in inner):
        found = _name_backward(items, comma - 1, cast)
        if found and found[1].kind == "name" and not is_body(found[1].words):
            return found
    return outer


def _name_backward(items: Sequence[Token], at: int, cast: Cast | None) -> Found | None:
    """The person, the organisation or the office whose last capitalised word stands at `at`."""
    start = run_back(items, at)
    while start < at and items[start].low in OPENERS:
        start += 1
    words = [item.text for item in items[start : at + 1]]
    titles, name = split_titles(words)
    domain = domain_of(items, start)
    if domain and not titles and len(words) > 1:
        titles, name = [domain], name[-2:] if len(name) > 2 else name[-1:]
    first, stop = body_span(items, start, at + 1)
    head = None if titles and name else _head_of_phrase(items, first, cast)
    if head:
        return head
    if not domain and first > 1 and items[first - 1].low == "and" and items[first - 2].is_capital:
        return first, UNNAMED  # two speak: "Roe and Poe said"
    if first < start or is_body(name or words):
        return first, Subject("name", (name_of(items, first, stop),), items[first].start)
    return _person_backward(items, start, name, words, cast)


def _person_backward(
    items: Sequence[Token], start: int, name: list[str], words: list[str], cast: Cast | None
) -> Found | None:
    if not name:
        return start, Subject("office", (words[-1].casefold(),), items[start].start)
    if cast:
        name = name_in(words, cast, items[start].start) if len(name) == 1 else name
        if start == 0 or items[start - 1].low in PREPOSITIONS:
            name = _without_first(name, cast, items[start].start)
        known = cast.person(name, items[start].start)
        if start == 0 and len(name) == 1 and not known and name[0].endswith(("ly", "ing", "ed")):
            return None
    return start, Subject("name", tuple(name), items[start].start)


def _without_first(name: list[str], cast: Cast, at: int) -> list[str]:
    """The name without a word that opens the sentence or ends a phrase: "In Skelwick Roe said"."""
    if len(name) == 1 or cast.person(name, at) or not cast.person(name[1:], at):
        return name
    return name[1:]


def _head_of_phrase(items: Sequence[Token], start: int, cast: Cast | None) -> Found | None:
    """The subject whose complement begins at `start`: "X of the Federation", "a man from Y"."""
    before = start - 1
    while before >= 0 and (items[before].low in DETERMINERS or items[before].is_possessive):
        before -= 1
    if before < 1 or items[before].low not in ("of", "for", "at", "from", "in", "with"):
        return None
    head = items[before - 1]
    if head.low in DETERMINERS or not is_word(head):
        return None
    if head.is_capital and items[before].low in ("of", "for") and head.low in BODIES:
        return None
    return backward(items, before - 1, cast)


def _office_backward(items: Sequence[Token], at: int, cast: Cast | None) -> Found | None:
    """The phrase of common nouns that ends at `at`: "the minister", "her office", "officials"."""
    start = at
    while start and at - start < 6 and is_common(items[start]) and is_common(items[start - 1]):
        start -= 1
        if items[start].low in DETERMINERS:
            break
    head = _head_of_phrase(items, start, cast)
    if head is None and start and items[start - 1].is_capital:
        start = run_back(items, start - 1)
        head = _head_of_phrase(items, start, cast) or (start, UNNAMED)
    return head or (start, _office(items[start : at + 1]))


# --- forwards: what follows "according to" or "said"


def forward(items: Sequence[Token], at: int, cast: Cast) -> Subject | None:
    """The subject that begins at `at`; None if nothing there can speak."""
    if at >= len(items):
        return None
    first = items[at]
    if first.low in PRONOUNS or first.low == "him":
        return Subject("pronoun", (first.low,), first.start)
    if first.low in PREPOSITIONS or not is_word(first):
        return None
    begin = at
    while begin < len(items) and items[begin].low in DETERMINERS:
        begin += 1
    named = _named_forward(items, begin, cast) if run_at(items, begin) > begin else None
    person = named or _person_forward(items, begin, cast)
    return person or _of_figures(items, begin, cast) or _common(items, at)


def _named_forward(items: Sequence[Token], at: int, cast: Cast) -> Subject | None:
    """A name at `at`, unless it only says whose or which office follows."""
    stop = run_at(items, at)
    words = [item.text for item in items[at:stop]]
    if words[-1].endswith(("’s", "'s")):
        return None
    name = name_in(words, cast, items[at].start)
    follows = items[stop] if stop < len(items) else None
    known = name and cast.person(name, items[at].start)
    if follows and is_common(follows) and not known and (is_body(words) or len(words) == 1):
        return None
    first, last = body_span(items, at, stop)
    if is_body(words) or last > stop:
        person = _person_forward(items, stop, cast) if follows and follows.text == "," else None
        return person or Subject("name", (name_of(items, first, last),), items[at].start)
    if name:
        return Subject("name", tuple(name), items[at].start)
    return _person_forward(items, at, cast)


def _person_forward(items: Sequence[Token], at: int, cast: Cast) -> Subject | None:
    """The first person named behind an office: "the head of the Guild, X", "a lasher, X"."""
    place = at
    while place < len(items) and items[place].text not in _STOPS | MARKS:
        stop = run_at(items, place)
        if stop > place:
            _, name = split_titles([bare(item.text) for item in items[place:stop]])
            before = items[place - 1].low if place else ""
            is_new = before not in PREPOSITIONS and before not in DETERMINERS
            if name and is_new and not is_body(name) and cast.person(name, items[place].start):
                return Subject("name", tuple(name), items[place].start)
        elif items[place].text == "," and not any(
            item.is_capital for item in items[place + 1 : place + 2]
        ):
            return None
        place = max(stop, place + 1)
    return None


def _of_figures(items: Sequence[Token], at: int, cast: Cast) -> Subject | None:
    """The source of "figures of the Harbour Authority"."""
    if at + 2 >= len(items) or items[at].low not in _FIGURES:
        return None
    if items[at + 1].low not in ("of", "from", "by"):
        return None
    return forward(items, at + 2, cast)


def _common(items: Sequence[Token], at: int) -> Subject:
    stop = at
    while stop < len(items) and stop - at < _FAR and is_common(items[stop]):
        stop += 1
    return _office(items[at:stop]) if stop > at else UNNAMED


# --- words


def is_word(item: Token) -> bool:
    """Whether it is a word, not a sign, a number or quoted words."""
    return item.text[0].isalpha() and item.text[0] != BLOT


def is_common(item: Token) -> bool:
    """Whether a word may belong to a phrase of common nouns."""
    low = item.low
    if low in DETERMINERS:
        return True
    other = low in PREPOSITIONS or low in PRONOUNS or low in ("and", "or") or low[0] == BLOT
    return item.text[0].islower() and not other


def _office(items: Sequence[Token]) -> Subject:
    last = items[-1]
    if items[0].low in ("the", "this", "that") and last.low not in _DOCUMENTS:
        return Subject("office", tuple(item.low for item in items[1:]), last.start)
    return UNNAMED
