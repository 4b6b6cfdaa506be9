"""What an answer would tell of sources that differ on a question: figures that clash, corrections.

Question and sentences -> the words of each source that clash. `comparison` marks them in its rows,
so that no clash stands in an answer that the table does not show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.answering.candidates import Extract, candidates
from rag.answering.corrections import (
    Correction,
    bears_on,
    corrected,
    corrections,
    taken_back,
)
from rag.answering.disagreement import Stated, differing
from rag.retrieval.query import Query
from rag.schema import Hit, printed_day

# What is taken back counts if its score (a logit) is this close to the best one's: where a figure
# is asked for, and else.
_FIGURE, _ELSE = 3.0, 1.0


@dataclass(frozen=True, slots=True)
class Clashes:
    """By source: `stated` what each gives where at least two differ; `taken_back` by corrections.

    `right`: the words of corrections that give what holds, by source.
    """

    stated: Mapping[str, Stated]
    taken_back: Mapping[str, tuple[Extract, Correction]]
    right: Mapping[str, Extract]

    @property
    def words(self) -> dict[str, Extract]:
        """By source the words that clash with another's."""
        wrong = {source: item for source, (item, _) in self.taken_back.items()}
        return {
            **{source: item.extract for source, item in self.stated.items()},
            **wrong,
            **self.right,
        }


def clashes(query: Query, best_first: Sequence[Extract], hits: Sequence[Hit]) -> Clashes:
    """What clashes among the sentences of `hits`, best first."""
    known = corrections(hits)
    held = corrected(best_first, known, figure=query.figure)
    stated = {item.extract.source: item for item in differing(query, held)}
    wrong: dict[str, tuple[Extract, Correction]] = {}
    right: dict[str, Extract] = {}
    least = best_first[0].score - (_FIGURE if query.figure else _ELSE) if best_first else 0.0
    for item in best_first:
        found = taken_back(item, known)
        if item.score < least or found is None or not bears_on(found, query.wanted):
            continue
        words = replace(item, hit=found.hit, start=found.start, end=found.end, sentences=1)
        right.setdefault(words.source, words)
        if first := item if item.hit.article.id == found.of.id else _printed(found, item, hits):
            wrong.setdefault(first.source, (first, found))
    return Clashes(stated, wrong, right)


def _printed(found: Correction, item: Extract, hits: Sequence[Hit]) -> Extract | None:
    """The words of the article corrected that first gave the figure, as good as `item`."""
    of = [hit for hit in hits if hit.article.id == found.of.id]
    wrong = (it for it in candidates(of) if it.sentences == 1 and taken_back(it, [found]))
    return next((replace(it, score=item.score, chance=item.chance) for it in wrong), None)


def said(found: Correction) -> str:
    """What became of the figure: "corrected to 130 on 23 March 2024"."""
    day = printed_day(found.hit.article.published)
    return f"{found.wrong.text}, corrected to {found.right.text}{f' on {day}' if day else ''}"
