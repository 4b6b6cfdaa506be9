"""A second text for one with hard faults: the model is told which, and shown the sources' words.

The first text stands until the second is known to be better; if it is not, nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

from rag.answering.citations import closest
from rag.answering.draft import Draft, drafted
from rag.errors import LLMError
from rag.models.embedding import Embedder
from rag.models.llm import LanguageModel
from rag.models.prompts import Fault, retry_messages
from rag.schema import Answer, Event, Hit, Restarted, Sentence, Token
from rag.text.words import fold

_TOLD = 3  # sentences that the note names
_PLACES = 2  # of the evidence, shown for a sentence without a citation
_LIKE = 0.15  # of words in common, from which a place may be the source of such a sentence


def written_again(
    first: Draft, model: LanguageModel, embedder: Embedder | None
) -> Generator[Event, None, Answer]:
    """The answer of a second draft if that is better, else that of the first.

    Better: it has fewer hard faults, and its sound sentences cite every passage that those of the
    first cite.
    """
    blank = replace(first.answer, text="", sentences=(), citations=(), dropped_markers=())
    faults = [_fault(item, first) for item in first.weak]
    unknown = first.answer.dropped_markers
    asked = retry_messages(first.asked, first.raw, faults, unknown, len(first.hits))
    writing, events = drafted(blank, first.hits, asked, model, embedder), list[Event]()
    try:
        while True:
            event = next(writing)
            events = [] if isinstance(event, Restarted) else [*events, event]
            yield Token("")  # whoever reads along may leave
    except StopIteration as end:
        second: Draft = end.value
    except LLMError as error:
        failure = f"A second text was asked for and failed: {error}"
        return replace(first.answer, notes=(*first.answer.notes, failure))
    if not _is_better(second, first):
        return first.answer
    note = _changed(first, second)
    yield Restarted(note)
    yield from events
    return replace(second.answer, notes=(*second.answer.notes, note))


def _is_better(second: Draft, first: Draft) -> bool:
    return second.faults < first.faults and first.well_cited <= second.well_cited


def _changed(first: Draft, second: Draft) -> str:
    """What a reader should know of the text that was withdrawn."""
    kept = {fold(item.text) for item in second.answer.sentences}
    gone = [item for item in first.weak if fold(item.text) not in kept]
    told = [f"“{item.text}” ({item.reasons[0].partition(': “')[0]})" for item in gone[:_TOLD]]
    more = [f"{len(gone) - _TOLD} more"] if len(gone) > _TOLD else []
    if not told:
        return "Written a second time, since the first text cited sources that there are none of."
    return f"Written a second time. Corrected or left out: {'; '.join([*told, *more])}."


def _fault(item: Sentence, draft: Draft) -> Fault:
    """A weak sentence, with the words of the passages that are most like it."""
    cited = [_closest(number, hit, item) for number, hit in _cited(item, draft)]
    sources = [source for source in cited if source[2]]
    if not cited:
        every = [_closest(number, hit, item) for number, hit in enumerate(draft.hits, start=1)]
        sources = sorted(every, key=lambda source: -source[2])[:_PLACES]
        sources = [source for source in sources if source[2] >= _LIKE]
    said = "; ".join(item.reasons)
    return Fault(
        item.text,
        item.reasons,
        tuple((number, words) for number, words, _ in sources if words not in said),
    )


def _cited(item: Sentence, draft: Draft) -> Iterator[tuple[int, Hit]]:
    """The passages that a sentence cites, by the numbers that the model was shown."""
    numbers = {hit.passage.id: number for number, hit in enumerate(draft.hits, start=1)}
    for citation in draft.answer.citations:
        if citation.number in item.citations:
            number = numbers[citation.passage.id]
            yield number, draft.hits[number - 1]


def _closest(number: int, hit: Hit, item: Sentence) -> tuple[int, str, float]:
    (start, end), like = closest(hit, item.text)
    return number, hit.article.text[start:end], like
