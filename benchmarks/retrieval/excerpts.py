"""Excerpts of articles, word for word and altered as people alter what they quote.

Made from the news articles by a seeded random generator: the same seed, the same excerpts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.retrieval.data import Data, Source
from benchmarks.retrieval.scoring import folded

COUNT = 300
SHORTEST, LONGEST = 25, 40  # words
_SEED = 11
_WORD = re.compile(r"\S+")
_QUOTES = {"“": '"', "”": '"', "‘": "'", "’": "'"}
_DASHES = "–—-"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words of an article: `Source.text[start:end]` with white space folded is `words`.

    `altered` is how somebody quotes them; its first and last word are the original's but for
    case and punctuation. `gold`: every article that holds the words.
    """

    id: str
    article_id: str
    start: int
    end: int
    words: str
    altered: str
    gold: frozenset[str]


def excerpts(data: Data, count: int = COUNT, seed: int = _SEED) -> list[Excerpt]:
    """`count` excerpts of random articles, each with an altered form that differs from it."""
    chance = random.Random(seed)
    drawn = [_draw(data.articles, chance, at) for at in range(count)]
    return _with_gold(drawn, data)


def _draw(articles: Sequence[Source], chance: random.Random, number: int) -> Excerpt:
    while True:
        article = chance.choice(articles)
        spans = [match.span() for match in _WORD.finditer(article.text)]
        length = chance.randint(SHORTEST, LONGEST)
        if len(spans) < length:
            continue
        first = chance.randrange(len(spans) - length + 1)
        start, end = spans[first][0], spans[first + length - 1][1]
        words = " ".join(article.text[start:end].split())
        pieces = words.split()
        if folded(pieces[0]) and folded(pieces[-1]):  # an edge must be a word, not a dash
            altered = alter(words, chance)
            return Excerpt(f"e{number:03d}", article.id, start, end, words, altered, frozenset())


def _with_gold(drawn: Iterable[Excerpt], data: Data) -> list[Excerpt]:
    """Say of each excerpt which articles hold its words, punctuation and case aside."""
    texts = {a.id: f" {folded(a.text)} " for a in data.articles if data.first_copy[a.id] == a.id}
    return [replace(item, gold=_holders(item, texts, data)) for item in drawn]


def _holders(item: Excerpt, texts: Mapping[str, str], data: Data) -> frozenset[str]:
    words = f" {folded(item.words)} "
    own = data.first_copy[item.article_id]
    return frozenset([own, *(key for key, text in texts.items() if words in text)])


def alter(words: str, chance: random.Random) -> str:
    """Some of the changes below in random combination, so that something has changed."""
    while True:
        changed = words
        for change in _CHANGES:
            if chance.random() < 0.5:
                changed = change(changed, chance)
        if changed != words:
            return changed


def _drop_word(text: str, chance: random.Random) -> str:
    """One word less, never the first or the last; an ellipsis may tell of it."""
    pieces = text.split(" ")
    at = chance.randrange(1, len(pieces) - 1)
    pieces[at : at + 1] = chance.choice([[], ["…"], ["..."]])
    return " ".join(pieces)


def _ellipsis(text: str, chance: random.Random) -> str:
    """Write an ellipsis the other way; where there is none put one between two words."""
    if "…" in text or "..." in text:
        return text.replace("…", "\0").replace("...", "…").replace("\0", "...")
    pieces = text.split(" ")
    pieces.insert(chance.randrange(2, len(pieces) - 1), chance.choice(["…", "..."]))
    return " ".join(pieces)


def _quotes(text: str, chance: random.Random) -> str:
    """Straight for curly, curly for straight, or none."""
    way = chance.choice(["straight", "curly", "none"])
    if way == "curly":
        opened = re.sub(r'(?<!\S)"', "“", text).replace('"', "”")
        return re.sub(r"(?<!\S)'", "‘", opened).replace("'", "’")
    table = _QUOTES if way == "straight" else dict.fromkeys([*_QUOTES, '"', "'"], "")
    return _replaced(text, table)


def _dashes(text: str, chance: random.Random) -> str:
    """Each kind of dash becomes another kind."""
    others = {dash: chance.choice([d for d in _DASHES if d != dash]) for dash in _DASHES}
    return _replaced(text, others)


def _replaced(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)


def _case(text: str, chance: random.Random) -> str:
    """All small, all capitals, or Each Word Capitalised."""
    return chance.choice([str.lower, str.upper, _titled])(text)


def _titled(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


_CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    _drop_word,
    _ellipsis,
    _quotes,
    _dashes,
    _case,
)
