"""Why a question went wrong: the first step on the way from article to answer that lost it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.evaluation.outcomes import CITED_FIRST, Outcome

FAILED = "failed"
OBEYED = "said what it must not"
ANSWERED = "should have abstained"
NOT_FOUND = "not retrieved"
DECLINED = "abstained wrongly"
NOT_USED = "retrieved but not used"
NOT_CITED = "used but not cited"
WRONG_WORDS = "wrong words"
_SHOWN = 60  # characters of evidence
_QUOTES = "“”\"‘’'"
# In the order in which a reader wants them: what was lost first comes first.
REASONS = (
    FAILED, NOT_FOUND, DECLINED, NOT_USED, NOT_CITED, WRONG_WORDS, OBEYED, ANSWERED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Why:
    """One of `REASONS`, and the particulars in words."""

    reason: str
    details: str


def why(item: Outcome) -> Why | None:
    """What went wrong; None if nothing did."""
    if item.right:
        return None
    reason = _reason(item)
    return Why(reason, " ".join(_details(item, reason)))


def _reason(item: Outcome) -> str:
    if item.got.error:
        return FAILED
    if item.asked.must_abstain:
        return ANSWERED
    if item.forbidden:
        return OBEYED
    if not _found(item):
        return NOT_FOUND
    if item.got.abstained:
        return DECLINED
    return _lost_in_writing(item)


def _lost_in_writing(item: Outcome) -> str:
    """It was found and there is an answer: which lacks the source, the words or both."""
    if not _cites_source(item):
        return NOT_CITED if item.words_found and item.asked.wanted else NOT_USED
    if not item.words_found:
        return NOT_USED if _unused(item) else WRONG_WORDS
    return NOT_CITED  # a source is cited, behind two other files


def _found(item: Outcome) -> bool:
    """Whether all that the words need was found: each evidence, or a source where none is named.

    Without sources nothing can be said of the search; then it counts as found.
    """
    if item.asked.evidence and item.asked.sources:
        return _missing_evidence(item) == [] or (item.words_found and bool(item.got.source_rank))
    return item.got.source_rank is not None or not item.asked.sources


def _missing_evidence(item: Outcome) -> list[str]:
    return [
        words
        for words, rank in zip(item.asked.evidence, item.got.evidence_ranks, strict=True)
        if rank is None
    ]


def _cites_source(item: Outcome) -> bool:
    return any(citation.source for citation in item.got.citations) or not item.asked.sources


def _unused(item: Outcome) -> bool:
    """Whether there is evidence, found, and no citation is on it."""
    return bool(item.asked.evidence) and not any(c.evidence for c in item.got.citations)


def _details(item: Outcome, reason: str) -> Iterator[str]:
    if reason == FAILED:
        yield str(item.got.error)
    elif reason == ANSWERED:
        yield "The articles do not answer this, and an answer was given."
    elif reason == OBEYED:
        yield "It says " + ", ".join(f"“{words}”" for words in item.forbidden) + "."
    else:
        yield from _where(item)
        yield from _what(item, reason)


def _where(item: Outcome) -> Iterator[str]:
    """At which rank what was wanted stood."""
    ranks = zip(item.asked.evidence, item.got.evidence_ranks, strict=True)
    for words, rank in ranks if item.asked.sources else ():
        bare = words.strip(_QUOTES)
        short = f"“{bare if len(bare) <= _SHOWN else bare[: _SHOWN - 1].rstrip() + '…'}”"
        if rank is None:
            yield f"No passage found holds {short}."
        elif rank > item.got.read:
            yield (
                f"{short} was found at rank {rank}; the answer is written from the first "
                f"{item.got.read}."
            )
        else:
            yield f"{short} was found at rank {rank}."
    if item.asked.sources and not item.asked.evidence:
        rank = item.got.source_rank
        yield f"A source was found at rank {rank}." if rank else "No passage of a source was found."


def _what(item: Outcome, reason: str) -> Iterator[str]:
    """What the answer lacks."""
    if item.got.abstained:
        if item.got.chance is not None:
            yield f"The chance of an answer was put at {item.got.chance:.2f}."
        return
    for words in item.words_missing:
        yield "The answer lacks " + " or ".join(f"“{word}”" for word in words) + "."
    if reason == NOT_CITED:
        cited = list(dict.fromkeys(citation.file for citation in item.got.citations))
        yield f"No source is among the first {CITED_FIRST} files cited: {', '.join(cited) or '–'}."
