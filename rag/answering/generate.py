"""What a language model writes from what it is shown, its citations checked as they come.

    stretches that fit -> draft -> (second draft, where too much is at fault) -> Answer

Where the model fails, before or in the middle of its answer, the articles' own sentences stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from rag.answering.draft import Draft, drafted
from rag.answering.material import free
from rag.answering.retry import written_again
from rag.answering.stretches import in_reading_order
from rag.errors import LLMContextOverflow, LLMError
from rag.models.embedding import Embedder
from rag.models.llm import LanguageModel
from rag.models.prompts import Asked, Message, answer_messages
from rag.schema import Answer, Event, Hit, Restarted, Status

Writing = Generator[Event, None, Answer]  # events while writing, the whole answer at the end

_FALLEN_BACK: dict[Status, str] = {
    "answered": "These are the articles' own sentences instead.",
    "not_in_articles": "Without it, no sentence was found that answers.",
}


def whole(writing: Writing) -> Answer:
    """Write to the end with nobody reading along."""
    return _read(writing)[1]


def _read(writing: Writing) -> tuple[list[Event], Answer]:
    events: list[Event] = []
    while True:
        try:
            events.append(next(writing))
        except StopIteration as end:
            answer: Answer = end.value
            return events, answer


def written(
    blank: Answer,
    asked: Asked,
    model: LanguageModel,
    extractive: Callable[[], Writing],
    *,
    retry_unsupported: float = 1.0,
    embedder: Embedder | None = None,
) -> Writing:
    """What `model`, `asked` so, writes from the hits of `blank`, or `extractive` if it fails.

    An answer with more hard faults for each sentence (0..1) than `retry_unsupported` is asked for
    once more; 1 never asks again. `embedder` tells likeness to refusals. `notes` of the answer
    say what happened.
    """
    try:
        return (yield from _by_model(blank, asked, model, retry_unsupported, embedder))
    except LLMError as error:
        failure = str(error)
    events, done = _read(extractive())
    failure = f"{failure} {_FALLEN_BACK[done.status]}"
    yield Restarted(failure)
    yield from events
    return replace(done, notes=(*done.notes, failure))


def _by_model(
    blank: Answer,
    asked: Asked,
    model: LanguageModel,
    retry_unsupported: float,
    embedder: Embedder | None,
) -> Writing:
    draft = yield from _first(blank, asked, model, embedder)
    if retry_unsupported >= 1 or draft.fault_share <= retry_unsupported:
        return draft.answer
    return (yield from written_again(draft, model, embedder))


def _first(
    blank: Answer, asked: Asked, model: LanguageModel, embedder: Embedder | None
) -> Generator[Event, None, Draft]:
    """The first draft, from as many stretches as the model can read."""
    best = _fitted(asked, blank.hits, model.context)
    try:
        return (yield from drafted(*_shown(blank, asked, best), model, embedder))
    except LLMContextOverflow:
        if len(best) == 1:
            raise
    best = best[: len(best) // 2]
    yield Restarted(f"{model.name} cannot read so much at once; it is asked with fewer.")
    return (yield from drafted(*_shown(blank, asked, best), model, embedder))


def _fitted(asked: Asked, best_first: Sequence[Hit], context: int) -> Sequence[Hit]:
    """The best hits that a window of `context` tokens holds beside a reply; at least one."""
    fits = best_first
    while len(fits) > 1 and _length(answer_messages(asked, in_reading_order(fits))) > free(context):
        fits = fits[:-1]
    return fits


def _length(messages: Sequence[Message]) -> int:
    return sum(len(text) for _, text in messages)


def _shown(
    blank: Answer, asked: Asked, best: Sequence[Hit]
) -> tuple[Answer, Sequence[Hit], list[Message]]:
    """`blank` of these hits alone, with a note if it had more; the hits by number; what is said."""
    numbered = in_reading_order(best)
    given = replace(blank, hits=tuple(best))
    if len(best) < len(blank.hits):
        note = (
            f"{blank.model} was shown the best {len(best)} of {len(blank.hits)} places found: it "
            "cannot read more at once."
        )
        given = replace(given, notes=(*given.notes, note))
    return given, numbered, answer_messages(asked, numbered)
