"""Loads prompts/, checks their variables, and builds the messages for a language model."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from string import Template

from rag.errors import PromptError
from rag.schema import Hit, Turn

Message = tuple[str, str]  # role ("system" or "human") and text

# The one wording of a refusal: the prompt asks for it, the pipeline recognises it, the page and
# the command line show it.
REFUSAL = "The articles do not answer this question."

_DIVIDER = "=== question ===\n"
_VARIABLES = {
    "answer.md": {"refusal", "passages", "question"},
    "condense.md": {"history", "question"},
}
_TAG = re.compile(r"<(?=/?\s*passage\b)", re.IGNORECASE)
_TURNS = 4  # earlier turns shown to the model that rewrites a follow-up


def answer_messages(question: str, hits: Sequence[Hit]) -> list[Message]:
    """Messages that ask for an answer from `hits`, numbered from 1.

    Raises:
        PromptError: prompts/answer.md is missing or its variables are not the known ones.

    """
    passages = "\n\n".join(_passage(number, hit) for number, hit in enumerate(hits, start=1))
    return _fill("answer.md", {"refusal": REFUSAL, "passages": passages, "question": question})


def condense_messages(question: str, history: Sequence[Turn]) -> list[Message]:
    """Messages that ask for `question` rewritten to stand alone. Raises PromptError."""
    turns = "\n\n".join(
        f"Question: {turn.question}\nAnswer: {turn.answer}" for turn in history[-_TURNS:]
    )
    return _fill("condense.md", {"history": turns, "question": question})


def is_refusal(text: str) -> bool:
    """Whether a model's whole answer is the refusal, give or take marks around it."""
    return text.strip(" \n\t\"'*.").casefold() == REFUSAL.strip(".").casefold()


def parse(name: str, text: str) -> tuple[Template, Template]:
    """The two halves of the prompt `name`. Raises PromptError if a variable is missing or odd."""
    system, divider, human = text.partition(_DIVIDER)
    if not divider:
        raise PromptError(f"prompts/{name} lacks the line {_DIVIDER.strip()!r}.")
    found = set(Template(text).get_identifiers())
    if found != _VARIABLES[name]:
        wanted = ", ".join(f"${item}" for item in sorted(_VARIABLES[name]))
        has = ", ".join(f"${item}" for item in sorted(found)) or "none"
        raise PromptError(f"prompts/{name} must use {wanted}; it uses {has}.")
    return Template(system.strip()), Template(human.strip())


def _passage(number: int, hit: Hit) -> str:
    """One delimited passage; article text cannot close or open the delimiter."""
    kind = "reader comment" if hit.passage.kind == "comment" else "article"
    head = _TAG.sub("‹", hit.passage.header)
    body = _TAG.sub("‹", hit.passage.text)
    return f'<passage number="{number}" kind="{kind}">\n{head}\n\n{body}\n</passage>'


def _fill(name: str, values: Mapping[str, str]) -> list[Message]:
    system, human = _load(name)
    return [("system", system.safe_substitute(values)), ("human", human.substitute(values))]


@functools.cache
def _load(name: str) -> tuple[Template, Template]:
    try:
        text = resources.files("prompts").joinpath(name).read_text(encoding="utf-8")
    except (FileNotFoundError, ModuleNotFoundError) as error:
        raise PromptError(f"prompts/{name} is missing: install byline again.") from error
    return parse(name, text)
