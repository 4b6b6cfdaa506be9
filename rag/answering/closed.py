"""Whether a sentence surely bears out, or surely denies, what a question states.

    "Did the court ban the strike?", "The court refused to ban the strike." -> "No"

Each word of the statement must stand in the sentence, in the same order: themselves, or one of the
same sense. One of the opposite sense, a "not" before one of them, or another figure in the place of
the question's denies it. Words that leave it open, or that somebody else only claims, tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from rag.answering.candidates import Extract
from rag.answering.contradiction import Claim, judged
from rag.checking.opposites import Line, opposite
from rag.checking.wording import senses
from rag.speakers.attribution import speaker
from rag.speakers.pronouns import helped
from rag.text.numbers import numerals
from rag.text.words import Word, last_stem, stem

Verdict = Literal["Yes", "No", ""]

_LEAST = 2  # words of a statement that a sentence can bear out
_WIDEST = 14  # words of the sentence between the first and the last of them, beyond their number
# Somebody may, wants to, or is said to: it need not be so. And what is asked of all, or still.
_OPEN = frozenset(
    map(
        stem,
        (
            "may might can could will would should if whether unless perhaps possibly likely "
            "allegedly reportedly want hope plan propose consider threaten ask urge call demand "
            "expect intend try attempt allege claim rumour rumor speculate warn predict believe "
            "think doubt deny nearly almost about until ballot suggest recommend seek promise"
        ).split(),
    )
)
_OF_ALL = frozenset("all only every each most still never any anyone both first last again".split())
_NOT = frozenset("not no never none neither nor without cannot nobody nothing".split())
_BEATEN = frozenset(map(stem, "beat defeat demolish crush rout thrash topple edge".split()))
_WON = frozenset(map(stem, "win beat defeat".split()))
_EARLIER = re.compile(
    r"\b(?:(?:19|20)\d\d|last|ago|previous(?:ly)?|earlier|back in|then|next)\b", re.IGNORECASE
)


def verdict(stated: str, ranked: Sequence[Extract]) -> tuple[Verdict, Extract | None]:
    """What the best sentences say of `stated`, and the sentence that does; "" where unsure.

    They must not differ.
    """
    if not stated:
        return "", None
    found = [(said, item) for item in ranked if (said := of_one(stated, item))]
    if len({said for said, _ in found}) != 1:
        return "", None
    return found[0]


def denial(stated: str, items: Iterable[Extract]) -> Extract | None:
    """The first sentence that denies `stated`, unless more bear it out."""
    found = [(said, item) for item in items if (said := of_one(stated, item))]
    denying = [item for said, item in found if said == "No"]
    return denying[0] if denying and 2 * len(denying) >= len(found) else None


def of_one(stated: str, item: Extract) -> Verdict:
    """What the one sentence `item` says of `stated`."""
    article = item.hit.article
    if item.sentences != 1 or item.hit.passage.kind != "body":
        return ""
    text = helped(article, item.start, item.end)
    who = speaker(article, item.start, item.end)
    if who and not last_stem(who) <= Line.of(stated).stems:
        return ""  # his claim, and nobody asked what he says
    claim, line = Line.of(stated), Line.of(text)
    if any(w.plain in _OF_ALL and w.stem not in _all(line) for w in claim.words):
        return ""
    own = list(_weighed(claim))
    if len(own) < _LEAST:
        return ""
    if _is_beaten(own, line):
        return "No"
    return _aligned(own, claim, line, item)


def _aligned(own: Sequence[Word], claim: Line, line: Line, item: Extract) -> Verdict:
    """Walk the words of the statement along the sentence; how often it is turned round."""
    published = item.hit.article.published
    at, first, turned, figures = -1, -1, 0, 0
    for word in own:
        mine = claim.words.index(word)
        here = _next(word, line, at)
        against = False
        if here is None:
            here, against = _next_opposite(word, line, at), True
        if here is None and any(numerals(word.text)):
            if published and str(published.year) == word.text and not _EARLIER.search(line.text):
                continue  # it is of its own year
            figures += 1  # perhaps another figure stands there
            continue
        if here is None:
            return ""
        if here not in line.denied and _is_behind_to(line, here) > _is_behind_to(claim, mine):
            return ""  # "they need to win"
        denied = (here in line.denied) != (mine in claim.denied)
        turned += against + denied
        at, first = here, here if first < 0 else first
    if at - first > len(own) + _WIDEST or turned > 1 or figures > 1:
        return ""
    if _is_left_open(claim, line, first, at, turned):
        return ""
    if figures:
        return "No" if not turned and _another_figure(claim, line, item) else ""
    return "No" if turned else "Yes"


def _weighed(claim: Line) -> Iterator[Word]:
    """The words that must be met: of a name of several words the last alone."""
    every = claim.words
    for at, word in enumerate(every):
        behind = every[at + 1] if at + 1 < len(every) else None
        is_first_name = (
            behind is not None
            and word.text[0].isupper()
            and behind.text[0].isupper()
            and claim.text[word.end : behind.start] == " "
        )
        if not is_first_name and (word.weighty or word.text[0].isdigit()):
            yield word


def _next(word: Word, line: Line, at: int) -> int | None:
    """Where the word, or one of its sense, stands next behind `at`."""
    numbers = {item.value for item in numerals(word.text)}
    for index in range(at + 1, len(line.words)):
        other = line.words[index]
        if other.stem == word.stem or (word.content and senses(word.stem) & senses(other.stem)):
            return index
        if numbers and numbers & {item.value for item in numerals(other.text)}:
            return index
    return None


def _next_opposite(word: Word, line: Line, at: int) -> int | None:
    opposed = opposite(word.stem)
    if word.stem in _WON:  # "The Terns defeat the Anglers" is no defeat of theirs
        opposed -= _BEATEN
    behind = range(at + 1, len(line.words))
    return next((index for index in behind if line.words[index].stem in opposed), None)


def _is_left_open(claim: Line, line: Line, first: int, last: int, turned: int) -> bool:
    """Whether the clause says that it may be, or has a "not" that belongs elsewhere."""
    asked = {word.stem for word in claim.words}
    span = line.words[max(0, first - 4) : last + 3]
    if any(word.stem in _OPEN and word.stem not in asked for word in span):
        return True
    nots = sum(word.plain in _NOT or word.plain.endswith("n't") for word in span)
    return nots > turned


def _another_figure(claim: Line, line: Line, item: Extract) -> bool:
    """Whether the sentence gives one other figure for the same thing."""
    bearing = judged(Claim(claim.text), line.text, item.hit)
    return bearing.bearing == "contradicts" and any(numerals(bearing.why))


def _is_beaten(own: Sequence[Word], line: Line) -> bool:
    """Of "the Chiefs win the Super Bowl" that somebody beat the Chiefs in the Super Bowl."""
    subject, rest = own[0], own[1:]
    if not rest or rest[0].stem not in _WON or not subject.text[0].isupper():
        return False
    others = {word.stem for word in rest[1:] if not word.text[0].isdigit()}
    if not others <= _all(line):
        return False
    for at, word in enumerate(line.words):
        if word.stem in _BEATEN and at not in line.denied:
            near = [other.stem for other in line.words[at + 1 : at + 5]]
            if subject.stem in near:
                return True
    return False


def _all(line: Line) -> frozenset[str]:
    return frozenset(word.stem for word in line.words)


def _is_behind_to(line: Line, at: int) -> bool:
    """Whether it is a verb that is only meant: "to win", not "to Vale"."""
    return at > 0 and line.words[at - 1].plain == "to" and line.words[at].text[0].islower()
