"""Loads prompts/, checks their variables, and builds the messages for a language model."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template

from rag.errors import PromptError
from rag.schema import Hit, Sentence, Turn, printed_day
from rag.text.injection import disarmed

Message = tuple[str, str]  # role ("system", "human" or "ai") and text

# The one wording of a refusal: the prompt asks for it, the pipeline recognises it, the page and
# the command line show it.
REFUSAL = "The articles do not answer this question."

_DIVIDER = "=== question ===\n"
_VARIABLES = {
    "answer.md": {"refusal", "passages", "question"},
    "condense.md": {"history", "question"},
    "judge.md": {"answer", "expected", "question"},
    "retry.md": {"problems", "refusal"},
}
_ALONE = {"retry.md"}  # one message, to follow on others; the rest are a system and a human one
_TURNS = 4  # earlier turns shown to the model that rewrites a follow-up

# What a model might take for the end of its material: "<" and the signs that look like it, unless
# a figure follows ("<5"); signs less like it only before a slash or the delimiter's name; and the
# words that chat templates set apart. "‹" stands in their place.
_TAG = re.compile(
    r"[<＜﹤](?!=?\s?\d)|&(?:lt|\#0*60|\#x0*3c);?(?!=?\s?\d)|"
    r"[‹⟨〈〈❮˂ᐸ](?=\W*(?:[/⁄∕／]|passage))|\[(?=\s*/?\s*INST\s*\])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_KINDS = {"body": "article", "comment": "reader comment", "caption": "picture caption"}


def answer_messages(question: str, hits: Sequence[Hit]) -> list[Message]:
    """Messages that ask for an answer from `hits`, numbered from 1.

    Raises:
        PromptError: prompts/answer.md is missing or its variables are not the known ones.

    """
    passages = "\n\n".join(_passage(number, hit) for number, hit in enumerate(hits, start=1))
    values = {"refusal": REFUSAL, "passages": passages, "question": contained(question)}
    return _fill("answer.md", values)


def condense_messages(question: str, history: Sequence[Turn]) -> list[Message]:
    """Messages that ask for `question` rewritten to stand alone. Raises PromptError."""
    turns = "\n\n".join(
        f"Question: {contained(turn.question)}\nAnswer: {contained(turn.answer)}"
        for turn in history[-_TURNS:]
    )
    return _fill("condense.md", {"history": turns, "question": contained(question)})


def retry_messages(
    asked: Sequence[Message], answer: str, sentences: Sequence[Sentence]
) -> list[Message]:
    """`asked` and what was answered, then a request to write what is wrong with `sentences` anew.

    `answer` holds the numbers that the model itself gave. Raises PromptError.
    """
    problems = "\n".join(
        f"- “{contained(item.text)}” Reason: {contained('; '.join(item.reasons))}."
        for item in sentences
    )
    retry = _fill("retry.md", {"problems": problems, "refusal": REFUSAL})
    return [*asked, ("ai", answer), *retry]


def judge_messages(question: str, expected: str, answer: str) -> list[Message]:
    """Messages that ask whether `answer` says what is `expected`. Raises PromptError."""
    values = {"question": question, "expected": expected, "answer": answer}
    return _fill("judge.md", {name: contained(text) for name, text in values.items()})


def contained(text: str) -> str:
    """`text` without what could end the block that it stands in or speak as somebody else."""
    return _TAG.sub("‹", visible(text))


def visible(text: str) -> str:
    """`text` without control characters, halves of characters and what hides or reorders words."""
    return _UNSEEN.sub("", text)


def is_refusal(text: str) -> bool:
    """Whether a model's whole answer is the refusal, give or take marks around it."""
    return _bare(text) == _bare(REFUSAL)


def _bare(text: str) -> str:
    return text.strip(" \n\r\t\"'*._`").casefold()


def parse(name: str, text: str) -> tuple[Template, ...]:
    """The messages of the prompt `name`. Raises PromptError if a variable is missing or odd."""
    parts = [text] if name in _ALONE else text.split(_DIVIDER)
    if name not in _ALONE and len(parts) != 2:
        raise PromptError(f"prompts/{name} lacks the line {_DIVIDER.strip()!r}, or has it twice.")
    found = set(Template(text).get_identifiers())
    if found != _VARIABLES[name]:
        wanted = ", ".join(f"${item}" for item in sorted(_VARIABLES[name]))
        has = ", ".join(f"${item}" for item in sorted(found)) or "none"
        raise PromptError(f"prompts/{name} must use {wanted}; it uses {has}.")
    return tuple(Template(part.strip()) for part in parts)


def _passage(number: int, hit: Hit) -> str:
    """One delimited passage, after what is known of it; nothing in it can close the delimiter."""
    known = "\n".join(f"{name}: {value}" for name, value in _fields(hit) if value)
    text = disarmed(contained(hit.passage.text))
    return f'<passage number="{number}">\n{known}\ntext:\n{text}\n</passage>'


def _fields(hit: Hit) -> Iterator[tuple[str, str]]:
    """What stands above the text; what is unknown is empty. A value keeps to one line."""
    article, part = hit.article, hit.article.part_at(hit.passage.start)
    comment = hit.passage.kind == "comment"
    kinds = (_KINDS[hit.passage.kind], "" if comment else article.label)
    values = {
        "headline": article.title,
        "outlet": article.outlet,
        "author": None if comment else article.author,
        "date": printed_day(article.published),
        "kind": ", ".join(filter(None, kinds)),
        "commenter": part.author if comment and part else None,
    }
    for name, value in values.items():
        yield name, " ".join(disarmed(contained(value or "")).split())


def _fill(name: str, values: Mapping[str, str]) -> list[Message]:
    *system, human = _load(name)
    rules = [("system", template.safe_substitute(values)) for template in system]
    return [*rules, ("human", human.substitute(values))]


_ROOT = Path(__file__).parents[1]
# Installed, the texts lie inside the package; in a checkout beside it.
_FOLDER = _ROOT / "prompts" if (_ROOT / "prompts").is_dir() else _ROOT.parent / "prompts"


@functools.cache
def _load(name: str) -> tuple[Template, ...]:
    try:
        text = (_FOLDER / name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PromptError(f"prompts/{name} is missing: install byline again.") from error
    return parse(name, text)
