"""A follow-up question -> one that stands alone: by the language model, or by a simple rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.llm import LanguageModel
from rag.names import names
from rag.prompting import condense_messages
from rag.schema import Turn

_OPENING = re.compile(r"^(?:and|but|so|also|what about|how about|then)\b[\s,]*", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|she|him|they|them)\b", re.IGNORECASE)
_OWNER = re.compile(r"\b(?:his|their|her(?=\s+\w))\b", re.IGNORECASE)
_POINTER = re.compile(r"\b(?:it|its|this|that|these|those|there|then|her)\b", re.IGNORECASE)
_FEW_WORDS = 4
_LONGEST = 400  # characters of a rewritten question; a longer reply is something else


def standalone(question: str, history: Sequence[Turn], model: LanguageModel | None) -> str:
    """`question` as it would be asked without the conversation. Raises LLMError.

    The rule stands in where the model's reply is no question of one line.
    """
    if not history:
        return question
    if model is not None:
        rewritten = model.reply(condense_messages(question, history)).strip(' \t"“”*`')
        if 0 < len(rewritten) <= _LONGEST and len(rewritten.splitlines()) == 1:
            return rewritten
    return by_rule(question, [turn.question for turn in history])


def by_rule(question: str, earlier: Sequence[str]) -> str:
    """Put the last name asked about in place of a pronoun; else repeat the last topic.

    A question with neither pronoun nor pointer, and long enough, is left as it is.
    """
    bare = _OPENING.sub("", question).strip()
    bare = bare[:1].upper() + bare[1:]
    person = next((found[0] for asked in reversed(earlier) if (found := names(asked))), None)
    if person and (_PERSON.search(bare) or _OWNER.search(bare)):
        return _PERSON.sub(lambda _: person, _OWNER.sub(lambda _: f"{person}'s", bare))
    opened = bool(_OPENING.match(question))
    needs_topic = opened or _POINTER.search(bare) or len(bare.split()) <= _FEW_WORDS
    if needs_topic and not names(bare):
        return f"{bare.rstrip(' ?.!')} ({earlier[-1].rstrip(' ?.!')})?"
    return bare if opened else question
