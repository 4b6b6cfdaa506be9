"""One visitor's conversation: each question, and how far its answer has come."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.schema import (
    Answer,
    Checked,
    Citation,
    Done,
    Event,
    Hit,
    Preview,
    Restarted,
    Searched,
    Token,
    Turn,
)

STOPPED = "Stopped before the answer was complete."
INTERRUPTED = "The page was loaded again before the answer was complete."  # static/chat_kept.js


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation and how far its answer has come."""

    question: str
    ahead: int = 0  # answers that come before this one, while it waits for its turn
    searched: int = 0  # articles: all that there are, once searched those that were looked at
    found: bool = False  # the search is done
    hits: tuple[Hit, ...] = ()
    preview: Answer | None = None  # in the articles' own words, until the model has written
    writer: str = ""  # the language model at work; empty: none
    written: str = ""
    cited: tuple[Citation, ...] = ()  # in what is written so far
    answer: Answer | None = None
    problem: str = ""  # why it ended without an answer
    verdict: str = ""  # the reader's: "good" or "bad"
    reason: str | None = None  # for it; None: not asked yet
    id: str = ""  # of this asking: whoever stopped it can tell what it still sends

    @property
    def was_ended(self) -> bool:
        """Whether the visitor ended it himself: nothing went wrong."""
        return self.problem.startswith((STOPPED, INTERRUPTED))


Conversation = tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is not this answer's turn yet: `ahead` others come before it."""

    ahead: int


def advanced(exchange: Exchange, event: Event | Waiting) -> Exchange:
    """`exchange` after `event`."""
    match event:
        case Waiting():
            return replace(exchange, ahead=event.ahead)
        case Searched():
            searched = event.articles
            return replace(exchange, ahead=0, found=True, hits=event.read, searched=searched)
        case Preview():
            return replace(exchange, preview=event.answer)
        case Token():
            cited = (*exchange.cited, *event.citations)
            return replace(exchange, written=exchange.written + event.text, cited=cited)
        case Restarted():
            return replace(exchange, written="", cited=())
        case Checked():
            return exchange  # shown when all are: a half-checked answer looks checked
        case Done():
            return replace(exchange, answer=event.answer)


def history(turns: Conversation) -> list[Turn]:
    """What a follow-up question may refer to."""
    return [Turn(turn.question, turn.answer.text) for turn in turns if turn.answer]
