"""A file of fixed questions -> `Question`s, each with what its answer must be like.

docs/evaluation.md lists the keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rag.errors import QuestionsError
from rag.evaluation.question_rows import (
    Malformed,
    checked,
    filters_of,
    question_of,
    raise_all,
    read_rows,
)
from rag.schema import Filters

_FREE = {"note"}  # for the writer of the file; not read


@dataclass(frozen=True, slots=True)
class Question:
    """One fixed question, and what its answer must be like. Empty: not looked at.

    `must_contain`: of each inner list one alternative must be in the answer; `need`: of so many of
    the lists, 0: of all. `sources`: files of which one must be cited among the first two.
    `evidence`: verbatim words of the sources. `speaker`: who says the cited words, one of these;
    "author": the article itself. `follows`: the id of the question of the same conversation that
    was asked before.
    """

    id: str
    question: str
    type: str = "question"
    answers: tuple[str, ...] = ()  # alternatives; how the answer could be worded
    must_contain: tuple[tuple[str, ...], ...] = ()
    need: int = 0
    must_not_contain: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    speaker_is_not_author: bool = False
    must_abstain: bool = False
    follows: str = ""
    filters: Filters = Filters()

    @property
    def wanted(self) -> tuple[tuple[str, ...], ...]:
        """What an answer must hold: `must_contain`, else one of `answers`."""
        return self.must_contain or ((self.answers,) if self.answers else ())


_KEYS = {item.name for item in fields(Question)} | {"answer"} | _FREE


def load_questions(file: Path) -> list[Question]:
    """Read `file`; its ending decides how: .jsonl, .yaml or .yml, .csv.

    Raises:
        QuestionsError: the file cannot be read, or lines are bad: each by its number and reason.

    """
    questions = checked(file, read_rows(file), _question)
    if not questions:
        raise QuestionsError(f"{file} holds no question. `byline eval init` writes some to edit.")
    raise_all(file, list(_misplaced(questions)))
    return questions


def _misplaced(questions: Sequence[Question]) -> Iterator[str]:
    """Ids that occur twice, and follow-ups without a question before them."""
    seen: set[str] = set()
    for item in questions:
        if item.id in seen:
            yield f"question {item.id}: the id is there twice."
        if item.follows and item.follows not in seen:
            yield f"question {item.id}: follows {item.follows!r}, which does not stand before it."
        seen.add(item.id)


# --- one question


def _question(values: Mapping[str, Any], where: str) -> Question:
    _known(values)
    found = Question(
        id=str(values.get("id") or where),
        question=question_of(values),
        type=str(values.get("type") or "question"),
        answers=_texts(values, "answers") or _texts(values, "answer"),
        must_contain=_alternatives(values),
        need=_need(values),
        must_not_contain=_texts(values, "must_not_contain"),
        sources=_texts(values, "sources"),
        evidence=_texts(values, "evidence"),
        speaker=_texts(values, "speaker"),
        speaker_is_not_author=_flag(values, "speaker_is_not_author"),
        must_abstain=_flag(values, "must_abstain"),
        follows=str(values.get("follows") or ""),
        filters=filters_of(values.get("filters") or {}),
    )
    if not (found.must_abstain or found.wanted or found.sources):
        raise Malformed("needs must_contain, answers or sources, or must_abstain.")
    if found.must_abstain and (found.wanted or found.sources):
        raise Malformed("must_abstain, yet it names an answer or sources: keep one.")
    return found


def _known(values: Mapping[str, Any]) -> None:
    for key in values:
        if key not in _KEYS:
            near = get_close_matches(str(key), _KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(_KEYS))}."
            raise Malformed(f"unknown key {key!r}; {hint}")


def _texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = values.get(key)
    if value is None:
        return ()
    found = [value] if isinstance(value, str | int | float) else value
    if not isinstance(found, list) or not all(isinstance(i, str | int | float) for i in found):
        raise Malformed(f"{key} is not a list of texts.")
    return tuple(str(item) for item in found if str(item).strip())


def _alternatives(values: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """A list of lists; a plain text stands for a list of one."""
    value = values.get("must_contain")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Malformed("must_contain is not a list.")
    listed = [item if isinstance(item, list) else [item] for item in value]
    if not all(group and all(isinstance(w, str | int | float) for w in group) for group in listed):
        raise Malformed("must_contain is not a list of texts, or of lists of texts.")
    return tuple(tuple(str(word) for word in group) for group in listed)


def _need(values: Mapping[str, Any]) -> int:
    """At most as many as `must_contain` has lists; 0 where it is not said."""
    value, most = values.get("need"), len(_alternatives(values))
    if value is None:
        return 0
    if isinstance(value, str) and value.isdecimal():  # from CSV
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise Malformed(f"need is {value!r}; write how many of must_contain must be there.")
    return value


def _flag(values: Mapping[str, Any], key: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise Malformed(f"{key} is {value!r}; write true or false.")
    return value
