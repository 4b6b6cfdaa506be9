"""What an article labelled correction takes back: the figure first printed, and the one that holds.

A paragraph of a correction names the article that it corrects, by its headline or by its outlet
and day. The figure that this article has too is the one taken back; another of the same kind in
the paragraph is the right one. Where that is not plain, nothing is corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.candidates import Extract
from rag.answering.fact import Fact
from rag.answering.leads import credit
from rag.checking.cited_dates import mentions, without
from rag.checking.figures import Figure, read
from rag.retrieval.asking import Wanted
from rag.schema import Article, Hit
from rag.text.sentences import article_sentences
from rag.text.words import fold, stems

_LABELS = ("correction", "retraction")
_PARAGRAPH = re.compile(r"[^\n]+")
_KINDS = ("number", "money", "percent")


@dataclass(frozen=True, slots=True)
class Correction:
    """`hit.article.text[start:end]` says that `right` holds, not the `wrong` that `of` printed."""

    of: Article
    hit: Hit
    start: int
    end: int
    wrong: Figure
    right: Figure


def corrections(hits: Sequence[Hit]) -> list[Correction]:
    """What the corrections among `hits` take back of the other articles among them."""
    articles = {hit.article.id: hit.article for hit in hits}
    notes = [hit for hit in hits if hit.article.label in _LABELS]
    others = [item for item in articles.values() if item.label not in _LABELS]
    found = [each for hit in notes for each in _of_article(hit, others)]
    return [each for each in found if _holds(each)]


def _holds(item: Correction) -> bool:
    """Whether the words stand in the passage that was found: another one may hold them."""
    return item.hit.passage.start <= item.start and item.end <= item.hit.passage.end


def corrected(
    best_first: Sequence[Extract], known: Sequence[Correction], *, figure: bool
) -> list[Extract]:
    """`best_first` without what is taken back.

    Where a `figure` is asked for, the words that give the right one stand in the place of the wrong
    one; else what the corrected article says stays, for it says more than the figure.
    """
    kept: list[Extract] = []
    rights: list[Extract] = []
    for item in best_first:
        found = taken_back(item, known)
        if any(item.overlaps(right) for right in rights):
            continue
        if found is None or not (figure or item.hit.article.id == found.hit.article.id):
            kept.append(item)
        elif figure:
            right = replace(item, hit=found.hit, start=found.start, end=found.end, sentences=1)
            kept = [other for other in kept if not other.overlaps(right)]
            kept.append(right)
            rights.append(right)
    return kept


def taken_back(item: Extract, known: Sequence[Correction]) -> Correction | None:
    """The correction that takes back the figure of `item`, if one does."""
    return next((each for each in known if _takes_back(each, item)), None)


def bears_on(item: Correction, wanted: Wanted | None) -> bool:
    """Whether the figure taken back may be the one wanted; if none is, it is told all the same."""
    if wanted is None:
        return True
    if wanted.kind == "count":
        return bool({*item.wrong.behind, *item.right.behind} & set(stems(" ".join(wanted.counted))))
    return wanted.kind == ("sum" if item.wrong.currency else "share")


def remark(item: Correction) -> Fact:
    """Who printed what: "The Courier (15 March 2024) first printed 310 and corrected it …"."""
    text = (
        f"{credit(item.of)} first printed {item.wrong.text} and corrected it to {item.right.text}."
    )
    return Fact(text, ((item.hit, item.start, item.end),), is_known=True)


def _of_article(hit: Hit, others: Sequence[Article]) -> Iterator[Correction]:
    text = hit.article.text
    for paragraph in _PARAGRAPH.finditer(text):
        for article in others:
            if _names(paragraph[0], article, hit.article):
                yield from _figures(hit, *paragraph.span(), article)


def _names(paragraph: str, article: Article, correction: Article) -> bool:
    """Whether the paragraph is about `article`: its headline, or its outlet's of that day."""
    if article.title and fold(article.title) in fold(paragraph):
        return True
    own = article.outlet is not None and article.outlet == correction.outlet
    named = [days for item in mentions(paragraph, correction.published) for days in item.meant]
    day = article.published
    return own and day is not None and (day, day) in named


def _figures(hit: Hit, start: int, end: int, article: Article) -> Iterator[Correction]:
    """The one figure that both have, and the first of its kind behind it that `article` has not."""
    text = hit.article.text
    printed = _plain(article.text)
    spans = article_sentences(hit.article, start, end)
    given = [(span, figure) for span in spans for figure in _plain(text[span[0] : span[1]])]
    wrong = [item for _, item in given if any(_same(item, other) for other in printed)]
    right = [pair for pair in given if not any(_same(pair[1], other) for other in printed)]
    if len({item.value for item in wrong}) != 1:
        return
    for span, figure in right:
        if _of_one_kind(wrong[0], figure):
            yield Correction(article, hit, *span, wrong[0], figure)
            return


def _plain(text: str) -> list[Figure]:
    dates = mentions(text, None)
    return [item for item in read(without(text, dates)) if item.kind in _KINDS and item.value > 1]


def _same(one: Figure, other: Figure) -> bool:
    return one.value == other.value and _of_one_kind(one, other)


def _of_one_kind(one: Figure, other: Figure) -> bool:
    """Figures of the same unit, whose words for what is counted do not exclude one another."""
    if (one.kind, one.currency) != (other.kind, other.currency):
        return False
    things = {*one.behind}, {*other.behind}
    return not all(things) or bool(things[0] & things[1])


def _takes_back(known: Correction, item: Extract) -> bool:
    """Whether the words give the wrong figure, in the article corrected or in the correction."""
    if item.hit.article.id not in (known.of.id, known.hit.article.id):
        return False
    figures = _plain(item.words)
    right = any(_same(known.right, each) for each in figures)
    return not right and any(_same(known.wrong, each) for each in figures)
