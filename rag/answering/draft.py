"""One text of a language model, checked as it comes, with what it was written from."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from rag.answering.refusal import worded
from rag.answering.telling import Telling
from rag.checking.support import NO_CITATION
from rag.errors import LLMCutOff, LLMError
from rag.models.embedding import Embedder
from rag.models.llm import LanguageModel
from rag.models.prompts import Message
from rag.schema import Answer, Event, Hit, Sentence, Token
from rag.text.language import written_in

_LONGEST = 20_000  # characters of an answer, thoughts apart


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer, and what led to it: `raw` is the model's text with the model's own numbers."""

    answer: Answer
    raw: str
    hits: Sequence[Hit]  # as the model was shown them
    asked: Sequence[Message]

    @property
    def weak(self) -> list[Sentence]:
        """The sentences that what they cite does not bear out, or that cite nothing."""
        return [item for item in self.answer.sentences if item.support == "unsupported"]

    @property
    def faults(self) -> int:
        """How many hard faults it has: weak sentences, and markers that no passage has.

        A marker that leaves a sentence without any citation is one fault with it.
        """
        bare = sum(NO_CITATION in item.reasons for item in self.weak)
        return len(self.weak) + max(0, len(self.answer.dropped_markers) - bare)

    @property
    def fault_share(self) -> float:
        """Hard faults for each sentence; 0 if there is none."""
        return self.faults / (len(self.answer.sentences) or 1)

    @property
    def well_cited(self) -> frozenset[str]:
        """Ids of the passages that its other sentences cite."""
        ids = {item.number: item.passage.id for item in self.answer.citations}
        sound = [item for item in self.answer.sentences if item.support != "unsupported"]
        return frozenset(ids[number] for item in sound for number in item.citations)


def drafted(
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
    language = written_in(blank.question)
    telling = Telling(hits, question, worded(blank.scope), embedder, language)
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
