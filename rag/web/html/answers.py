"""The chat: questions, answers as they grow, what was found, and what can be done with them."""

from __future__ import annotations

import re

from rag.web.conversation import Exchange
from rag.web.html.clipboard import copied
from rag.web.html.elements import printed

_SENTENCE = re.compile(r"[.!?…][\"”’')]*(?:\s|$)|\[\d+\]|\n\s*\S")  # or an item, a row


def turn(exchange: Exchange, number: int) -> str:
    """Return question and answer `number` of a conversation as far as it has come."""
    # What stands in for the answer does so until the model has written a sentence.
    draft = exchange.preview is not None and not _SENTENCE.search(exchange.written)
    copies = copied(exchange.answer) if exchange.answer else None
    return printed("answers", "turn", exchange, number, draft, copies)


def waiting(text: str) -> str:
    """Return what is being done while there is nothing to read yet."""
    return printed("answers", "waiting", text)


def frame() -> str:
    """Return what stands around the turns, with what can be done with all of them."""
    return printed("answers", "frame")
