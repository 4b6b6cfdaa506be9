"""Whether what a sentence has somebody say is said there by somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.checking.atoms import Atom, atoms, same
from rag.checking.binding import Told, share
from rag.schema import Article
from rag.speakers.attribution import speaker
from rag.text.words import fold, plain_words

_ENOUGH = 0.5  # of what is said; a sentence with less is not where it is from
_AS_GOOD = 0.85  # of the best such share: sentences that may as well be where it is from


def claimed(sentence: str, start: int = 0, end: int | None = None) -> str | None:
    """Who speaks in `sentence[start:end]` according to the sentence alone."""
    hollow = Article("", "", None, None, None, None, None, sentence)
    return speaker(hollow, start, len(sentence) if end is None else end)


def by_others(sentence: str, things: Sequence[Atom], lines: Sequence[Told]) -> Iterator[str]:
    """The reason, if all of `lines` that may be where it is from are another's words.

    A sentence that names the claimed speaker, or whose speaker the claim names, decides nothing.
    """
    who = claimed(sentence)
    if who is None:
        return
    near = _nearest([item for item in things if not _is_of(item, who)], lines)
    speakers = {_speaker(line) for line in near}
    if not near or None in speakers or any(_has(line, who) for line in near):
        return
    others = [str(other) for other in speakers]
    if any(may_be_one(who, other) or _has_words(sentence, other) for other in others):
        return
    yield f"the article gives this to {' and '.join(sorted(others))}: “{near[0].text}”"


def _speaker(line: Told) -> str | None:
    if line.article is None:
        return None
    return speaker(line.article, line.start, line.start + len(line.text))


def _nearest(said: Sequence[Atom], lines: Sequence[Told]) -> list[Told]:
    """The sentences that say the most of it, best first."""
    shares = [(share(said, [line]), line) for line in lines if not line.is_header]
    best = max((found for found, _ in shares), default=0.0)
    near = [item for item in shares if item[0] >= max(_ENOUGH, _AS_GOOD * best)]
    return [line for _, line in sorted(near, key=lambda item: -item[0])]


def _is_of(item: Atom, name: str) -> bool:
    return item.kind == "name" and any(same(item, other) for other in atoms(name))


def _has(line: Told, name: str) -> bool:
    return any(_is_of(item, name) for item in line.atoms)


def _has_words(sentence: str, name: str) -> bool:
    return bool(set(plain_words(name)) & set(plain_words(sentence)))


def may_be_one(one: str, other: str) -> bool:
    """Whether two names may be one person's: "Lavrov", "Sergei Lavrov"."""
    a, b = (set(plain_words(name)) for name in (one, other))
    return bool(a & b) or "reader" in a | b and fold(one) in ("reader", "commenter")
