"""Outcomes -> figures: each a share, mean or ratio with its 95 % interval, in all and by type.

Every figure is the sum of one number over the questions, divided by the sum of another: a share of
questions counts 1 for each question, a share of citations the citations of each question. Where a
question's second number is 0 the figure does not look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from rag.evaluation.matching import exact, token_f1, without_markers
from rag.evaluation.outcomes import Cited, Outcome
from rag.evaluation.ranking import CUTOFFS, MEASURES, ranking_values
from rag.evaluation.significance import Part, interval
from rag.text.words import plain_words

Values = dict[str, Part]  # by figure, for one question

AUTHOR = "author"  # as a question's speaker: the article's own words
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure is called in tables, and what it says. `down`: less is better."""

    name: str
    group: str
    says: str
    down: bool = False


_HITS = [
    Figure(f"hit@{k}", "retrieval", f"a source is among the first {k} files found") for k in CUTOFFS
]
_EVIDENCE = [
    Figure(f"evidence@{k}", "retrieval", f"share of the evidence in the first {k} passages")
    for k in CUTOFFS
]
FIGURES: Mapping[str, Figure] = {
    item.name: item
    for item in (
        Figure("right", "verdict", "answered with the words and the source, or rightly declined"),
        Figure("failed", "verdict", "no answer came: an error", down=True),
        *_HITS,
        Figure("recall@5", "retrieval", "share of the sources among the first 5 files found"),
        Figure("recall@10", "retrieval", "share of the sources among the first 10 files found"),
        Figure("mrr@10", "retrieval", "1 / rank of the first source"),
        Figure("ndcg@10", "retrieval", "sources high up among the first 10 files"),
        *_EVIDENCE,
        Figure("answered", "answer", "answered, of those that the articles answer"),
        Figure("contains", "answer", "the answer holds every word it must"),
        Figure("exact", "answer", "the answer is the gold answer, word for word"),
        Figure("f1", "answer", "words shared with the gold answer"),
        Figure("semantic", "answer", "the cross-encoder's chance that it says what is wanted"),
        Figure("kept_out", "answer", "the answer says nothing that it must not"),
        Figure("right_file", "citations", "a source is among the first two files cited"),
        Figure("citation_in_source", "citations", "share of citations that are of a source"),
        Figure("evidence_cited", "citations", "a citation is on the evidence"),
        Figure(
            "citation_precision", "citations", "share of citations that bear their sentence out"
        ),
        Figure("citation_recall", "citations", "share of sentences in need of a citation with one"),
        Figure("offsets_exact", "citations", "share of citations cut exactly out of the article"),
        Figure("speaker_right", "citations", "the cited words have the right speaker"),
        Figure("supported", "support", "share of sentences that the check finds supported"),
        Figure("partial", "support", "… partly supported", down=True),
        Figure("unsupported", "support", "… not supported", down=True),
        Figure("abstention_precision", "abstention", "of those declined, share that must be"),
        Figure("abstention_recall", "abstention", "of those that must be declined, share that is"),
        Figure("judged_right", "judge", "the judge, a language model, calls the answer right"),
    )
}


def values(outcomes: Sequence[Outcome]) -> list[Values]:
    """What each outcome adds to each figure."""
    ranked = [item for item in outcomes if item.asked.sources and _was_searched(item)]
    ranking = ranking_values(
        [item.got.files for item in ranked], [item.asked.sources for item in ranked]
    )
    by_id = {item.asked.id: found for item, found in zip(ranked, ranking, strict=True)}
    return [_of_one(item, by_id.get(item.asked.id)) for item in outcomes]


def _was_searched(item: Outcome) -> bool:
    """Not where the answer is read off the catalogue: it cites, and no passage was found."""
    return bool(item.got.files) or not item.got.citations


def _of_one(item: Outcome, ranking: Mapping[str, float] | None) -> Values:
    found: Values = {name: (value, 1.0) for name, value in (ranking or {}).items()}
    for name, each in _PARTS.items():
        found[name] = each(item)
    return {name: found.get(name, (0.0, 0.0)) for name in FIGURES}


def summary(found: Sequence[Values], seed: int = 0) -> dict[str, dict[str, float | int | None]]:
    """Each figure: `value`, its 95 % interval `low` to `high`, and `n`, the questions behind it."""
    return {name: _figure([item[name] for item in found], seed) for name in FIGURES}


def _figure(parts: Sequence[Part], seed: int) -> dict[str, float | int | None]:
    counted = [part for part in parts if part[1]]
    if not counted:
        return {"value": None, "low": None, "high": None, "n": 0}
    low, high = interval(counted, seed)
    value = sum(a for a, _ in counted) / sum(b for _, b in counted)
    return {"value": _round(value), "low": low, "high": high, "n": len(counted)}


