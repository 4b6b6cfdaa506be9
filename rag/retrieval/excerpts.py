"""Words that a question repeats from an article, and where they stand there.

Somebody who pastes an excerpt ("Which article says: …?") asks where it is from. The words are
compared as words: case, quotation marks, dashes and ellipses do not matter, and a few words may be
missing, added or changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rag.text.sentences import Span
from rag.text.words import fold, printed_words, tokens

# Fewer words are repeated by chance or by asking about somebody's title and office.
SHORTEST = 8
# Share of the excerpt's runs of _RUN words that the article must hold. One word dropped from 25
# loses at most four of 22 runs; questions in their own words share hardly any.
SHARE = 0.6
# A question in its own words can repeat three quarters of a sentence that answers it; an excerpt
# that happens to be a question, with one word dropped from 25, repeats four fifths.
SHARE_OF_A_QUESTION = 0.8
_RUN = 4
_SLIP = 8  # words added or dropped within an excerpt before its two ends count as two excerpts
# An excerpt that somebody asks about stands in quotation marks after a question or a colon.
_FRAMED = re.compile(
    r"(?:^\W*(?P<asks>who|which|what|where|when|whose|find|did|does|was|why|how|in\s+(?:which|what))"
    r"\b[^“”\"«».!]{0,80}|:\s*)[“\"«](?P<words>.+)[”\"»]",
    re.IGNORECASE | re.DOTALL,
)
_QUESTION = re.compile(
    r"^\W*(?:who|whom|whose|which|what|where|when|why|how|did|do|does|is|are|was|were|has|have|can)\b"
    r"|\?\W*$",
    re.IGNORECASE,
)
_ASKS_WHERE = frozenset("who which what where when whose find in".split())


@dataclass(frozen=True)
class Words:
    """A text as folded words, and the span of each."""

    folded: tuple[str, ...]
    spans: tuple[Span, ...]

    @cached_property
    def runs(self) -> list[tuple[str, ...]]:
        """Every `_RUN` words in a row, in order."""
        return _in_rows(self.folded)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an excerpt stands: `text[start:end]`, and the share (0..1) of its runs found there."""

    start: int
    end: int
    share: float


def words_of(text: str) -> Words:
    """Fold `text` to words without case and apostrophes."""
    found = [(_bare(word), (start, end)) for word, start, end in tokens(text)]
    return Words(tuple(word for word, _ in found), tuple(span for _, span in found))


@lru_cache(maxsize=50_000)
def _bare(word: str) -> str:
    return fold(word).replace("'", "")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words that a question may repeat from an article.

    `alone`: the question is nothing but these words, or asks no more than where they are from.
    `least`: the share of their runs that a text must hold to be where they are from.
    """

    words: Words
    alone: bool
    least: float = SHARE


def excerpt(question: str) -> Excerpt | None:
    """Return the words that `question` asks about, or all of it if it sets none apart.

    None if they are too few to tell anything, or a question that nothing sets apart.
    """
    framed = _FRAMED.search(question)
    inner = words_of(framed["words"]) if framed else None
    if framed and inner and framed["asks"] and len(inner.folded) < SHORTEST:
        return None  # a few words that somebody asks about: a question like others
    if framed and inner and len(inner.folded) >= SHORTEST:
        asks = (framed["asks"] or "").casefold().split()[:1]
        return Excerpt(inner, alone=not asks or asks[0] in _ASKS_WHERE)
    words = words_of(question)
    if len(words.folded) < SHORTEST or (_QUESTION.match(question) and question.endswith("?")):
        return None  # a question, though an article may ask the same
    least = SHARE_OF_A_QUESTION if _QUESTION.search(question) else SHARE
    return Excerpt(words, alone=True, least=least)


def share(words: Words, text: str) -> float:
    """Share (0..1) of the runs of `words` that `text` holds anywhere: a quick look."""
    return shared(words.runs, frozenset(runs(text)))


def runs(text: str) -> list[tuple[str, ...]]:
    """Every `_RUN` words of `text` in a row, in order."""
    return _in_rows([_bare(word) for word in printed_words(text)])


def _in_rows(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[at:] for at in range(_RUN)), strict=False))


def shared(of: Sequence[tuple[str, ...]], held: Collection[tuple[str, ...]]) -> float:
    """Share (0..1) of the runs that are among those that are held."""
    return sum(run in held for run in of) / (len(of) or 1)


def locate(asked: Excerpt, text: str) -> Place | None:
    """Find where `text` holds most of the excerpt, or None if it does not hold it."""
    words = asked.words
    there = words_of(text)
    matches = _in_line(_matches(words, there))
    held = len({at for at, _ in matches}) / len(words.runs)
    if held < asked.least:
        return None
    first, last = min(matches), max(matches)
    start = _followed(words.folded, there.folded, first, -1)
    end = _followed(words.folded, there.folded, (last[0] + _RUN - 1, last[1] + _RUN - 1), 1)
    return Place(there.spans[start][0], there.spans[end][1], held)


def _matches(words: Words, there: Words) -> list[tuple[int, int]]:
    """Pairs (place in the excerpt, place in the text) of equal runs."""
    wanted = defaultdict(list)
    for at, run in enumerate(words.runs):
        wanted[run].append(at)
    return [(at, place) for place, run in enumerate(there.runs) for at in wanted.get(run, ())]


def _in_line(matches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the matches at one distance, give or take _SLIP words, that cover most.

    What the text repeats elsewhere lies at another distance between excerpt and text.
    """
    ordered = sorted(matches, key=lambda pair: pair[1] - pair[0])
    distances = [place - at for at, place in ordered]
    best: list[tuple[int, int]] = []
    for first, distance in enumerate(distances):
        window = ordered[first : bisect_right(distances, distance + _SLIP)]
        if len({at for at, _ in window}) > len({at for at, _ in best}):
            best = window
    return best


def _followed(words: Sequence[str], text: Sequence[str], match: tuple[int, int], step: int) -> int:
    """Follow the excerpt from a match to its end, past single words that only one of them has.

    Returns the place in the text of the last word in that direction that matches.
    """
    at, place = match
    while True:
        onward = (
            (at + mine * step, place + theirs * step)
            for mine, theirs in ((1, 1), (1, 2), (2, 1), (2, 2))  # in the excerpt, in the text
        )
        found = next(
            (
                (a, b)
                for a, b in onward
                if 0 <= a < len(words) and 0 <= b < len(text) and words[a] == text[b]
            ),
            None,
        )
        if found is None:
            return place
        at, place = found
