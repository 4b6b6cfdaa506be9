"""A follow-up question -> one that stands alone: by the language model, or by a simple rule."""

from __future__ import annotations

from collections.abc import Sequence

from rag.models.llm import LanguageModel
from rag.models.prompts import condense_messages
from rag.schema import Turn
from rag.speakers.coreference import by_rule

_LONGEST = 400  # characters of a rewritten question; a longer reply is something else


def standalone(
    question: str, history: Sequence[Turn], model: LanguageModel | None, language: str = ""
) -> str:
    """`question` as it would be asked without the conversation. Raises LLMError.

    `language`: the one that the model is to write it in, by name; empty: its own. The rule stands
    in where the model's reply is no question of one line.
    """
    if model is not None:
        asked = condense_messages(question, history, language)
        rewritten = model.reply(asked).strip(' \t"“”*`')
        if 0 < len(rewritten) <= _LONGEST and len(rewritten.splitlines()) == 1:
            return rewritten
    return by_rule(question, history)
