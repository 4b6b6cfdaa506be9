"""Why figures of a sentence are not borne out by those of the passages that it cites.

A figure may stand there in another form, follow from two others by a difference, a sum or a ratio,
or be given in another unit of time; it must belong to the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.checking.figures import LEADING, Figure, unit_of
from rag.text.words import stem

# "More than 600 men" is borne out by up to so many times 600, and by so many times 600 men.
_OPEN, _OPEN_SAME = 1.6, 4.0
# Whom one counts: "seven soldiers" may be retold as "seven people".
_ANYONE = frozenset(
    map(stem, "people person man woman others victim member individual time case piece".split())
)
_MEASURES = frozenset(
    map(
        stem,
        (
            "second minute hour day week month year decade century mile kilometre kilometer metre "
            "meter foot feet inch kilogram kilo pound ton tonne degree acre hectare litre liter "
            "gallon barrel km cm mm kg lb ft mph kph kilobyte megabyte gigabyte terabyte kb mb gb "
            "tb watt kilowatt megawatt gigawatt"
        ).split(),
    )
)
_SHARED = 0.5  # of two ranges together; with more in common they tell the same
_COUNTED = 10  # up to so many things are counted at a glance


@dataclass(frozen=True, slots=True)
class Wording:
    """The stems of a sentence's words and of its evidence's."""

    claim: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()


def wrong_figures(
    claimed: Sequence[Figure], evidence: Sequence[Figure], told: Wording = Wording()
) -> Iterator[str]:
    """Why figures of a sentence are not borne out by those of the passages, one by one."""
    for claim in claimed:
        bearing = [item for item in evidence if bears_out(claim, item)]
        if loose(claim) and not bearing and (fewer := _other_count(claim, evidence)):
            yield fewer
        elif not bearing and not loose(claim) and not _reckoned(claim, evidence, told):
            yield f"the figure {claim.text} is not in the cited text{_instead(claim, evidence)}"
        elif other := _of_another(claim, bearing, evidence):
            yield other


def loose(claim: Figure) -> bool:
    """Whether it is "first", of time as often as of rank, or a count in a word: "the two sides".

    Who counts what a passage lists writes a figure that the passage need not have.
    """
    if not claim.text.isalpha():
        return False
    return claim.value <= {"number": _COUNTED, "ordinal": 2}.get(claim.kind, 0)


def bears_out(claim: Figure, item: Figure) -> bool:
    """Whether a figure of a passage says what the claimed one does, what they count apart."""
    if claim.kind == "ordinal" and item.kind == "number":  # the ninth of nine pieces
        return claim.value == item.value and claim.thing == item.thing != ""
    if not comparable(claim, item):
        return False
    if _opposed(claim, item):
        return False
    if claim.value == item.value or _rounded(claim, item.value):
        return True
    if _is_range(claim) and _is_range(item) and claim.value < claim.high:  # "about six"
        return claim.low <= item.high and item.low <= claim.high
    if _is_range(claim) and _is_range(item):
        shared = min(claim.high, item.high) - max(claim.low, item.low)
        return shared > _SHARED * (max(claim.high, item.high) - min(claim.low, item.low))
    if item.kind == "fraction":
        return item.low <= claim.value <= item.high
    if claim.low == claim.high:
        return item.low == claim.value < item.high < float("inf")  # the lower end of a range
    if not claim.low <= item.value <= claim.high:
        return False
    if _is_range(claim):
        return True
    end = claim.high if claim.low == float("-inf") else claim.low
    near, far = sorted((item.value, end))
    return far <= near * (_OPEN_SAME if set(claim.behind[:2]) & set(item.behind) else _OPEN)


def _opposed(claim: Figure, item: Figure) -> bool:
    """Whether one is at least, the other at most so many: "over 10", "under 10"."""
    ends = {(one.low > float("-inf"), one.high < float("inf")) for one in (claim, item)}
    return ends == {(True, False), (False, True)}


def _is_range(item: Figure) -> bool:
    return float("-inf") < item.low < item.high < float("inf")


def comparable(claim: Figure, item: Figure) -> bool:
    """Whether both are of one kind: numbers, money, shares, times."""
    kinds = {claim.kind, item.kind}
    if kinds == {"money"}:
        return not (claim.currency and item.currency) or claim.currency == item.currency
    if len(kinds) == 1 or kinds == {"money", "number"} or kinds == {"percent", "fraction"}:
        return True
    # "5" in a table of percentages, "7" for "the seventh": only where nothing is counted.
    if kinds == {"percent", "number"}:
        return not (item if item.kind == "number" else claim).behind[:1]
    return False


def _rounded(claim: Figure, value: float) -> bool:
    """Whether `value` printed as coarsely as a claim such as "1.4 million" gives that claim."""
    digits = LEADING.search(claim.text)
    if not claim.scaled or not digits or claim.value <= 0:
        return False
    places = len(digits[1] or "")
    unit = unit_of(claim)
    return abs(round(value / unit, places) * unit - claim.value) < 1e-6 * claim.value


def _reckoned(claim: Figure, evidence: Sequence[Figure], told: Wording) -> bool:
    """Whether it follows from two figures of the passage, or from one in another unit of time."""
    return (
        _by_ratio(claim, evidence)
        or _by_difference(claim, evidence, told.claim)
        or _lasts(claim, evidence, told.evidence)
    )


_APART = frozenset(
    map(
        stem,
        (
            "more less fewer higher lower up down rise fall gain loss increase decrease drop "
            "difference gap cheaper dearer undercut ahead behind older younger longer shorter "
            "instead from total together combined altogether both sum compared extra additional"
        ).split(),
    )
)


def _by_difference(claim: Figure, evidence: Sequence[Figure], told: frozenset[str]) -> bool:
    """Whether two figures of one kind give it by a difference or a sum; a small one if told so."""
    if claim.value < _RECKONED and not _APART & told:
        return False
    own = [item for item in evidence if comparable(claim, item) and item.kind == claim.kind]
    pairs = [(one.value, other.value) for one in own for other in own if one is not other]
    return any(
        abs(total - claim.value) < 1e-6 * max(1.0, claim.value)
        for one, other in pairs
        for total in (one - other, one + other)
    )


_LASTS = {
    stem(unit): days
    for unit, days in {
        "minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14,
        "month": 365.25 / 12, "year": 365.25, "decade": 3652.5, "century": 36525,
    }.items()
}  # fmt: skip

_RECKONED = 20  # less may be the difference of two others by chance
_WHOLE = frozenset(map(stem, ("decade", "century", "fortnight")))  # mostly said of one


def _lasts(claim: Figure, evidence: Sequence[Figure], told: frozenset[str]) -> bool:
    """Whether it is a length of time that the passage gives in another unit."""
    if claim.kind != "number" or claim.thing not in _LASTS:
        return False
    days = claim.value * _LASTS[claim.thing]
    given = [item.value * _LASTS[item.thing] for item in evidence if item.thing in _LASTS]
    given += [_LASTS[unit] for unit in _WHOLE & told]  # "over the decade"
    return any(abs(one - days) <= 0.03 * days for one in given)


def _by_ratio(claim: Figure, evidence: Sequence[Figure]) -> bool:
    """Whether two figures of the passage are "doubled" or "half" of one another."""
    if claim.kind not in ("factor", "fraction"):
        return False
    if claim.kind == "fraction" and any(item.kind == "fraction" for item in evidence):
        return False
    ratio = claim.value if claim.kind == "factor" else 100 / claim.value
    values = [item.value for item in evidence if item.value > 0 and item.kind != "ordinal"]
    if any(i.kind == "percent" and abs(i.value - 100 * (ratio - 1)) < 8 for i in evidence):
        return True
    return any(0.94 < one / other / ratio < 1.06 for one in values for other in values)


def _of_another(claim: Figure, bearing: Sequence[Figure], evidence: Sequence[Figure]) -> str | None:
    """The reason, if the figure stands in the passage, but beside something else."""
    if not claim.thing or claim.thing in _ANYONE or claim.kind in ("fraction", "factor", "time"):
        return None
    if claim.kind == "number" and claim.value == 1:
        return None
    if claim.thing in _MEASURES and claim.kind == "number":
        units = [next((w for w in item.behind[:2] if w in _MEASURES), "") for item in bearing]
        if units and all(unit and unit != claim.thing for unit in units):
            return f"the figure {claim.text} stands with another unit in the cited text"
        return None
    if loose(claim):
        return _other_count(claim, evidence)
    reach = 3 if claim.kind == "number" else 1
    if claim.kind == "number":
        beside = any({*claim.behind[:2]} & {*item.behind, *item.before} for item in bearing)
    else:
        beside = any(claim.thing in item.behind[:2] for item in bearing)
    if beside:
        return None
    if claim.kind == "number" and not all(item.thing for item in bearing):
        return None
    for item in evidence:
        if item.kind == claim.kind and item not in bearing and claim.thing in item.behind[:reach]:
            return f"the source gives {item.text}, not {claim.text}, for “{claim.noun}”"
    return None


def crossed(claimed: Sequence[Figure], evidence: Sequence[Figure]) -> Iterator[str]:
    """Pairs of figures each of which the passages give for what the other counts."""
    for at, one in enumerate(claimed):
        for other in claimed[at + 1 :]:
            mine, yours = set(one.behind) - set(other.behind), set(other.behind) - set(one.behind)
            if one.value == other.value or not (mine and yours):
                continue
            here, there = _counts(one, evidence), _counts(other, evidence)
            if mine & there and yours & here and not (mine & here or yours & there):
                yield f"the source gives {one.text} and {other.text} the other way round"


def _counts(claim: Figure, evidence: Sequence[Figure]) -> set[str]:
    """What stands behind the same figure in the evidence."""
    same = (item.behind for item in evidence if item.value == claim.value)
    return {word for behind in same for word in behind}


def _other_count(claim: Figure, evidence: Sequence[Figure]) -> str | None:
    """The reason, if the passage counts as few of the same things, and not so many."""
    same = [item for item in evidence if item.thing == claim.thing and item.kind == "number"]
    few = [item for item in same if item.value <= _COUNTED]
    if not few or claim.kind != "number" or any(bears_out(claim, item) for item in same):
        return None
    return f"the source gives {few[0].text}, not {claim.text}, for “{claim.noun}”"


def _instead(claim: Figure, evidence: Sequence[Figure]) -> str:
    """What the passage gives for the same thing, if it gives one figure only."""
    if not claim.thing:
        return ""
    same = {i.text for i in evidence if i.thing == claim.thing and i.kind == claim.kind}
    return f", which gives {same.pop()}" if len(same) == 1 else ""
