"""Fixed questions -> metrics: was the right file found and cited, and the rest declined.

A question is right if it is answered with the words it must contain and one of its sources is
among the first two files cited; one that must be declined is right if it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.errors import BylineError, QuestionsError
from rag.pipeline import NO_FILTERS, answer
from rag.resources import Resources
from rag.schema import Answer, Done, Filters, Hit, Searched

CUTOFFS = (1, 3, 5, 10)
_CITED_FIRST = 2  # so many distinct files, in order of citation, may hold the source
_KNOWN = frozenset(
    [
        "id",
        "question",
        "type",
        "must_contain",
        "sources",
        "evidence",
        "must_abstain",
        "speaker_is_not_author",
    ]
)


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a questions file.

    `must_contain`: of each inner list one alternative must be in the answer, compared without
    case and with white space folded. `sources`: files of which one must be cited.
    """

    id: str
    question: str
    type: str
    must_contain: tuple[tuple[str, ...], ...] = ()
    sources: tuple[str, ...] = ()
    must_abstain: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question. `rank`: of the first passage found that is from a source."""

    id: str
    question: str
    type: str
    must_abstain: bool
    abstained: bool
    rank: int | None
    answer_found: bool
    citation_right: bool
    answer: str
    error: str | None
    seconds: float

    @property
    def right(self) -> bool:
        """The verdict that the floor is held against."""
        if self.error:
            return False
        if self.must_abstain:
            return self.abstained
        return not self.abstained and self.answer_found and self.citation_right


def load_questions(file: Path) -> list[Question]:
    """Read a JSONL file of questions.

    Raises:
        QuestionsError: names the file and the line that is malformed.

    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{file} cannot be read: {error}") from error
    return [
        _question(line, f"{file}, line {number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


def run(
    questions: Sequence[Question],
    resources: Resources,
    progress: Callable[[Outcome], None] | None = None,
    *,
    filters: Filters = NO_FILTERS,
) -> list[Outcome]:
    """Ask each question; one that fails is counted as failed, never left out."""
    outcomes = []
    for question in questions:
        outcomes.append(_asked(question, resources, filters))
        if progress is not None:
            progress(outcomes[-1])
    return outcomes


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Counts and shares (0..1; None where nothing is to be counted)."""
    answerable = [item for item in outcomes if not item.must_abstain]
    others = [item for item in outcomes if item.must_abstain]
    return {
        "questions": len(outcomes),
        "right": _share(item.right for item in outcomes),
        "answerable": len(answerable),
        **{f"hit@{k}": _share(_within(item.rank, k) for item in answerable) for k in CUTOFFS},
        "answer_found": _share(item.answer_found for item in answerable),
        "citation_right": _share(item.citation_right for item in answerable),
        "answered_right": sum(item.right for item in answerable),
        "must_abstain": len(others),
        "abstained_right": sum(item.right for item in others),
        "failed": sum(item.error is not None for item in outcomes),
    }


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The summary, the summary by type, and every question."""
    types = dict.fromkeys(item.type for item in outcomes)
    return {
        "summary": summary(outcomes),
        "by_type": {kind: summary([o for o in outcomes if o.type == kind]) for kind in types},
        "questions": [{**asdict(item), "right": item.right} for item in outcomes],
    }


def table(result: Mapping[str, Any]) -> str:
    """The report as text: one row by type, one in all, then what went wrong."""
    columns = ("questions", "right", "hit@1", "hit@5", "answer_found", "citation_right")
    rows = [("type", *columns)]
    rows += [
        (name, *(_cell(part[column]) for column in columns))
        for name, part in [*result["by_type"].items(), ("all", result["summary"])]
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    whole = result["summary"]
    lines.append(
        f"answered right {whole['answered_right']} of {whole['answerable']}, "
        f"declined right {whole['abstained_right']} of {whole['must_abstain']}, "
        f"failed {whole['failed']}"
    )
    lines += [
        f"wrong: {item['id']} {item['question']} -> {item['error'] or item['answer'][:160]}"
        for item in result["questions"]
        if not item["right"]
    ]
    return "\n".join(lines)


def contains(text: str, must_contain: Sequence[Sequence[str]]) -> bool:
    """Whether of each list one alternative is in `text`, case and white space folded."""
    folded = _fold(text)
    return all(any(_fold(word) in folded for word in words) for words in must_contain)


def _asked(question: Question, resources: Resources, filters: Filters) -> Outcome:
    try:
        events = list(answer(question.question, resources, filters=filters))
    except BylineError as error:
        return _outcome(question, None, str(error))
    searched = next(event for event in events if isinstance(event, Searched))
    done = next(event for event in events if isinstance(event, Done))
    return _outcome(question, done.answer, None, searched.hits)


def _outcome(
    question: Question, got: Answer | None, error: str | None, hits: Sequence[Hit] = ()
) -> Outcome:
    cited = list(dict.fromkeys(c.article.path for c in got.citations)) if got else []
    ranks = [n for n, hit in enumerate(hits, start=1) if hit.article.path in question.sources]
    return Outcome(
        id=question.id,
        question=question.question,
        type=question.type,
        must_abstain=question.must_abstain,
        abstained=got is not None and got.status == "not_in_articles",
        rank=ranks[0] if ranks else None,
        answer_found=got is not None and contains(got.text, question.must_contain),
        citation_right=any(path in question.sources for path in cited[:_CITED_FIRST]),
        answer=got.text if got else "",
        error=error,
        seconds=round(got.seconds["total"], 3) if got else 0.0,
    )


def _question(line: str, where: str) -> Question:
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionsError(f"{where}: not JSON ({error}).") from error
    if not isinstance(values, dict):
        raise QuestionsError(f"{where}: not an object.")
    odd = sorted(set(values) - _KNOWN)
    if odd:
        raise QuestionsError(f"{where}: unknown key {odd[0]!r}; known: {sorted(_KNOWN)}.")
    if not isinstance(values.get("question"), str) or not values["question"].strip():
        raise QuestionsError(f"{where}: no question.")
    abstain = bool(values.get("must_abstain"))
    if not abstain and not (values.get("must_contain") and values.get("sources")):
        raise QuestionsError(f"{where}: needs must_contain and sources, or must_abstain.")
    return Question(
        id=str(values.get("id", where)),
        question=values["question"],
        type=str(values.get("type", "question")),
        must_contain=_alternatives(values.get("must_contain") or [], where),
        sources=tuple(values.get("sources") or ()),
        must_abstain=abstain,
    )


def _alternatives(value: Any, where: str) -> tuple[tuple[str, ...], ...]:
    """A list of lists; a plain string stands for a list of one."""
    if not isinstance(value, list):
        raise QuestionsError(f"{where}: must_contain is not a list.")
    return tuple((item,) if isinstance(item, str) else tuple(item) for item in value)


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _within(rank: int | None, k: int) -> bool:
    return rank is not None and rank <= k


def _share(values: Iterator[bool]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 4) if counted else None


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
