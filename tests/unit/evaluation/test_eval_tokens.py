"""Tokens are those that the provider tells, added up over the calls of one question."""

from collections.abc import Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from rag.models.llm import LanguageModel, counting_tokens


class Counting(BaseChatModel):
    """Streams one word, and tells tokens if it is told to."""

    tells: bool

    @property
    def _llm_type(self) -> str:
        return "counting"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(self, *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        usage = {"input_tokens": 30, "output_tokens": 2, "total_tokens": 32}
        yield ChatGenerationChunk(message=AIMessageChunk("Yes."))
        end = AIMessageChunk(
            "",
            response_metadata={"finish_reason": "stop", "model_name": "m"},
            usage_metadata=usage if self.tells else None,  # type: ignore[arg-type]
        )
        yield ChatGenerationChunk(message=end)


def model(tells: bool) -> LanguageModel:
    return LanguageModel("x:m", Counting(tells=tells), 1.0)


def test_tokens_of_two_calls() -> None:
    asked = model(True)
    with counting_tokens(asked) as tokens:
        assert asked.reply([("human", "So?")]) == "Yes."
        asked.reply([("human", "So?")])
        assert tokens() == {"input": 60, "output": 4}
    with counting_tokens(asked) as tokens:
        assert tokens() == {}


def test_nothing_is_told_nothing_is_counted() -> None:
    asked = model(False)
    with counting_tokens(asked) as tokens:
        asked.reply([("human", "So?")])
        assert tokens() == {}
    with counting_tokens(None) as tokens:
        assert tokens() == {}
