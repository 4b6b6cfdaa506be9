"""What stands where there is no question yet: what is loaded, and what can be asked first.

And, below an answer, what to ask next.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import gradio as gr

from rag import pipeline
from rag.answering import starters, suggestions
from rag.errors import BylineError
from rag.resources import Resources
from rag.schema import Answer
from rag.text.words import fold
from rag.web import room
from rag.web.conversation import Conversation
from rag.web.html.elements import printed
from rag.web.theme import NEWEST, static
from vectorstore.holdings import Catalogue
from vectorstore.selecting import Facts

NEXT = 3  # questions to ask next
HEADLINES = 5
_REPEATED = 20  # articles looked at for each: a story may be there many times
OUTLETS = 4  # named; of the others how many
_PACE = 1.0  # seconds from one question that is tried to the next
_SETTLED = 2.0  # seconds without a change of the index before its articles are read

logger = logging.getLogger(__name__)


# --- what is loaded


@dataclass(frozen=True, slots=True)
class Front:
    """What an index holds, in short: the newest articles first, the largest outlets first.

    `undated` of the articles have no date; `more` outlets are not named.
    """

    articles: int
    first: date | None
    last: date | None
    undated: int
    outlets: tuple[tuple[str, int], ...]
    more: int
    newest: tuple[Facts, ...]


def front(held: Catalogue) -> Front:
    """Return what `held` is, in short."""
    span, number = held.every().span(), held.kinds_of_names("outlet")
    named = OUTLETS if number > OUTLETS + 1 else number  # "and 1 more" is one name
    outlets = tuple((item.name, item.articles) for item in held.outlets(named))
    return Front(
        held.count(), span.first, span.last, span.undated, outlets, number - named, _newest(held)
    )


def _newest(held: Catalogue) -> tuple[Facts, ...]:
    """The newest, each headline once; without dates, the first in the order of their files."""
    found: dict[str, Facts] = {}
    for item in held.every().facts("newest", HEADLINES * _REPEATED):
        found.setdefault(fold(item.title or item.id), item)
        if len(found) == HEADLINES:
            break
    return tuple(found.values())


# --- what can be asked first


class Finding:
    """Looks for starters in a thread of its own, once for each state of the index."""

    def __init__(self, resources: Resources) -> None:
        """Nothing is looked for before somebody asks."""
        self._resources = resources
        self._lock = threading.Lock()
        self._found: tuple[str, tuple[str, ...]] = ("", ())  # of which state, and which
        self._thread: threading.Thread | None = None

    def offered(self) -> tuple[str, ...] | None:
        """The starters of the index as it is; None: they are being looked for."""
        index = self._resources.index
        with self._lock:
            state = index.state()
            if self._found[0] != state and (known := starters.kept(index)) is not None:
                self._found = state, known
            if self._found[0] == state:
                return self._found[1]
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()
            return None

    def _look(self) -> None:
        state = self._settled()
        found: list[str] = []
        try:
            found = pipeline.example_questions(
                self._resources, ask=self._asked, pause=room.give_way
            )
        except BylineError as error:  # the index may be read-only, or in other hands
            logger.warning("No starters: %s", error)
        except Exception:  # nobody waits for it: the page goes without
            logger.exception("No starters")
        with self._lock:
            self._found = state, tuple(found)

    def _settled(self) -> str:
        """The state of the index, once it does not change for a moment."""
        state = ""
        while state != (state := self._resources.index.state()):
            time.sleep(_SETTLED)
        return state

    def _asked(self, question: str) -> Answer:
        started = time.monotonic()
        answer = room.answered_aside(question, self._resources)
        time.sleep(max(0.0, started + _PACE - time.monotonic()))
        return answer


# --- on the page


@dataclass(frozen=True, slots=True)
class Actions:
    """What the start's events do with the open resources."""

    resources: Resources
    finding: Finding

    def greeting(self) -> str:
        """Say what is loaded and what can be asked; without articles, how to get some."""
        return _greeting(self.resources, self.finding.offered())

    def at_first(self) -> str:
        """The same as far as it is known, without looking for anything."""
        return _greeting(self.resources, starters.kept(self.resources.index))

    def follow_ups(self, turns: Conversation) -> str:
        """Suggest what to ask next."""
        last = turns[-1].answer if turns else None
        if last is None:
            return ""
        asked = [turn.question for turn in turns]
        found = suggestions.follow_ups(last, asked, self.resources, NEXT)
        return printed("start", "follow_ups", found)


def _greeting(resources: Resources, questions: Sequence[str] | None) -> str:
    held = resources.index.catalogue()
    if not held.count():
        return printed("start", "teaching", "greeting")
    return printed("start", "greeting", front(held), questions)


def build(actions: Actions) -> gr.HTML:
    """Place what stands before the first question."""
    return gr.HTML(
        actions.at_first(),
        js_on_load=static("start.js"),
        apply_default_css=False,
        elem_id="greeting",
    )


def wire(greeting: gr.HTML, actions: Actions) -> None:
    """Draw it again while its questions are being looked for; the page draws it at first."""
    greeting.look(actions.greeting, None, greeting, **NEWEST)
