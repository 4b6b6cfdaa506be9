"""Loads prompts/, checks their variables, and builds the messages for a language model."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from string import Template

from rag.errors import PromptError
from rag.schema import Article, Hit, Turn, printed_day
from rag.text.injection import disarmed

Message = tuple[str, str]  # role ("system", "human" or "ai") and text

# The one wording of a refusal: the page and the command line show it.
REFUSAL = "The articles do not answer this question."

_DIVIDER = "=== question ===\n"
_VARIABLES = {
    "answer.md": {"today", "passages", "question", "notes"},
    "assistant.md": {"question"},
    "condense.md": {"history", "language", "question"},
    "judge.md": {"answer", "expected", "question"},
    "retry.md": {"problems"},
    "verify.md": {"claims", "passages"},
}
_ALONE = {"retry.md"}  # one message, to follow on others; the rest are a system and a human one
_ITS_OWN = "the language that it is in"
_TURNS = 4  # earlier turns shown to the model that rewrites a follow-up

# What a model might take for the end of its material: "<" and the signs that look like it, unless
# a figure follows ("<5"); signs less like it only before a slash or the delimiter's name; and the
# words that chat templates set apart. "‹" stands in their place.
_TAG = re.compile(
    r"[<＜﹤](?!=?\s?\d)|&(?:lt|\#0*60|\#x0*3c);?(?!=?\s?\d)|"
    r"[‹⟨〈〈❮˂ᐸ](?=\W*(?:[/⁄∕／]|passage|article))|\[(?=\s*/?\s*INST\s*\])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_KINDS = {"comment": "reader comment", "caption": "picture caption"}
_LEFT_OUT = "[…]"  # between two passages of an article that do not follow one another
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a language model is asked it.

    `text`: as it was typed; `understood`: as it was searched, where that says more or is in another
    language; `hint`: what the search suspects of its answer. Both are empty if there is nothing.
    """

    text: str
    today: date
    understood: str = ""
    hint: str = ""


def answer_messages(asked: Asked, hits: Sequence[Hit]) -> list[Message]:
    """Messages that ask for an answer from `hits`, numbered from 1.

    Hits of one article that stand side by side stand below one head.

    Raises:
        PromptError: prompts/answer.md is missing or its variables are not the known ones.

    """
    numbered = enumerate(hits, start=1)
    articles = [list(own) for _, own in groupby(numbered, key=lambda item: item[1].article.id)]
    notes = {"Understood as": asked.understood, "Note of the search": asked.hint}
    said = [f"{name}: {' '.join(contained(text).split())}" for name, text in notes.items() if text]
    values = {
        "today": f"{asked.today:%A}, {printed_day(asked.today)}",
        "passages": "\n\n".join(map(_article, articles)),
        "question": contained(asked.text),
        "notes": "".join(f"\n{line}" for line in said),
    }
    return _fill("answer.md", values)


def condense_messages(question: str, history: Sequence[Turn], language: str = "") -> list[Message]:
    """Messages that ask for `question` rewritten to stand alone. Raises PromptError.

    `language`: the one to write it in, by name; empty: its own.
    """
    turns = "\n\n".join(
        f"Question: {contained(turn.question)}\nAnswer: {contained(turn.answer)}"
        for turn in history[-_TURNS:]
    )
    values = {"history": turns, "language": language or _ITS_OWN, "question": contained(question)}
    return _fill("condense.md", values)


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence to be written anew: why, and the source's words by the number of their passage."""

    text: str
    reasons: tuple[str, ...]
    sources: tuple[tuple[int, str], ...] = ()


def retry_messages(
    asked: Sequence[Message],
    answer: str,
    faults: Sequence[Fault],
    unknown: Sequence[str] = (),
    passages: int = 0,
) -> list[Message]:
    """`asked` and what was answered, then a request to look at its `faults` again.

    `answer` holds the numbers that the model itself gave; those of `unknown`, as it wrote them, are
    none of the `passages`. Raises PromptError.
    """
    problems = [_problem(item) for item in faults]
    if unknown:
        wrong = ", ".join(dict.fromkeys(unknown))
        problems.append(f"- {wrong}: there is no such passage; they are numbered 1 to {passages}.")
    retry = _fill("retry.md", {"problems": "\n".join(problems)})
    return [*asked, ("ai", answer), *retry]


