"""A question's misspelt words -> the nearest that its articles, or common English, know.

A word is misspelt only where neither the index nor the list of common words has it, and one that
differs by a slip of the keyboard stands in one of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rag.models.vocabulary import Vocabulary
from rag.text import lexicon
from rag.text.words import LIGHT, STOP, fold, plain_words, tokens
from vectorstore.index import Index

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"[“\"«][^”\"»]*[”\"»]")
_SHORTEST = 4  # letters of a word that is looked at
_NAME = 5  # letters of a name that is looked at
_LONG = 8  # letters from which two slips are forgiven
_MOST = 6  # unknown words of a question; with more it is in another language, or no question
_FEW = 3  # passages: a word that no more of them have may be a slip of theirs
_FAR_MORE = 50  # times as many passages as have what is taken for a slip
_EASY = 0.6  # of a slip: letters exchanged, or one doubled
_TWICE = re.compile(r"(.)\1+")
_FOREIGN = (
    frozenset[str]().union(*(lexicon.words(code, "openers") for code in lexicon.LANGUAGES)) - STOP
)
# What Byline is asked for: right, though neither articles nor the list may have it.
_ASKED = frozenset[str]().union(
    *(lexicon.words("framing", key) for key in ("summary", "timeline", "comparison", "pieces"))
)
_SEEN_BY = 2  # passages that a stem stands in, to be meant where two letters differ
_COMMON = 15_000  # place in the list up to which a word may be meant
_PRINTED = 5  # passages looked at for how a word is printed


@dataclass(frozen=True, slots=True)
class Mended:
    """A question with its slips mended, and each word as typed with what was searched for it."""

    text: str
    words: tuple[tuple[str, str], ...] = ()

    @property
    def note(self) -> str:
        """What was searched, in words for the reader; empty if nothing was mended."""
        said = [f"“{right}” for “{typed}”" for typed, right in self.words]
        return f"Searched {_listed(said)}." if said else ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    slips: float  # two letters exchanged, or one doubled, count less than another letter
    word: str  # empty: to be looked up by its stem
    stem: str
    seen: int  # passages that hold it
    place: int  # in the list of common words


def mended(question: str, index: Index, common: Vocabulary) -> Mended:
    """`question` with what is misspelt as the index or the list `common` spells it.

    Without such a list nothing is mended: a word that the index lacks may be right.
    """
    if not common.places:
        return Mended(question)
    unknown = list(_unknown(question, index, common))
    if not unknown or len(unknown) > _MOST or _is_foreign(question):
        return Mended(question)
    found = [(match, seen, _nearest(match, seen, index, common)) for match, seen in unknown]
    mends = [(match, right) for match, _, right in found if right]
    strange = sum(not seen for _, seen, _ in found)
    if strange > 2 and 2 * len(mends) <= strange:
        return Mended(question)  # a language of its own
    text, words = question, dict[str, str]()
    for match, right in reversed(mends):
        text = text[: match.start()] + right + text[match.end() :]
    for match, right in mends:
        words.setdefault(match[0], right)
    return Mended(text, tuple(words.items()))


def _listed(items: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]]))


def _is_foreign(question: str) -> bool:
    """Whether it has small words of another language, or letters, and none of English."""
    own = set(plain_words(question))
    return not own & STOP and (bool(own & _FOREIGN) or not question.isascii())


def _unknown(
    question: str, index: Index, common: Vocabulary
) -> Iterator[tuple[re.Match[str], int]]:
    """The words that the list does not know and no passage, or few, with how many these are.

    Nothing quoted, and no initials. Few passages may have a slip of their own: what they alone
    have may be misspelt, if it is no name.
    """
    quoted = [match.span() for match in _QUOTED.finditer(question)]
    shouted = question.isupper()
    for match in _WORD.finditer(question):
        word = fold(match[0])
        inside = any(start < match.start() < end for start, end in quoted)
        initials = match[0].isupper() and not shouted
        if (
            len(word) < _SHORTEST
            or inside
            or initials
            or word in STOP | _ASKED
            or common.knows(word)
        ):
            continue
        analysed = index.words(word)
        seen = _seen(analysed[0], index) if analysed else _FEW + 1
        if not seen or (seen <= _FEW and (match[0].islower() or not match.start())):
            yield match, seen


def _seen(stem: str, index: Index) -> int:
    return index.terms(stem[0]).get(stem, 0)


def _nearest(match: re.Match[str], seen: int, index: Index, common: Vocabulary) -> str:
    """The word that is meant, of one that `seen` passages have; empty if none is near."""
    typed, word = match[0], fold(match[0])
    if not word.isascii():
        return ""
    most = 2 if len(word) >= _LONG and not seen else 1
    named = typed[:1].isupper() and match.start() > 0
    spelt = [] if named else list(_common(word, most, index, common))
    stems = {item.stem for item in spelt}
    others = (item for item in _indexed(word, most, index) if item.stem not in stems)
    best = min([*spelt, *others], key=_rank, default=None)
    if best is None or (seen and (not best.word or best.seen < _FAR_MORE * seen)):
        return ""
    right = best.word or _printed(best.stem, typed, index)
    if named and (right.islower() or fold(right) in STOP | LIGHT or len(word) < _NAME):
        return ""  # a name is only ever another spelling of a name
    if not right or OSA.distance(word, fold(right)) > most:
        return ""
    return right[:1].upper() + right[1:] if typed[:1].isupper() else right


def _rank(item: _Candidate) -> tuple[float, bool, int, int]:
    """Fewest slips; then question words, then what most passages hold, then the commonest."""
    return (item.slips, item.word not in STOP, -item.seen, item.place)


def _common(word: str, most: int, index: Index, common: Vocabulary) -> Iterator[_Candidate]:
    near = [
        (other, slips)
        for first in _beginnings(word)
        for other, slips in _near(word, common.by_letter.get(first[0], ()), most)
        if other.startswith(first)
    ]
    for other, slips in near:
        analysed = index.words(other)
        seen = _seen(analysed[0], index) if analysed else 0
        if seen or other in STOP or common.places[other] < _COMMON:
            yield _Candidate(
                slips, other, analysed[0] if analysed else other, seen, common.places[other]
            )


def _indexed(word: str, most: int, index: Index) -> Iterator[_Candidate]:
    own = (index.words(word) or [word])[0]
    for first in _beginnings(own):
        held = index.terms(first)
        for other, slips in _near(own, tuple(held), most):
            fits = other != own and len(other) >= _SHORTEST - 1
            if fits and (slips <= 1 or held[other] >= _SEEN_BY):
                yield _Candidate(slips, "", other, held[other], len(held))


def _beginnings(word: str) -> tuple[str, ...]:
    """How what is meant begins: with the same letter, or with the first two exchanged."""
    return (word[0], word[1] + word[0]) if word[0] != word[1] else (word[0],)


def _near(word: str, among: Sequence[str], most: int) -> list[tuple[str, float]]:
    found = process.extract(word, among, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(str(other), _weighed(word, str(other), int(slips))) for other, slips, _ in found]


def _weighed(word: str, other: str, slips: int) -> float:
    alike = sorted(word) == sorted(other) or _TWICE.sub(r"\1", word) == _TWICE.sub(r"\1", other)
    return slips * _EASY if alike else slips


def _capital(forms: Sequence[str]) -> bool:
    return any(form[0].isupper() for form in forms)


def _printed(stemmed: str, typed: str, index: Index) -> str:
    """The form of a stem that passages print and that is nearest to what was typed.

    In small letters if they print it so anywhere, unless it was typed as a name is.
    """
    word = fold(typed)
    forms: dict[str, list[str]] = defaultdict(list)
    for passage in index.holding(stemmed, _PRINTED):
        for word, _, _ in tokens(passage.indexed_text):
            for piece in _WORD.findall(word):
                if index.words(piece) == [stemmed]:
                    forms[fold(piece)].append(piece)
    if not forms:
        return ""
    nearest = min(forms, key=lambda form: (OSA.distance(word, form), -len(forms[form])))
    small = nearest in forms[nearest] and (typed.islower() or not _capital(forms[nearest]))
    return nearest if small else max(forms[nearest], key=lambda form: not form.isupper())
