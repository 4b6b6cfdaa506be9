"""What a language model writes from the passages found, its citations checked as they come.

    passages that fit -> draft -> (second draft, where too little is supported) -> Answer

Where the model fails, before or in the middle of its answer, the articles' own sentences stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answering.refusal import worded
from rag.answering.telling import Telling
from rag.errors import LLMContextOverflow, LLMCutOff, LLMError
from rag.models.embedding import Embedder
from rag.models.llm import LanguageModel
from rag.models.prompts import (
    Message,
    answer_messages,
    retry_messages,
)
from rag.schema import Answer, Checked, Event, Hit, Restarted, Sentence, Token

Writing = Generator[Event, None, Answer]  # events while writing, the whole answer at the end

_CHARACTERS = 3  # a token; English has four, names, figures and other scripts fewer
_REPLY = 1024  # tokens kept free for the reply, at most a quarter of the window
_LONGEST = 20_000  # characters of an answer, thoughts apart
_FALLEN_BACK = "These are the articles' own sentences instead."
_WORTH = {"supported": 1.0, "partial": 0.5, "unsupported": 0.0}


def whole(writing: Writing) -> Answer:
    """Write to the end with nobody reading along."""
    while True:
        try:
            next(writing)
        except StopIteration as end:
            answer: Answer = end.value
            return answer


def written(
    blank: Answer,
    model: LanguageModel,
    extractive: Callable[[], Writing],
    *,
    retry_unsupported: float = 1.0,
    embedder: Embedder | None = None,
) -> Writing:
    """What `model` writes from the hits of `blank`, or `extractive` if it fails.

    An answer with a larger share (0..1) of unsupported sentences than `retry_unsupported` is asked
    for once more; 1 never asks again. `embedder` tells likeness to refusals. `notes` of the answer
    say what happened.
    """
    try:
        return (yield from _by_model(blank, model, retry_unsupported, embedder))
    except LLMError as error:
        failure = f"{error} {_FALLEN_BACK}"
    yield Restarted(failure)
    done = yield from extractive()
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
    blank: Answer, model: LanguageModel, retry_unsupported: float, embedder: Embedder | None
) -> Writing:
    draft = yield from _first(blank, model, embedder)
    if draft.weak_share <= retry_unsupported:
        return draft.answer
    return (yield from _again(draft, model, embedder))


def _first(
    blank: Answer, model: LanguageModel, embedder: Embedder | None
) -> Generator[Event, None, Draft]:
    """The first draft, from as many passages as the model can read."""
    hits = _fitted(blank, model.context)
    try:
        return (yield from _drafted(_showing(blank, hits), hits, model, embedder))
    except LLMContextOverflow:
        if len(hits) == 1:
            raise
    hits = hits[: len(hits) // 2]
    yield Restarted(f"{model.name} cannot read so much at once; it is asked with fewer passages.")
    return (yield from _drafted(_showing(blank, hits), hits, model, embedder))


def _fitted(blank: Answer, context: int) -> Sequence[Hit]:
    """The best hits that a window of `context` tokens holds beside a reply; at least one."""
    room = (context - min(_REPLY, context // 4)) * _CHARACTERS
    hits: Sequence[Hit] = blank.hits
    while len(hits) > 1 and _length(answer_messages(blank.standalone_question, hits)) > room:
        hits = hits[:-1]
    return hits


def _length(messages: Sequence[Message]) -> int:
    return sum(len(text) for _, text in messages)


def _showing(blank: Answer, hits: Sequence[Hit]) -> Answer:
    """`blank` with a note if the model sees only some of its hits."""
    if len(hits) == len(blank.hits):
        return blank
    note = (
        f"{blank.model} was shown the best {len(hits)} of {len(blank.hits)} passages: it cannot "
        "read more at once."
    )
    return replace(blank, notes=(*blank.notes, note))


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
        second = yield from _drafted(blank, first.hits, model, embedder, asked)
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
    model: LanguageModel,
    embedder: Embedder | None,
    asked: Sequence[Message] = (),
) -> Generator[Event, None, Draft]:
    """One text of `model`, asked with `asked` or with the messages for `hits`.

    Raises:
        LLMError: the model failed or said nothing.

    """
    asked = asked or answer_messages(blank.standalone_question, hits)
    telling = Telling(hits, blank.standalone_question, worded(blank.scope), embedder)
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