def _problem(fault: Fault) -> str:
    lines = [f"- “{contained(fault.text)}” Reason: {contained('; '.join(fault.reasons))}."]
    lines += [f"  Passage {n} says: “{_on_a_line(words)}”" for n, words in fault.sources]
    return "\n".join(lines)


def verify_messages(
    claims: Sequence[tuple[str, Sequence[int]]], evidence: Mapping[int, Hit]
) -> list[Message]:
    """Messages that ask whether passages bear claims out, each with the numbers that it cites.

    The claims are numbered from 1; `evidence` has the passages by their numbers. Raises
    PromptError.
    """
    articles: dict[str, list[tuple[int, Hit]]] = {}
    for number, hit in evidence.items():
        articles.setdefault(hit.article.id, []).append((number, hit))
    in_order = [sorted(own, key=lambda item: item[1].passage.start) for own in articles.values()]
    values = {
        "passages": "\n\n".join(map(_article, in_order)),
        "claims": "\n".join(
            f'<claim number="{at}" passages="{", ".join(map(str, numbers))}">'
            f"{_on_a_line(text)}</claim>"
            for at, (text, numbers) in enumerate(claims, start=1)
        ),
    }
    return _fill("verify.md", values)


def judge_messages(question: str, expected: str, answer: str) -> list[Message]:
    """Messages that ask whether `answer` says what is `expected`. Raises PromptError."""
    values = {"question": question, "expected": expected, "answer": answer}
    return _fill("judge.md", {name: contained(text) for name, text in values.items()})


def assistant(question: str = "") -> tuple[str, str]:
    """What another program's model is told of Byline's tools, and how it is asked to answer."""
    (_, tools), (_, task) = _fill("assistant.md", {"question": question})
    return tools, task


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


def _article(numbered: Sequence[tuple[int, Hit]]) -> str:
    """Passages of one article below what is known of it; what is left out between them marked."""
    article = numbered[0][1].article
    lines = [f"{name}: {value}" for name, value in _head(article) if value]
    last = numbered[0][1].passage.start
    for number, hit in numbered:
        if article.text[last : hit.passage.start].strip():
            lines.append(_LEFT_OUT)
        lines.append(_passage(number, hit))
        last = hit.passage.end
    return "\n".join(("<article>", *lines, "</article>"))


def _head(article: Article) -> Iterator[tuple[str, str]]:
    """What is known of an article; what is unknown is empty, but for its date."""
    yield "headline", _on_a_line(article.title)
    yield "outlet", _on_a_line(article.outlet)
    yield "author", _on_a_line(article.author)
    yield "date", printed_day(article.published) or _UNKNOWN
    yield "kind", _on_a_line(", ".join(filter(None, ("article", article.label, *article.notes))))


def _passage(number: int, hit: Hit) -> str:
    """One delimited passage; nothing in it can close the delimiter."""
    lines = [f'<passage number="{number}">']
    if kind := _KINDS.get(hit.passage.kind):
        lines.append(f"kind: {kind}")
    if hit.passage.kind == "comment":
        part = hit.article.part_at(hit.passage.start)
        lines.append(f"reader: {_on_a_line(part.author if part else None) or _UNKNOWN}")
    return "\n".join((*lines, "text:", disarmed(contained(hit.passage.text)), "</passage>"))


def _on_a_line(value: str | None) -> str:
    return " ".join(disarmed(contained(value or "")).split())


def _fill(name: str, values: Mapping[str, str]) -> list[Message]:
    *system, human = _load(name)
    rules = [("system", template.safe_substitute(values)) for template in system]
    return [*rules, ("human", human.substitute(values).strip())]


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
