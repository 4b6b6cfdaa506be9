"""What a language model writes from what it is shown, its citations checked as they come.

    stretches that fit -> draft -> (second draft, where too little is supported) -> Answer

Where the model fails, before or in the middle of its answer, the articles' own sentences stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answering.material import free
from rag.answering.refusal import worded
from rag.answering.stretches import in_reading_order
from rag.answering.telling import Telling
from rag.errors import LLMContextOverflow, LLMCutOff, LLMError
from rag.models.embedding import Embedder
from rag.models.llm import LanguageModel
from rag.models.prompts import (
    Asked,
    Message,
    answer_messages,
    retry_messages,
)
from rag.schema import Answer, Checked, Event, Hit, Restarted, Sentence, Status, Token

Writing = Generator[Event, None, Answer]  # events while writing, the whole answer at the end

_LONGEST = 20_000  # characters of an answer, thoughts apart
_FALLEN_BACK: dict[Status, str] = {
    "answered": "These are the articles' own sentences instead.",
    "not_in_articles": "Without it, no sentence was found that answers.",
}
_WORTH = {"supported": 1.0, "partial": 0.5, "unsupported": 0.0}


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

    An answer with a larger share (0..1) of unsupported sentences than `retry_unsupported` is asked
    for once more; 1 never asks again. `embedder` tells likeness to refusals. `notes` of the answer
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


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer, and what led to it: `raw` is the model's text with the model's own numbers."""

    answer: Answer
    raw: str
    hits: Sequence[Hit]  # as the model was shown them
    asked: Sequence[Message]

    @property
    def weak(self) -> list[Sentence]:
        """The sentences that what they cite does not bear out."""
        return [item for item in self.answer.sentences if item.support == "unsupported"]

    @property
    def weak_share(self) -> float:
        """The share (0..1) of the sentences that is weak; 0 if there is none."""
        return len(self.weak) / (len(self.answer.sentences) or 1)

    @property
    def support(self) -> float:
        """0..1: the mean of the sentences, half for a partly supported one; 0 if none."""
        worth = [_WORTH[item.support] for item in self.answer.sentences]
        return sum(worth) / (len(worth) or 1)


def _by_model(
    blank: Answer,
    asked: Asked,
    model: LanguageModel,
    retry_unsupported: float,
    embedder: Embedder | None,
) -> Writing:
    draft = yield from _first(blank, asked, model, embedder)
    if draft.weak_share <= retry_unsupported:
        return draft.answer
    return (yield from _again(draft, model, embedder))


def _first(
    blank: Answer, asked: Asked, model: LanguageModel, embedder: Embedder | None
) -> Generator[Event, None, Draft]:
    """The first draft, from as many stretches as the model can read."""
    best = _fitted(asked, blank.hits, model.context)
    try:
        return (yield from _drafted(*_shown(blank, asked, best), model, embedder))
    except LLMContextOverflow:
        if len(best) == 1:
            raise
    best = best[: len(best) // 2]
    yield Restarted(f"{model.name} cannot read so much at once; it is asked with fewer passages.")
    return (yield from _drafted(*_shown(blank, asked, best), model, embedder))


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
            f"{blank.model} was shown the best {len(best)} of {len(blank.hits)} passages: it "
            "cannot read more at once."
        )
        given = replace(given, notes=(*given.notes, note))
    return given, numbered, answer_messages(asked, numbered)


def _again(first: Draft, model: LanguageModel, embedder: Embedder | None) -> Writing:
    """A second draft with the reasons, or the first once more if that is better supported."""
    count = len(first.answer.sentences)
    reason = (
        f"Written a second time: the cited passages did not bear out {len(first.weak)} of "
        f"{count} {'sentence' if count == 1 else 'sentences'}."
    )
    yield Restarted(reason)
    blank = replace(first.answer, text="", sentences=(), citations=(), dropped_markers=())
    asked = retry_messages(first.asked, first.raw, first.weak)
    try:
        second = yield from _drafted(blank, first.hits, asked, model, embedder)
    except LLMError as error:
        problem = f"A second text was asked for and failed: {error}"
    else:
        if second.support >= first.support:
            return replace(second.answer, notes=(*second.answer.notes, reason))
        problem = "A second text was asked for and is no better borne out: this is the first."
    yield Restarted(problem)
    yield Token(first.answer.text)
    yield from map(Checked, first.answer.sentences)
    return replace(first.answer, notes=(*first.answer.notes, problem))


def _drafted(
    blank: Answer,
    hits: Sequence[Hit],
    asked: Sequence[Message],
    model: LanguageModel,
    embedder: Embedder | None,
) -> Generator[Event, None, Draft]:
    """One text of `model`, asked with messages that show `hits` by their numbers.

    Raises:
        LLMError: the model failed or said nothing.

    """
    question = f"{blank.question} {blank.standalone_question}"
    telling = Telling(hits, question, worded(blank.scope), embedder)
    with closing(model.stream(asked)) as reply:  # also where whoever reads along leaves
        for piece in reply:
            yield from telling.feed(piece) if piece else [Token("")]
            if len(telling.raw) > _LONGEST:
                raise LLMCutOff(
                    f"{model.name} wrote more than {_LONGEST:,} characters and was stopped."
                )
    yield from telling.finish()
    if telling.empty:
        what = "thoughts or tool calls but no answer" if telling.thought else "an empty answer"
        raise LLMError(f"{model.name} gave {what}.")
    cut = (f"{model.name} reached its limit of length: its text may lack the end.",)
    notes = tuple(dict.fromkeys((*blank.notes, *(cut if reply.too_long else ()))))
    return Draft(telling.answer(replace(blank, notes=notes)), telling.raw, hits, asked)