def curve(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What other thresholds would do: shares that would be answered and declined at each chance.

    `area`: how often a question with an answer has a higher chance than one without, ties half.
    Questions without a chance (answered from the metadata, or failed) are left out.
    """
    weighed = [item for item in outcomes if item.got.chance is not None]
    yes = np.array([item.got.chance for item in weighed if not item.asked.must_abstain], float)
    no = np.array([item.got.chance for item in weighed if item.asked.must_abstain], float)
    if not len(yes) or not len(no):
        return {"area": None, "points": []}
    marks = [0.0, *sorted({float(c) for c in [*yes, *no]}), 1.0]
    points = [
        {
            "threshold": _round(mark),
            "answered": _round(float((yes >= mark).mean())),
            "declined": _round(float((no < mark).mean())),
        }
        for mark in dict.fromkeys(marks)
    ]
    higher = (yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2
    return {"area": _round(float(higher)), "points": points}


# --- one function a figure: what a question adds to it

_NOTHING: Part = (0.0, 0.0)


def _share(holds: bool) -> Part:
    return float(holds), 1.0


def _answerable(item: Outcome) -> bool:
    return not item.asked.must_abstain


def _answered(item: Outcome) -> bool:
    return not item.got.abstained and not item.got.error


def _evidence(item: Outcome, k: int) -> Part:
    ranks = item.got.evidence_ranks or (None,) * len(item.asked.evidence)
    found = sum(rank is not None and rank <= k for rank in ranks)
    return (found / len(ranks), 1.0) if ranks else _NOTHING


def _contains(item: Outcome) -> Part:
    if not item.asked.wanted:
        return _NOTHING
    return _share(_answered(item) and item.words_found)


def _gold(item: Outcome, like: Callable[[str, Sequence[str]], float]) -> Part:
    if not item.asked.answers:
        return _NOTHING
    said = without_markers(item.got.answer)
    return (float(like(said, item.asked.answers)) if _answered(item) else 0.0), 1.0


def _semantic(item: Outcome) -> Part:
    if item.got.semantic is None:
        return _NOTHING
    return item.got.semantic, 1.0


def _kept_out(item: Outcome) -> Part:
    return _share(not item.forbidden) if item.asked.must_not_contain else _NOTHING


def _right_file(item: Outcome) -> Part:
    if not item.asked.sources:
        return _NOTHING
    return _share(_answered(item) and item.right_file)


def _of_citations(item: Outcome, holds: Callable[[Cited], bool]) -> Part:
    return float(sum(map(holds, item.got.citations))), float(len(item.got.citations))


def _in_source(item: Outcome) -> Part:
    return _of_citations(item, lambda c: c.source) if item.asked.sources else _NOTHING


def _evidence_cited(item: Outcome) -> Part:
    if not item.asked.evidence:
        return _NOTHING
    return _share(any(citation.evidence for citation in item.got.citations))


def _precision(item: Outcome) -> Part:
    said = item.got.sentences
    return float(sum(len(s.precise) for s in said)), float(sum(len(s.citations) for s in said))


def _recall(item: Outcome) -> Part:
    needing = [sentence for sentence in item.got.sentences if sentence.needs_citation]
    return float(sum(bool(sentence.citations) for sentence in needing)), float(len(needing))


def _support(item: Outcome, verdict: str) -> Part:
    said = item.got.sentences
    return float(sum(sentence.support == verdict for sentence in said)), float(len(said))


def _speaker(item: Outcome) -> Part:
    """Of the citation on the evidence, else the first of a source; without one nobody spoke."""
    if not (item.asked.speaker or item.asked.speaker_is_not_author):
        return _NOTHING
    best = sorted(item.got.citations, key=lambda c: (not c.evidence, not c.source))
    if not best or not best[0].source:
        return _NOTHING
    return _share(_is_speaker(best[0], item))


def _is_speaker(citation: Cited, item: Outcome) -> bool:
    said = citation.speaker
    if not item.asked.speaker:
        return said is not None or citation.kind == "comment"
    if said is None:
        return AUTHOR in item.asked.speaker
    return any(_same_person(said, name) for name in item.asked.speaker)


def _same_person(said: str, wanted: str) -> bool:
    """Whether the last name of `wanted` is in `said`: "Minister Lucan Ferreby" for "Ferreby"."""
    return set(plain_words(wanted)[-1:]) <= set(plain_words(said))


def _abstention_precision(item: Outcome) -> Part:
    return _share(item.asked.must_abstain) if item.got.abstained else _NOTHING


def _abstention_recall(item: Outcome) -> Part:
    return _share(item.got.abstained) if item.asked.must_abstain else _NOTHING


def _judged(item: Outcome) -> Part:
    known = item.got.judge in ("right", "wrong")
    return _share(item.got.judge == "right") if known else _NOTHING


def _f1(said: str, golds: Sequence[str]) -> float:
    return token_f1(said, golds)


_PARTS: dict[str, Callable[[Outcome], Part]] = {
    "right": lambda item: _share(item.right),
    "failed": lambda item: _share(item.got.error is not None),
    **{f"evidence@{k}": partial(_evidence, k=k) for k in CUTOFFS},
    "answered": lambda item: _share(_answered(item)) if _answerable(item) else _NOTHING,
    "contains": _contains,
    "exact": partial(_gold, like=exact),
    "f1": partial(_gold, like=_f1),
    "semantic": _semantic,
    "kept_out": _kept_out,
    "right_file": _right_file,
    "citation_in_source": _in_source,
    "evidence_cited": _evidence_cited,
    "citation_precision": _precision,
    "citation_recall": _recall,
    "offsets_exact": lambda item: _of_citations(item, lambda c: c.exact),
    "speaker_right": _speaker,
    **{name: partial(_support, verdict=name) for name in ("supported", "partial", "unsupported")},
    "abstention_precision": _abstention_precision,
    "abstention_recall": _abstention_recall,
    "judged_right": _judged,
}
assert not set(_PARTS) & set(MEASURES)


def _round(value: float) -> float:
    return round(float(value), _DIGITS)
