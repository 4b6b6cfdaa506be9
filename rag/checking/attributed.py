"""Whether what a sentence has somebody say is said there by somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.checking.atoms import Atom, Cased, atoms, same
from rag.checking.binding import Told
from rag.schema import Article, Hit
from rag.speakers.attribution import speaker
from rag.text.sentences import article_sentences
from rag.text.words import fold, plain_words

_ENOUGH = 0.5  # of what is said; a sentence with less is not where it is from
_AS_GOOD = 0.85  # of the best such share: sentences that may as well be where it is from


def claimed(sentence: str, start: int = 0, end: int | None = None) -> str | None:
    """Who speaks in `sentence[start:end]` according to the sentence alone."""
    hollow = Article("", "", None, None, None, None, None, sentence)
    return speaker(hollow, start, len(sentence) if end is None else end)


def by_others(
    sentence: str, things: Sequence[Atom], hits: Sequence[Hit], cased: Cased
) -> Iterator[str]:
    """The reason, if all sentences that may be where it is from are another's words.

    A sentence that names the claimed speaker, or whose speaker the claim names, decides nothing.
    """
    who = claimed(sentence)
    if who is None:
        return
    said = [item for item in things if not _is_of(item, who)]
    near = _nearest(said, hits, cased)
    speakers = {speaker(hit.article, *span): line for hit, span, line in near}
    if not speakers or None in speakers or any(_has(line, who) for line in speakers.values()):
        return
    others = [str(other) for other in speakers]
    if any(may_be_one(who, other) or _has_words(sentence, other) for other in others):
        return
    yield f"the article gives this to {' and '.join(sorted(others))}: “{near[0][2].text}”"


def _nearest(
    said: Sequence[Atom], hits: Sequence[Hit], cased: Cased
) -> list[tuple[Hit, tuple[int, int], Told]]:
    """The sentences of the passages that say the most of it, best first."""
    found = []
    for hit in hits:
        article, passage = hit.article, hit.passage
        for start, end in article_sentences(article, passage.start, passage.end):
            text = article.text[start:end]
            line = Told(text, atoms(text, cased, article.published))
            found.append((line.share(said), (hit, (start, end), line)))
    best = max((share for share, _ in found), default=0.0)
    if best < _ENOUGH:
        return []
    near = [item for item in found if item[0] >= _AS_GOOD * best]
    return [item for _, item in sorted(near, key=lambda item: -item[0])]


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
