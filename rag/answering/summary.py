"""Summaries in the articles' own sentences: of one article, or of what several say on a topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rag.answering.centrality import Floats, lexrank, spread
from rag.answering.prose import Prose, prose
from rag.models.embedding import Embedder
from rag.schema import Article
from rag.speakers.attribution import speaker
from rag.speakers.pronouns import helped
from rag.text.names import names
from rag.text.numbers import figures
from rag.text.quotation_marks import quoted_spans
from vectorstore.selecting import OPINION

LEAST, MOST = 4, 7  # sentences of a summary of one article
_READ = 80  # sentences that are compared; of a longer article its paragraphs' first
_PER = 5  # sentences of an article for each one of its summary
# What a sentence is worth, each 0..1: how central it is, how like the headline, how near the top.
# Chosen by `python -m benchmarks.summaries`; an opinion piece does not say the main thing first.
_REPORT, _OPINION = (0.2, 0.3, 0.5), (0.4, 0.4, 0.0)
_FADES = 4.0  # paragraphs after which being early counts a third
# In an opinion piece: what ought to be, figures, and the first and the last paragraph; less for
# another's words.
_THESIS, _FIGURE, _ENDS, _OTHERS = 0.3, 0.1, 0.1, 0.3
_SHORT, _JOINED = 0.15, 0.05
_FULL = 15  # words; a shorter sentence tells less
_NEW = 0.3  # of a sentence's gain is what is new in it, the rest its worth
# What somebody tells of himself is no argument.
_TELLS = 0.2
_TOLD = re.compile(
    r"\b(?:I (?:had|was|remember|grew|met|saw|went|read|felt|knew|lived|spent)|when I|my (?:father"
    r"|mother|wife|husband|son|daughter|parents|family|first|friend))\b",
    re.IGNORECASE,
)
_OUGHT = re.compile(
    r"\b(?:should|must|ought|need(?:s|ed)? to|needs?|cannot|can['’]t|let['’]s|let us"
    r"|time (?:to|for|has)|have to|has to|had better|would do well|necessary|essential|important"
    r"|urgent|better"
    r"|the (?:point|answer|lesson|truth|problem|solution) is|in conclusion|I (?:believe|think"
    r"|am for|am against)|we (?:believe|think|want|cannot)|wrong|mistake|crucial|vital)\b",
    re.IGNORECASE,
)
_ARGUES = re.compile(
    r"\b(?:should|must|shouldn['’]t|mustn['’]t|time to|why (?:we|I|you)|need to)\b", re.I
)
# What opens a sentence that says nothing without the one before: "This …", "The former …".
_POINTS = re.compile(
    r"(?:in |of |for |by |at |after |with |on |if |to |as )?(?:this|that|these|those|such"
    r"|one\b(?! of)|another|others|both|neither|either|some\b(?! of)|none|nor|there|here|then"
    r"|the (?:former|latter|same|two|man|woman|pair|move|decision|incident|report"
    r"|document|statement))\b",
    re.IGNORECASE,
)
_PRONOUNS = frozenset("he she it they him her them his its their hers theirs".split())
_JOINS = re.compile(
    r"(?:but|and|so|or|yet|still|also|however|nevertheless|thus|therefore|instead|moreover|meanwhile"
    r"|maybe|perhaps|indeed|in turn|by contrast|as a result|even so|similarly|likewise)\b[\s,]*",
    re.IGNORECASE,
)
_OWNERS = frozenset("his her its their".split())
_NAMED = 7  # words in which a name tells whose it is
_OPENING = 4  # words in which a pronoun without a name before it leans on another sentence
_OPENS = re.compile(r"[\s“\"‘'(\[]*")
_LONGEST = 75  # words of a sentence that is quoted whole
_SHORTEST = 6
_ASKS = re.compile(r"[?:][\"”’']?$")  # a question, or what only leads over to something


@dataclass(frozen=True, slots=True)
class Digest:
    """The sentences of an article that may stand in a summary, and what each is worth.

    `is_opinion`: what it argues is worth most, wherever it stands.
    """

    article: Article
    lines: tuple[Prose, ...]
    vectors: Floats
    worth: Floats
    is_opinion: bool = False

    def words(self, at: int) -> str:
        """Sentence number `at`, line breaks folded."""
        line = self.lines[at]
        return " ".join(self.article.text[line.start : line.end].split())


def argues(article: Article) -> bool:
    """Whether it is an opinion piece: labelled so, or its headline says what ought to be."""
    return article.label == OPINION or bool(_ARGUES.search(article.title or ""))


def digest(
    article: Article, lines: Sequence[Prose], embedder: Embedder, *, theses: bool = False
) -> Digest:
    """Weigh the sentences of an article; `theses`: what it argues comes first."""
    lines = tuple(_read(lines))
    words = [" ".join(article.text[item.start : item.end].split()) for item in lines]
    vectors = embedder.documents([*words, article.title or ""])
    own = vectors[:-1]
    near = np.clip(own @ vectors[-1], 0.0, 1.0) if article.title else np.zeros(len(own))
    early = np.exp([-item.paragraph / _FADES for item in lines])
    is_opinion = theses or argues(article)
    central, headline, top = _OPINION if is_opinion else _REPORT
    worth = central * lexrank(own) + headline * near + top * early
    if is_opinion:
        worth = worth + _argued(article, lines)
    worth = worth - [_loss(item) for item in words]
    return Digest(article, lines, own, np.asarray(worth, np.float32), is_opinion)


def chosen(found: Digest, *, most: int = MOST) -> list[int]:
    """4 to `most` of the sentences, a report's lead among them, in reading order.

    A sentence that leans on the one before it comes only with that one.
    """
    kinds = [_standing(found.article, line) for line in found.lines]
    usable = [at for at, kind in enumerate(kinds) if kind]
    if "alone" not in kinds:
        return usable[:LEAST]
    count = min(most, max(LEAST, round(len(found.lines) / _PER)))
    place = {at: number for number, at in enumerate(usable)}
    after = {place[at]: place.get(at - 1, -1) for at in usable if kinds[at] == "leans"}
    lead = [] if found.is_opinion else [place[kinds.index("alone")]]
    worth, vectors = found.worth[usable], found.vectors[usable]
    taken = spread(worth, vectors, most=count, first=lead, after=after, weight=1 - _NEW)
    return sorted(usable[at] for at in taken)


def alone(article: Article) -> list[Prose]:
    """The sentences of an article that say what they speak of, in reading order."""
    return [line for line in prose(article) if _standing(article, line) == "alone"]


def _read(lines: Sequence[Prose]) -> list[Prose]:
    """At most `_READ` of the sentences: of a long article the first ones of its paragraphs."""
    if len(lines) <= _READ:
        return list(lines)
    opening = {item.paragraph: item for item in reversed(lines)}
    heads = sorted(opening.values(), key=lambda item: item.start)[: _READ - 10]
    return sorted({*heads, *lines[:5], *lines[-5:]}, key=lambda item: item.start)


def _argued(article: Article, lines: Sequence[Prose]) -> Floats:
    """What is added to the worth of an opinion piece's sentences."""
    last = lines[-1].paragraph if lines else 0
    added = []
    for item in lines:
        words = article.text[item.start : item.end]
        if is_anothers(article, item.start, item.end):
            added.append(-_OTHERS)
            continue
        thesis, figure = ought(words), any(True for _ in figures(words))
        ends = item.paragraph in (0, last)
        tells = _TELLS * bool(_TOLD.search(words))
        added.append(_THESIS * thesis + _FIGURE * figure + _ENDS * ends - tells)
    return np.asarray(added, np.float32)


