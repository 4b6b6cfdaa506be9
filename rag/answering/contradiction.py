"""Whether words of one source bear out or contradict a claim. No language model is asked.

A contradiction is claimed only where figures, dates, opposites or a "not" clash in sentences that
are plainly about the same thing: a false alarm is worse than a miss.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from rag.answering.disagreement import Range, Value, given
from rag.checking import cited_dates, opposites
from rag.checking.figures import Figure, read
from rag.checking.opposites import Line, Places
from rag.checking.support import check
from rag.checking.wording import Known
from rag.retrieval.asking import Wanted, counted
from rag.schema import Hit, printed_day
from rag.text.words import stems

Bearing = Literal["supports", "contradicts", "neither"]

# Two sentences are of the same thing if the one with fewer words has this share of them in common.
_SAME_THING = 0.5
_LEAST_SHARED = 3  # words in common, at least
_LEAST_WORDS = 3  # weighty words of a sentence that another one bears out
_ROUNDING = 0.01  # a figure stands for those that differ by less than this share of it
_PLAIN = ("number", "money", "percent")


@dataclass(frozen=True, slots=True)
class Claim:
    """What is compared with: its words, where they stand (None: in the question), and when."""

    words: str
    hit: Hit | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """How words bear on a claim and why, briefly: "22,000, not 8,500"; empty for "neither"."""

    bearing: Bearing
    why: str = ""


NEITHER = Judged("neither")


def value(wanted: Wanted | None, words: str, published: date | None) -> Value | None:
    """The figure or date in `words` that is `wanted`.

    None if none is, or if they give none or several that differ: who says “8,500, or
    22,000 by the union's count” takes no side.
    """
    found = given(wanted, words, published) if wanted else []
    return found[0] if found and all(_meet(found[0].range, v.range) for v in found) else None


def asking(statement: str) -> Wanted | None:
    """What asks for the one figure of a statement: "how many people"; None if it has several."""
    found = _plain(statement)
    if len(found) != 1:
        return None
    (figure,) = found
    if figure.kind == "number":
        words = counted(f"How many{statement[figure.end :]}") if figure.noun else ()
        return Wanted("count", tuple(words)) if words else None
    return Wanted("sum" if figure.currency else "share")


def by_value(own: Value, theirs: Value) -> Judged:
    """How who gives `theirs` bears on who gives `own`, of one and the same thing."""
    if _meet(own.range, theirs.range):
        return Judged("supports", theirs.text)
    return Judged("contradicts", f"{theirs.text}, not {own.text}")


def judged(claim: Claim, words: str, hit: Hit) -> Judged:
    """How `words`, a stretch of `hit`'s article, bear on `claim`."""
    if _bears_out(claim.words, words, hit):
        return Judged("supports")
    if claim.hit is not None and _bears_out(words, claim.words, claim.hit):
        return Judged("supports")
    return _clash(claim, words, hit.article.published)


def _bears_out(sentence: str, words: str, hit: Hit) -> bool:
    """Whether `words` alone say all that `sentence` does: each weighty word and what is checked."""
    own = [word for word in Line.of(sentence).words if word.weighty]
    known = Known.of(frozenset(stems(words)))
    if len(own) < _LEAST_WORDS or not all(known.has(word) for word in own):
        return False
    passage = replace(hit.passage, id=f"{hit.passage.id}:{words}", text=words, header="")
    return check(sentence, [replace(hit, passage=passage)])[0] == "supported"


# --- contradictions where nothing particular is asked for


def _clash(claim: Claim, words: str, published: date | None) -> Judged:
    one, other = Line.of(claim.words), Line.of(words)
    if not _same_thing(one, other):
        return NEITHER
    why = _turned(one, other) or _figures(claim.words, words) or _dates(claim, words, published)
    return Judged("contradicts", why) if why else NEITHER


def _same_thing(one: Line, other: Line) -> bool:
    shared = len(one.stems & other.stems)
    fewer = min(len(one.stems), len(other.stems)) or 1
    return shared >= _LEAST_SHARED and shared / fewer >= _SAME_THING


def _turned(one: Line, other: Line) -> str:
    """A word of one that the other denies or has an opposite of; empty: none."""
    near, places = [other], Places.of([other])
    return next(opposites.turned(one, near, places), "")


def _figures(claim: str, words: str) -> str:
    """Two plain figures of the same thing that differ, if each side has but one of it."""
    mine, theirs = _plain(claim), _plain(words)
    for figure in mine:
        same = [item for item in theirs if _comparable(figure, item)]
        rivals = [item for item in mine if _comparable(figure, item)]
        if len(same) == 1 and len(rivals) == 1 and not _meet(_range(figure), _range(same[0])):
            return f"{same[0].text}, not {figure.text}"
    return ""


def _plain(text: str) -> list[Figure]:
    found = read(cited_dates.without(text, cited_dates.mentions(text, None)))
    return [item for item in found if item.kind in _PLAIN and item.text.lower() != "one"]


def _comparable(one: Figure, other: Figure) -> bool:
    """Whether they count the same: the word behind is the same, for sums the one before."""
    if (one.kind, one.currency) != (other.kind, other.currency):
        return False
    if one.kind == "number":
        return bool(one.thing) and one.thing == other.thing
    return bool(one.before) and one.before[-1:] == other.before[-1:]


def _dates(claim: Claim, words: str, published: date | None) -> str:
    """Two days, each the only one on its side, that cannot be the same."""
    mine, theirs = _days(claim.words, claim.published), _days(words, published)
    if len(mine) != 1 or len(theirs) != 1 or mine == theirs:
        return ""
    return f"{printed_day(theirs[0])}, not {printed_day(mine[0])}"


def _days(text: str, published: date | None) -> list[date]:
    """The single days that a text names in full."""
    named = (
        item.meant[0]
        for item in cited_dates.mentions(text, published)
        if item.meant and not item.relative
    )
    return list(dict.fromkeys(first for first, last in named if first == last))


# --- ranges


def _range(figure: Figure) -> Range:
    slack = _ROUNDING * abs(figure.value)
    return figure.low - slack, figure.high + slack


def _meet(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
