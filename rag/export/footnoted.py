"""An answer made ready to be read elsewhere: what it says, and its sources as footnotes.

Markdown, the web page, the Word document and the clipboard all print these sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.answering.layout import Tag, laid_out, paired
from rag.answering.paragraphs import Run, Segment
from rag.export.evidence_pack import address
from rag.export.marked_up import Pair
from rag.export.permalinks import permalink
from rag.retrieval.filters import answered_from
from rag.schema import EXTRACTIVE, Answer, Citation, Disagreement, Sentence, printed_day

OWN_WORDS = "the articles’ own words"
_MARKER = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_COMMA = Run(",", ("sup",))  # between two numbers, raised as they are


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: what is known of the source, where the words stand in it, and the words."""

    headline: str  # or the file, where there is none
    credits: str  # author, outlet and date, and what kind of text it is
    place: str  # file, page or time
    url: str  # where it was published: https:// or http://; empty if there is none
    link: str  # the permalink of the words
    speaker: str
    words: str
    caution: str

    @property
    def source(self) -> str:
        """What follows the headline: " Jane Doe, The Gazette, 4 March 2024. talks.pdf, page 3."."""
        speaking = f"Speaking: {self.speaker}" if self.speaker else ""
        return "".join(f" {item}." for item in (self.credits, self.place, speaking) if item)

    @property
    def name(self) -> str:
        """The headline as a sentence."""
        return self.headline + ("" if self.headline.endswith((".", "!", "?", "…")) else ".")

    @property
    def text(self) -> str:
        """The whole footnote on one line, without its links."""
        caution = f" {self.caution}" if self.caution else ""
        return f"{self.name}{self.source} “{self.words}”{caution}"


@dataclass(frozen=True, slots=True)
class Section:
    """One question: `body` as it is laid out, with numbers of `notes`; `remarks` stand below."""

    question: str
    body: tuple[Pair, ...]
    notes: Mapping[int, Note]
    remarks: tuple[str, ...]


def section(answer: Answer, base: str) -> Section:
    """Take an answer apart; of its sources those that are cited in it stay.

    `base`: what permalinks begin with.
    """
    body = [*_said(answer), *_differences(answer)]
    known = {item.number: item for item in answer.citations}
    pairs = tuple(_tidied(body, known))
    used = dict.fromkeys(run.number for run in _runs(pairs) if run.number)
    notes = {number: _note(known[number], base) for number in used}
    return Section(" ".join(answer.question.split()), pairs, notes, tuple(_remarks(answer)))


def _note(item: Citation, base: str) -> Note:
    article = item.article
    page, place = article.page_at(item.quote_start), article.place_at(item.quote_start)
    kind = {"comment": "reader comment", "caption": "caption"}.get(item.passage.kind)
    where = (
        article.path if article.title else None,
        f"page {page}" if page else None,
        f"at {place.time}" if place and place.time else None,
    )
    day = printed_day(article.published) or article.dated or "undated"
    known = ", ".join(filter(None, (article.author, article.outlet, day, article.label, kind)))
    return Note(
        headline=article.name,
        credits=known[0].upper() + known[1:],
        place=", ".join(filter(None, where)),
        url=address(article) or "",
        link=permalink(base, article.id, item.quote_start, item.quote_end),
        speaker=item.speaker or "",
        words=" ".join(item.quote.split()),
        caution=f"Caution: this text {item.warning}." if item.warning else "",
    )


# --- what is said


def _said(answer: Answer) -> list[Pair]:
    """What a language model wrote as it is laid out, else sentence by sentence."""
    laid = _laid(answer)
    if laid or not answer.sentences:
        return laid or list(_paragraphs(answer.text))
    return list(_sentences(answer.sentences))


def _laid(answer: Answer) -> list[Pair]:
    if answer.model == EXTRACTIVE:
        return []
    return paired(laid_out(answer.text), answer.sentences)


def _sentences(sentences: Sequence[Sentence]) -> Iterator[Pair]:
    part = ""
    for at, item in enumerate(sentences):
        if item.part and item.part != part:
            part = item.part
            yield from _block("h3", _runs_of(part, ()))
        if not item.goes_on:
            yield Tag("p"), None
        text = " ".join(item.text.split())
        runs = _runs_of(f" {text}" if item.goes_on else text, item.citations)
        yield Segment(runs, item.text, item.citations), item
        if at + 1 == len(sentences) or not sentences[at + 1].goes_on:
            yield Tag("p", opens=False), None


def _paragraphs(text: str) -> Iterator[Pair]:
    """A text with [n] in it that was not taken apart into sentences."""
    for paragraph in filter(None, map(str.strip, text.split("\n\n"))):
        runs, at = list[Run](), 0
        for found in _MARKER.finditer(paragraph):
            numbers = [int(number) for number in found[1].split(",")]
            runs += _runs_of(paragraph[at : found.start()], numbers)
            at = found.end()
        yield from _block("p", (*runs, Run(paragraph[at:])))


def _differences(answer: Answer) -> Iterator[Pair]:
    """What cited sources give differently, unless the answer begins with it."""
    for item in answer.disagreements if answer.model != EXTRACTIVE else ():
        yield from _block("p", tuple(_sides(item)))


def _sides(found: Disagreement) -> Iterator[Run]:
    yield Run(f"The sources differ on {found.about}: ")
    for at, side in enumerate(found.sides):
        newest = " (newest)" if side.newest else ""
        yield Run(f"{'; ' if at else ''}{side.value}{newest}")
        yield Run("", number=side.number)
    yield Run(".")


def _block(name: str, runs: tuple[Run, ...]) -> Iterator[Pair]:
    yield Tag(name), None
    yield Segment(runs, ""), None
    yield Tag(name, opens=False), None


def _runs_of(text: str, numbers: Sequence[int]) -> tuple[Run, ...]:
    return (Run(text), *(Run("", number=number) for number in numbers))


# --- numbers


def _runs(pairs: Sequence[Pair]) -> Iterator[Run]:
    for node, _ in pairs:
        if isinstance(node, Segment):
            yield from node.runs


def _tidied(pairs: Sequence[Pair], known: Mapping[int, Citation]) -> Iterator[Pair]:
    """Numbers stand close to their words, with a comma between two; those of nothing go."""
    for node, item in pairs:
        if isinstance(node, Segment):
            runs = [run for run in node.runs if not run.dropped and run.number in {0, *known}]
            yield replace(node, runs=tuple(_close(runs))), item
        else:
            yield node, item


def _close(runs: Sequence[Run]) -> Iterator[Run]:
    for run, following in pairwise([*runs, Run("")]):
        if following.number and not run.number:
            yield replace(run, text=run.text.rstrip(" \N{NO-BREAK SPACE}"))
        else:
            yield run
        if run.number and following.number:
            yield _COMMA


# --- what stands below


def _remarks(answer: Answer) -> Iterator[str]:
    """How the answer came about; whose words it is in stands last."""
    if answer.standalone_question.split() != answer.question.split():
        yield f"Understood as: {answer.standalone_question}"
    if answer.dropped_markers:
        left = ", ".join(dict.fromkeys(answer.dropped_markers))
        yield f"Left out: {left}, which stands for no source."
    yield from answer.notes
    if limited := answered_from(answer.scope):
        yield limited
    if answer.model != EXTRACTIVE:
        yield f"Written by {writer(answer)}."
    elif answer.citations:
        yield f"In {writer(answer)}."


def writer(answer: Answer) -> str:
    """Whose words the answer is in: the articles', or a language model's."""
    return OWN_WORDS if answer.model == EXTRACTIVE else answer.model