def _loss(words: str) -> float:
    """What a sentence loses for being short, or for opening on "And" or "But"."""
    short = max(_FULL - len(words.split()), 0) / _FULL
    return _SHORT * short + _JOINED * bool(_JOINS.match(words))


def is_anothers(article: Article, start: int, end: int) -> bool:
    """Whether somebody else than the author says it, or most of it stands in quotation marks."""
    who = speaker(article, start, end)
    if who is not None and who != article.author:
        return True
    quoted = quoted_spans(article.text, start, end)
    return 2 * sum(last - first for first, last in quoted) > end - start


def ought(words: str) -> bool:
    """Whether a sentence says what should be, or what its author holds."""
    return bool(_OUGHT.search(words))


def _standing(article: Article, line: Prose) -> Literal["alone", "leans"] | None:
    """Whether a sentence says what it speaks of, or leans on the one before it.

    None: it does not belong into a summary.
    """
    words = " ".join(article.text[line.start : line.end].split())
    if not _SHORTEST <= len(words.split()) <= _LONGEST or _ASKS.search(words):
        return None
    return "leans" if leans(article, line.start, line.end) else "alone"


def leans(article: Article, start: int, end: int) -> bool:
    """Whether the sentence opens on something that only the one before it tells.

    Not where the article says of whom it speaks, see `rag.speakers.pronouns.helped`.
    """
    words = " ".join(article.text[start:end].split())
    return _opens_on_other(words) and "[" not in helped(article, start, end)


def _opens_on_other(words: str) -> bool:
    rest = words[_OPENS.match(words).end() :]  # type: ignore[union-attr]  # it matches anything
    while joins := _JOINS.match(rest):
        rest = rest[joins.end() :]
    if _POINTS.match(rest):
        return True
    opening = " ".join(rest.split()[:_OPENING])
    pronoun = next((m for m in re.finditer(r"\w+", opening) if m[0].casefold() in _PRONOUNS), None)
    if pronoun is None or names(opening[: pronoun.start()]):
        return False
    owner = pronoun[0].casefold() in _OWNERS  # "Its chairman, Jane Roe, said": it says of whom
    return not (owner and names(" ".join(rest.split()[1:_NAMED])))
